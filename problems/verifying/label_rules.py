"""Role: do the rules of a label for single tests hold (Kattis 2025-09)?"""

from collections.abc import Iterator

from problems.submission import Expectation, TestRule
from problems.verdict import SubmissionResult, TestcaseResult, Verdict

_REJECTED = {Verdict.WA, Verdict.TLE, Verdict.RE}


def filed_as(verdict: Verdict) -> tuple[Verdict, ...]:
    """Where a Kattis jury files a verdict that its format has no word for.

    Memory: a crash, as problemtools sees it. Output: problemtools looks at the time first and at
    the output's size after the run, so a program that prints without end is TLE there; here it is
    stopped at the output limit, and whether it would ever have ended is not known.
    """
    if verdict is Verdict.MLE:
        return (Verdict.MLE, Verdict.RE)
    if verdict is Verdict.OLE:
        return (Verdict.OLE, Verdict.TLE)
    return (verdict,)


def broken_rules(result: SubmissionResult, expected: Expectation) -> Iterator[str]:
    """What of a label's rules for tests does not hold, a line each."""
    if result.verdict is Verdict.CE and expected.rules:
        # No test was run: it is rejected, and that is all that can be said.
        if expected.verdicts is None or not expected.verdicts >= _REJECTED:
            yield "it does not compile, or has too much code"
        return
    for rule in expected.rules:
        yield from _broken(rule, result)


def tests_of(rule: TestRule, result: SubmissionResult) -> list[TestcaseResult]:
    """The results of a rule's tests."""
    cases = result.testcases
    return [case for case in cases if rule.testcases is None or case.testcase in rule.testcases]


def _broken(rule: TestRule, result: SubmissionResult) -> Iterator[str]:
    place = f"{rule.where}: " if rule.where else ""
    cases = tests_of(rule, result)
    if rule.permitted is not None:
        # A test that was not run (a group that it requires has failed) is not accepted.
        rejections = rule.permitted - {Verdict.AC, Verdict.PARTIAL}
        judged = [c for c in cases if c.verdict is not Verdict.SKIPPED or not rejections]
        wrong = next((c for c in judged if not rule.permitted & set(filed_as(c.verdict))), None)
        if wrong is not None:
            words = either(rule.permitted)
            yield f"{place}permitted {words}, got {wrong.verdict} on {wrong.testcase}"
    if rule.required is not None and not any(
        rule.required & set(filed_as(case.verdict)) for case in cases
    ):
        yield f"{place}required {either(rule.required)}, and no test ends so"
    if rule.message and not any(rule.message in case.message for case in cases):
        yield f"{place}no validator said {rule.message[:80]!r}"


def either(verdicts: frozenset[Verdict]) -> str:
    """The verdicts as a report writes them."""
    order = list(Verdict)
    return " or ".join(str(verdict) for verdict in sorted(verdicts, key=order.index))
