"""Role: reader of LightCPVerifier's problem folders: LiveCodeBench Pro's tests, Frontier-CS.

`config.yaml` (type, limits, checker, interactor, subtasks), `testdata/N.in` and `N.ans`,
`statement.txt`. Read after its judge (`problem_manager.js`, `judge_engine.js`, 2025-10): `time` and
`memory` are other names of the limits, a checker that is not named is `chk.cc`, tests are counted
through all subtasks, an answer is `N.ans` before what the case names, and checker and interactor
are testlib's. That judge accepts or rejects; where a checker gives parts (Frontier-CS), the tests
of a subtask count alike, as that benchmark adds them up.
"""

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from problems.errors import PackageError, UnsupportedTask
from problems.formats.built import Built, Part, package_of
from problems.formats.documents import Document, known, read_yaml, unread_within
from problems.formats.folder import Folder
from problems.formats.reader import Package
from problems.jury.checkers import TESTLIB_CHECKER, TESTLIB_INTERACTOR
from problems.jury.testlib import with_testlib
from problems.scoring import Aggregation
from problems.statement.html import markdown_to_text
from problems.task import Program, TaskLimits, TaskType
from problems.testset import Testcase
from sandbox.limits import MIB

MAX_TESTS = 10_000
_TIME = re.compile(r"([0-9.]+)\s*(ms|s)?", re.IGNORECASE)
_MEMORY = re.compile(r"([0-9.]+)\s*([kmg]?)(?:i?b)?", re.IGNORECASE)
_SECONDS = {"ms": 0.001, "s": 1.0}
_BYTES = {"": 1, "k": 1024, "m": MIB, "g": 1024 * MIB}
_PARTIAL = re.compile(rb"\bquitp\b|\b_pc\b|\b_points\b|\b_partially\b")
_CHECKERS = ("chk.cc", "chk.cpp", "checker.cc", "checker.cpp")
_INTERACTORS = ("interactor.cc", "interactor.cpp")


class _Case(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    input: str
    output: str


class _Subtask(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    score: float = Field(default=100.0, gt=0)
    n_cases: int | None = Field(default=None, ge=1, le=MAX_TESTS)
    cases: list[_Case] | None = None


class _Config(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    type: str = "default"
    time_limit: str | float = Field(
        default="1s", validation_alias=AliasChoices("time_limit", "time")
    )
    memory_limit: str | float = Field(
        default="256m", validation_alias=AliasChoices("memory_limit", "memory")
    )
    checker: str | None = None
    interactor: str | None = None
    input_prefix: str = ""
    output_prefix: str = ""
    input_suffix: str = ".in"
    output_suffix: str = ".ans"
    subtasks: list[_Subtask] = Field(min_length=1)


_DESCRIBED = frozenset({"filename", "title", "tag", "tags"})


class LightCp:
    """The reader."""

    name = "lightcpverifier"

    def detect(self, path: Path) -> bool:
        """A folder with `config.yaml` and `testdata/`."""
        return (path / "config.yaml").is_file() and (path / "testdata").is_dir()

    def read(self, path: Path) -> Package:
        """Reads the folder.

        Raises:
            PackageError: It is broken; names file and line.
            UnsupportedTask: A type that the judge itself does not serve, or no testlib.h.
        """
        folder = Folder.at(path)
        document = read_yaml(folder, "config.yaml")
        whole = document
        document, notes = known(document, _Config, _DESCRIBED)
        config = document.check(_Config)
        for index in range(len(config.subtasks)):
            notes += unread_within(whole, ("subtasks", index), _Subtask)
        if config.type not in ("default", "interactive"):
            raise UnsupportedTask(f"{document.path}: type {config.type}")
        talks = config.type == "interactive"
        role = TESTLIB_INTERACTOR if talks else TESTLIB_CHECKER
        names = _INTERACTORS if talks else _CHECKERS
        named = config.interactor if talks else config.checker
        program = _program(folder, document, role, named, names)
        testcases, parts = _tests(folder, document, config)
        if any(_PARTIAL.search(text) for text in program.sources.values()):
            parts = [
                Part(
                    name=one.name,
                    points=one.points,
                    tests=one.tests,
                    aggregation=Aggregation.AVG,
                )
                for one in parts
            ]
        text = folder.text("statement.txt") if folder.has("statement.txt") else ""
        return package_of(
            Built(
                path=folder.root,
                format=self.name,
                name=folder.root.name,
                title=_title(text) or folder.root.name,
                text=markdown_to_text(text),
                testcases=testcases,
                parts=parts,
                limits=TaskLimits(
                    time_s=_quantity(document, "time_limit", config.time_limit, _TIME, _SECONDS),
                    memory_bytes=int(
                        _quantity(document, "memory_limit", config.memory_limit, _MEMORY, _BYTES)
                    ),
                ),
                type=TaskType.INTERACTIVE if talks else TaskType.BATCH,
                checker=None if talks else program,
                interactor=program if talks else None,
                notes=notes if text else (*notes, "no statement.txt"),
            )
        )


def _title(text: str) -> str:
    """The first line, where it is short enough to be one."""
    first = text.strip().split("\n", 1)[0].strip("# ").strip()
    return first if len(first) <= 80 else ""


def _program(
    folder: Folder, document: Document, role: str, named: str | None, usual: tuple[str, ...]
) -> Program:
    """The named file; else that of a usual name."""
    name = named or next((one for one in usual if folder.has(one)), None)
    if name is None or not folder.has(name):
        reason = f"no {role}: {name or ' or '.join(usual)} is missing"
        raise PackageError(document.path, reason, document.line_of(("checker",)))
    copies = {
        file.name: folder.read(file)
        for file in folder.entries()
        if file.suffix in (".h", ".hpp") and file.is_file()
    }
    sources = {f"{PurePosixPath(name).stem}.cpp": folder.read(name)}
    return Program(role=role, language="cpp17", sources=with_testlib(sources, copies) | copies)


def _tests(
    folder: Folder, document: Document, config: _Config
) -> tuple[dict[str, Testcase], list[Part]]:
    testcases: dict[str, Testcase] = {}
    parts = []
    number = 0
    for index, subtask in enumerate(config.subtasks):
        where = ("subtasks", index)
        pairs = [(case.input, case.output) for case in subtask.cases or ()]
        if subtask.n_cases is not None:
            pairs = [
                (
                    f"{config.input_prefix}{place}{config.input_suffix}",
                    f"{config.output_prefix}{place}{config.output_suffix}",
                )
                for place in range(number + 1, number + subtask.n_cases + 1)
            ]
            number += subtask.n_cases
        if not pairs:
            reason = "a subtask without n_cases and cases"
            raise PackageError(document.path, reason, document.line_of(where))
        tests = []
        for given, answer in pairs:
            name = given.removesuffix(".in")
            testcases[name] = Testcase(
                name=name,
                input=_file(folder, document, given),
                answer=_file(folder, document, re.sub(r"\.out$", ".ans", answer), answer),
            )
            tests.append(name)
        parts.append(Part(name=f"subtask{index + 1}", points=subtask.score, tests=tuple(tests)))
    return testcases, parts


def _file(folder: Folder, document: Document, *names: str) -> Path:
    """The first of these in `testdata/`."""
    found = next((name for name in names if folder.has(f"testdata/{name}")), names[-1])
    return folder.file(f"testdata/{found}", document.path)


def _quantity(
    document: Document,
    key: str,
    value: str | float,
    form: re.Pattern[str],
    units: Mapping[str, Any],
) -> float:
    """A limit: "500ms", "2s", "256m"; a bare number of time is in seconds, of memory in bytes."""
    match = form.fullmatch(str(value).strip())
    try:
        number = float(match[1]) if match else 0.0
    except ValueError:
        number = 0.0
    if match is None or number <= 0:
        raise PackageError(document.path, f"{key}: {value!r}", document.line_of((key,)))
    return number * float(units[(match[2] or ("s" if form is _TIME else "")).lower()])
