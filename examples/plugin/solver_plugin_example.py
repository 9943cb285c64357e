"""What another package may bring: a strategy, an engine, a format of packages, a judge.

pip install examples/plugin
solver replay POOL --task PACKAGE --strategy shortest,expected_gain
solver solve PACKAGE --model echo:answer.txt
solver problems show FOLDER          (a folder with statement.txt, 1.in, 1.out, 2.in, ...)
solver judge play club URL --contest ID
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from problems.formats.reader import Package
from problems.scoring import Aggregation, ScoreNode
from problems.task import Example, Statement, Subtask, Task, TaskLimits, TaskType
from problems.testset import Testcase, Testset
from sandbox.limits import MIB
from solver.judges.base import JudgeLimits
from solver.judges.clients.contest_api import ContestApi
from solver.judges.clients.ledger import Ledger
from solver.judges.clients.transport import Transport
from solver.judges.open import JudgeAddress
from solver.sampling.config import SamplingConfig
from solver.sampling.engine import Answer, Answers, Request, Stop
from solver.strategies.base import Choice, View
from solver.types import Feedback


class Shortest:
    """Hands in the shortest program first."""

    def __init__(self, view: View, rng: np.random.Generator) -> None:
        sizes = [len(candidate.source) for candidate in view.candidates]
        self._order = [int(row) for row in np.argsort(sizes, kind="stable")]

    def next(self, history: Sequence[Feedback]) -> Choice | None:
        if len(history) == len(self._order):
            return None
        row = self._order[len(history)]
        return Choice(
            candidate=row, subtask=None, estimate=0.5, expected_gain=None, reason="the shortest"
        )


class Echo:
    """Answers every prompt with the text of one file."""

    name, chat = "echo", True

    def __init__(self, file: Path) -> None:
        self.model = str(file)
        self._text = file.read_text()

    def sample(self, requests: Sequence[Request], stop: Stop = lambda: False) -> Answers:
        for request in requests:
            yield (
                request,
                Answer(
                    text=self._text,
                    tokens=1,
                    prompt_tokens=1,
                    logprob=None,
                    finish="stop",
                    elapsed_s=0,
                ),
            )

    def close(self) -> None:
        pass


def open_echo(rest: str, config: SamplingConfig) -> Echo:
    return Echo(Path(rest))


class PlainReader:
    """A folder with `statement.txt` and `NAME.in` beside `NAME.out`; the first is an example."""

    name = "plain"

    def detect(self, path: Path) -> bool:
        return (path / "statement.txt").is_file() and any(path.glob("*.in"))

    def read(self, path: Path) -> Package:
        inputs = sorted(path.glob("*.in"))
        first = inputs[0]
        tests = {
            one.stem: Testcase(name=one.stem, input=one, answer=one.with_suffix(".out"))
            for one in inputs
        }
        task = Task(
            name=path.name,
            title=path.name,
            type=TaskType.BATCH,
            statement=Statement(text=(path / "statement.txt").read_text()),
            subtasks=(Subtask(name="all", max_points=1.0),),
            examples=(
                Example(
                    name=first.stem,
                    input=first.read_bytes(),
                    output=first.with_suffix(".out").read_bytes(),
                ),
            ),
            limits=TaskLimits(time_s=2.0, memory_bytes=256 * MIB),
            scored=False,
        )
        scoring = ScoreNode(
            name="all", aggregation=Aggregation.MIN, max_points=1.0, testcases=tuple(tests)
        )
        return Package(
            path=path,
            format=self.name,
            task=task,
            testset=Testset(testcases=tests, scoring=scoring),
        )


READER = PlainReader()


def open_club(address: JudgeAddress, transport: Transport, ledger: Ledger) -> ContestApi:
    """A club's server that speaks the Contest API, open to all, ten submissions a problem."""
    limits = JudgeLimits(submissions=10, interval_s=0.0)
    return ContestApi(
        transport, ledger, address.contest or "club", limits=limits, yes_submit=address.yes_submit
    )
