"""Runs of one Python program that share an interpreter answer as if each had its own."""

from dataclasses import replace

import pytest

from sandbox.backend import Job
from sandbox.compiling.compile import Compiler
from sandbox.limits import MIB, Limits
from sandbox.sharing.batches import Ran, run_sharing

LIMITS = Limits(
    cpu_s=5.0, memory_bytes=512 * MIB, output_bytes=16 * MIB, processes=8, disk_bytes=32 * MIB
)

# What a run does is told by its argument; the program's ways to end are all here.
ODD = """
import atexit, os, signal, sys, threading, time
from dataclasses import dataclass
what = sys.argv[1]
text = sys.stdin.read()

@dataclass
class Here:
    at: str = __name__

print(what, len(text), Here(), len(sys.argv), os.path.basename(__file__), sep="|")
if what == "word":
    sys.exit("a word")
if what == "none":
    sys.exit()
if what == "three":
    sys.exit(3)
if what == "raises":
    raise ValueError(text)
if what == "signal":
    os.kill(os.getpid(), signal.SIGTERM)
if what == "quick":
    os._exit(0)
if what == "late":
    atexit.register(print, "at the end")
if what == "thread":
    threading.Thread(target=lambda: (time.sleep(0.05), print("from a thread"))).start()
if what == "kept":
    what, seen = "changed", globals().setdefault("seen", []) + [1]
    print(len(seen), os.path.exists("left"))
    sys.path.append("left")
    print(sys.path.count("left"))
if what == "raw":
    sys.stdout.buffer.write(bytes(range(256)))
if what == "loops":
    while True: pass
if what == "kills":
    os.kill(os.getppid(), signal.SIGKILL)
if what == "much":
    print("x" * 300_000)
"""
WAYS = ("plain", "word", "none", "three", "raises", "signal", "late", "thread", "kept", "raw")


class Counting:
    """The real sandbox, which counts its runs."""

    def __init__(self, sandbox):
        self._sandbox = sandbox
        self.runs = 0

    def run_many(self, jobs):
        listed = list(jobs)
        self.runs += len(listed)
        return self._sandbox.run_many(listed)


@pytest.fixture(scope="module")
def odd(sandbox):
    return Compiler(sandbox).compile({"helper": ODD.encode()}, "python3")


def jobs_of(program, ways, limits=LIMITS):
    return [
        Job(program=program, limits=limits, args=(way,), stdin=b"%d\nabc\n" % k)
        for k, way in enumerate(ways)
    ]


def alone(sandbox, job, *, printed):
    result = sandbox.run(job)
    left = result.exit_code is not None and result.limit is None
    return Ran(
        exit_code=result.exit_code if left else None,
        stdout=result.stdout.read() if left and printed else b"",
    )


@pytest.mark.parametrize("printed", [True, False])
def test_a_shared_interpreter_answers_as_one_of_its_own(sandbox, odd, printed):
    jobs = jobs_of(odd, [*WAYS, "kept", "quick"])
    counting = Counting(sandbox)
    told = run_sharing(counting, jobs, printed=printed)
    assert counting.runs == 1
    assert told == [alone(sandbox, job, printed=printed) for job in jobs]
    assert [one.exit_code for one in told] == [0, 1, 0, 3, 1, None, 0, 0, 0, 0, 0, 0]


def test_what_a_shared_interpreter_left_open_is_run_alone(sandbox, odd):
    # The second run ends the interpreter: it and those behind it are run by themselves.
    jobs = jobs_of(odd, ["plain", "kills", "plain", "raises"])
    counting = Counting(sandbox)
    told = run_sharing(counting, jobs, printed=True)
    assert counting.runs > 1
    assert [one.ok for one in told] == [True, told[1].ok, True, False]
    assert told[2].stdout.startswith(b"plain|6|")


def test_limits_hold_for_each_run(sandbox, odd):
    limits = replace(LIMITS, cpu_s=1.0, output_bytes=200_000)
    told = run_sharing(
        sandbox, jobs_of(odd, ["plain", "loops", "much", "plain"], limits), printed=True
    )
    assert [one.ok for one in told] == [True, False, False, True]


def test_large_inputs_and_other_languages_run_alone(sandbox, odd):
    large = [replace(job, stdin=b"7" * (5 << 20)) for job in jobs_of(odd, ["plain"] * 3)]
    plain = Compiler(sandbox).compile({"helper": b"int main() { return 0; }"}, "cpp20")
    counting = Counting(sandbox)
    told = run_sharing(counting, [*large, *jobs_of(plain, ["a", "b", "c"])], printed=True)
    assert counting.runs == 6
    assert all(one.ok for one in told) and told[0].stdout.startswith(b"plain|5242880|")


# A module beside the script, and a number that says how often it was imported by this process tree.
BESIDE = "import beside, sys\nprint(beside.at, sys.argv[1])\n"
MODULE = "import os\nat = os.getpid()\n"


def test_a_module_is_imported_once_where_it_is_said_to_be_harmless(sandbox):
    program = Compiler(sandbox).compile(
        {"main.py": BESIDE.encode(), "beside.py": MODULE.encode()}, "python3"
    )
    jobs = [Job(program=program, limits=LIMITS, args=(word,)) for word in "abcd"]
    cold = run_sharing(sandbox, jobs, printed=True)
    warm = run_sharing(sandbox, jobs, printed=True, warm=("beside",))
    assert len({ran.stdout.split()[0] for ran in cold}) == 4
    assert len({ran.stdout.split()[0] for ran in warm}) == 1
    assert [ran.stdout.split()[1] for ran in warm] == [b"a", b"b", b"c", b"d"]
    # What cannot be imported is a matter of each run by itself.
    assert all(ran.ok for ran in run_sharing(sandbox, jobs, printed=True, warm=("nowhere",)))
