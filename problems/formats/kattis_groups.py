"""Role: `data/` of a legacy Kattis package -> test cases and the tree of graded groups.

Legacy problem package specification, "Test Data Groups": a `testdata.yaml` applies to its folder
and is inherited by all folders below; a file pair may be a link into another group, and that is how
one subtask includes another.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from problems.errors import PackageError
from problems.formats.documents import Document, known, read_yaml
from problems.formats.folder import Folder
from problems.scoring import Aggregation, KattisRules, ScoreNode
from problems.task import Program
from problems.testset import Testcase

_VERDICT_RULES = {
    "worst_error": "worst_error",
    "no_errors": "worst_error",
    "first_error": "first_error",
    "always_accept": "always_accept",
}
_SCORE_RULES = {
    "sum": Aggregation.SUM,
    "avg": Aggregation.AVG,
    "min": Aggregation.MIN,
    "max": Aggregation.MAX,
}


class NamedFlags(BaseModel):
    """Flags for one of several validators."""

    model_config = ConfigDict(extra="forbid")

    name: str
    flags: str = ""

    @staticmethod
    def words(given: "str | NamedFlags") -> dict[str, tuple[str, ...]]:
        """Validator's name to its flags; those of "" are for all that are not named."""
        if isinstance(given, str):
            return {"": tuple(given.split())}
        return {"": (), given.name: tuple(given.flags.split())}


class GroupConfig(BaseModel):
    """One `testdata.yaml`, merged with what it inherits."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    on_reject: Literal["break", "continue", "first_error", "worst_error", "grade"] = "break"
    grading: Literal["default", "custom"] = "default"
    grader_flags: str = ""
    input_validator_flags: str | NamedFlags = ""
    output_validator_flags: str | NamedFlags = ""
    accept_score: float = 1.0
    reject_score: float = 0.0
    range: str = "-inf +inf"

    @property
    def bounds(self) -> tuple[float, float]:
        """The score range; infinite where none is stated, or where it is none (problemtools)."""
        try:
            low, high = (float(word) for word in self.range.split())
        except ValueError:
            return -math.inf, math.inf
        return low, high

    @property
    def highest(self) -> float:
        """Upper end of the score range."""
        return self.bounds[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSettings:
    """What `problem.yaml` says about all groups.

    Attributes:
        scoring: The problem gives points.
        custom_score: The output validator writes `score.txt`.
        validator_flags: Passed to the output validator before a group's own flags.
        grader: The package's own grader, for groups with `grading: custom`.
        overrides: What `problem.yaml` says of every group (problemtools: over `testdata.yaml`).
    """

    scoring: bool
    custom_score: bool
    validator_flags: tuple[str, ...]
    grader: Program | None
    overrides: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A folder of test data as read.

    Attributes:
        name: Path below `data/` ("secret/group1"); "." for `data/` itself.
        config: In force in this folder.
        node: Its place in the score tree.
        testcases: All test cases at and below it.
        children: Folders in it.
        notes: Keys here and below that nothing reads, and folders of `data/` that hold no tests.
    """

    name: str
    config: GroupConfig
    node: ScoreNode
    testcases: tuple[Testcase, ...]
    children: tuple["Group", ...]
    notes: tuple[str, ...] = ()

    @property
    def max_points(self) -> float:
        """Points of a full solution: the range's upper end, else what the tests add up to."""
        if math.isfinite(self.config.highest):
            return self.config.highest
        members = [child.max_points for child in self.children if child.testcases]
        members += [self.config.accept_score] * len(self.node.testcases)
        if not members:
            return 0.0
        match self.node.aggregation:
            case Aggregation.MIN:
                return min(members)
            case Aggregation.MAX:
                return max(members)
            case Aggregation.AVG:
                return sum(members) / len(members)
            case _:
                return sum(members)


def read_groups(folder: Folder, settings: GroupSettings) -> Group:
    """The whole of `data/`.

    Raises:
        PackageError: `data/` or `data/secret` is missing, an input has no answer, or a
            `testdata.yaml` is wrong.
    """
    if not folder.has("data"):
        raise PackageError(folder.root / "data", "no such folder: a package needs test data")
    root = _read_group(folder, Path("data"), {}, settings)
    if not any(child.testcases for child in root.children) and not root.testcases:
        raise PackageError(folder.root / "data", "no test case: expected pairs of .in and .ans")
    return root


def _read_group(
    folder: Folder, relative: Path, inherited: dict[str, object], settings: GroupSettings
) -> Group:
    config_file = relative / "testdata.yaml"
    if folder.has(config_file):
        own = read_yaml(folder, config_file)
    else:
        own = Document(path=folder.root / config_file, data=None)
    _, notes = known(own, GroupConfig)
    merged = {**inherited, **own.mapping(), **settings.overrides}
    config = Document(path=own.path, data=merged, lines=own.lines).check(GroupConfig)
    rules, aggregation = _rules(config, settings, own)
    if config.grading == "default":
        notes += _unknown_flags(own)
    # One output validator is run, whatever its name.
    flags = next(reversed(NamedFlags.words(config.output_validator_flags).values()))

    name = relative.relative_to("data").as_posix()
    children: list[Group] = []
    testcases: list[Testcase] = []
    entries = folder.entries(relative)
    names = {entry.name for entry in entries}
    for entry in entries:
        inner = relative / entry.name
        # `data/bad` and the like hold invalid inputs for validators: not tests.
        if entry.is_dir() and (name != "." or entry.name in ("sample", "secret")):
            if folder.resolve(relative).is_relative_to(folder.resolve(inner)):
                raise PackageError(entry, "link to a folder that it lies in")
            children.append(_read_group(folder, inner, merged, settings))
        elif entry.suffix == ".in" and not entry.is_dir():
            answer = entry.with_suffix(".ans").name
            if answer not in names:
                raise PackageError(entry, f"answer file missing: {answer}")
            case = entry.with_suffix("").name
            testcases.append(
                Testcase(
                    name=case if name == "." else f"{name}/{case}",
                    input=folder.file(inner),
                    answer=folder.file(relative / answer),
                    checker_args=(*settings.validator_flags, *flags),
                    full_points=None,
                    validator_args=NamedFlags.words(config.input_validator_flags),
                )
            )
        elif entry.suffix == ".ans" and entry.with_suffix(".in").name not in names:
            raise PackageError(entry, "answer without an input file")
    node = ScoreNode(
        name=name,
        max_points=None,
        aggregation=aggregation,
        children=tuple(child.node for child in children if child.testcases),
        testcases=tuple(case.name for case in testcases),
        kattis=rules,
    )
    below = [case for child in children for case in child.testcases]
    return Group(
        name=name,
        config=config,
        node=node,
        testcases=(*testcases, *below),
        children=tuple(children),
        notes=(*notes, *(note for child in children for note in child.notes)),
    )


def _unknown_flags(own: Document) -> tuple[str, ...]:
    """A note for each flag that the default grader does not know; it lets such flags be."""
    flags = own.mapping().get("grader_flags")
    if not isinstance(flags, str):
        return ()
    served = {*_VERDICT_RULES, *_SCORE_RULES, "ignore_sample", "accept_if_any_accepted"}
    where = f"{own.path.parent.name}/{own.path.name}:{own.line_of(('grader_flags',))}"
    return tuple(
        f"{where}: grader_flags: the default grader knows no {flag}"
        for flag in flags.split()
        if flag not in served
    )


def _rules(
    config: GroupConfig, settings: GroupSettings, document: Document
) -> tuple[KattisRules, Aggregation]:
    verdict_rule = "worst_error"
    aggregation = Aggregation.SUM
    flags = config.grader_flags.split()
    for flag in flags:
        if flag in _VERDICT_RULES:
            verdict_rule = _VERDICT_RULES[flag]
        if flag in _SCORE_RULES:
            aggregation = _SCORE_RULES[flag]
    custom = config.grading == "custom"
    if custom and settings.grader is None:
        raise PackageError(
            document.path,
            "grading: custom, but graders/ holds no program",
            document.line_of(("grading",)),
        )
    return (
        KattisRules(
            verdict_rule=verdict_rule,
            ignore_sample="ignore_sample" in flags,
            accept_if_any_accepted="accept_if_any_accepted" in flags,
            stop_at_reject=config.on_reject in ("break", "first_error"),
            accept_score=config.accept_score,
            reject_score=config.reject_score,
            lowest=config.bounds[0],
            highest=config.bounds[1],
            custom_score=settings.custom_score,
            grader=settings.grader if custom else None,
            grader_flags=tuple(flags),
            scoring=settings.scoring,
        ),
        aggregation,
    )
