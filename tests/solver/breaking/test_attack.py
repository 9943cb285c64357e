"""Who is run on what: a time-out is paid once a program."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from worlds import make_task

from sandbox.backend import Executable
from sandbox.compiling.compile import Compiler
from sandbox.data import Blob, digest_of
from solver.breaking.attack import attack
from solver.breaking.config import BreakingConfig
from solver.breaking.drafts import Drafts
from solver.breaking.legal import Legal
from solver.breaking.runs import Outcome, Runs
from solver.breaking.workplace import Workplace
from solver.kept.answers import KeptAnswers
from solver.observing.helpers import HelperBench
from solver.types import GeneratedInput, InputOrigin, RunStatus

SLOW, QUICK = 3, 8


class Played(Runs):
    """The slow one runs out of time on everything; what was asked is kept."""

    def __init__(self) -> None:
        self.cpu_s = 0.0
        self.count = 0
        self.asked: list[tuple[int, set[int]]] = []

    def run_on(
        self, programs: Mapping[int, Executable], blobs: Sequence[Blob], *, alone: bool = False
    ) -> list[dict[int, Outcome]]:
        told = []
        for blob in blobs:
            self.asked.append((blob.size_bytes, set(programs)))
            told.append({row: self._outcome(row) for row in programs})
        return told

    @staticmethod
    def _outcome(row: int) -> Outcome:
        if row == SLOW:
            return Outcome(status=RunStatus.TIMEOUT, digest=0, cpu_s=2.7, output=None)
        return Outcome(status=RunStatus.OK, digest=1, cpu_s=0.01, output=b"1\n")


def given(content: bytes) -> GeneratedInput:
    return GeneratedInput(
        id=digest_of(content),
        content=content,
        subtasks=frozenset({"all"}),
        origin=InputOrigin.DIAGNOSIS,
    )


def test_too_slow_on_a_small_input_is_not_run_on_the_large_ones(
    compiler: Compiler, tmp_path: Path
) -> None:
    task = make_task(1)
    program = Executable(language="python3", argv=("python3", "main.py"), files={})
    with KeptAnswers(tmp_path) as answers:
        drafts = Drafts([], [one.name for one in task.subtasks], compiler, answers, seed=1)
        place = Workplace.of(task, [], drafts, [])
        legal = Legal(task, HelperBench([], compiler, kept=answers), [])
        runs = Played()
        done = attack(
            place,
            legal,
            {SLOW: program, QUICK: program},
            runs,
            BreakingConfig(small=0, ladder=0),
            100.0,
            proposed=[given(b"1 2\n"), given(b"7 " * 900), given(b"5 " * 1000)],
        )
    assert runs.asked == [(4, {SLOW, QUICK}), (1800, {QUICK}), (2000, {QUICK})]
    assert done.slow == {SLOW}
