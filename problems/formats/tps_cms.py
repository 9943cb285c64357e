"""Role: reader of the TPS export for CMS: what the IOI publishes of its tasks (IOI 2017 to now).

`problem.json` (limits, task type and its parameters), `subtasks/*.json` (score and test names; a
test may be in several), `tests/*.in|.out`, `graders/`, `checker/`, `solutions/<verdict>/`,
`attachments/`, `statements/`. Read after CMS's own `TpsTaskLoader`.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from problems.errors import PackageError, UnsupportedTask
from problems.formats.cms_files import (
    graders_of,
    headers_of,
    memory_bytes,
    public_examples,
    public_graders,
    read_attachments,
    read_checker,
    read_manager,
    source_names,
)
from problems.formats.cms_outputs import output_files, with_kinds, within
from problems.formats.cms_parameters import parameters_of, processes_of
from problems.formats.documents import known, read_json
from problems.formats.folder import Folder
from problems.formats.programs import NO_SOURCE, is_note, read_sources, read_submission
from problems.formats.reader import LeftOut, Package
from problems.formats.tps_headers import header_of
from problems.formats.tps_labels import VERDICTS, SolutionWords, expectation_of
from problems.formats.tps_tests import (
    BATCH_AND_OUTPUT,
    TYPES,
    TpsSubtask,
    read_testcases,
    sample_tests,
    score_tree,
)
from problems.inclusion import with_inclusion
from problems.statement.convert import read_statement
from problems.submission import Expectation, JurySubmission, Speech
from problems.task import (
    Example,
    Interface,
    OutputFile,
    Program,
    Subtask,
    Task,
    TaskLimits,
    TaskType,
)
from problems.testset import Testcase, Testset
from problems.verdict import Verdict

_SUBTASK_HINT = re.compile(r"(?:subtask|sub|st)[-_]?(\d+)", re.IGNORECASE)
PROTOCOL = 2
_NOT_FULL = frozenset(Verdict) - {Verdict.AC, Verdict.CE, Verdict.SKIPPED}


class _Problem(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    code: str
    name: str = ""
    task_type: str
    task_type_params: str | dict[str, Any] | list[Any] = Field(default_factory=dict)
    protocol_version: int = Field(default=1, ge=1)
    time_limit: float = Field(gt=0)
    memory_limit: float = Field(gt=0)
    score_precision: int = Field(default=2, ge=0, le=9)


_DESCRIBED = frozenset({"feedback_level"})


class _SubtaskFile(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    score: float = Field(ge=0)
    testcases: list[str]
    output_only: bool = False
    output_optional: bool = False


class TpsCms:
    """The reader."""

    name = "tps-cms-export"

    def detect(self, path: Path) -> bool:
        """A folder with `problem.json`, tests and one file a subtask."""
        return all(
            [
                (path / "problem.json").is_file(),
                (path / "tests").is_dir(),
                (path / "subtasks").is_dir(),
            ]
        )

    def read(self, path: Path) -> Package:
        """Reads the export.

        Raises:
            PackageError: It is broken; names file and line.
            UnsupportedTask: A task type that nothing here can judge.
        """
        folder = Folder.at(path)
        document = read_json(folder, "problem.json")
        _, notes = known(document, _Problem, _DESCRIBED)
        problem = document.check(_Problem)
        both = problem.task_type == BATCH_AND_OUTPUT
        if problem.task_type not in TYPES and not both:
            raise UnsupportedTask(f"{document.path}: task type {problem.task_type}")
        if problem.protocol_version > PROTOCOL:
            reason = f"protocol_version {problem.protocol_version}; up to {PROTOCOL} is served"
            raise UnsupportedTask(f"{document.path}: {reason}")
        kind = TaskType.BATCH if both else TYPES[problem.task_type]
        parameters = parameters_of(problem.task_type, problem.task_type_params, document)
        testcases = read_testcases(folder, kind)
        named = [name for name in parameters.get("output_only_testcases", "").split(",") if name]
        listed, outputs = _listed(folder, testcases, named)
        if both:
            testcases = with_kinds(testcases, outputs)
        elif outputs:
            reason = f"output_only and output_optional are {BATCH_AND_OUTPUT}'s"
            raise PackageError(document.path, reason, document.line_of(("task_type",)))
        scoring, subtasks = score_tree(folder, listed)
        files = read_sources(folder, folder.root / "graders") if folder.has("graders") else {}
        jury = {} if parameters.get("compilation") == "alone" else graders_of(files)
        attachments = read_attachments(folder, "attachments")
        manager = _manager(folder) if kind is TaskType.COMMUNICATION else None
        compares = kind is TaskType.COMMUNICATION or parameters.get("output_eval") == "diff"
        checker = None if compares else _checker(folder)
        public = public_graders(jury, attachments) if kind is TaskType.BATCH else jury
        testset = Testset(
            testcases=testcases,
            scoring=scoring,
            checker=checker,
            comparison={} if checker else {"kind": "white-diff"},
            interactor=manager,
            managers=jury if jury != public else {},
        )
        subtasks = with_inclusion(subtasks, testset)
        outputs = within(outputs, scoring, subtasks)
        examples: tuple[Example, ...] = ()
        if kind is TaskType.BATCH:
            examples = public_examples(attachments, with_output=True)
        # The jury's files of a task with a grader carry the grader's secrets: no examples.
        if not examples and (kind is not TaskType.BATCH or not jury):
            examples = sample_tests(listed, testcases, with_output=True)
        task = Task(
            name=problem.code,
            title=problem.name or problem.code,
            type=kind,
            statement=read_statement(_statements(folder), examples=examples, subtasks=subtasks),
            subtasks=subtasks,
            examples=examples,
            limits=TaskLimits(
                time_s=problem.time_limit,
                memory_bytes=memory_bytes(problem.memory_limit),
                code_bytes=100_000,
            ),
            scored=True,
            interface=Interface(
                managers=public,
                submission_names=source_names(problem.code, public),
                signatures=headers_of(files),
                input_file=parameters.get("infile") or parameters.get("inputfile") or None,
                output_file=parameters.get("outfile") or parameters.get("outputfile") or None,
                pipes_in_argv=parameters.get("user_io") == "fifo_io",
            ),
            interactor=manager,
            processes=processes_of(parameters, document),
            checker=checker,
            output_files=outputs,
            attachments=attachments,
            score_precision=problem.score_precision,
        )
        submissions, left_out, unused = _submissions(folder, subtasks, listed)
        return Package(
            path=folder.root,
            format=self.name,
            task=task,
            testset=testset,
            submissions=submissions,
            left_out=left_out,
            notes=(*notes, *unused),
        )


def _statements(folder: Folder) -> Path:
    """`statements/`, or where the archive of 2025 and 2026 has it: beside `problem.json`."""
    for name in ("statements", "en.md", "en.pdf", "statement.md", "statement.pdf"):
        if folder.has(name):
            return folder.root / name
    return folder.root / "statements"


def _listed(
    folder: Folder, testcases: Mapping[str, Testcase], named: Sequence[str]
) -> tuple[list[TpsSubtask], tuple[OutputFile, ...]]:
    """The files in `subtasks/`, in the order of their names, and what may be handed in.

    Args:
        named: Output-only tests that the task type's parameters name.
    """
    found: list[TpsSubtask] = []
    only: set[str] = set(named)
    optional: set[str] = set()
    for path in folder.entries("subtasks"):
        if path.suffix != ".json":
            continue
        document = read_json(folder, path)
        subtask = document.check(_SubtaskFile)
        for index, name in enumerate(subtask.testcases):
            if name not in testcases:
                line = document.line_of(("testcases", index))
                raise PackageError(path, f"test {name!r} is not in tests/", line)
        if subtask.output_only:
            only.update(subtask.testcases)
        elif subtask.output_optional:
            optional.update(subtask.testcases)
        found.append(
            TpsSubtask(
                name=path.stem,
                points=subtask.score,
                tests=tuple(dict.fromkeys(subtask.testcases)),
                document=document,
                where=("testcases",),
            )
        )
    return found, output_files(only, optional)


def _manager(folder: Folder) -> Program:
    for name in ("graders/manager.cpp", "graders/manager.py", "manager/manager.cpp"):
        if folder.has(name):
            return read_manager(folder, folder.root / name)
    raise PackageError(folder.root / "graders", "Communication, but there is no manager.cpp")


def _checker(folder: Folder) -> Program | None:
    for name in ("checker/checker.cpp", "checker/checker.py"):
        if folder.has(name):
            return read_checker(folder, folder.root / name)
    return None


def _submissions(
    folder: Folder, subtasks: tuple[Subtask, ...], listed: Sequence[TpsSubtask]
) -> tuple[tuple[JurySubmission, ...], tuple[LeftOut, ...], tuple[str, ...]]:
    """The jury's programs, what is none, and notes on headers that are not used."""
    found: list[JurySubmission] = []
    left_out: list[LeftOut] = []
    notes: list[str] = []
    # The export puts the subtask's number before its name.
    names = {_unnumbered(subtask.name): subtask.name for subtask in subtasks}
    excepted = [_unnumbered(subtask.name) for subtask in listed]
    for label_folder in folder.entries("solutions"):
        label = label_folder.name
        if not label_folder.is_dir():
            if not is_note(label_folder):
                left_out.append(LeftOut(name=label, reason="it lies in no label's folder"))
            continue
        for entry in folder.entries(label_folder):
            name = f"{label}/{entry.name}"
            submission = read_submission(folder, entry)
            if submission is None or label not in VERDICTS:
                reason = f"no label is called {label!r}" if submission else NO_SOURCE
                if not is_note(entry):
                    left_out.append(LeftOut(name=name, reason=reason))
                continue
            words, note = header_of(submission, entry, label, excepted)
            notes += [note] if note else []
            expected = (
                _expectation(label, entry.stem, subtasks)
                if words is None
                else _of_header(words, names)
            )
            found.append(
                JurySubmission(name=name, path=entry, submission=submission, expected=expected)
            )
    return tuple(found), tuple(left_out), tuple(notes)


def _of_header(words: SolutionWords, names: Mapping[str, str]) -> Expectation:
    """The label that the program itself brings: a word for each subtask."""
    if words.verdict in ("model_solution", "correct") and not words.exceptions:
        return Expectation(verdicts=VERDICTS["correct"], source="header")
    return expectation_of(words, names, source="header")


def _expectation(label: str, stem: str, subtasks: tuple[Subtask, ...]) -> Expectation:
    """A folder's word. The export lost the exceptions of `solutions.json`, so most say little
    (where a program has none at its head, see `problems.formats.tps_headers`).

    `correct` is that no test was wrong, whatever share of its points a checker gave.
    `correct/subtask3-x.cpp` is correct in its author's sense: on subtask 3.
    """
    if label in ("model_solution", "correct"):
        hint = _SUBTASK_HINT.search(stem) if label == "correct" else None
        aimed = [s.name for s in subtasks if hint and _number(s.name) == int(hint[1])]
        right = VERDICTS["correct"]
        if aimed:
            return Expectation(subtasks=dict.fromkeys(aimed, right), speaks=Speech.TESTS)
        return Expectation(verdicts=right, speaks=Speech.TESTS)
    if label == "partially_correct":
        return Expectation(verdicts=frozenset({Verdict.PARTIAL}), exact=False)
    if label == "incorrect":
        # That some test lost points, also by a share: the exceptions said where and how much.
        lost = VERDICTS[label] | {Verdict.PARTIAL}
        return Expectation(verdicts=_NOT_FULL, some_test=lost, label=label)
    if label == "failed":
        return Expectation(verdicts=_NOT_FULL, exact=False, label=label)
    return Expectation(
        verdicts=_NOT_FULL, some_test=VERDICTS[label], said=label.replace("_", " "), label=label
    )


def _unnumbered(name: str) -> str:
    return re.sub(r"^\d+-", "", name)


def _number(name: str) -> int | None:
    match = re.match(r"\d+", name)
    return int(match[0]) if match else None
