"""Role: does a result agree with the jury's label?

A label says as much as its source does: an overall verdict, exact points, a verdict a subtask, or
only that some test must fail in a certain way. Kattis's labels are about the package's own grading,
under which a scoring submission is accepted at any points.
"""

from problems.submission import Expectation
from problems.task import Task
from problems.verdict import SubmissionResult, Verdict


def words_of(task: Task, result: SubmissionResult) -> tuple[Verdict, ...]:
    """The overall verdicts under which a result may be filed; the most telling one comes first."""
    full = result.points >= task.max_points - 1e-9
    partial = task.scored and result.points > 0.0 and not full
    if result.package_verdict is None:
        return (Verdict.PARTIAL, result.verdict) if partial else (result.verdict,)
    accepted = result.package_verdict is Verdict.AC
    if task.scored and accepted and not full:
        return (Verdict.PARTIAL, Verdict.AC)
    return _filed_as(result.package_verdict)


def _filed_as(verdict: Verdict) -> tuple[Verdict, ...]:
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


def actual_word(task: Task, result: SubmissionResult, expected: Expectation) -> Verdict:
    """One word for a report: the expected one where the result can be filed under it."""
    words = words_of(task, result)
    if expected.verdicts is not None:
        return next((word for word in words if word in expected.verdicts), words[0])
    return words[0]


def disagreements(task: Task, result: SubmissionResult, expected: Expectation) -> tuple[str, ...]:
    """What of the label does not hold, one line each; empty where all of it does."""
    found: list[str] = []
    words = words_of(task, result)
    if expected.verdicts is not None and not expected.verdicts & set(words):
        found.append(f"expected {_either(expected.verdicts)}, got {words[0]}")
    if expected.points is not None:
        tolerance = 0.5 * 10.0**-task.score_precision + 1e-9
        if abs(result.points - expected.points) > tolerance:
            found.append(f"expected {expected.points:g} points, got {result.points:g}")
    if expected.subtasks is not None:
        kattis = result.package_verdict is not None
        got = {subtask.subtask: subtask.verdict for subtask in result.subtasks}
        for name, verdicts in expected.subtasks.items():
            if name not in got:
                continue
            filed = _filed_as(got[name]) if kattis else (got[name],)
            if not verdicts & set(filed):
                found.append(f"{name}: expected {_either(verdicts)}, got {got[name]}")
    if expected.some_test is not None:
        seen = {case.verdict for case in result.testcases} | {result.verdict}
        if not expected.some_test & seen:
            found.append(f"expected a test to end with {_either(expected.some_test)}")
    return tuple(found)


def label_of(expected: Expectation) -> str | float | dict[str, str]:
    """The label as a report prints it: a word, points, or a word a subtask."""
    if expected.label:
        return expected.label
    if expected.points is not None:
        return expected.points
    if expected.subtasks is not None:
        return {name: _either(verdicts) for name, verdicts in expected.subtasks.items()}
    if expected.verdicts is not None:
        return _either(expected.verdicts)
    if expected.some_test is not None:
        return f"some test {_either(expected.some_test)}"
    return "any"


def _either(verdicts: frozenset[Verdict]) -> str:
    order = list(Verdict)
    return " or ".join(str(verdict) for verdict in sorted(verdicts, key=order.index))
