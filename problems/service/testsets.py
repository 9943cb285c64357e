"""A handed-over test set as a package: its files in a folder, its rules as a tree of groups."""

from pathlib import Path

from problems.errors import PackageError
from problems.formats import Package
from problems.scoring import Aggregation, ScoreNode
from problems.service.work import UploadTests
from problems.task import Program, Statement, Subtask, Task, TaskLimits, TaskType
from problems.testset import Testcase, Testset


def as_package(upload: UploadTests, folder: Path, name: str) -> Package:
    """Writes the tests below `folder`, once, and describes them.

    Raises:
        PackageError: No test, or a group without one.
    """
    if not upload.tests:
        raise PackageError(folder, "a test set without a test")
    groups: dict[str, list[str]] = {}
    testcases: dict[str, Testcase] = {}
    folder.mkdir(parents=True, exist_ok=True)
    for number, test in enumerate(upload.tests, 1):
        case = f"{number:04d}"
        groups.setdefault(test.group, []).append(case)
        input_, answer = folder / f"{case}.in", folder / f"{case}.ans"
        _write(input_, test.input)
        _write(answer, test.answer)
        testcases[case] = Testcase(name=case, input=input_, answer=answer)
    scored = bool(upload.points)
    if scored and set(upload.points) != set(groups):
        raise PackageError(folder, f"points are for {sorted(upload.points)}, not {sorted(groups)}")
    points = dict(upload.points) if scored else {group: 1.0 / len(groups) for group in groups}
    nodes = tuple(
        ScoreNode(
            name=group,
            max_points=points[group],
            aggregation=Aggregation.MIN,
            testcases=tuple(cases),
        )
        for group, cases in groups.items()
    )
    if scored:
        subtasks = tuple(Subtask(name=group, max_points=points[group]) for group in groups)
        root = ScoreNode(
            name="", max_points=sum(points.values()), aggregation=Aggregation.SUM, children=nodes
        )
    else:
        subtasks = (Subtask(name="all", max_points=1.0),)
        root = ScoreNode(
            name="all", max_points=1.0, aggregation=Aggregation.MIN, testcases=tuple(testcases)
        )
    checker = None
    if upload.checker:
        checker = Program(
            role=upload.checker_role, language=upload.checker_language, sources=upload.checker
        )
    task = Task(
        name=name,
        title=name,
        type=TaskType.BATCH,
        statement=Statement(text=""),
        subtasks=subtasks,
        examples=(),
        limits=TaskLimits(
            time_s=upload.time_s,
            memory_bytes=upload.memory_bytes,
            output_bytes=upload.output_bytes,
            code_bytes=1024 * 1024,
        ),
        scored=scored,
    )
    testset = Testset(
        testcases=testcases, scoring=root, checker=checker, comparison=dict(upload.comparison)
    )
    return Package(path=folder, format="test set", task=task, testset=testset)


def _write(path: Path, content: bytes) -> None:
    if not path.exists():
        draft = path.with_suffix(path.suffix + ".new")
        draft.write_bytes(content)
        draft.rename(path)
