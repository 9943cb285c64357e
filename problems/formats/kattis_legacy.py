"""Role: reader of Kattis problem packages, format versions "legacy" (the original one) and
"legacy-icpc" (its subset for ICPC contests).

Specification: problem package format, versions legacy and legacy-icpc. Pass-fail and scoring, test
groups with inherited `testdata.yaml`, built-in and custom output validation, interactive problems,
custom graders, `include/` files compiled with every submission.
"""

import math
import re
import sys
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from problems.errors import PackageError, UnsupportedTask
from problems.formats.documents import Document, read_yaml
from problems.formats.folder import Folder
from problems.formats.kattis_groups import Group, GroupSettings, read_groups
from problems.formats.kattis_labels import read_submissions
from problems.formats.programs import read_program, read_sources
from problems.formats.reader import Package
from problems.inclusion import with_inclusion
from problems.languages import language_of
from problems.statement.convert import read_statement
from problems.task import (
    Example,
    Interface,
    Program,
    Subtask,
    Task,
    TaskLimits,
    TaskType,
)
from problems.testset import Testset
from sandbox.limits import MIB

# Kattis's name of a language -> ids of the sandbox's table that its include files serve.
_LANGUAGES = {
    "cpp": ("cpp17", "cpp20", "cpp23"),
    "c": ("c",),
    "java": ("java",),
    "python3": ("python3", "pypy3"),
    "python": ("python3", "pypy3"),
    "rust": ("rust",),
}
_ICPC = "legacy-icpc"
_VERSIONS = (b"legacy", _ICPC.encode())
_TITLE = re.compile(r"\\problemname\s*\{(?P<title>[^}]*)\}")
_IMPORT = re.compile(rb"^\s*(?:from|import)\s+(\w+)", re.MULTILINE)
_HEADER = re.compile(rb'^\s*#\s*include\s*"(\w+)\.h"', re.MULTILINE)


class _Limits(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    # Not in the legacy specification: packages that state their limit (seconds) need no measuring.
    time_limit: float | None = Field(default=None, gt=0)
    time_multiplier: float = Field(default=5.0, gt=0)
    time_safety_margin: float = Field(default=2.0, gt=0)
    memory: float = Field(default=1024, gt=0)
    output: float = Field(default=8, gt=0)
    code: float = Field(default=128, gt=0)
    validation_time: float = Field(default=60, gt=0)
    validation_memory: float = Field(default=1024, gt=0)


class _Grading(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    objective: Literal["max", "min"] = "max"


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


class KattisLegacy:
    """The reader."""

    name = "kattis-legacy"

    def detect(self, path: Path) -> bool:
        """A folder with `problem.yaml` that states no version, or one of ours."""
        if not (path / "problem.yaml").is_file():
            return False
        version = re.compile(rb"^problem_format_version\s*:\s*['\"]?([\w.-]+)", re.MULTILINE)
        try:
            with (path / "problem.yaml").open("rb") as file:
                found = version.search(file.read(1 << 20))
        except OSError:
            return False
        return found is None or found.group(1) in _VERSIONS

    def read(self, path: Path) -> Package:
        """Reads the package.

        Raises:
            PackageError: It is broken; names file and line.
            UnsupportedTask: `grading.objective: min`.
        """
        folder = Folder.at(path)
        document = read_yaml(folder, "problem.yaml")
        problem = document.check(_Problem)
        kinds = problem.validation.split()
        known = bool(kinds) and kinds[0] in ("default", "custom")
        if not known or not set(kinds[1:]) <= {"interactive", "score"}:
            raise PackageError(
                document.path,
                f"validation: unknown value {problem.validation!r}",
                document.line_of(("validation",)),
            )
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
            ),
        )
        subtasks = _subtasks(groups, scoring)
        validator = _validator(folder, document) if kinds[0] == "custom" else None
        interactive = "interactive" in kinds
        limits = problem.limits or _Limits()
        examples = _examples(groups, interactive)
        interface = _interface(folder)
        testset = Testset(
            testcases={case.name: case for case in groups.testcases},
            scoring=groups.node,
            checker=None if interactive else validator,
            comparison={} if validator else _comparison(problem.validator_flags.split()),
            interactor=validator if interactive else None,
            validators=_input_validators(folder),
        )
        subtasks = with_inclusion(subtasks, testset)
        task = Task(
            name=folder.root.name,
            title=_title(folder, problem),
            type=TaskType.INTERACTIVE if interactive else TaskType.BATCH,
            statement=read_statement(
                folder.root / "problem_statement", examples=examples, subtasks=subtasks
            ),
            subtasks=subtasks,
            examples=examples,
            limits=TaskLimits(
                time_s=limits.time_limit,
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
        return Package(
            path=folder.root,
            format=self.name,
            task=task,
            testset=testset,
            submissions=read_submissions(folder, subtasks, scoring),
        )


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
    """The sample data. An interactive problem's files are not what a contestant's program sees."""
    found = []
    for group in root.children:
        if group.name != "sample":
            continue
        for case in group.testcases:
            answer = case.answer.read_bytes() if case.answer is not None else None
            found.append(
                Example(
                    name=case.name.removeprefix("sample/"),
                    input=case.input.read_bytes(),
                    output=None if interactive else answer,
                )
            )
    return tuple(found)


def _validator(folder: Folder, document: Document) -> Program:
    for entry in folder.entries("output_validators"):
        if entry.is_dir() or language_of(read_sources(folder, entry)):
            return read_program(folder, entry, "kattis-output-validator")
    line = document.line_of(("validation",))
    raise PackageError(document.path, "validation: custom, but output_validators/ is empty", line)


def _grader(folder: Folder) -> Program | None:
    for entry in folder.entries("graders"):
        if language_of(read_sources(folder, entry)):
            return read_program(folder, entry, "kattis-grader")
    return None


def _input_validators(folder: Folder) -> tuple[Program, ...]:
    found = []
    for name in ("input_validators", "input_format_validators"):
        for entry in folder.entries(name):
            sources = read_sources(folder, entry)
            if language_of(sources):
                found.append(read_program(folder, entry, "kattis-input-validator"))
            elif entry.suffix in (".ctd", ".viva"):
                found.append(
                    Program(role=entry.suffix[1:], language=entry.suffix[1:], sources=sources)
                )
    return tuple(found)


def _comparison(flags: list[str]) -> dict[str, float | bool | str]:
    """Parameters of the built-in compare from `validator_flags`; groups' flags come on top."""
    return {"kind": "kattis", "flags": " ".join(flags)}


def _title(folder: Folder, problem: _Problem) -> str:
    names = [f"problem_statement/problem{suffix}.tex" for suffix in (".en", "")]
    names += [folder.name_of(p) for p in folder.entries("problem_statement") if p.suffix == ".tex"]
    for name in names:
        if folder.has(name):
            match = _TITLE.search(folder.text(name))
            if match and "\\" not in match["title"]:
                return match["title"].strip()
    if isinstance(problem.name, dict):
        return problem.name.get("en") or next(iter(problem.name.values()), folder.root.name)
    return problem.name or folder.root.name


def _attachments(folder: Folder) -> dict[str, bytes]:
    return {
        folder.name_of(path).removeprefix("attachments/"): folder.read(path)
        for path in folder.walk("attachments")
    }


def _interface(folder: Folder) -> Interface:
    managers: dict[str, dict[str, bytes]] = {}
    signatures: dict[str, str] = {}
    names: dict[str, str] = {}
    common: dict[str, bytes] = {}
    if folder.has("include/default"):
        common = read_sources(folder, folder.root / "include" / "default")
    for entry in folder.entries("include"):
        ids = _LANGUAGES.get(entry.name)
        if ids is None or not entry.is_dir():
            continue
        files = common | read_sources(folder, entry)
        header = "\n".join(
            content.decode("utf-8", "replace")
            for name, content in sorted(files.items())
            if name.endswith(".h")
        )
        for language in ids:
            managers[language] = files
            if header:
                signatures[language] = header
            name = _submission_name(entry.name, files)
            if name is not None:
                names[language] = name
    return Interface(managers=managers, submission_names=names, signatures=signatures)


def _submission_name(language: str, files: dict[str, bytes]) -> str | None:
    """The file name by which the grader finds the contestant's file, where it matters."""
    text = b"\n".join(content for name, content in sorted(files.items()))
    if language in ("python3", "python"):
        own = {Path(name).stem for name in files}
        for match in _IMPORT.finditer(text):
            module = match.group(1).decode()
            if module not in sys.stdlib_module_names and module not in own:
                return f"{module}.py"
    if language == "cpp":
        for match in _HEADER.finditer(text):
            return f"{match.group(1).decode()}.cpp"
    return None
