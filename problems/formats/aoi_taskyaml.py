"""Role: reader of the `task.yaml` dialect of the Austrian olympiad's task repository.

`extends` another YAML file; `subtasks` with points and globs of tests; `task_type` BATCH,
COMMUNICATION or OUTPUT_ONLY; `grader`, `checker` and `manager` sources behind `!cppcompile`;
`test_submissions` maps a file to the total that the jury expects of it: exact labels.
"""

import fnmatch
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from problems.errors import PackageError, UnsupportedTask
from problems.formats.aoi_base import with_base
from problems.formats.cms_files import (
    graders_of,
    headers_of,
    public_examples,
    public_graders,
    read_attachments,
    read_checker,
    read_manager,
    seconds,
    size_bytes,
    source_names,
)
from problems.formats.documents import Document, finite, known, read_yaml, unread_within
from problems.formats.folder import Folder
from problems.formats.programs import NO_SOURCE, read_submission
from problems.formats.reader import LeftOut, Package
from problems.inclusion import with_inclusion
from problems.scoring import Aggregation, ScoreNode
from problems.statement.convert import read_statement
from problems.submission import Expectation, JurySubmission
from problems.task import Interface, Subtask, Task, TaskLimits, TaskType
from problems.testset import Testcase, Testset
from sandbox.limits import MIB

_TYPES = {
    "BATCH": TaskType.BATCH,
    "COMMUNICATION": TaskType.COMMUNICATION,
    "OUTPUT_ONLY": TaskType.OUTPUT_ONLY,
}
_RULES = {
    "GROUP_MIN": Aggregation.MIN,
    "GROUP_MUL": Aggregation.MUL,
    "GROUP_THRESHOLD": Aggregation.THRESHOLD,
    "SUM": Aggregation.SUM,
}


class _Tests(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    input: str
    output: str | None = None


class _SubtaskEntry(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    points: float = Field(ge=0)
    testcases: list[_Tests | str]


class _Score(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    decimal_places: int = Field(default=0, ge=0, le=9)
    type: str = "GROUP_MIN"


class _Type(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    type: str = "BATCH"
    num_processes: int = Field(default=1, ge=1, le=64)
    manager: str | list[str] | None = None
    user_io: str = "std_io"


class _TaskFile(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    name: str
    long_name: str = ""
    time_limit: float | str
    memory_limit: float | str
    score_options: _Score = Field(default_factory=_Score)
    task_type: str | _Type = "BATCH"
    subtasks: list[_SubtaskEntry]
    checker: str | list[str] | None = None
    grader: list[str] = Field(default_factory=list)
    test_submissions: dict[str, Any] = Field(default_factory=dict)


# Where statements and their sources lie, and what contestants are shown.
_DESCRIBED = frozenset(
    {"extends", "statements", "attachments", "feedback_level", "cpp_config", "latex_config"}
    | {"tc_test_candidates", "tc_visualizer", "known_good_sources", "test_gen", "generator"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tree:
    testcases: Mapping[str, Testcase]
    root: ScoreNode
    subtasks: tuple[Subtask, ...]


class AoiTaskYaml:
    """The reader."""

    name = "aoi-task-yaml"

    def detect(self, path: Path) -> bool:
        """A `task.yaml` whose subtasks list their test cases."""
        if not (path / "task.yaml").is_file():  # a pipe of that name would hang the reader
            return False
        try:
            with (path / "task.yaml").open("rb") as file:
                text = file.read(1 << 20)
        except OSError:
            return False
        return b"\nsubtasks:" in text and b"testcases:" in text

    def read(self, path: Path) -> Package:
        """Reads the package.

        Raises:
            PackageError: It is broken; names file and line.
            UnsupportedTask: A task type or score type that nothing here can judge.
        """
        folder = Folder.at(path)
        document = with_base(folder, read_yaml(folder, "task.yaml"), depth=0)
        _, notes = known(document, _TaskFile, _DESCRIBED)
        parsed = document.check(_TaskFile)
        # How submissions add up is the contest's; here one is judged.
        notes += unread_within(document, ("score_options",), _Score, ("mode",))
        notes += unread_within(document, ("task_type",), _Type)
        for index in range(len(parsed.subtasks)):
            notes += unread_within(document, ("subtasks", index), _SubtaskEntry)
        kind = (
            parsed.task_type
            if isinstance(parsed.task_type, _Type)
            else _Type(type=parsed.task_type)
        )
        if kind.type not in _TYPES:
            raise UnsupportedTask(f"{document.path}: task type {kind.type}")
        if parsed.score_options.type not in _RULES:
            raise UnsupportedTask(f"{document.path}: score type {parsed.score_options.type}")
        task_type = _TYPES[kind.type]
        tree = _tree(folder, parsed, document, answers=task_type is not TaskType.COMMUNICATION)
        sources = {
            Path(name).name: folder.read(_below(folder, document, "grader", name))
            for name in parsed.grader
        }
        jury = graders_of(sources)
        attachments = read_attachments(folder, "attachment")
        manager = checker = None
        if task_type is TaskType.COMMUNICATION:
            if kind.manager is None:
                line = document.line_of(("task_type",))
                raise PackageError(document.path, "COMMUNICATION without a manager", line)
            manager = read_manager(
                folder, folder.root / _main_of(folder, document, "task_type", kind.manager)
            )
        elif parsed.checker is not None:
            checker = read_checker(
                folder, folder.root / _main_of(folder, document, "checker", parsed.checker)
            )
        public = public_graders(jury, attachments) if task_type is TaskType.BATCH else jury
        testset = Testset(
            testcases=tree.testcases,
            scoring=tree.root,
            checker=checker,
            comparison={} if checker else {"kind": "white-diff"},
            interactor=manager,
            managers=jury if jury != public else {},
        )
        subtasks = with_inclusion(tree.subtasks, testset)
        examples = public_examples(attachments, with_output=task_type is TaskType.BATCH)
        time_s = seconds(parsed.time_limit)
        memory = size_bytes(parsed.memory_limit, MIB)
        if time_s is None or memory is None:
            key = "time_limit" if time_s is None else "memory_limit"
            raise PackageError(document.path, f"{key}: not a quantity", document.line_of((key,)))
        code = parsed.name.lower()
        task = Task(
            name=code,
            title=parsed.long_name or parsed.name,
            type=task_type,
            statement=read_statement(
                folder.root / "statement", examples=examples, subtasks=subtasks
            ),
            subtasks=subtasks,
            examples=examples,
            limits=TaskLimits(time_s=time_s, memory_bytes=memory),
            scored=True,
            interface=Interface(
                managers=public,
                submission_names=_names(code, public),
                signatures=headers_of(sources),
                pipes_in_argv=kind.user_io == "fifo_io",
            ),
            interactor=manager,
            processes=kind.num_processes,
            checker=checker,
            attachments=attachments,
            score_precision=parsed.score_options.decimal_places,
        )
        submissions, left_out = _submissions(folder, parsed, document)
        return Package(
            path=folder.root,
            format=self.name,
            task=task,
            testset=testset,
            submissions=submissions,
            left_out=left_out,
            notes=notes,
        )


def _names(code: str, managers: Mapping[str, Mapping[str, bytes]]) -> dict[str, str]:
    names = source_names(code, managers)
    names |= {language: f"{code}.py" for language in managers if language.endswith("3")}
    return {language: name for language, name in names.items() if language in managers}


def _below(folder: Folder, document: Document, key: str, name: str) -> Path:
    """A file of the package that `task.yaml` names (the YAML reader has dropped `!cppcompile`).

    Raises:
        PackageError: It is not there, or leads out; names the line.
    """
    path = Path(name.strip())
    try:
        folder.file(path)
    except PackageError as error:
        line = document.line_of((key,))
        raise PackageError(document.path, f"{key}: no such file: {name[:100]!r}", line) from error
    return path


def _main_of(folder: Folder, document: Document, key: str, names: str | list[str]) -> Path:
    """The main source of a program that is one file, or the first of several that is compiled."""
    listed = [names] if isinstance(names, str) else names
    sources = [name for name in listed if not name.strip().endswith((".h", ".hpp"))]
    return _below(folder, document, key, (sources or listed or [""])[0])


def _tree(folder: Folder, parsed: _TaskFile, document: Document, *, answers: bool) -> _Tree:
    """Test cases by their globs. A subtask that gives no points (the samples) is left out."""
    rule = _RULES[parsed.score_options.type]
    files = [folder.name_of(path) for path in folder.walk("tc") if path.suffix == ".in"]
    testcases: dict[str, Testcase] = {}
    nodes: list[ScoreNode] = []
    subtasks: list[Subtask] = []
    for index, entry in enumerate(parsed.subtasks):
        names: list[str] = []
        for number, tests in enumerate(entry.testcases):
            named = tests if isinstance(tests, str) else tests.input
            pattern = named.removesuffix(".gz")
            matching = fnmatch.filter(files, pattern)
            if not matching:
                line = document.line_of(("subtasks", index, "testcases", number, "input"))
                raise PackageError(document.path, f"no file matches {named}", line)
            output = None if isinstance(tests, str) else tests.output
            for relative in matching:
                where = _answer_of(relative, pattern, output)
                case = _testcase(folder, relative, where, answers=answers)
                testcases[case.name] = case
                names.append(case.name)
        if entry.points > 0:
            subtasks.append(Subtask(name=f"subtask{index}", max_points=entry.points))
            nodes.append(
                ScoreNode(
                    name=f"subtask{index}",
                    max_points=entry.points,
                    aggregation=rule,
                    testcases=tuple(dict.fromkeys(names)),
                )
            )
    if not nodes:
        line = document.line_of(("subtasks",))
        raise PackageError(document.path, "subtasks: none gives points", line)
    root = ScoreNode(name=".", max_points=None, aggregation=Aggregation.SUM, children=tuple(nodes))
    return _Tree(testcases=testcases, root=root, subtasks=tuple(subtasks))


def _answer_of(relative: str, pattern: str, output: str | None) -> Path:
    """The answer's name: what the stars of the input's pattern stand for, in the output's."""
    stars = pattern.split("*")
    if output is None or output.count("*") != len(stars) - 1 or len(stars) > 5:
        return Path(relative).with_suffix(".out")
    match = re.fullmatch("(.*)".join(map(re.escape, stars)), relative, re.S)
    if match is None:
        return Path(relative).with_suffix(".out")
    parts = iter(match.groups())
    named = re.sub(r"\*", lambda _: next(parts), output.removesuffix(".gz"))
    return Path(named)


def _testcase(folder: Folder, relative: str, answer: Path, *, answers: bool) -> Testcase:
    if answers and not folder.has(answer):
        raise PackageError(folder.root / relative, f"answer file missing: {answer.name}")
    return Testcase(
        name=Path(relative).stem,
        input=folder.file(relative),
        answer=folder.file(answer) if folder.has(answer) else None,
    )


def _submissions(
    folder: Folder, parsed: _TaskFile, document: Document
) -> tuple[tuple[JurySubmission, ...], tuple[LeftOut, ...]]:
    found: list[JurySubmission] = []
    left_out: list[LeftOut] = []
    for name, points in parsed.test_submissions.items():
        total = finite(points)
        if total is None:
            left_out.append(LeftOut(name=name, reason="no total is expected of it"))
            continue
        if not folder.has(name):
            line = document.line_of(("test_submissions", name))
            raise PackageError(document.path, f"test_submissions: no file {name}", line)
        path = folder.root / name
        folder.resolve(name)
        submission = read_submission(folder, path)
        if submission is None:
            left_out.append(LeftOut(name=name, reason=NO_SOURCE))
        else:
            found.append(
                JurySubmission(
                    name=name,
                    path=path,
                    submission=submission,
                    expected=Expectation(points=total, source="task.yaml"),
                )
            )
    return tuple(found), tuple(left_out)
