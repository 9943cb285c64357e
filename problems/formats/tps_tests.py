"""Role: what TPS's source folder and its export for CMS share: tests, subtasks, the score tree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from problems.errors import PackageError
from problems.formats.documents import Document, Where
from problems.formats.folder import Folder
from problems.scoring import Aggregation, ScoreNode
from problems.task import Example, Subtask, TaskType
from problems.testset import Testcase

TYPES: Mapping[str, TaskType] = {
    "Batch": TaskType.BATCH,
    "Communication": TaskType.COMMUNICATION,
    "OutputOnly": TaskType.OUTPUT_ONLY,
}
BATCH_AND_OUTPUT = "BatchAndOutput"
"""CMS's word for a Batch task that takes outputs too; only its exports have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TpsSubtask:
    """A subtask as the package lists it.

    Attributes:
        points: 0 for the samples.
        tests: Names in `tests/`, in judging order, none twice.
        document: The file that lists it, and `where` in it, for messages.
    """

    name: str
    points: float
    tests: tuple[str, ...]
    document: Document
    where: Where


def read_testcases(folder: Folder, kind: TaskType) -> dict[str, Testcase]:
    """`tests/NAME.in` and, but for Communication, `tests/NAME.out`.

    Raises:
        PackageError: There is no test, or one has no answer.
    """
    found: dict[str, Testcase] = {}
    for path in folder.entries("tests"):
        if path.suffix != ".in":
            continue
        answer = path.with_suffix(".out")
        needs = kind is not TaskType.COMMUNICATION
        if needs and not folder.has(answer):
            raise PackageError(path, f"answer file missing: {answer.name}")
        found[path.stem] = Testcase(
            name=path.stem,
            input=folder.file(path),
            answer=folder.file(answer) if needs else None,
        )
    if not found:
        raise PackageError(folder.root / "tests", "no tests: generate them first (tps gen)")
    return found


def score_tree(
    folder: Folder, listed: Sequence[TpsSubtask]
) -> tuple[ScoreNode, tuple[Subtask, ...]]:
    """GroupMin over each subtask that gives points.

    Raises:
        PackageError: Such a subtask has no test, or there is none.
    """
    scored = [subtask for subtask in listed if subtask.points > 0]
    for subtask in scored:
        if not subtask.tests:
            line = subtask.document.line_of(subtask.where)
            raise PackageError(subtask.document.path, f"{subtask.name!r} has no test", line)
    if not scored:
        where = listed[0].document.path if len(listed) == 1 else folder.root
        raise PackageError(where, "no subtask gives points")
    nodes = tuple(
        ScoreNode(
            name=subtask.name,
            max_points=subtask.points,
            aggregation=Aggregation.MIN,
            testcases=subtask.tests,
        )
        for subtask in scored
    )
    root = ScoreNode(name=".", max_points=None, aggregation=Aggregation.SUM, children=nodes)
    subtasks = (Subtask(name=subtask.name, max_points=subtask.points) for subtask in scored)
    return root, tuple(subtasks)


def sample_tests(
    listed: Sequence[TpsSubtask], testcases: Mapping[str, Testcase], *, with_output: bool
) -> tuple[Example, ...]:
    """Tests of the subtask that gives no points: the statement's examples."""
    return tuple(
        Example(
            name=name,
            input=testcases[name].input.read_bytes(),
            output=answer.read_bytes() if with_output and answer is not None else None,
        )
        for subtask in listed
        if subtask.points == 0
        for name in subtask.tests
        for answer in [testcases[name].answer]
    )
