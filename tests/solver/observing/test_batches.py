"""Runs of one Python helper that share an interpreter answer as if each had its own."""

from dataclasses import replace

import pytest

from sandbox.backend import Job
from sandbox.compiling.compile import Compiler
from solver.observing.batches import Ran, run_helpers
from solver.observing.helpers import HELPER_LIMITS

# What a run does is told by its argument; the helper's ways to end are all here.
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


def jobs_of(program, ways, limits=HELPER_LIMITS):
    return [
        Job(program=program, limits=limits, args=(way,), stdin=b"%d\nabc\n" % k)
        for k, way in enumerate(ways)
    ]


def alone(sandbox, job, *, printed):
    result = sandbox.run(job)
    return Ran(ok=result.ok, stdout=result.stdout.read() if result.ok and printed else b"")


@pytest.mark.parametrize("printed", [True, False])
def test_a_shared_interpreter_answers_as_one_of_its_own(sandbox, odd, printed):
    jobs = jobs_of(odd, [*WAYS, "kept", "quick"])
    counting = Counting(sandbox)
    told = run_helpers(counting, jobs, printed=printed)
    assert counting.runs == 1
    assert told == [alone(sandbox, job, printed=printed) for job in jobs]
    assert [one.ok for one in told].count(False) == 4


def test_what_a_shared_interpreter_left_open_is_run_alone(sandbox, odd):
    # The second run ends the interpreter: it and those behind it are run by themselves.
    jobs = jobs_of(odd, ["plain", "kills", "plain", "raises"])
    counting = Counting(sandbox)
    told = run_helpers(counting, jobs, printed=True)
    assert counting.runs > 1
    assert [one.ok for one in told] == [True, told[1].ok, True, False]
    assert told[2].stdout.startswith(b"plain|6|")


def test_limits_hold_for_each_run(sandbox, odd):
    limits = replace(HELPER_LIMITS, cpu_s=1.0, output_bytes=200_000)
    told = run_helpers(
        sandbox, jobs_of(odd, ["plain", "loops", "much", "plain"], limits), printed=True
    )
    assert [one.ok for one in told] == [True, False, False, True]


def test_large_inputs_and_other_languages_run_alone(sandbox, odd):
    large = [replace(job, stdin=b"7" * (5 << 20)) for job in jobs_of(odd, ["plain"] * 3)]
    plain = Compiler(sandbox).compile({"helper": b"int main() { return 0; }"}, "cpp20")
    counting = Counting(sandbox)
    told = run_helpers(counting, [*large, *jobs_of(plain, ["a", "b", "c"])], printed=True)
    assert counting.runs == 6
    assert all(one.ok for one in told) and told[0].stdout.startswith(b"plain|5242880|")
