"""Role: `data/` of a legacy Kattis package -> test cases and the tree of graded groups.

Legacy problem package specification, "Test Data Groups": a `testdata.yaml` applies to its folder
and is inherited by all folders below; a file pair may be a link into another group, and that is how
one subtask includes another.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from problems.errors import PackageError
from problems.formats.documents import Document, read_yaml
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


class GroupConfig(BaseModel):
    """One `testdata.yaml`, merged with what it inherits."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    on_reject: Literal["break", "continue", "first_error", "worst_error", "grade"] = "break"
    grading: Literal["default", "custom"] = "default"
    grader_flags: str = ""
    input_validator_flags: str = ""
    output_validator_flags: str = ""
    accept_score: float = 1.0
    reject_score: float = 0.0
    range: str = "-inf +inf"

    @property
    def highest(self) -> float:
        """Upper end of the score range; infinite where none is stated."""
        try:
            return float(self.range.split()[1])
        except (IndexError, ValueError):
            return math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSettings:
    """What `problem.yaml` says about all groups.

    Attributes:
        scoring: The problem gives points.
        custom_score: The output validator writes `score.txt`.
        validator_flags: Passed to the output validator before a group's own flags.
        grader: The package's own grader, for groups with `grading: custom`.
    """

    scoring: bool
    custom_score: bool
    validator_flags: tuple[str, ...]
    grader: Program | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A folder of test data as read.

    Attributes:
        name: Path below `data/` ("secret/group1"); "." for `data/` itself.
        config: In force in this folder.
        node: Its place in the score tree.
        testcases: All test cases at and below it.
        children: Folders in it.
    """

    name: str
    config: GroupConfig
    node: ScoreNode
    testcases: tuple[Testcase, ...]
    children: tuple["Group", ...]

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
    merged = {**inherited, **own.mapping()}
    config = Document(path=own.path, data=merged, lines=own.lines).check(GroupConfig)
    rules, aggregation = _rules(config, settings, own)

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
                    checker_args=(
                        *settings.validator_flags,
                        *config.output_validator_flags.split(),
                    ),
                    validator_args=tuple(config.input_validator_flags.split()),
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
            custom_score=settings.custom_score,
            grader=settings.grader if custom else None,
            grader_flags=tuple(flags),
            scoring=settings.scoring,
        ),
        aggregation,
    )
