"""Role: reader of Kattis problem packages, format versions "legacy" (the original one) and
"legacy-icpc" (its subset for ICPC contests).

Specification: problem package format, versions legacy and legacy-icpc. Pass-fail and scoring, test
groups with inherited `testdata.yaml`, built-in and custom output validation, interactive problems,
custom graders, `include/` files compiled with every submission.
"""

import math
import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from problems.errors import PackageError, UnsupportedTask
from problems.formats.documents import Document, known, read_yaml
from problems.formats.domjudge import INI, Settings, read_ini
from problems.formats.folder import Folder
from problems.formats.kattis_groups import Group, GroupSettings, read_groups
from problems.formats.kattis_include import read_interface
from problems.formats.kattis_labels import read_submissions
from problems.formats.kattis_limits import compilation_notes, jury_limits, stored_time_limit
from problems.formats.kattis_names import LEGACY, other_names, stated_version
from problems.formats.kattis_samples import read_interactions
from problems.formats.kattis_validators import read_input_validators
from problems.formats.programs import program_language, read_program, read_sources
from problems.formats.reader import Package
from problems.inclusion import with_inclusion
from problems.statement.convert import read_statement
from problems.task import (
    Example,
    Program,
    Subtask,
    Task,
    TaskLimits,
    TaskType,
)
from problems.testset import Testset
from sandbox.limits import MIB

_ICPC = "legacy-icpc"
_VERSIONS = ("legacy", _ICPC)
_TITLE = re.compile(r"\\problemname\s*\{(?P<title>[^}]*)\}")


class _Limits(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    # Not in the legacy specification: packages that state their limit (seconds) need no measuring.
    time_limit: float | None = Field(default=None, gt=0)
    time_multiplier: float = Field(default=5.0, gt=0)
    time_safety_margin: float = Field(default=2.0, gt=0)
    memory: float = Field(default=1024, gt=0)
    output: float = Field(default=8, gt=0)
    code: float = Field(default=128, gt=0)
    compilation_time: float | None = Field(default=None, gt=0)
    compilation_memory: float | None = Field(default=None, gt=0)
    validation_time: float | None = Field(default=None, gt=0)
    validation_memory: float | None = Field(default=None, gt=0)
    validation_output: float | None = Field(default=None, gt=0)


class _Grading(BaseModel):
    """`grading`; all but `objective` are older than the version called legacy."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    objective: Literal["max", "min"] = "max"
    accept_score: float | None = None
    reject_score: float | None = None
    range: str | None = None
    on_reject: Literal["first_error", "worst_error", "grade"] | None = None

    def for_groups(self) -> dict[str, object]:
        """What it says of every group of test data, as `testdata.yaml` would say it."""
        found: dict[str, object] = {
            "accept_score": self.accept_score,
            "reject_score": self.reject_score,
            "range": self.range,
            "on_reject": {"first_error": "break", "grade": "continue"}.get(self.on_reject or ""),
        }
        return {key: value for key, value in found.items() if value is not None}


class _Problem(BaseModel):
    """`problem.yaml` as far as judging needs it."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    problem_format_version: str | None = None
    type: Literal["pass-fail", "scoring"] = "pass-fail"
    name: str | dict[str, str] | None = None
    validation: str = "default"
    validator_flags: str = ""
    limits: _Limits | None = None
    grading: _Grading | None = None


# Keys that say nothing of judging.
_DESCRIBED = frozenset(
    {"author", "credits", "source", "source_url", "license", "rights_owner", "uuid", "keywords"}
)
_GRADING_DESCRIBED = ("show_test_data_groups",)


class KattisLegacy:
    """The reader."""

    name = "kattis-legacy"

    def detect(self, path: Path) -> bool:
        """A folder with `problem.yaml` that states no version, or one of ours; DOMjudge's packages
        may have a file of their own in its place."""
        if not (path / "problem.yaml").is_file():
            return (path / INI).is_file() and (path / "data").is_dir()
        return stated_version(path) in (None, *_VERSIONS)

    def read(self, path: Path) -> Package:
        """Reads the package.

        Raises:
            PackageError: It is broken; names file and line.
            UnsupportedTask: `grading.objective: min`, or a checker that only a DOMjudge server has.
        """
        folder = Folder.at(path)
        settings = read_ini(folder)
        document = Document(path=folder.root / INI, data=None)
        if folder.has("problem.yaml"):
            document = read_yaml(folder, "problem.yaml")
        problem, notes = _checked(document)
        kinds = problem.validation.split()
        known = bool(kinds) and kinds[0] in ("default", "custom")
        if not known or not set(kinds[1:]) <= {"interactive", "score"}:
            raise PackageError(
                document.path,
                f"validation: unknown value {problem.validation!r}",
                document.line_of(("validation",)),
            )
        if settings.executables and kinds[0] == "default":
            reason = f"{settings.executables[0]} names a program that only the server has"
            raise UnsupportedTask(f"{folder.root / INI}: {reason}")
        scoring = problem.type == "scoring"
        if problem.problem_format_version == _ICPC:
            _check_subset(folder, document, kinds, scoring)
        if problem.grading is not None and problem.grading.objective == "min" and scoring:
            raise UnsupportedTask(f"{document.path}: grading.objective min (fewer points win)")
        groups = read_groups(
            folder,
            GroupSettings(
                scoring=scoring,
                custom_score="score" in kinds,
                validator_flags=tuple(problem.validator_flags.split()),
                grader=_grader(folder),
                overrides=problem.grading.for_groups() if problem.grading is not None else {},
            ),
        )
        subtasks = _subtasks(groups, scoring)
        validator: Program | None = None
        more_notes: tuple[str, ...] = ()
        if kinds[0] == "custom":
            validator, more_notes = _validator(folder, document)
        interactive = "interactive" in kinds
        limits = problem.limits or _Limits()
        examples = _examples(groups, interactive)
        interface, include_notes = read_interface(folder)
        validators, validator_notes = read_input_validators(folder)
        testset = Testset(
            testcases={case.name: case for case in groups.testcases},
            scoring=groups.node,
            checker=None if interactive else validator,
            comparison={} if validator else _comparison(problem.validator_flags.split()),
            interactor=validator if interactive else None,
            validators=validators,
            jury_limits=jury_limits(
                limits.validation_time, limits.validation_memory, limits.validation_output
            ),
        )
        subtasks = with_inclusion(subtasks, testset)
        task = Task(
            name=folder.root.name,
            title=_title(folder, problem, settings),
            type=TaskType.INTERACTIVE if interactive else TaskType.BATCH,
            statement=read_statement(
                folder.root / "problem_statement",
                examples=examples,
                subtasks=subtasks,
                interactions=read_interactions(folder) if interactive else {},
            ),
            subtasks=subtasks,
            examples=examples,
            limits=TaskLimits(
                time_s=limits.time_limit or stored_time_limit(folder),
                memory_bytes=int(limits.memory * MIB),
                output_bytes=int(limits.output * MIB),
                code_bytes=int(limits.code * 1024),
                time_multiplier=limits.time_multiplier,
                safety_margin=limits.time_safety_margin,
            ),
            scored=scoring,
            interface=interface,
            interactor=validator if interactive else None,
            checker=None if interactive else validator,
            attachments=_attachments(folder),
        )
        submissions, left_out = read_submissions(folder, subtasks, scoring)
        return Package(
            path=folder.root,
            format=self.name,
            task=task,
            testset=testset,
            submissions=submissions,
            left_out=left_out,
            notes=(
                *notes,
                *settings.notes,
                *other_names(folder, LEGACY),
                *_unused_validators(folder, kinds),
                *include_notes,
                *more_notes,
                *validator_notes,
                *compilation_notes(limits.compilation_time, limits.compilation_memory),
                *groups.notes,
            ),
        )


def _checked(document: Document) -> tuple[_Problem, tuple[str, ...]]:
    """`problem.yaml`, and notes on keys that nothing here reads."""
    kept, notes = known(document, _Problem, _DESCRIBED)
    content = kept.mapping()
    for key, model, described in (
        ("limits", _Limits, ()),
        ("grading", _Grading, _GRADING_DESCRIBED),
    ):
        if isinstance(content.get(key), dict):
            _, more = known(document.inner((key,), content[key]), model, described)
            notes += more
    return kept.check(_Problem), notes


def _check_subset(folder: Folder, document: Document, kinds: list[str], scoring: bool) -> None:
    """What `legacy` has and `legacy-icpc` has not would be judged by rules that do not hold there.

    Raises:
        PackageError: Points, graders, or groups of test data.
    """
    if scoring:
        raise PackageError(
            document.path, f"type: {_ICPC} has no points", document.line_of(("type",))
        )
    if "score" in kinds:
        line = document.line_of(("validation",))
        raise PackageError(document.path, f"validation: {_ICPC} has no points", line)
    extra = [folder.root / "graders"] if folder.entries("graders") else []
    for place in ("data/sample", "data/secret"):
        extra += [entry for entry in folder.entries(place) if entry.is_dir()]
        extra += [entry for entry in folder.entries(place) if entry.name == "testdata.yaml"]
    if extra:
        raise PackageError(extra[0], f"{_ICPC} has neither graders nor groups of test data")


def _subtasks(root: Group, scoring: bool) -> tuple[Subtask, ...]:
    secret = next((child for child in root.children if child.name == "secret"), root)
    groups = [child for child in secret.children if child.testcases]
    if not scoring:
        return (Subtask(name="all", max_points=1.0),)
    if groups:
        return tuple(
            Subtask(name=group.name.removeprefix("secret/"), max_points=group.max_points)
            for group in groups
        )
    whole = root.max_points if math.isfinite(root.config.highest) else secret.max_points
    return (Subtask(name="all", max_points=whole),)


def _examples(root: Group, interactive: bool) -> tuple[Example, ...]:
    """The sample data. An interactive problem's files are the interactor's own: no examples."""
    if interactive:
        return ()
    return tuple(
        Example(
            name=case.name.removeprefix("sample/"),
            input=case.input.read_bytes(),
            output=case.answer.read_bytes() if case.answer is not None else None,
        )
        for group in root.children
        if group.name == "sample"
        for case in group.testcases
    )


def _validator(folder: Folder, document: Document) -> tuple[Program, tuple[str, ...]]:
    """The output validator: the first program there, as problemtools takes it."""
    entries = [
        entry
        for entry in folder.entries("output_validators")
        if program_language(read_sources(folder, entry))
    ]
    if not entries:
        line = document.line_of(("validation",))
        reason = "validation: custom, but output_validators/ holds no program"
        raise PackageError(document.path, reason, line)
    notes = tuple(f"output_validators/{entry.name}: only the first is run" for entry in entries[1:])
    return read_program(folder, entries[0], "kattis-output-validator"), notes


def _unused_validators(folder: Folder, kinds: list[str]) -> tuple[str, ...]:
    """Under `validation: default` nobody runs an output validator; problemtools says so as well."""
    if kinds[0] == "custom" or not folder.entries("output_validators"):
        return ()
    return ("output_validators/: not run, since problem.yaml says validation: default",)


def _grader(folder: Folder) -> Program | None:
    for entry in folder.entries("graders"):
        if program_language(read_sources(folder, entry)):
            return read_program(folder, entry, "kattis-grader")
    return None


def _comparison(flags: list[str]) -> dict[str, float | bool | str]:
    """Parameters of the built-in compare from `validator_flags`; groups' flags come on top."""
    return {"kind": "kattis", "flags": " ".join(flags)}


def _title(folder: Folder, problem: _Problem, settings: Settings) -> str:
    names = [f"problem_statement/problem{suffix}.tex" for suffix in (".en", "")]
    names += [folder.name_of(p) for p in folder.entries("problem_statement") if p.suffix == ".tex"]
    for name in names:
        if folder.has(name):
            match = _TITLE.search(folder.text(name))
            if match and "\\" not in match["title"]:
                return match["title"].strip()
    if isinstance(problem.name, dict):
        return problem.name.get("en") or next(iter(problem.name.values()), folder.root.name)
    return problem.name or settings.name or folder.root.name


def _attachments(folder: Folder) -> dict[str, bytes]:
    return {
        folder.name_of(path).removeprefix("attachments/"): folder.read(path)
        for path in folder.walk("attachments")
    }
