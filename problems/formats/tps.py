"""Role: reader of TPS's source layout, as the IOI's and other olympiads' task authors keep it.

`problem.json`, `subtasks.json`, `solutions.json`, `gen/data`, `grader/<language>/`, `checker/`,
`solution/`, `statement/`, and the generated `tests/`. Tests belong to subtasks by `tests/mapping`,
or where that file is gone by `gen/data` and TPS's rule for names (`<subtask index>-<number>`).
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from problems.errors import PackageError, UnsupportedTask
from problems.formats.cms_files import (
    graders_of,
    headers_of,
    memory_bytes,
    read_attachments,
    read_manager,
    source_names,
)
from problems.formats.cms_parameters import MAX_PROCESSES
from problems.formats.documents import known, read_json, unread_within
from problems.formats.folder import Folder
from problems.formats.programs import NO_SOURCE, is_note, read_sources, read_submission
from problems.formats.reader import LeftOut, Package
from problems.formats.tps_gen import read_mapping
from problems.formats.tps_labels import VERDICTS, expectation_of, words_of
from problems.formats.tps_tests import (
    TYPES,
    TpsSubtask,
    read_testcases,
    sample_tests,
    score_tree,
)
from problems.formats.tps_validators import Commands, with_validators
from problems.inclusion import with_inclusion
from problems.jury.checkers import CMS_CHECKER, TESTLIB_CHECKER
from problems.jury.testlib import is_cms_testlib, uses_testlib, with_testlib
from problems.statement.convert import read_statement
from problems.submission import Expectation, JurySubmission
from problems.task import Interface, Program, Subtask, Task, TaskLimits, TaskType
from problems.testset import Testset

_LANGUAGE_FOLDERS = ("cpp", "java", "py", "c", "rs")


class _Problem(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    name: str
    title: str = ""
    type: str = "Batch"
    time_limit: float = Field(default=1.0, gt=0)
    memory_limit: float = Field(default=256, gt=0)
    has_grader: bool | None = None
    has_checker: bool | None = None
    num_processes: int = Field(default=1, ge=1, le=MAX_PROCESSES)
    score_precision: int = Field(default=2, ge=0, le=9)


_DESCRIBED = frozenset(
    {"code", "description", "author", "feedback_level", "statement_languages"}
    | {"cpp_enabled", "java_enabled", "python_enabled", "pascal_enabled", "grader_name"}
)


_SUBTASK_DESCRIBED = frozenset({"text", "description", "samples"})


class _SubtaskEntry(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    index: int
    score: float = Field(ge=0)
    validators: list[str] = Field(default_factory=list)


class _SubtasksFile(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    subtasks: dict[str, _SubtaskEntry]
    global_validators: list[str] = Field(default_factory=list)
    subtask_sensitive_validators: list[str] = Field(default_factory=list)


class Tps:
    """The reader."""

    name = "tps"

    def detect(self, path: Path) -> bool:
        """A folder with `problem.json` and `subtasks.json`."""
        return (path / "problem.json").is_file() and (path / "subtasks.json").is_file()

    def read(self, path: Path) -> Package:
        """Reads the folder.

        Raises:
            PackageError: It is broken, or its tests have not been generated; names file and line.
            UnsupportedTask: A task type that nothing here can judge.
        """
        folder = Folder.at(path)
        document = read_json(folder, "problem.json")
        _, notes = known(document, _Problem, _DESCRIBED)
        problem = document.check(_Problem)
        kind = TYPES.get(problem.type)
        if kind is None:
            raise UnsupportedTask(f"{document.path}: task type {problem.type}")
        listed = read_json(folder, "subtasks.json")
        checked = listed.check(_SubtasksFile)
        entries = checked.subtasks
        notes += known(listed, _SubtasksFile)[1]
        for name in entries:
            notes += unread_within(listed, ("subtasks", name), _SubtaskEntry, _SUBTASK_DESCRIBED)
        testcases = read_testcases(folder, kind)
        mapping = read_mapping(folder, tuple(testcases))
        commands = Commands(
            everywhere=checked.global_validators,
            sensitive=checked.subtask_sensitive_validators,
            own={name: entry.validators for name, entry in entries.items()},
        )
        testcases, validators, more = with_validators(folder, commands, testcases, mapping)
        in_order = [
            TpsSubtask(
                name=name,
                points=entries[name].score,
                tests=mapping.get(name, ()),
                document=listed,
                where=("subtasks", name),
            )
            for name in sorted(entries, key=lambda name: entries[name].index)
        ]
        scoring, subtasks = score_tree(folder, in_order)
        manager = _manager(folder) if kind is TaskType.COMMUNICATION else None
        checker = _checker(folder, problem) if kind is not TaskType.COMMUNICATION else None
        has_grader = problem.has_grader
        if has_grader is None:
            has_grader = kind is not TaskType.OUTPUT_ONLY
        files = _grader_files(folder) if has_grader else {}
        testset = Testset(
            testcases=testcases,
            scoring=scoring,
            checker=checker,
            comparison={} if checker else {"kind": "white-diff"},
            interactor=manager,
            validators=validators,
        )
        subtasks = with_inclusion(subtasks, testset)
        # With a grader only inputs are a contestant's.
        examples = sample_tests(in_order, testcases, with_output=not files)
        managers = graders_of(files)
        task = Task(
            name=problem.name,
            title=problem.title or problem.name,
            type=kind,
            statement=read_statement(
                folder.root / "statement", examples=examples, subtasks=subtasks
            ),
            subtasks=subtasks,
            examples=examples,
            limits=TaskLimits(
                time_s=problem.time_limit,
                memory_bytes=memory_bytes(problem.memory_limit),
                code_bytes=100_000,
            ),
            scored=True,
            interface=Interface(
                managers=managers,
                submission_names=source_names(problem.name, managers),
                signatures=headers_of(files),
            ),
            interactor=manager,
            processes=problem.num_processes,
            checker=checker,
            attachments=read_attachments(folder, "attachments"),
            score_precision=problem.score_precision,
        )
        submissions, left_out = _submissions(folder, entries, subtasks)
        return Package(
            path=folder.root,
            format=self.name,
            task=task,
            testset=testset,
            submissions=submissions,
            left_out=left_out,
            notes=(*notes, *more),
        )


def _manager(folder: Folder) -> Program:
    for name in ("grader/manager.cpp", "grader/cpp/manager.cpp", "manager/manager.cpp"):
        if folder.has(name):
            return read_manager(folder, folder.root / name)
    raise PackageError(folder.root / "grader", "Communication, but there is no manager.cpp")


def _checker(folder: Folder, problem: _Problem) -> Program | None:
    path = folder.root / "checker" / "checker.cpp"
    if problem.has_checker is False:
        return None
    if not folder.has(path):
        if problem.has_checker:
            raise PackageError(path, "has_checker, but there is no such file")
        return None
    beside = read_sources(folder, path.parent)
    sources = {
        name: content
        for name, content in beside.items()
        if name == path.name or name.endswith((".h", ".hpp"))
    }
    copies = read_sources(folder, folder.root / "gen") if folder.has("gen/testlib.h") else {}
    sources = with_testlib(sources, copies)
    cms = is_cms_testlib(sources) or not uses_testlib(sources)
    role = CMS_CHECKER if cms else TESTLIB_CHECKER
    return Program(role=role, language="cpp17", sources=sources)


def _grader_files(folder: Folder) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for language in _LANGUAGE_FOLDERS:
        if folder.has(f"grader/{language}"):
            files |= read_sources(folder, folder.root / "grader" / language)
    return files


def _submissions(
    folder: Folder, entries: Mapping[str, _SubtaskEntry], subtasks: tuple[Subtask, ...]
) -> tuple[tuple[JurySubmission, ...], tuple[LeftOut, ...]]:
    found: list[JurySubmission] = []
    if not folder.has("solutions.json"):
        return (), _unlabelled(folder, set())
    names = {subtask.name: subtask.name for subtask in subtasks}
    document = read_json(folder, "solutions.json")
    left_out: list[LeftOut] = []
    labelled: set[str] = set()
    for name, words in words_of(document).items():
        unknown = [subtask for subtask in words.exceptions if subtask not in entries]
        if unknown:
            line = document.line_of((name, "except", unknown[0]))
            raise PackageError(document.path, f"no subtask is called {unknown[0]!r}", line)
        path = folder.root / "solution" / name
        if not folder.has(path):
            line = document.line_of((name,))
            raise PackageError(document.path, f"no such file: solution/{name}", line)
        labelled.add(name)
        submission = read_submission(folder, path)
        if submission is None:
            left_out.append(LeftOut(name=name, reason=NO_SOURCE))
            continue
        expected = expectation_of(words, names)
        if words.verdict in ("model_solution", "correct") and not words.exceptions:
            expected = Expectation(verdicts=VERDICTS["correct"], source="solutions.json")
        found.append(JurySubmission(name=name, path=path, submission=submission, expected=expected))
    return tuple(found), (*left_out, *_unlabelled(folder, labelled))


def _unlabelled(folder: Folder, labelled: set[str]) -> tuple[LeftOut, ...]:
    """Solutions of which `solutions.json` says nothing."""
    names = [entry.name for entry in folder.entries("solution") if not is_note(entry)]
    return tuple(
        LeftOut(name=name, reason="no label: solutions.json does not list it")
        for name in names
        if name not in labelled and Path(name).suffix not in (".h", ".hpp")
    )
