"""Role: reader of Kattis problem packages, format version 2025-09.

Specification: problem package format, version 2025-09. Pass-fail and scoring, interactive,
multi-pass and submit-answer problems; custom output validators with scores; `test_group.yaml`;
`submissions.yaml`. What cannot be judged here is refused by name: static validators, command-line
arguments and input files of a test case, scores without an upper bound.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from problems.errors import PackageError, UnsupportedTask
from problems.formats.documents import Document, known, read_yaml
from problems.formats.folder import Folder
from problems.formats.kattis2025_constants import Scalar, constant_texts, substituted
from problems.formats.kattis2025_data import read_data
from problems.formats.kattis2025_labels import Labels, read_submissions
from problems.formats.kattis_include import LANGUAGES, read_interface
from problems.formats.kattis_limits import compilation_notes, jury_limits, stored_time_limit
from problems.formats.kattis_names import (
    LEGACY,
    NEW,
    other_names,
    refuse_other_names,
    stated_version,
)
from problems.formats.kattis_validators import read_input_validators
from problems.formats.programs import NO_SOURCE, program_language, read_sources
from problems.formats.reader import Package
from problems.inclusion import with_inclusion
from problems.jury.checkers import KATTIS_VALIDATOR
from problems.statement.translations import StatementParts
from problems.task import Program, Task, TaskLimits, TaskType
from problems.tasktypes.output_only import LANGUAGE as OUTPUT_ONLY
from problems.testset import Testset
from sandbox.limits import MIB

VERSION = "2025-09"
# Drafts of this version and the one that redirects to it; they are read leniently.
_DRAFTS = {"2025-09-draft", "2023-07", "2023-07-draft", "draft"}

_Type = Literal["pass-fail", "scoring", "multi-pass", "interactive", "submit-answer"]


class _Multipliers(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    ac_to_time_limit: float = Field(default=2.0, ge=1)
    time_limit_to_tle: float = Field(default=1.5, ge=1)


class _Limits(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    time_multipliers: _Multipliers = _Multipliers()
    time_limit: float | None = Field(default=None, gt=0)
    time_resolution: float = Field(default=1.0, gt=0)
    memory: int = Field(default=2048, gt=0)
    output: int = Field(default=8, gt=0)
    code: int = Field(default=128, gt=0)
    compilation_time: int | None = Field(default=None, gt=0)
    compilation_memory: int | None = Field(default=None, gt=0)
    validation_time: int | None = Field(default=None, gt=0)
    validation_memory: int | None = Field(default=None, gt=0)
    validation_output: int | None = Field(default=None, gt=0)
    validation_passes: int = Field(default=2, ge=2)


class _Problem(BaseModel):
    """`problem.yaml`. The specification makes an unknown key an error."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    problem_format_version: str
    type: str | list[_Type] = "pass-fail"
    name: str | dict[str, str] | None = None
    limits: _Limits | None = None
    languages: list[str] | str = "all"
    allow_file_writing: bool = True
    constants: dict[str, Scalar | dict[str, Scalar]] | None = None


# Keys that say nothing of judging.
_DESCRIBED = frozenset(
    {"uuid", "version", "credits", "source", "source_url", "license", "rights_owner"}
    | {"embargo_until", "keywords"}
)


class Kattis2025:
    """The reader."""

    name = "kattis-2025-09"

    def detect(self, path: Path) -> bool:
        """A folder whose `problem.yaml` states a version that is not legacy's, known or not."""
        if not (path / "problem.yaml").is_file():  # a pipe of that name would hang the reader
            return False
        return stated_version(path) not in (None, "legacy", "legacy-icpc")

    def read(self, path: Path) -> Package:
        """Reads the package.

        Raises:
            PackageError: It is broken; names file and line.
            UnsupportedTask: It needs something that nothing here can judge.
        """
        folder = Folder.at(path)
        draft = stated_version(folder.root) in _DRAFTS
        if not draft and stated_version(folder.root) != VERSION:
            served = f"{VERSION}, its drafts, legacy and legacy-icpc are served"
            stated = stated_version(folder.root)
            reason = f"problem_format_version {stated}; {served}"
            raise UnsupportedTask(f"{folder.root / 'problem.yaml'}: {reason}")
        document, notes = _known_keys(read_yaml(folder, "problem.yaml"))
        if not draft:
            refuse_other_names(folder, NEW)
        problem = document.check(_Problem)
        types = _types(problem, document)
        if folder.has("static_validator"):
            # It judges the source text, which no runner here hands to a program.
            raise UnsupportedTask(f"{folder.root / 'static_validator'}: a static validator")
        constants = constant_texts(problem.constants or {})
        scoring = "scoring" in types
        validator = _validator(folder, constants, draft=draft)
        interactive = "interactive" in types
        multi_pass = "multi-pass" in types
        if (interactive or multi_pass) and validator is None:
            line = document.line_of(("type",))
            raise PackageError(document.path, "type needs a program in output_validator/", line)
        data = read_data(folder, constants, scoring=scoring, interactive=interactive, draft=draft)
        limits = problem.limits or _Limits()
        interface, include_notes = read_interface(
            folder, lambda sources: substituted(sources, constants)
        )
        validators, validator_notes = read_input_validators(
            folder, lambda sources: substituted(sources, constants)
        )
        testset = Testset(
            testcases={case.name: case for case in data.testcases},
            scoring=data.scoring,
            checker=None if interactive else validator,
            comparison={} if validator else {"kind": "kattis"},
            interactor=validator if interactive else None,
            validators=validators,
            jury_limits=jury_limits(
                limits.validation_time, limits.validation_memory, limits.validation_output
            ),
        )
        subtasks = with_inclusion(data.subtasks, testset)
        parts = StatementParts(
            examples=data.shown,
            constants=constants,
            interactions=data.interactions,
            titles=problem.name if isinstance(problem.name, dict) else {},
        )
        task = Task(
            name=folder.root.name,
            title=_title(folder, problem),
            type=_task_type(types),
            statement=parts.read(
                folder.root / ("statement" if folder.has("statement") else "problem_statement"),
                subtasks,
            ),
            subtasks=subtasks,
            examples=data.examples,
            limits=TaskLimits(
                time_s=_time_limit(folder, limits, types),
                memory_bytes=limits.memory * MIB,
                output_bytes=limits.output * MIB,
                code_bytes=limits.code * 1024,
                time_multiplier=limits.time_multipliers.ac_to_time_limit,
                time_resolution_s=limits.time_resolution,
                tle_multiplier=limits.time_multipliers.time_limit_to_tle,
            ),
            scored=scoring,
            interface=interface,
            interactor=validator if interactive else None,
            checker=None if interactive else validator,
            attachments=_attachments(folder),
            languages=_languages(problem),
            passes=limits.validation_passes if multi_pass else 1,
        )
        labels = read_submissions(
            folder,
            data.scoring,
            constants,
            scored=scoring,
            output_only=task.type is TaskType.OUTPUT_ONLY,
        )
        return Package(
            path=folder.root,
            format=self.name,
            task=task,
            testset=testset,
            submissions=labels.submissions,
            left_out=labels.left_out,
            notes=(
                *notes,
                *other_names(folder, NEW, read=draft),
                *include_notes,
                *validator_notes,
                *compilation_notes(limits.compilation_time, limits.compilation_memory),
                *_unserved(problem, limits, multi_pass),
                *labels.notes,
                *_left_out_languages(task, labels),
            ),
            statement_parts=parts,
        )


def _unserved(problem: _Problem, limits: _Limits, multi_pass: bool) -> tuple[str, ...]:
    """A note for each key that is understood here and not enforced."""
    notes = []
    if problem.problem_format_version != VERSION:
        version = problem.problem_format_version
        notes.append(f"problem.yaml: a draft ({version}), read as version {VERSION}")
    if not problem.allow_file_writing:
        notes.append(
            "problem.yaml: allow_file_writing: false is not enforced, files may be written"
        )
    if not multi_pass and "validation_passes" in limits.model_fields_set:
        notes.append("problem.yaml: limits.validation_passes: the problem is not multi-pass")
    time_s, step_s = limits.time_limit, limits.time_resolution
    if time_s is not None and abs(time_s / step_s - round(time_s / step_s)) > 1e-6:
        notes.append(
            f"problem.yaml: limits.time_limit: no multiple of time_resolution ({step_s:g})"
        )
    return tuple(notes)


def _left_out_languages(task: Task, labels: Labels) -> tuple[str, ...]:
    """A note for each submission in a language that contestants may not use; it is judged."""
    return tuple(
        f"{one.name}: {one.submission.language} is not among the package's languages"
        for one in labels.submissions
        if task.languages and one.submission.language not in (*task.languages, OUTPUT_ONLY)
    )


def _known_keys(document: Document) -> tuple[Document, tuple[str, ...]]:
    """Without keys that say nothing of judging, and in a draft without unknown ones (noted).

    In the final version an unknown key is an error.
    """
    kept, notes = known(document, _Problem, _DESCRIBED)
    content = document.mapping()
    if content.get("problem_format_version") in _DRAFTS:
        return kept, notes
    strict = {key: value for key, value in content.items() if key not in _DESCRIBED}
    return Document(path=document.path, data=strict, lines=document.lines), ()


def _types(problem: _Problem, document: Document) -> frozenset[str]:
    words = problem.type.split() if isinstance(problem.type, str) else problem.type
    line = document.line_of(("type",))
    known = {"pass-fail", "scoring", "multi-pass", "interactive", "submit-answer"}
    types = frozenset(words)
    if not types or not types <= known:
        raise PackageError(document.path, f"type: unknown value {problem.type!r}", line)
    for one, other in (
        ("pass-fail", "scoring"),
        ("multi-pass", "submit-answer"),
        ("interactive", "submit-answer"),
    ):
        if {one, other} <= types:
            raise PackageError(document.path, f"type: {one} and {other} exclude each other", line)
    return types


def _task_type(types: frozenset[str]) -> TaskType:
    if "multi-pass" in types:
        return TaskType.MULTI_PASS
    if "interactive" in types:
        return TaskType.INTERACTIVE
    return TaskType.OUTPUT_ONLY if "submit-answer" in types else TaskType.BATCH


def _validator(folder: Folder, constants: Mapping[str, str], *, draft: bool) -> Program | None:
    """The output validator: the one folder in `output_validator/`, or all that lies in it."""
    place = NEW.validators
    if draft and not folder.entries(place):
        place = LEGACY.validators
    entries = folder.entries(place)
    if not entries:
        return None
    alone = entries[0] if len(entries) == 1 else folder.root / place
    sources = substituted(read_sources(folder, alone), constants)
    language = program_language(sources)
    if language is None:
        raise PackageError(alone, NO_SOURCE)
    return Program(role=KATTIS_VALIDATOR, language=language, sources=sources, name=alone.name)


def _attachments(folder: Folder) -> dict[str, bytes]:
    return {
        folder.name_of(path).removeprefix("attachments/"): folder.read(path)
        for path in folder.walk("attachments")
    }


def _languages(problem: _Problem) -> tuple[str, ...]:
    codes = problem.languages.split() if isinstance(problem.languages, str) else problem.languages
    if codes == ["all"]:
        return ()
    return tuple(language for code in codes for language in LANGUAGES.get(code, (code,)))


def _title(folder: Folder, problem: _Problem) -> str:
    if isinstance(problem.name, dict):
        return problem.name.get("en") or next(iter(problem.name.values()), folder.root.name)
    return problem.name or folder.root.name


def _time_limit(folder: Folder, limits: _Limits, types: frozenset[str]) -> float | None:
    """Seconds of CPU time; None leaves it to measurement. Handed-in answers use no time at all."""
    if "submit-answer" in types:
        return 1.0
    return limits.time_limit or stored_time_limit(folder)
