"""Every task type and every checker convention, judged for real on small packages."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from problems.errors import JudgeError, SubtaskMismatch, UnsupportedTask
from problems.judging.judge import Judge
from problems.package import load_package
from problems.scoring import Aggregation, ScoreNode
from problems.submission import Submission
from problems.task import Interface, Program, Statement, Subtask, Task, TaskLimits, TaskType
from problems.tasktypes.runner import Runner
from problems.testset import Testcase, Testset
from problems.verdict import Verdict
from sandbox.backend import Executable, Job, JoinedResult, Link, Sandbox
from sandbox.compiling.compile import Compiler
from sandbox.data import Blob
from sandbox.limits import MIB
from sandbox.result import RunResult
from tests.problems.conftest import Write

ADD = "a, b = map(int, input().split())\nprint(a + b)\n"


def python(source: str) -> Submission:
    return Submission(language="python3", sources={"sol.py": source.encode()})


class Counting:
    """A sandbox that counts what runs in it."""

    def __init__(self, inner: Sandbox) -> None:
        self.inner = inner
        self.jobs: list[Job] = []

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def slots(self) -> int:
        return self.inner.slots

    def run(self, job: Job) -> RunResult:
        self.jobs.append(job)
        return self.inner.run(job)

    def run_many(self, jobs: Iterable[Job]) -> Iterator[RunResult]:
        return self.inner.run_many(jobs)

    def run_joined(self, jobs: Sequence[Job], links: Sequence[Link]) -> JoinedResult:
        self.jobs += jobs
        return self.inner.run_joined(jobs, links)

    def alone(self) -> AbstractContextManager[None]:
        return self.inner.alone()

    def close(self) -> None:
        self.inner.close()

    def __enter__(self) -> "Counting":
        return self

    def __exit__(self, *_: object) -> None:
        pass


def make_task(kind: TaskType = TaskType.BATCH, **changes: object) -> Task:
    settings: dict[str, object] = {
        "name": "demo",
        "title": "Demo",
        "type": kind,
        "statement": Statement(text=""),
        "subtasks": (Subtask(name="all", max_points=100.0),),
        "examples": (),
        "limits": TaskLimits(time_s=1.0, memory_bytes=256 * MIB, output_bytes=MIB),
        "scored": True,
    }
    return Task(**{**settings, **changes})  # type: ignore[arg-type]


def make_testset(
    folder: Path, tests: Sequence[tuple[str, str | None]], **changes: object
) -> Testset:
    cases: dict[str, Testcase] = {}
    for index, (content, answer) in enumerate(tests):
        given = folder / f"{index}.in"
        given.write_text(content)
        expected = None
        if answer is not None:
            expected = folder / f"{index}.ans"
            expected.write_text(answer)
        cases[str(index)] = Testcase(name=str(index), input=given, answer=expected)
    scoring = ScoreNode(
        name="all", max_points=100.0, aggregation=Aggregation.MIN, testcases=tuple(cases)
    )
    return Testset(testcases=cases, scoring=scoring, **changes)  # type: ignore[arg-type]


def judge(
    task: Task, testset: Testset, sandbox: Sandbox, compiler: Compiler, submission: Submission
) -> tuple[Verdict, float]:
    result = Judge(task, testset, sandbox, compiler).judge(submission)
    return result.verdict, result.points


KATTIS = {
    "problem.yaml": "validator_flags: float_tolerance 1e-6\n",
    "data/sample/1.in": "1 2\n",
    "data/sample/1.ans": "3\n",
    "data/secret/1.in": "5 6\n",
    "data/secret/1.ans": "11\n",
    "data/secret/2.in": "7 8\n",
    "data/secret/2.ans": "15\n",
}


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        (ADD, Verdict.AC),
        ("print(input().replace(' ', '+'))", Verdict.WA),
        ("raise SystemExit(3)", Verdict.RE),
        ("while True: pass", Verdict.TLE),
        ("x = bytearray(400 << 20)\nprint(len(x))", Verdict.MLE),
        ("while True: print('x' * 100000)", Verdict.OLE),
        ("print(", Verdict.CE),
    ],
)
def test_batch_verdicts(
    write: Write, sandbox: Sandbox, compiler: Compiler, source: str, verdict: Verdict
) -> None:
    package = load_package(write({**KATTIS, "problem.yaml": "limits:\n memory: 256\n"}))
    found = Judge(package.task, package.testset, sandbox, compiler, time_s=1.0).judge(
        python(source)
    )
    # Python may turn a refused allocation into an exception of its own.
    accepted = {verdict, Verdict.RE} if verdict is Verdict.MLE else {verdict}
    assert found.verdict in accepted
    assert found.points == (1.0 if verdict is Verdict.AC else 0.0)


def test_a_package_without_a_limit_must_be_measured_first(
    write: Write, sandbox: Sandbox, compiler: Compiler
) -> None:
    package = load_package(write(KATTIS))
    with pytest.raises(JudgeError, match="time limit"):
        Judge(package.task, package.testset, sandbox, compiler)


def test_a_judge_whose_subtasks_have_no_tests_cannot_be_made(
    tmp_path: Path, sandbox: Sandbox, compiler: Compiler
) -> None:
    pair = (Subtask(name="one", max_points=40.0), Subtask(name="two", max_points=60.0))
    testset = make_testset(tmp_path, [("1 2", "3")])
    with pytest.raises(SubtaskMismatch, match="'one'"):
        Judge(make_task(subtasks=pair), testset, sandbox, compiler)


def test_equal_tests_run_once_and_a_rejection_ends_the_run(
    write: Write, sandbox: Sandbox, compiler: Compiler
) -> None:
    files = {
        "problem.yaml": "type: scoring\n",
        "data/testdata.yaml": "on_reject: continue\ngrader_flags: ignore_sample\nrange: 0 100\n",
        "data/sample/1.in": "1 2\n",
        "data/sample/1.ans": "3\n",
        "data/secret/testdata.yaml": (
            "on_reject: continue\ngrader_flags: first_error accept_if_any_accepted\n"
        ),
        "data/secret/g1/testdata.yaml": (
            "on_reject: break\ngrader_flags: min\naccept_score: 40\nrange: 0 40\n"
        ),
        "data/secret/g1/1.in": "5 6\n",
        "data/secret/g1/1.ans": "11\n",
        "data/secret/g2/testdata.yaml": (
            "on_reject: break\ngrader_flags: min\naccept_score: 60\nrange: 0 60\n"
        ),
        "data/secret/g2/0.in": Path("../g1/1.in"),
        "data/secret/g2/0.ans": Path("../g1/1.ans"),
        "data/secret/g2/1.in": "10000 1\n",
        "data/secret/g2/1.ans": "10001\n",
        "data/secret/g2/2.in": "10000 2\n",
        "data/secret/g2/2.ans": "10002\n",
        "data/secret/g2/3.in": "10000 3\n",
        "data/secret/g2/3.ans": "10003\n",
    }
    package = load_package(write(files))
    assert [subtask.includes for subtask in package.task.subtasks] == [(), ("g1",)]
    counting = Counting(sandbox)
    judging = Judge(package.task, package.testset, counting, compiler, time_s=1.0, parallel=1)
    full = judging.judge(python(ADD))
    assert (full.verdict, full.points) == (Verdict.AC, 100.0)
    assert len(counting.jobs) == 5  # six tests, of which two are the same file
    counting.jobs.clear()
    small = judging.judge(python("a, b = map(int, input().split())\nprint((a + b) % 10000)\n"))
    assert [subtask.points for subtask in small.subtasks] == [40.0, 0.0]
    assert (small.verdict, small.package_verdict) == (Verdict.WA, Verdict.AC)
    assert len(counting.jobs) == 3
    skipped = [case.testcase for case in small.testcases if case.verdict is Verdict.SKIPPED]
    assert skipped == ["secret/g2/2", "secret/g2/3"]
    # In any order, the test that rejected the last one comes first in its group, and an example
    # that counts for nothing is left out; with the same points.
    free = Judge(
        package.task, package.testset, counting, compiler, time_s=1.0, parallel=1, any_order=True
    )
    last = python("a, b = map(int, input().split())\nprint(a + b if (a, b) != (10000, 3) else 0)\n")
    for expected_runs in (4, 2):
        counting.jobs.clear()
        again = free.judge(last)
        assert [subtask.points for subtask in again.subtasks] == [40.0, 0.0]
        assert len(counting.jobs) == expected_runs
    assert free.judge(python(ADD)).points == 100.0


def test_batch_by_files(tmp_path: Path, sandbox: Sandbox, compiler: Compiler) -> None:
    task = make_task(interface=Interface(input_file="in.txt", output_file="out.txt"))
    testset = make_testset(tmp_path, [("1 2", "3"), ("4 4", "8")])
    source = (
        "a, b = map(int, open('in.txt').read().split())\nopen('out.txt', 'w').write(str(a + b))"
    )
    assert judge(task, testset, sandbox, compiler, python(source)) == (Verdict.AC, 100.0)
    assert judge(task, testset, sandbox, compiler, python(ADD))[0] is Verdict.RE


GRADER = b"from add import add\na, b = map(int, input().split())\nprint('secret', add(a, b))\n"


def test_functions_behind_a_grader(tmp_path: Path, sandbox: Sandbox, compiler: Compiler) -> None:
    interface = Interface(
        managers={"python3": {"main.py": GRADER.replace(b"'secret', ", b"")}},
        submission_names={"python3": "add.py"},
    )
    task = make_task(interface=interface)
    testset = make_testset(
        tmp_path, [("1 2", "secret 3")], managers={"python3": {"main.py": GRADER}}
    )
    right = python("def add(a, b):\n    return a + b\n")
    assert judge(task, testset, sandbox, compiler, right) == (Verdict.AC, 100.0)
    other = Submission(language="cpp20", sources={"add.cpp": b"int main() {}"})
    result = Judge(task, testset, sandbox, compiler).judge(other)
    assert result.verdict is Verdict.CE
    assert "no grader for cpp20" in result.compile_message
    # The solver's runner links the public grader: no secret comes out of it.
    runner = Runner(task, sandbox, compiler)
    built = runner.build(right)
    assert isinstance(built, Executable)
    output = runner.run(built, b"3 4").output
    assert output is not None
    assert output.read() == b"7\n"


VALIDATOR = """
import pathlib, sys
secret = int(open(sys.argv[1]).read())
feedback = pathlib.Path(sys.argv[3])
for turn in range(10):
    line = sys.stdin.readline()
    if not line:
        sys.exit(43)
    guess = int(line)
    if guess == secret:
        (feedback / "judgemessage.txt").write_text(f"{turn + 1} guesses")
        sys.exit(42)
    print("lower" if guess > secret else "higher", flush=True)
sys.exit(43)
"""
BISECT = """
low, high = 1, 100
while True:
    middle = (low + high) // 2
    print(middle, flush=True)
    try: word = input()
    except EOFError: break
    if word == "lower": high = middle - 1
    else: low = middle + 1
"""


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        (BISECT.replace("except EOFError: break", "finally: pass"), Verdict.RE),
        (BISECT, Verdict.AC),
        ("print(1)", Verdict.WA),
        ("while True: print(1, flush=True)", Verdict.WA),
        # It crashes because the validator has rejected it and is gone.
        ("while True:\n    print(1, flush=True)\n    input()", Verdict.WA),
        ("while True: pass", Verdict.TLE),
        ("raise SystemExit(1)", Verdict.RE),
    ],
)
def test_interactive(
    write: Write, sandbox: Sandbox, compiler: Compiler, source: str, verdict: Verdict
) -> None:
    files = {
        "problem.yaml": "validation: custom interactive\n",
        "output_validators/check/check.py": VALIDATOR,
        "data/secret/1.in": "37\n",
        "data/secret/1.ans": "\n",
    }
    package = load_package(write(files))
    assert package.task.type is TaskType.INTERACTIVE
    found = Judge(package.task, package.testset, sandbox, compiler, time_s=1.0).judge(
        python(source)
    )
    assert found.verdict is verdict


def test_a_crashing_interactor_is_our_error(
    write: Write, sandbox: Sandbox, compiler: Compiler
) -> None:
    files = {
        "problem.yaml": "validation: custom interactive\n",
        "output_validators/check.py": "raise SystemExit(1)\n",
        "data/secret/1.in": "37\n",
        "data/secret/1.ans": "\n",
    }
    package = load_package(write(files))
    judging = Judge(package.task, package.testset, sandbox, compiler, time_s=1.0)
    with pytest.raises(JudgeError, match="exit code 1"):
        # The program outlives the interactor by far: there is no doubt who broke.
        judging.judge(python("import time\ntime.sleep(0.5)\n"))


MANAGER = """
import sys
numbers = sys.stdin.read().split()
half = len(numbers) // 2
total = 0
pipes = sys.argv[1:]
for index in range(len(pipes) // 2):
    share = numbers[index::len(pipes) // 2]
    try:
        with open(pipes[2 * index + 1], "w") as out:
            out.write(" ".join(share) + "\\n")
    except BrokenPipeError:
        pass  # a process that answers without reading
    with open(pipes[2 * index]) as back:
        total += int(back.readline())
print(1.0 if total == sum(map(int, numbers)) else 0.5 if total else 0.0)
print("translate:success", file=sys.stderr)
"""


def communication(processes: int, in_argv: bool) -> Task:
    return make_task(
        TaskType.COMMUNICATION,
        processes=processes,
        interface=Interface(pipes_in_argv=in_argv),
        interactor=Program(
            role="cms-manager", language="python3", sources={"manager.py": MANAGER.encode()}
        ),
    )


def test_communication_by_stdin_and_stdout(
    tmp_path: Path, sandbox: Sandbox, compiler: Compiler
) -> None:
    task = communication(1, in_argv=False)
    testset = make_testset(tmp_path, [("1 2 3", None), ("4 5", None)])
    right = python("print(sum(map(int, input().split())))")
    assert judge(task, testset, sandbox, compiler, right) == (Verdict.AC, 100.0)
    partial = python("print(1)")
    assert judge(task, testset, sandbox, compiler, partial) == (Verdict.PARTIAL, 50.0)
    wrong = python("print(0)")
    assert judge(task, testset, sandbox, compiler, wrong) == (Verdict.WA, 0.0)
    crash = python("raise SystemExit(2)")
    assert judge(task, testset, sandbox, compiler, crash)[0] is Verdict.RE


def test_communication_with_two_processes_and_pipes_in_argv(
    tmp_path: Path, sandbox: Sandbox, compiler: Compiler
) -> None:
    task = communication(2, in_argv=True)
    testset = make_testset(tmp_path, [("1 2 3", None)])
    source = """
import sys
path_in, path_out, index = sys.argv[1:]
with open(path_in) as pipe:
    numbers = list(map(int, pipe.readline().split()))
assert numbers == ([1, 3] if index == "0" else [2]), (index, numbers)
with open(path_out, "w") as pipe:
    pipe.write(f"{sum(numbers)}\\n")
"""
    assert judge(task, testset, sandbox, compiler, python(source)) == (Verdict.AC, 100.0)


def test_communication_with_as_many_processes_as_cms_tasks_have(
    tmp_path: Path, sandbox: Sandbox, compiler: Compiler
) -> None:
    """64 of them: the manager is given 128 pipes, and opens each again by its name."""
    manager = """
import sys
sys.stdin.read()
ends = [open(name, "wr"[place % 2 == 0]) for place, name in enumerate(sys.argv[1:])]
for index, end in enumerate(ends[1::2]):
    print(index, file=end, flush=True)
print(float([int(end.readline()) for end in ends[::2]] == list(range(64))))
"""
    program = Program(
        role="cms-manager", language="python3", sources={"manager.py": manager.encode()}
    )
    task = replace(communication(64, in_argv=False), interactor=program)
    testset = make_testset(tmp_path, [("", None)])
    echo = python("print(input())")
    assert judge(task, testset, sandbox, compiler, echo) == (Verdict.AC, 100.0)


def test_output_only(tmp_path: Path, sandbox: Sandbox, compiler: Compiler) -> None:
    task = make_task(TaskType.OUTPUT_ONLY)
    testset = make_testset(tmp_path, [("a", "1"), ("b", "2")], comparison={"kind": "white-diff"})
    both = Submission(language="text", sources={"output_0.txt": b"1\n", "1.out": b"2"})
    assert judge(task, testset, sandbox, compiler, both) == (Verdict.AC, 100.0)
    one = Submission(language="text", sources={"output_0.txt": b"1\n"})
    assert judge(task, testset, sandbox, compiler, one) == (Verdict.WA, 0.0)


PASSES = """
import pathlib, sys
given = open(sys.argv[1]).read().split()
feedback = pathlib.Path(sys.argv[3])
word = sys.stdin.read().strip()
if given[0] == "first":
    (feedback / "nextpass.in").write_text(f"second {word}\\n")
    sys.exit(42)
sys.exit(42 if word == "5" else 43)
"""


def test_multi_pass(tmp_path: Path, sandbox: Sandbox, compiler: Compiler) -> None:
    checker = Program(
        role="kattis-output-validator", language="python3", sources={"v.py": PASSES.encode()}
    )
    task = make_task(TaskType.MULTI_PASS, checker=checker)
    testset = make_testset(tmp_path, [("first 5", "")], checker=checker)
    source = """
turn, number = input().split()
print(int(number) + (10 if turn == "first" else -10))
"""
    assert judge(task, testset, sandbox, compiler, python(source)) == (Verdict.AC, 100.0)
    forgetful = python("print(input().split()[1] + '0')")
    assert judge(task, testset, sandbox, compiler, forgetful)[0] is Verdict.WA


def with_checker(role: str, source: str) -> Program:
    return Program(role=role, language="python3", sources={"c.py": source.encode()})


CODE = "import sys\nsys.stderr.write(%r)\nsys.exit(%d)\n"
SEES = """
import sys
order = [open(name).read().strip() for name in sys.argv[1:4]]
right = order == %r
"""


@pytest.mark.parametrize(
    ("role", "source", "verdict", "points"),
    [
        ("testlib-checker", CODE % ("ok fine", 0), Verdict.AC, 100.0),
        ("testlib-checker", CODE % ("wrong answer", 1), Verdict.WA, 0.0),
        ("testlib-checker", CODE % ("wrong output format", 2), Verdict.WA, 0.0),
        ("testlib-checker", CODE % ("unexpected eof", 8), Verdict.WA, 0.0),
        ("testlib-checker", CODE % ("points 0.25 some", 7), Verdict.PARTIAL, 25.0),
        ("testlib-checker", CODE % ("partially correct", 16 + 50), Verdict.PARTIAL, 50.0),
        (
            "testlib-checker",
            SEES % ["in", "out", "ans"] + "sys.exit(0 if right else 1)",
            Verdict.AC,
            100.0,
        ),
        ("cms-checker", SEES % ["in", "ans", "out"] + "print(float(right))", Verdict.AC, 100.0),
        ("cms-checker", "print(0.125)", Verdict.PARTIAL, 12.5),
        ("cms-checker", "print(0.0)", Verdict.WA, 0.0),
        (
            "kattis-output-validator",
            "import sys\nsys.exit(42 if sys.stdin.read() == 'out' else 43)\n",
            Verdict.AC,
            100.0,
        ),
        ("kattis-output-validator", "import sys\nsys.exit(43)\n", Verdict.WA, 0.0),
        (
            "kattis-output-validator",
            "import sys\nopen(sys.argv[3] + 'score.txt', 'w').write('0.5')\nsys.exit(42)\n",
            Verdict.PARTIAL,
            50.0,
        ),
    ],
)
def test_checker_conventions(
    tmp_path: Path,
    sandbox: Sandbox,
    compiler: Compiler,
    role: str,
    source: str,
    verdict: Verdict,
    points: float,
) -> None:
    testset = make_testset(tmp_path, [("in", "ans")], checker=with_checker(role, source))
    submission = python("print('out', end='')")
    assert judge(make_task(), testset, sandbox, compiler, submission) == (verdict, points)


@pytest.mark.parametrize(
    ("role", "source"),
    [
        ("testlib-checker", CODE % ("FAIL bad test", 3)),
        ("testlib-checker", CODE % ("points many", 7)),
        ("testlib-checker", "import os\nos.abort()\n"),
        ("cms-checker", "print('very good')"),
        ("testlib-checker", CODE % ("points 0.5.", 7)),
        ("testlib-checker", CODE % ("points 1e999", 7)),
        ("cms-checker", "print('nan')"),
        ("cms-checker", "print('inf')"),
        ("cms-checker", "print(1.0)\nraise SystemExit(1)"),
        ("kattis-output-validator", "pass"),
        ("kattis-output-validator", "raise SystemExit(1)"),
        (
            "kattis-output-validator",
            "import sys\nopen(sys.argv[3] + 'score.txt', 'w').write('x')\nsys.exit(42)",
        ),
        *(
            (
                "kattis-output-validator",
                f"import sys\nopen(sys.argv[3] + '{name}', 'w').write('{text}')\nsys.exit(42)",
            )
            for name in ("score.txt", "score_multiplier.txt")
            for text in ("nan", "inf")
        ),
    ],
)
def test_a_checker_that_breaks_is_never_a_verdict(
    tmp_path: Path, sandbox: Sandbox, compiler: Compiler, role: str, source: str
) -> None:
    testset = make_testset(tmp_path, [("in", "ans")], checker=with_checker(role, source))
    with pytest.raises(JudgeError):
        judge(make_task(), testset, sandbox, compiler, python("print('out')"))


def test_a_checker_that_does_not_compile_is_our_error(
    tmp_path: Path, sandbox: Sandbox, compiler: Compiler
) -> None:
    checker = Program(role="cms-checker", language="cpp17", sources={"c.cpp": b"int main( {}"})
    testset = make_testset(tmp_path, [("in", "ans")], checker=checker)
    with pytest.raises(JudgeError, match="does not compile"):
        judge(make_task(), testset, sandbox, compiler, python("print('out')"))


def test_what_cannot_be_judged_is_refused_by_name(
    tmp_path: Path, sandbox: Sandbox, compiler: Compiler
) -> None:
    checker = with_checker("divination", "")
    testset = make_testset(tmp_path, [("in", "ans")], checker=checker)
    with pytest.raises(UnsupportedTask, match="divination"):
        Judge(make_task(), testset, sandbox, compiler)
    task = make_task(TaskType.COMMUNICATION, interactor=checker)
    runner = Runner(task, sandbox, compiler)
    built = runner.build(python(""))
    assert isinstance(built, Executable)
    with pytest.raises(UnsupportedTask, match="divination"):
        runner.run(built, b"")


def test_runner_runs_many_in_order(sandbox: Sandbox, compiler: Compiler) -> None:
    runner = Runner(make_task(), sandbox, compiler)
    echo = runner.build(python("print(input())"))
    crash = runner.build(python("raise SystemExit(int(input()) % 2)"))
    assert isinstance(echo, Executable)
    assert isinstance(crash, Executable)
    blobs = [Blob.of_bytes(b"%d" % index) for index in range(6)]
    pairs = [(program, blob) for blob in blobs for program in (echo, crash)]
    executions = list(runner.run_many(iter(pairs)))
    outputs = [e.output.read() for e in executions[::2] if e.output is not None]
    assert outputs == [b"%d\n" % index for index in range(6)]
    assert [e.failure for e in executions[1::2]] == [None, Verdict.RE] * 3


def test_a_directory_is_one_program(write: Write, sandbox: Sandbox, compiler: Compiler) -> None:
    files: Mapping[str, str | bytes | Path] = {
        **KATTIS,
        "submissions/accepted/parts/main.cpp": (
            '#include "add.h"\n#include <iostream>\n'
            "int main() { int a, b; std::cin >> a >> b; std::cout << add(a, b); }\n"
        ),
        "submissions/accepted/parts/add.cpp": (
            '#include "add.h"\nint add(int a, int b) { return a + b; }\n'
        ),
        "submissions/accepted/parts/add.h": "int add(int a, int b);\n",
    }
    package = load_package(write(files))
    (jury,) = package.submissions
    judging = Judge(package.task, package.testset, sandbox, compiler, time_s=2.0)
    assert judging.judge(jury.submission).verdict is Verdict.AC
