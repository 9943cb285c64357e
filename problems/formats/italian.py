"""Role: reader of CMS's Italian format: `task.yaml`, `gen/GEN`, `input/`, `output/`, `sol/`.

Read after CMS's own `YamlLoader`. Subtasks come from `gen/GEN` (`# ST: points`; a test a line, or
`# COPY: file`), else from `score_type` in `task.yaml`, else every test gives its share of the
total. Programs under `check/` are taken from their source, never from a binary.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from problems.errors import PackageError, UnsupportedTask
from problems.formats.cms_files import graders_of, headers_of, read_attachments, source_names
from problems.formats.cms_outputs import output_files, with_kinds, within
from problems.formats.cms_parameters import MAX_PROCESSES
from problems.formats.documents import Document, known, read_yaml
from problems.formats.folder import Folder
from problems.formats.italian_scoring import half_stated, loose_tests, read_scoring
from problems.formats.programs import NO_SOURCE, is_note, read_sources, read_submission
from problems.formats.reader import LeftOut, Package
from problems.inclusion import with_inclusion
from problems.jury.checkers import CMS_CHECKER, CMS_MANAGER
from problems.jury.testlib import with_testlib
from problems.languages import suffixes
from problems.scoring import ScoreNode
from problems.statement.convert import read_statement
from problems.submission import Expectation, JurySubmission
from problems.task import Example, Interface, OutputFile, Program, Task, TaskLimits, TaskType
from problems.testset import Testcase, Testset
from problems.verdict import Verdict
from sandbox.limits import MIB

_CHECKERS = ("check/checker", "cor/correttore")
_MANAGERS = ("check/manager", "cor/manager")


class _TaskFile(BaseModel):
    """`task.yaml` as far as judging needs it; the older names are Italian."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False, populate_by_name=True)

    name: str = Field(validation_alias=AliasChoices("name", "nome_breve"))
    title: str = Field(default="", validation_alias=AliasChoices("title", "nome"))
    time_limit: float | None = Field(
        default=None, gt=0, validation_alias=AliasChoices("time_limit", "timeout")
    )
    memory_limit: float = Field(
        default=256, gt=0, validation_alias=AliasChoices("memory_limit", "memlimit")
    )
    infile: str | None = "input.txt"
    outfile: str | None = "output.txt"
    output_only: bool = False
    num_processes: int = Field(default=1, ge=1, le=MAX_PROCESSES)
    user_io: str | None = None
    score_precision: int = Field(default=0, ge=0, le=9)
    n_input: int | None = None
    task_type: str | None = None
    output_eval: str | None = None
    output_only_testcases: str | int | None = None
    output_optional_testcases: str | int | None = None


# What contestants may ask for and are shown, and the contest around the task: no judging in it.
_DESCRIBED = frozenset(
    {"public_testcases", "risultati", "feedback_level", "score_mode", "submission_format", "source"}
    | {"token_mode", "token_max_number", "token_min_interval", "token_gen_initial", "exponent"}
    | {"token_gen_number", "token_gen_interval", "token_gen_max", "max_submission_number"}
    | {"min_submission_interval", "max_user_test_number", "min_user_test_interval", "date", "order"}
    | {"score_type", "score_type_parameters", "total_value", "label_solution", "primary_statements"}
    | {"primary_language"}
    | {"statements", "attachments", "syllabuslevel", "version", "allowed_languages"}
)
_TYPES = {
    "Batch": TaskType.BATCH,
    "BatchAndOutput": TaskType.BATCH,
    "Communication": TaskType.COMMUNICATION,
    "OutputOnly": TaskType.OUTPUT_ONLY,
}


class Italian:
    """The reader."""

    name = "cms-italian"

    def detect(self, path: Path) -> bool:
        """`task.yaml` beside numbered inputs."""
        return (path / "task.yaml").is_file() and (path / "input" / "input0.txt").is_file()

    def read(self, path: Path) -> Package:
        """Reads the folder.

        Raises:
            PackageError: It is broken; names file and line.
            UnsupportedTask: A checker or manager that is there only as a binary.
        """
        folder = Folder.at(path)
        document = read_yaml(folder, "task.yaml")
        _, notes = known(document, _TaskFile, _DESCRIBED)
        config = document.check(_TaskFile)
        _refuse_unserved(config, document)
        manager = _jury_program(folder, _MANAGERS, CMS_MANAGER)
        checker = _jury_program(folder, _CHECKERS, CMS_CHECKER)
        kind = TaskType.BATCH
        if config.task_type is not None:
            kind = _TYPES[config.task_type]
        elif config.output_only:
            kind = TaskType.OUTPUT_ONLY
        elif manager is not None:
            kind = TaskType.COMMUNICATION
        testcases = _testcases(folder)
        if config.n_input is not None and config.n_input != len(testcases):
            reason = f"n_input: {config.n_input}, but input/ holds {len(testcases)}"
            raise PackageError(document.path, reason, document.line_of(("n_input",)))
        root, subtasks = read_scoring(folder, document, tuple(testcases))
        outputs = _outputs(config, document, kind, testcases)
        if outputs:
            testcases = with_kinds(testcases, outputs)
        testset = Testset(
            testcases=testcases,
            scoring=root,
            checker=checker if kind is not TaskType.COMMUNICATION else None,
            comparison={} if checker else {"kind": "white-diff"},
            interactor=manager if kind is TaskType.COMMUNICATION else None,
        )
        subtasks = with_inclusion(subtasks, testset)
        outputs = within(outputs, root, subtasks)
        interface = _interface(folder, config, kind)
        attachments = read_attachments(folder, "att")
        # CMS's own loader hands the inputs out.
        attachments |= {
            f"input_{file.testcase}.txt": testcases[file.testcase].input.read_bytes()
            for file in outputs
        }
        examples = _examples(config, attachments, testcases, root, kind)
        statements = "statement" if folder.has("statement") else "testo"
        if config.time_limit is None and kind is not TaskType.OUTPUT_ONLY:
            raise PackageError(document.path, "time_limit: missing", 1)
        task = Task(
            name=config.name,
            title=config.title or config.name,
            type=kind,
            statement=read_statement(
                folder.root / statements, examples=examples, subtasks=subtasks
            ),
            subtasks=subtasks,
            examples=examples,
            limits=TaskLimits(
                time_s=config.time_limit or 1.0,
                memory_bytes=int(config.memory_limit * MIB),
                code_bytes=100_000,
            ),
            scored=True,
            interface=interface,
            interactor=testset.interactor,
            processes=config.num_processes,
            checker=testset.checker,
            attachments=attachments,
            score_precision=config.score_precision,
            output_files=outputs,
        )
        submissions, left_out = _submissions(folder, config.name)
        return Package(
            path=folder.root,
            format=self.name,
            task=task,
            testset=testset,
            submissions=submissions,
            left_out=left_out,
            notes=(*notes, *half_stated(document), *loose_tests(root, tuple(testcases))),
        )


def _refuse_unserved(config: _TaskFile, document: Document) -> None:
    """What would be judged by other rules than the task's.

    Raises:
        UnsupportedTask: A task type, or a way to compare, that nothing here knows.
    """
    if config.task_type is not None and config.task_type not in _TYPES:
        raise UnsupportedTask(f"{document.path}: task type {config.task_type}")
    if config.output_eval not in (None, "diff", "comparator"):
        raise UnsupportedTask(f"{document.path}: output_eval {config.output_eval}")


def _testcases(folder: Folder) -> dict[str, Testcase]:
    numbers = sorted(
        int(found[1])
        for entry in folder.entries("input")
        if (found := re.fullmatch(r"input(\d{1,6})\.txt", entry.name))
    )
    if numbers != list(range(len(numbers))):
        missing = next(n for n in range(len(numbers)) if n not in numbers)
        raise PackageError(folder.root / "input" / f"input{missing}.txt", "input file missing")
    testcases: dict[str, Testcase] = {}
    for number in numbers:
        answer = f"output/output{number}.txt"
        if not folder.has(answer):
            raise PackageError(folder.root / answer, "answer file missing")
        testcases[f"{number:03d}"] = Testcase(
            name=f"{number:03d}",
            input=folder.file(f"input/input{number}.txt"),
            answer=folder.file(answer),
        )
    return testcases


def _outputs(
    config: _TaskFile, document: Document, kind: TaskType, testcases: Mapping[str, Testcase]
) -> tuple[OutputFile, ...]:
    """`output_only_testcases` and `output_optional_testcases`: numbers with commas between."""
    found: dict[str, set[str]] = {}
    for key in ("output_only_testcases", "output_optional_testcases"):
        line = document.line_of((key,))
        given = getattr(config, key)
        words = [] if given is None else [word.strip() for word in str(given).split(",")]
        names = {f"{int(word):03d}" if word.isdecimal() else word for word in words if word}
        for name in names - set(testcases):
            raise PackageError(document.path, f"{key}: there is no test {name}", line)
        if names and kind is not TaskType.BATCH:
            reason = f"{key}: only a task with a program alone takes output files"
            raise PackageError(document.path, reason, line)
        found[key] = names
    return output_files(found["output_only_testcases"], found["output_optional_testcases"])


def _jury_program(folder: Folder, stems: tuple[str, ...], role: str) -> Program | None:
    """The source of a checker or manager; CMS itself would take the binary beside it."""
    for stem in stems:
        for suffix in (".cpp", ".cc", ".c", ".py", ".rs"):
            path = folder.root / f"{stem}{suffix}"
            if folder.has(path):
                sources = {path.name: folder.read(path)}
                beside = read_sources(folder, path.parent)
                sources |= {n: c for n, c in beside.items() if n.endswith((".h", ".hpp"))}
                language = suffixes()[suffix].replace("cpp20", "cpp17")
                return Program(role=role, language=language, sources=with_testlib(sources, beside))
        if folder.has(stem):
            raise UnsupportedTask(f"{folder.root / stem}: a program without its source")
    return None


def _interface(folder: Folder, config: _TaskFile, kind: TaskType) -> Interface:
    if kind is TaskType.OUTPUT_ONLY or not folder.has("sol"):
        files: Mapping[str, bytes] = {}
    else:
        stem = "stub" if kind is TaskType.COMMUNICATION else "grader"
        files = {
            name: content
            for name, content in read_sources(folder, folder.root / "sol").items()
            if "/" not in name and (Path(name).stem == stem or name.endswith((".h", ".hpp")))
        }
    managers = graders_of(files)
    # A communicating program has pipes, and an empty name means stdin or stdout.
    by_file = kind is TaskType.BATCH
    return Interface(
        managers=managers,
        submission_names=source_names(config.name, managers),
        signatures=headers_of(files) if managers else {},
        input_file=(config.infile or None) if by_file else None,
        output_file=(config.outfile or None) if by_file else None,
        pipes_in_argv=kind is TaskType.COMMUNICATION
        and (config.user_io or ("fifo_io" if managers else "std_io")) == "fifo_io",
    )


def _examples(
    config: _TaskFile,
    attachments: Mapping[str, bytes],
    testcases: Mapping[str, Testcase],
    root: ScoreNode,
    kind: TaskType,
) -> tuple[Example, ...]:
    """What contestants get (`att/input0.txt`, `output0.txt`), else the tests of 0 points."""
    found = []
    for name in sorted(attachments):
        match = re.search(r"(?:^|/)(.*)input(.*)\.txt$", name)
        if match is None:
            continue
        at = name.rfind("input")
        output = attachments.get(f"{name[:at]}output{name[at + 5 :]}")
        if output is not None or kind is TaskType.COMMUNICATION:
            found.append(Example(name=Path(name).stem, input=attachments[name], output=output))
    if found:
        return tuple(found)
    shown: set[str] = set()
    for node in root.walk():
        if node.max_points == 0 and node is not root:
            shown |= set(node.all_testcases())
    for name in sorted(shown):
        case = testcases[name]
        answer = None if case.answer is None else case.answer.read_bytes()
        output = answer if kind is TaskType.BATCH else None
        found.append(Example(name=name, input=case.input.read_bytes(), output=output))
    return tuple(found)


def _submissions(
    folder: Folder, name: str
) -> tuple[tuple[JurySubmission, ...], tuple[LeftOut, ...]]:
    """`sol/solution.*`, `soluzione.*` or `NAME.*`: the format labels nothing else."""
    found: list[JurySubmission] = []
    left_out: list[LeftOut] = []
    for entry in folder.entries("sol"):
        if entry.stem in ("grader", "stub", "template") or is_note(entry):
            continue
        if entry.suffix in (".h", ".hpp", ".pyc", ".o", ".exe"):
            continue
        if entry.stem not in ("solution", "soluzione", name):
            reason = "no label: only solution.*, soluzione.* and the task's name are right ones"
            left_out.append(LeftOut(name=entry.name, reason=reason))
            continue
        submission = read_submission(folder, entry)
        if submission is None:
            left_out.append(LeftOut(name=entry.name, reason=NO_SOURCE))
            continue
        expected = Expectation(verdicts=frozenset({Verdict.AC}), source="sol/")
        found.append(
            JurySubmission(name=entry.name, path=entry, submission=submission, expected=expected)
        )
    return tuple(found), tuple(left_out)
