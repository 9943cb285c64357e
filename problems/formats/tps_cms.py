"""Role: reader of the TPS export for CMS: what the IOI publishes of its tasks (IOI 2017 to now).

`problem.json` (limits, task type and its parameters), `subtasks/*.json` (score and test names; a
test may be in several), `tests/*.in|.out`, `graders/`, `checker/`, `solutions/<verdict>/`,
`attachments/`, `statements/`. Read after CMS's own `TpsTaskLoader`.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from problems.errors import PackageError, UnsupportedTask
from problems.formats.cms_files import (
    graders_of,
    headers_of,
    public_examples,
    public_graders,
    read_attachments,
    read_checker,
    read_manager,
)
from problems.formats.documents import Document, read_json
from problems.formats.folder import Folder
from problems.formats.programs import read_sources, read_submission
from problems.formats.reader import Package
from problems.formats.tps_labels import VERDICTS
from problems.inclusion import with_inclusion
from problems.scoring import Aggregation, ScoreNode
from problems.statement import read_statement
from problems.submission import Expectation, JurySubmission
from problems.task import Example, Interface, Program, Subtask, Task, TaskLimits, TaskType
from problems.testset import Testcase, Testset
from problems.verdict import Verdict
from sandbox.limits import MIB

_TYPES = {
    "Batch": TaskType.BATCH,
    "Communication": TaskType.COMMUNICATION,
    "OutputOnly": TaskType.OUTPUT_ONLY,
}
_SUBTASK_HINT = re.compile(r"(?:subtask|sub|st)[-_]?(\d+)", re.IGNORECASE)
_NOT_FULL = frozenset(Verdict) - {Verdict.AC, Verdict.CE, Verdict.SKIPPED}


class _Problem(BaseModel):
    model_config = ConfigDict(extra="ignore")

    code: str
    name: str = ""
    task_type: str
    task_type_params: str | dict[str, Any] = Field(default_factory=dict)
    time_limit: float = Field(gt=0)
    memory_limit: float = Field(gt=0)
    score_precision: int = Field(default=2, ge=0, le=9)


class _SubtaskFile(BaseModel):
    model_config = ConfigDict(extra="ignore")

    score: float = Field(ge=0)
    testcases: list[str]


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
        problem = document.check(_Problem)
        if problem.task_type not in _TYPES:
            raise UnsupportedTask(f"{document.path}: task type {problem.task_type}")
        kind = _TYPES[problem.task_type]
        parameters = _parameters(problem, document)
        testcases, nodes, subtasks = _tests(folder, kind)
        files = read_sources(folder, folder.root / "graders") if folder.has("graders") else {}
        jury = {} if parameters.get("compilation") == "alone" else graders_of(files)
        attachments = read_attachments(folder, "attachments")
        manager = _manager(folder) if kind is TaskType.COMMUNICATION else None
        checker = None if kind is TaskType.COMMUNICATION else _checker(folder)
        public = public_graders(jury, attachments) if kind is TaskType.BATCH else jury
        testset = Testset(
            testcases=testcases,
            scoring=ScoreNode(
                name=".", max_points=None, aggregation=Aggregation.SUM, children=nodes
            ),
            checker=checker,
            comparison={} if checker else {"kind": "white-diff"},
            interactor=manager,
            managers=jury if jury != public else {},
        )
        subtasks = with_inclusion(subtasks, testset)
        examples = _examples(folder, testcases, attachments, jury=jury, kind=kind)
        # TPS writes bytes; exports that kept the MiB of problem.json exist as well.
        memory = problem.memory_limit
        task = Task(
            name=problem.code,
            title=problem.name or problem.code,
            type=kind,
            statement=read_statement(
                folder.root / "statements", examples=examples, subtasks=subtasks
            ),
            subtasks=subtasks,
            examples=examples,
            limits=TaskLimits(
                time_s=problem.time_limit,
                memory_bytes=int(memory if memory >= MIB else memory * MIB),
                code_bytes=100_000,
            ),
            scored=True,
            interface=Interface(
                managers=public,
                submission_names={
                    language: f"{problem.code}.cpp"
                    for language in public
                    if language.startswith("cpp")
                },
                signatures=headers_of(files),
                input_file=parameters.get("infile") or parameters.get("inputfile"),
                output_file=parameters.get("outfile") or parameters.get("outputfile"),
                pipes_in_argv=parameters.get("user_io") == "fifo_io",
            ),
            interactor=manager,
            processes=_processes(parameters, document),
            checker=checker,
            attachments=attachments,
            score_precision=problem.score_precision,
        )
        return Package(
            path=folder.root,
            format=self.name,
            task=task,
            testset=testset,
            submissions=_submissions(folder, subtasks),
        )


def _parameters(problem: _Problem, document: Document) -> Mapping[str, str]:
    """Task type parameters by their last words ("num_processes"), values as text."""
    given = problem.task_type_params
    if isinstance(given, str):
        line = document.line_of(("task_type_params",))
        try:
            given = json.loads(given or "{}")
        except (json.JSONDecodeError, RecursionError) as error:
            raise PackageError(document.path, "task_type_params: not JSON", line) from error
        if not isinstance(given, dict):
            raise PackageError(document.path, "task_type_params: expected keys and values", line)
    prefix = f"task_type_parameters_{problem.task_type}_"
    return {str(key).removeprefix(prefix): str(value) for key, value in given.items()}


def _processes(parameters: Mapping[str, str], document: Document) -> int:
    text = parameters.get("num_processes", "1")
    if not text.isdigit() or not 1 <= int(text) <= 16:
        line = document.line_of(("task_type_params",))
        raise PackageError(document.path, f"num_processes: {text!r}", line)
    return int(text)


def _tests(
    folder: Folder, kind: TaskType
) -> tuple[dict[str, Testcase], tuple[ScoreNode, ...], tuple[Subtask, ...]]:
    testcases: dict[str, Testcase] = {}
    for path in folder.entries("tests"):
        if path.suffix != ".in":
            continue
        answer = path.with_suffix(".out")
        if kind is not TaskType.COMMUNICATION and not folder.has(answer):
            raise PackageError(path, f"answer file missing: {answer.name}")
        testcases[path.stem] = Testcase(
            name=path.stem,
            input=folder.file(path),
            answer=folder.file(answer) if kind is not TaskType.COMMUNICATION else None,
        )
    nodes: list[ScoreNode] = []
    subtasks: list[Subtask] = []
    for path in folder.entries("subtasks"):
        if path.suffix != ".json":
            continue
        document = read_json(folder, path)
        listed = document.check(_SubtaskFile)
        for index, name in enumerate(listed.testcases):
            if name not in testcases:
                line = document.line_of(("testcases", index))
                raise PackageError(path, f"test {name!r} is not in tests/", line)
        if listed.score == 0:  # the samples: they give no points of their own
            continue
        if not listed.testcases:
            raise PackageError(path, "a subtask without tests", document.line_of(("testcases",)))
        subtasks.append(Subtask(name=path.stem, max_points=listed.score))
        nodes.append(
            ScoreNode(
                name=path.stem,
                max_points=listed.score,
                aggregation=Aggregation.MIN,
                testcases=tuple(dict.fromkeys(listed.testcases)),
            )
        )
    if not nodes:
        raise PackageError(folder.root / "subtasks", "no subtask that gives points")
    return testcases, tuple(nodes), tuple(subtasks)


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


def _examples(
    folder: Folder,
    testcases: Mapping[str, Testcase],
    attachments: Mapping[str, bytes],
    *,
    jury: Mapping[str, Mapping[str, bytes]],
    kind: TaskType,
) -> tuple[Example, ...]:
    """What contestants get as examples, else the tests of the subtask that gives no points.

    The jury's files of a task with a grader carry the grader's secrets: they are no examples.
    """
    if kind is TaskType.BATCH:
        public = public_examples(attachments, with_output=True)
        if public or jury:
            return public
    found: list[Example] = []
    for path in folder.entries("subtasks"):
        if path.suffix != ".json":
            continue
        listed = read_json(folder, path).check(_SubtaskFile)
        for name in listed.testcases if listed.score == 0 else ():
            case = testcases[name]
            answer = None if case.answer is None else case.answer.read_bytes()
            found.append(Example(name=name, input=case.input.read_bytes(), output=answer))
    return tuple(found)


def _submissions(folder: Folder, subtasks: tuple[Subtask, ...]) -> tuple[JurySubmission, ...]:
    found: list[JurySubmission] = []
    for label_folder in folder.entries("solutions"):
        if label_folder.name not in VERDICTS:
            continue
        for entry in folder.entries(label_folder):
            submission = read_submission(folder, entry)
            if submission is not None:
                found.append(
                    JurySubmission(
                        name=f"{label_folder.name}/{entry.name}",
                        path=entry,
                        submission=submission,
                        expected=_expectation(label_folder.name, entry.stem, subtasks),
                    )
                )
    return tuple(found)


def _expectation(label: str, stem: str, subtasks: tuple[Subtask, ...]) -> Expectation:
    """A folder's word. The export lost the exceptions of `solutions.json`, so most say little.

    `correct/subtask3-x.cpp` is correct in its author's sense: on subtask 3.
    """
    if label in ("model_solution", "correct"):
        hint = _SUBTASK_HINT.search(stem) if label == "correct" else None
        aimed = [s.name for s in subtasks if hint and _number(s.name) == int(hint[1])]
        if aimed:
            return Expectation(subtasks=dict.fromkeys(aimed, VERDICTS["correct"]))
        return Expectation(verdicts=VERDICTS["correct"])
    if label == "partially_correct":
        return Expectation(verdicts=frozenset({Verdict.PARTIAL}), exact=False)
    if label == "failed":
        return Expectation(verdicts=_NOT_FULL, exact=False, label=label)
    return Expectation(verdicts=_NOT_FULL, some_test=VERDICTS[label], label=label)


def _number(name: str) -> int | None:
    match = re.match(r"\d+", name)
    return int(match[0]) if match else None
