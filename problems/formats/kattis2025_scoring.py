"""Role: points of a Kattis 2025-09 package: the score tree, and what each test is worth.

A group has a share of its maximum, and `secret` is the sum or the minimum of its groups.
"""

from collections.abc import Mapping
from dataclasses import replace

from problems.errors import PackageError, UnsupportedTask
from problems.formats.kattis2025_groups import Group
from problems.score import ScoreUse
from problems.scoring import Aggregation, ScoreNode
from problems.task import Subtask
from problems.testset import Testcase

_SAMPLES = "data/sample"
"""The samples' node: no group of `secret`, whose nodes bear one name each, can be called so."""


def short_name(group: str) -> str:
    """A group's name as its subtask and its node in the score tree bear it."""
    return group.removeprefix("secret/")


def score_tree(
    samples: tuple[Testcase, ...], secret: Group, groups: list[Group]
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


def with_points(
    root: ScoreNode, secret: Group, groups: list[Group], cases: tuple[Testcase, ...]
) -> tuple[Testcase, ...]:
    """The cases with what each is worth; a test of a pass-fail group may have no score at all."""
    rules = {
        case.name: group.config.score_aggregation or "pass-fail"
        for group in groups
        for case in group.cases
    }
    whole = secret.config.score_aggregation or "sum"
    worth: dict[str, float] = {}
    for node in root.walk():
        if node.max_points is not None and node.testcases:
            shared = len(node.testcases) if node.aggregation is Aggregation.SUM else 1
            worth |= dict.fromkeys(node.testcases, node.max_points / shared)
    return tuple(
        replace(case, score_use=ScoreUse.FORBIDDEN)
        if "pass-fail" in (whole, rules.get(case.name, whole))
        else replace(case, full_points=worth[case.name], score_use=ScoreUse.COUNTED)
        for case in cases
    )


def _node(
    group: Group,
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


def _bound(group: Group, *, default: int | None) -> float:
    maximum = group.config.max_score if group.config.max_score is not None else default
    line = group.document.line_of(("max_score",))
    if maximum is None or maximum == "unbounded":
        raise UnsupportedTask(f"{group.document.path}: max_score: points without an upper bound")
    if isinstance(maximum, int) and maximum < 0:
        raise PackageError(group.document.path, "max_score: less than 0", line)
    return float(maximum)


def _required(group: Group, known: Mapping[str, tuple[Testcase, ...]]) -> tuple[str, ...]:
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
