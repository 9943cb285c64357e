"""Role: `data/` of a Kattis 2025-09 package -> test cases, examples, subtasks, score tree.

A folder of `data/secret` with a `test_group.yaml` is a test data group, and there are groups or
test cases in `secret`, never both. Arguments in `test_group.yaml` hold for all tests below unless
a group or a test case's own `.yaml` says otherwise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from problems.errors import PackageError, UnsupportedTask
from problems.formats.documents import Document, parse_yaml
from problems.formats.folder import Folder
from problems.scoring import Aggregation, ScoreNode
from problems.statement.convert import with_constants
from problems.task import Example, Subtask
from problems.testset import Testcase

_SAMPLES = "data/sample"
"""The samples' node: no group of `secret`, whose nodes bear one name each, can be called so."""
_ARGUMENTS = ("args", "output_validator_args", "input_validator_args")
_Arguments = list[str] | dict[str, list[str]] | None


class _TestConfig(BaseModel):
    """A test case's own `.yaml`."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    args: list[str] | None = None
    input_validator_args: _Arguments = None
    output_validator_args: list[str] | None = None
    input_visualizer_args: list[str] | None = None
    output_visualizer_args: list[str] | None = None
    full_feedback: bool | None = None
    hint: str | None = None
    description: str | None = None


class _GroupConfig(_TestConfig):
    """A `test_group.yaml`."""

    max_score: int | Literal["unbounded"] | None = Field(default=None)
    score_aggregation: Literal["pass-fail", "sum", "min"] | None = None
    static_validation_score: int | Literal["pass-fail"] | None = None
    static_validator_args: list[str] | None = None
    require_pass: str | list[str] = Field(default_factory=list)

    @property
    def required(self) -> list[str]:
        """Names in `require_pass`."""
        return [self.require_pass] if isinstance(self.require_pass, str) else self.require_pass


@dataclass(frozen=True, slots=True, kw_only=True)
class TestData:
    """All of `data/` that judging needs."""

    testcases: tuple[Testcase, ...]
    examples: tuple[Example, ...]
    interactions: tuple[str, ...]
    subtasks: tuple[Subtask, ...]
    scoring: ScoreNode
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    """A folder with its settings and all test cases below it."""

    name: str
    config: _GroupConfig
    document: Document
    cases: tuple[Testcase, ...]


class _DataReader:
    """Reads the folders; holds what every step needs."""

    def __init__(self, folder: Folder, constants: Mapping[str, str], *, scoring: bool) -> None:
        self._folder = folder
        self._constants = constants
        self._scoring = scoring

    def groups(self) -> tuple[_Group | None, _Group, list[_Group]]:
        """The sample group if there is one, `secret`, and the groups in it."""
        if not self._folder.has("data/secret"):
            raise PackageError(self._folder.root / "data/secret", "no such folder: no test data")
        sample = self._group("sample", {}) if self._folder.has("data/sample") else None
        secret = self._group("secret", {}, tests=False)
        inherited = _arguments(secret.config)
        inner = [
            self._group(f"secret/{entry.name}", inherited)
            for entry in self._folder.entries("data/secret")
            if entry.is_dir() and self._folder.has(entry / "test_group.yaml")
        ]
        whole = self._group("secret", {})
        if inner:
            inside = {case.name for group in inner for case in group.cases}
            loose = [case for case in whole.cases if case.name not in inside]
            if loose:
                where = self._folder.root / "data" / f"{loose[0].name}.in"
                raise PackageError(where, "a test case beside test data groups")
            for group in inner:
                if not group.cases:
                    raise PackageError(group.document.path, "a test data group without test cases")
            return sample, secret, inner
        if not whole.cases:
            raise PackageError(self._folder.root / "data/secret", "no test case")
        return sample, whole, []

    def _group(
        self, name: str, inherited: Mapping[str, list[str]], *, tests: bool = True
    ) -> _Group:
        path = Path("data") / name
        document = self._yaml(path / "test_group.yaml")
        config = document.check(_GroupConfig)
        if config.static_validation_score is not None:
            raise UnsupportedTask(f"{document.path}: static_validation_score")
        if not self._scoring:
            for key in ("max_score", "score_aggregation", "require_pass"):
                if key in config.model_fields_set:
                    line = document.line_of((key,))
                    reason = f"{key} is for problems of type scoring"
                    raise PackageError(document.path, reason, line)
        arguments = {**inherited, **_arguments(config)}
        cases = tuple(self._cases(path, arguments)) if tests else ()
        return _Group(name, config, document, cases)

    def _yaml(self, path: Path) -> Document:
        if not self._folder.has(path):
            return Document(path=self._folder.root / path, data=None)
        text = with_constants(self._folder.text(path), self._constants)
        return parse_yaml(text, self._folder.root / path)

    def _cases(self, path: Path, inherited: Mapping[str, list[str]]) -> Iterator[Testcase]:
        """Test cases at and below a folder, in the order of their names."""
        for entry in self._folder.entries(path):
            inner = path / entry.name
            if entry.is_dir() and entry.suffix != ".files":
                own = {}
                if self._folder.has(inner / "test_group.yaml"):
                    own = _arguments(self._yaml(inner / "test_group.yaml").check(_GroupConfig))
                yield from self._cases(inner, {**inherited, **own})
            elif entry.suffix == ".in":
                yield self._case(inner, inherited)

    def _case(self, path: Path, inherited: Mapping[str, list[str]]) -> Testcase:
        document = self._yaml(path.with_suffix(".yaml"))
        arguments = {**inherited, **_arguments(document.check(_TestConfig))}
        where = self._folder.root / path
        if arguments.get("args"):
            raise UnsupportedTask(f"{where}: command-line arguments of a test case (args)")
        if self._folder.has(path.with_suffix(".files")):
            raise UnsupportedTask(f"{where}: input files of a test case (.files)")
        answer = path.with_suffix(".ans")
        if not self._folder.has(answer):
            raise PackageError(where, f"answer file missing: {answer.name}")
        return Testcase(
            name=path.with_suffix("").relative_to("data").as_posix(),
            input=self._folder.file(path),
            answer=self._folder.file(answer),
            checker_args=tuple(arguments.get("output_validator_args", ())),
            validator_args=_for_all_validators(arguments.get("input_validator_args", [])),
        )


def _for_all_validators(arguments: Any) -> tuple[str, ...]:
    """Flags that hold for every input validator; a map by name is for one of several."""
    return tuple(arguments) if isinstance(arguments, list) else ()


def short_name(group: str) -> str:
    """A group's name as its subtask and its node in the score tree bear it."""
    return group.removeprefix("secret/")


def _arguments(config: _TestConfig) -> dict[str, list[str]]:
    found: dict[str, Any] = {key: getattr(config, key) for key in _ARGUMENTS}
    return {key: value for key, value in found.items() if value is not None}


def read_data(
    folder: Folder, constants: Mapping[str, str], *, scoring: bool, shows_output: bool
) -> TestData:
    """Reads `data/`.

    Args:
        constants: Put into `test_group.yaml`.
        scoring: The problem gives points.
        shows_output: An example's answer is what a program prints (not so in interaction).

    Raises:
        PackageError: An answer is missing, or a `.yaml` is wrong.
        UnsupportedTask: A test case needs what nothing here can give it, or points have no bound.
    """
    sample, secret, groups = _DataReader(folder, constants, scoring=scoring).groups()
    samples = sample.cases if sample is not None else ()
    inner = tuple(case for group in groups for case in group.cases) or secret.cases
    if scoring:
        node, subtasks = _scored(samples, secret, groups)
        inner = _with_full_scores(node, inner)
    else:
        names = tuple(case.name for case in (*samples, *inner))
        node = ScoreNode(name="all", max_points=1.0, aggregation=Aggregation.MIN, testcases=names)
        subtasks = (Subtask(name="all", max_points=1.0),)
    return TestData(
        testcases=(*samples, *inner),
        examples=tuple(_example(folder, case, shows_output=shows_output) for case in samples),
        interactions=tuple(_interactions(folder, samples)),
        subtasks=subtasks,
        scoring=node,
    )


def _scored(
    samples: tuple[Testcase, ...], secret: _Group, groups: list[_Group]
) -> tuple[ScoreNode, tuple[Subtask, ...]]:
    """The score tree: a group's share of its maximum, and `secret`'s sum or minimum of them."""
    rule = secret.config.score_aggregation or "sum"
    total = _bound(secret, default=100)
    known = {"sample": samples}
    children = []
    for group in groups:
        if rule == "pass-fail" and group.config.score_aggregation not in (None, "pass-fail"):
            line = group.document.line_of(("score_aggregation",))
            reason = "a group of a pass-fail secret must be pass-fail"
            raise PackageError(group.document.path, reason, line)
        # Under a pass-fail secret the groups have no points of their own.
        points = 1.0 if rule == "pass-fail" else _bound(group, default=None)
        children.append(_node(group, short_name(group.name), points, known, "pass-fail"))
        known[group.name] = group.cases
    own = _required(secret, known)
    if groups and rule == "sum":
        whole = ScoreNode(
            name="secret",
            max_points=total,
            aggregation=Aggregation.SUM,
            children=tuple(children),
            requires=own,
        )
        subtasks = tuple(
            Subtask(name=child.name, max_points=child.max_points or 0.0) for child in children
        )
    elif groups:
        whole = ScoreNode(
            name="all",
            max_points=total if rule == "pass-fail" else None,
            aggregation=Aggregation.MIN,
            children=tuple(children),
            requires=own,
        )
        highest = total if rule == "pass-fail" else min(child.max_points or 0 for child in children)
        subtasks = (Subtask(name="all", max_points=highest),)
    else:
        whole = _node(secret, "all", total, known, "sum")
        subtasks = (Subtask(name="all", max_points=total),)
    if not samples:
        return whole, subtasks
    # Samples are judged and may be required; they give no points.
    shown = ScoreNode(
        name=_SAMPLES,
        max_points=0.0,
        aggregation=Aggregation.MIN,
        testcases=tuple(case.name for case in samples),
    )
    root = ScoreNode(
        name="data", max_points=None, aggregation=Aggregation.SUM, children=(shown, whole)
    )
    return root, subtasks


def _with_full_scores(root: ScoreNode, cases: tuple[Testcase, ...]) -> tuple[Testcase, ...]:
    """The cases with the points that a `score.txt` would have to name for full marks."""
    full: dict[str, float] = {}
    for node in root.walk():
        if node.max_points and node.testcases:
            shared = len(node.testcases) if node.aggregation is Aggregation.SUM else 1
            full |= dict.fromkeys(node.testcases, node.max_points / shared)
    return tuple(replace(case, full_score=full.get(case.name, 1.0)) for case in cases)


def _node(
    group: _Group,
    name: str,
    points: float,
    known: Mapping[str, tuple[Testcase, ...]],
    default: str,
) -> ScoreNode:
    rule = group.config.score_aggregation or default
    return ScoreNode(
        name=name,
        max_points=points,
        aggregation=Aggregation.SUM if rule == "sum" else Aggregation.MIN,
        testcases=tuple(case.name for case in group.cases),
        requires=_required(group, known),
    )


def _bound(group: _Group, *, default: int | None) -> float:
    maximum = group.config.max_score if group.config.max_score is not None else default
    line = group.document.line_of(("max_score",))
    if maximum is None or maximum == "unbounded":
        raise UnsupportedTask(f"{group.document.path}: max_score: points without an upper bound")
    if isinstance(maximum, int) and maximum < 0:
        raise PackageError(group.document.path, "max_score: less than 0", line)
    return float(maximum)


def _required(group: _Group, known: Mapping[str, tuple[Testcase, ...]]) -> tuple[str, ...]:
    """Names of the nodes that `require_pass` means; a group is named by its path or last part."""
    found = []
    for name in group.config.required:
        full = next((n for n in (name, f"secret/{name}") if n in known), None)
        if full is None or (group.name == "secret" and full != "sample"):
            line = group.document.line_of(("require_pass",))
            reason = f"require_pass: no earlier test data group is called {name!r}"
            raise PackageError(group.document.path, reason, line)
        if known[full]:
            found.append(_SAMPLES if full == "sample" else short_name(full))
    return tuple(found)


def _example(folder: Folder, case: Testcase, *, shows_output: bool) -> Example:
    shown = f"data/{case.name}.out"
    output = folder.read(shown) if folder.has(shown) else folder.read(f"data/{case.name}.ans")
    return Example(
        name=case.name.removeprefix("sample/"),
        input=folder.read(f"data/{case.name}.in"),
        output=output if shows_output else None,
    )


def _interactions(folder: Folder, samples: tuple[Testcase, ...]) -> Iterator[str]:
    """Logs that a statement shows; `.interaction` files in `sample` need no test case beside."""
    for entry in folder.entries("data/sample"):
        if entry.suffix == ".interaction":
            yield folder.text(entry)
