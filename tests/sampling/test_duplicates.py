"""Candidates that are one program in other words are compiled once and run once; each keeps a row.

In the real sandbox: what is counted are the calls of the runner that compiles and runs.
"""

from collections import Counter
from pathlib import Path

from problems.loading import load_task
from problems.submission import Submission
from problems.tasktypes.execution import Execution
from problems.tasktypes.runner import Runner
from sandbox.backend import Executable, Sandbox
from sandbox.compiling.compile import CompileError, Compiler
from sandbox.data import Blob
from solver.observing.behaviour import observe
from solver.observing.bench import Bench
from solver.observing.build import compile_all
from solver.observing.cluster import by_behaviour
from solver.sampling.answers.dedup import representatives
from solver.types import Candidate, GeneratedInput, InputOrigin

APPLES = Path(__file__).parents[2] / "problems" / "bundled" / "contest" / "apples"
SUM = "a, b = map(int, input().split())\nprint(a + b)\n"
SAME = [
    SUM,
    "# my answer\nx, y = map(int, input().split())\nprint( x + y )\n",
    "first, second = map(int, input().split())\n\nprint(first + second)  # sum\n",
]
OTHER = "a, b = map(int, input().split())\nprint(a - b)\n"
BROKEN = ["int main( {", "int main( {\n"]


class CountingRunner(Runner):
    """The real runner; it also says what it was asked for."""

    def __init__(self, *words: object, **options: object) -> None:
        super().__init__(*words, **options)  # type: ignore[arg-type]
        self.built: list[Submission] = []
        self.runs: Counter[str] = Counter()

    def build(self, submission: Submission) -> Executable | CompileError:
        self.built.append(submission)
        return super().build(submission)

    def run(self, executable: Executable, input: Blob, **options: object) -> Execution:
        self.runs[executable.digest] += 1
        return super().run(executable, input, **options)  # type: ignore[arg-type]


def candidates() -> list[Candidate]:
    sources = [(source, "python3") for source in [*SAME, OTHER]]
    sources += [(source, "cpp20") for source in BROKEN]
    return [
        Candidate(id=str(row), task="apples", subtask=None, language=language, source=source)
        for row, (source, language) in enumerate(sources)
    ]


def test_duplicates_share_compile_and_run_results(sandbox: Sandbox, tmp_path: Path) -> None:
    task = load_task(APPLES)
    compiler = Compiler(sandbox, cache=tmp_path / "compiled")
    runner = CountingRunner(task, sandbox, compiler, time_s=2.0)
    drawn = candidates()
    bench = Bench(task=task, compiler=compiler, runner=runner, run=tmp_path)
    programs = compile_all(drawn, bench)
    assert len(runner.built) == 3
    assert programs.candidate_ids == tuple("012345")
    assert programs.digests[0] == programs.digests[1] == programs.digests[2]
    assert programs.digests[3] not in (None, programs.digests[0])
    assert programs.digests[4:] == (None, None)
    assert set(programs.errors) == {"4", "5"}
    names = frozenset(subtask.name for subtask in task.subtasks)
    inputs = [
        GeneratedInput(id=text, content=text.encode(), subtasks=names, origin=InputOrigin.GENERATOR)
        for text in ("1 2\n", "5 5\n", "10 3\n")
    ]
    behaviour = observe(programs, inputs, bench)
    assert sorted(runner.runs.values()) == [3, 3]
    # Multiplicity stays known: each of the three is a row and a member of the cluster.
    assert representatives(drawn) == [0, 0, 0, 3, 4, 4]
    label = by_behaviour(behaviour, task).label[:, 0].tolist()
    assert label == [0, 0, 0, 1, -1, -1]
    assert (behaviour.digest[0] == behaviour.digest[2]).all()
