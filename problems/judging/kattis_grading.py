"""Kattis's legacy grading: verdicts and scores travel up the groups through a grader.

Follows the legacy problem package specification ("Graders") and the reference `default_grader` of
problemtools: a group reads its children's `VERDICT score` lines and gives one such line itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from problems.errors import JudgeError
from problems.jury.programs import jury_number
from problems.scoring import Aggregation, KattisRules, ScoreNode
from problems.verdict import TestcaseResult, Verdict

# Most severe first, as in the reference grader.
_SEVERITY = (Verdict.RE, Verdict.MLE, Verdict.TLE, Verdict.OLE, Verdict.WA, Verdict.AC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """What a group passes up. `score` is 0 for pass-fail problems."""

    verdict: Verdict
    score: float


_TOLERANCE = 1e-6
"""Scores are passed on with six decimals."""

CustomGrader = Callable[[KattisRules, bytes], bytes]


def _default(rules: KattisRules, aggregation: Aggregation, members: Sequence[Grade]) -> Grade:
    """The reference grader's arithmetic.

    Raises:
        JudgeError: `ignore_sample` where there are more than two children.
    """
    if rules.ignore_sample:
        if len(members) > 2:
            raise JudgeError("grader flag ignore_sample is meant for a group of two children")
        members = members[-1:]
    verdicts = [member.verdict for member in members]
    if (rules.accept_if_any_accepted and Verdict.AC in verdicts) or (
        rules.verdict_rule == "always_accept"
    ):
        verdict = Verdict.AC
    elif rules.verdict_rule == "first_error":
        verdict = next((v for v in verdicts if v is not Verdict.AC), Verdict.AC)
    else:
        verdict = min([*verdicts, Verdict.AC], key=_SEVERITY.index)
    scores = [member.score for member in members]
    match aggregation:
        case Aggregation.MIN:
            score = min(scores)
        case Aggregation.MAX:
            score = max(scores)
        case Aggregation.AVG:
            score = sum(scores) / len(scores)
        case _:
            score = sum(scores)
    return Grade(verdict=verdict, score=round(score, 6))  # the reference prints "%f"


def _custom(rules: KattisRules, members: Sequence[Grade], run: CustomGrader) -> Grade:
    """Runs the package's own grader.

    Raises:
        JudgeError: Its answer is not one line of verdict and score.
    """
    lines = [f"{m.verdict.ccs} {m.score!r}\n" for m in members]
    words = run(rules, "".join(lines).encode()).split()
    answered = f"the package's grader answered {b' '.join(words)[:80]!r}"
    verdict = Verdict.of_grade(words[0].decode("utf-8", "replace")) if len(words) == 2 else None
    if verdict is None:
        raise JudgeError(answered)
    try:
        return Grade(verdict=verdict, score=jury_number(words[1]))
    except JudgeError as error:
        raise JudgeError(f"{answered}: {error}") from error


def _check_range(node: ScoreNode, rules: KattisRules, grade: Grade) -> None:
    """An accepted group's score lies within the group's range.

    Raises:
        JudgeError: It does not: a validator or grader of the jury gave too much or too little.
    """
    low, high = rules.lowest - _TOLERANCE, rules.highest + _TOLERANCE
    if rules.scoring and grade.verdict is Verdict.AC and not low <= grade.score <= high:
        bounds = f"{rules.lowest:g} to {rules.highest:g}"
        raise JudgeError(f"group {node.name} has a score of {grade.score:g}, its range is {bounds}")


def members_of(node: ScoreNode) -> list[ScoreNode | str]:
    """Groups and test cases of a node in Kattis's order: by file name, both together."""

    def key(member: ScoreNode | str) -> str:
        if isinstance(member, str):
            return member.rsplit("/", 1)[-1] + ".ans"
        return member.name.rsplit("/", 1)[-1]

    return sorted([*node.children, *node.testcases], key=key)


def all_or_nothing(node: ScoreNode) -> bool:
    """Whether any one rejection below fixes what the group passes up, but for its kind."""
    rules = node.kattis
    assert rules is not None
    if not rules.stop_at_reject or rules.grader is not None or rules.ignore_sample:
        return False
    if rules.accept_if_any_accepted or rules.verdict_rule == "always_accept":
        return False
    lowest = not rules.custom_score and rules.reject_score <= rules.accept_score
    return not rules.scoring or (
        not node.children and node.aggregation is Aggregation.MIN and lowest
    )


class KattisGrading:
    """Grades one submission; keeps the grades of groups that are complete."""

    def __init__(
        self, root: ScoreNode, run_grader: CustomGrader, *, any_order: bool = False
    ) -> None:
        """Args:
        run_grader: Runs a package's grader on its input and returns its stdout.
        any_order: Test cases are judged in another order than Kattis's: a group that a rejection
            decides is complete with it. Points are the same; a rejected group's verdict is that of
            the rejections found.
        """
        self._root = root
        self._run_grader = run_grader
        self._any_order = any_order
        self.grades: dict[str, Grade] = {}

    def pending(self, outcomes: Mapping[str, TestcaseResult]) -> Iterator[str]:
        """Test cases to judge next, in Kattis's order, assuming that open ones are accepted.

        Nothing comes after a rejected child where `on_reject` is `break`.
        """
        yield from self._pending(self._root, outcomes)

    def _pending(self, node: ScoreNode, outcomes: Mapping[str, TestcaseResult]) -> Iterator[str]:
        rules = node.kattis
        assert rules is not None
        if self._rejections(node, outcomes):
            return
        for member in self._members(node):
            if isinstance(member, str):
                if member not in outcomes:
                    yield member
                    continue
                rejected = self._of_testcase(outcomes[member], rules).verdict is not Verdict.AC
            else:
                open_cases = False
                for name in self._pending(member, outcomes):
                    open_cases = True
                    yield name
                if open_cases:
                    continue
                grade = self._grade(member, outcomes)
                rejected = grade is not None and grade.verdict is not Verdict.AC
            if rejected and rules.stop_at_reject:
                return

    def _members(self, node: ScoreNode) -> list[ScoreNode | str]:
        """Those that are judged: where points alone are wanted, not the examples that the group
        ignores whatever they come to."""
        rules = node.kattis
        assert rules is not None
        members = members_of(node)
        ignores = rules.ignore_sample and not rules.stop_at_reject and rules.grader is None
        if not self._any_order or not ignores or len(members) != 2:
            return members
        last = members[-1]
        is_empty = isinstance(last, ScoreNode) and next(last.all_testcases(), None) is None
        return members if is_empty else [last]

    def _rejections(self, node: ScoreNode, outcomes: Mapping[str, TestcaseResult]) -> list[Grade]:
        """Rejected members that decide the group before it is complete."""
        rules = node.kattis
        assert rules is not None
        if not self._any_order or not all_or_nothing(node):
            return []
        found: list[Grade] = []
        for member in members_of(node):
            if isinstance(member, str):
                if member in outcomes:
                    found.append(self._of_testcase(outcomes[member], rules))
            elif (inner := self.grades.get(member.name)) is not None:
                found.append(inner)
            elif self._rejections(member, outcomes):
                grade = self._grade(member, outcomes)
                assert grade is not None
                found.append(grade)
        return [grade for grade in found if grade.verdict is not Verdict.AC]

    @staticmethod
    def _of_testcase(case: TestcaseResult, rules: KattisRules) -> Grade:
        accepted = case.verdict in (Verdict.AC, Verdict.PARTIAL)
        if accepted and rules.custom_score:
            score = case.score
        else:
            score = rules.accept_score if accepted else rules.reject_score
        verdict = Verdict.AC if accepted else case.verdict
        return Grade(verdict=verdict, score=score if rules.scoring else 0.0)

    def _grade(self, node: ScoreNode, outcomes: Mapping[str, TestcaseResult]) -> Grade | None:
        """A complete group's grade; None where it has no test case at all."""
        if node.name in self.grades:
            return self.grades[node.name]
        rules = node.kattis
        assert rules is not None
        members = self._rejections(node, outcomes)
        for member in [] if members else self._members(node):
            if isinstance(member, str):
                grade: Grade | None = self._of_testcase(outcomes[member], rules)
            else:
                grade = self._grade(member, outcomes)
            if grade is None:
                continue
            members.append(grade)
            if grade.verdict is not Verdict.AC and rules.stop_at_reject:
                break
        if not members:
            return None
        if rules.grader is not None:
            grade = _custom(rules, members, self._run_grader)
        else:
            grade = _default(rules, node.aggregation, members)
        _check_range(node, rules, grade)
        self.grades[node.name] = grade
        return grade

    def result(self, outcomes: Mapping[str, TestcaseResult]) -> Grade:
        """The whole submission's grade; `grades` then holds that of every judged group.

        Raises:
            JudgeError: The package's grader failed.
        """
        return self._grade(self._root, outcomes) or Grade(verdict=Verdict.AC, score=0.0)
