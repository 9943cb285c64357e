"""How outcomes become points: the tree of groups and the rules that add it up.

Two families of rules share the tree. CMS's (GroupMin, GroupMul, GroupThreshold, Sum) turn scores
between 0 and 1 into points and are evaluated in this file. Kattis's legacy grading passes verdicts
and scores upwards through a grader; nodes that follow it carry `KattisRules` and are evaluated by
`problems.judging.kattis_grading`.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from problems.task import Program
from problems.verdict import SubtaskResult, TestcaseResult, Verdict


class Aggregation(StrEnum):
    """How a node adds up its children."""

    SUM = "sum"
    MIN = "min"
    MUL = "mul"
    THRESHOLD = "threshold"
    MAX = "max"
    AVG = "avg"


@dataclass(frozen=True, slots=True, kw_only=True)
class KattisRules:
    """What a legacy `testdata.yaml` says of a group.

    Attributes:
        verdict_rule: "worst_error", "first_error" or "always_accept".
        ignore_sample: Only the last child (the secret data) counts.
        accept_if_any_accepted: One accepted child makes the group accepted.
        stop_at_reject: Children after the first rejected one are not judged.
        accept_score: Score of an accepted test case, unless the validator gives its own.
        reject_score: Score of a rejected test case.
        lowest, highest: Bounds of the score of an accepted group (`range`).
        custom_score: The validator writes `score.txt`.
        grader: The package's own grader, run instead of the built-in one.
        grader_flags: Its arguments.
        scoring: False for pass-fail problems, whose groups carry no score.
    """

    verdict_rule: str = "worst_error"
    ignore_sample: bool = False
    accept_if_any_accepted: bool = False
    stop_at_reject: bool = True
    accept_score: float = 1.0
    reject_score: float = 0.0
    lowest: float = -math.inf
    highest: float = math.inf
    custom_score: bool = False
    grader: Program | None = None
    grader_flags: tuple[str, ...] = ()
    scoring: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreNode:
    """A group of test cases or of groups.

    Attributes:
        name: Path in the package; a subtask's node bears the subtask's name.
        max_points: Points at full marks, multiplied by the aggregated share (0 to 1) of the
            members; a SUM over groups instead adds their points and is capped by it. None: the
            members' points are combined and passed on as they are.
        children: Inner groups, in judging order.
        testcases: Names of the node's own test cases, in judging order.
        threshold: (low, high] within which a score counts as full marks (GroupThreshold).
        requires: Names of nodes that must be at full marks, else this one gives nothing.
        kattis: Kattis's legacy rules, where the tree follows them.
    """

    name: str
    max_points: float | None
    aggregation: Aggregation
    children: tuple["ScoreNode", ...] = ()
    testcases: tuple[str, ...] = field(default=())
    threshold: tuple[float, float] = (0.0, 1.0)
    requires: tuple[str, ...] = ()
    kattis: KattisRules | None = None

    def all_testcases(self) -> Iterator[str]:
        """Names of all test cases below, in judging order; one may occur in several groups."""
        yield from self.testcases
        for child in self.children:
            yield from child.all_testcases()

    def walk(self) -> Iterator["ScoreNode"]:
        """This node and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


def share_of(node: ScoreNode, scores: list[float]) -> float:
    """A node's aggregated share of full marks, given its members' shares (CMS's rules).

    GroupMin is the minimum, GroupMul the product; GroupThreshold is 1 iff every outcome o has
    low < o <= high; Sum and AVG are the mean (a Sum node's maximum is spread over its test cases).
    """
    if not scores:
        return 0.0
    match node.aggregation:
        case Aggregation.MIN:
            return min(scores)
        case Aggregation.MAX:
            return max(scores)
        case Aggregation.MUL:
            product = 1.0
            for score in scores:
                product *= score
            return product
        case Aggregation.THRESHOLD:
            low, high = node.threshold
            return 1.0 if all(low < score <= high for score in scores) else 0.0
        case Aggregation.SUM | Aggregation.AVG:
            return sum(scores) / len(scores)


def _decided(node: ScoreNode, score: float) -> bool:
    """Whether this member's score alone fixes the node's share, whatever the rest gives."""
    match node.aggregation:
        case Aggregation.MIN | Aggregation.MUL:
            return score <= 0.0
        case Aggregation.THRESHOLD:
            low, high = node.threshold
            return not low < score <= high
        case _:
            return False


def _combine(aggregation: Aggregation, points: list[float]) -> float:
    """Points of a node that passes its members' points on."""
    if not points:
        return 0.0
    match aggregation:
        case Aggregation.MIN:
            return min(points)
        case Aggregation.MAX:
            return max(points)
        case Aggregation.AVG:
            return sum(points) / len(points)
        case _:
            return sum(points)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeResult:
    """One node's outcome.

    Attributes:
        points: Unrounded.
        full: At full marks.
        verdict: First rejection in judging order; PARTIAL without one; AC at full marks.
    """

    points: float
    full: bool
    verdict: Verdict


def _share_of_member(child: ScoreNode, result: NodeResult) -> float:
    if child.max_points:
        return result.points / child.max_points
    return 1.0 if result.full else 0.0


def evaluate(
    node: ScoreNode,
    outcomes: Mapping[str, TestcaseResult],
    found: dict[str, NodeResult] | None = None,
) -> NodeResult:
    """A node's points from its test cases' outcomes; test cases without one count 0 (skipped).

    Args:
        found: Filled with the result of every node below, by name.
    """
    found = {} if found is None else found
    members = [evaluate(child, outcomes, found) for child in node.children]
    known = [outcomes.get(name) for name in node.testcases]
    verdicts = [case.verdict for case in known if case is not None]
    verdicts += [member.verdict for member in members]
    rejected = next((v for v in verdicts if v not in (Verdict.AC, Verdict.PARTIAL)), None)

    scores = [0.0 if case is None else case.score for case in known]
    full = all(score >= 1.0 for score in scores) and all(member.full for member in members)
    if node.max_points is None or (node.children and node.aggregation is Aggregation.SUM):
        points = _combine(node.aggregation, [*scores, *(member.points for member in members)])
        if node.max_points is not None:
            points = min(points, node.max_points)
    else:
        shares = [*scores, *map(_share_of_member, node.children, members)]
        share = share_of(node, shares)
        points = node.max_points * share
        full = share >= 1.0
    if any(not found[name].full for name in node.requires if name in found):
        points, full = 0.0, False
    verdict = Verdict.AC if full else rejected or Verdict.PARTIAL
    result = NodeResult(points=points, full=full, verdict=verdict)
    found[node.name] = result
    return result


def pending(
    node: ScoreNode, outcomes: Mapping[str, TestcaseResult], *, every_test: bool = False
) -> Iterator[str]:
    """Test cases without an outcome that can still change the result, in judging order.

    A min-group ends at its first zero; a group ends when a group that it requires has failed. A
    name may come more than once where groups share test cases.

    Args:
        every_test: No group ends at its first zero.
    """
    failed = {
        inner.name
        for inner in node.walk()
        if any(
            name in outcomes and _decided(inner, outcomes[name].score) for name in inner.testcases
        )
    }
    yield from _pending(node, outcomes, failed, every_test)


def _pending(
    node: ScoreNode, outcomes: Mapping[str, TestcaseResult], failed: set[str], every_test: bool
) -> Iterator[str]:
    if any(name in failed for name in node.requires) or (node.name in failed and not every_test):
        return
    yield from (name for name in node.testcases if name not in outcomes)
    for child in node.children:
        yield from _pending(child, outcomes, failed, every_test)


def rounded(points: float, precision: int) -> float:
    """Points with `precision` decimals, rounded as CMS does (Python's `round`)."""
    return round(points, precision)


def max_per_subtask(
    submissions: list[tuple[SubtaskResult, ...]], precision: int
) -> tuple[dict[str, float], float]:
    """IOI rules since 2017 (CMS's `max_subtask`): best of each subtask over all submissions.

    Args:
        submissions: Subtask results of each submission; order does not matter.
        precision: Decimals of a subtask's points (`Task.score_precision`).

    Returns:
        Points by subtask (rounded maxima) and their sum, rounded once more as CMS does.
    """
    best: dict[str, float] = {}
    for subtasks in submissions:
        for subtask in subtasks:
            best[subtask.subtask] = max(best.get(subtask.subtask, 0.0), subtask.points)
    by_subtask = {name: rounded(points, precision) for name, points in best.items()}
    return by_subtask, rounded(sum(by_subtask.values()), precision)
