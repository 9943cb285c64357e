"""Role: does a result agree with the jury's label?

A label says as much as its source does: an overall verdict, points, a verdict a subtask, or only
that some test must fail in a certain way. And it speaks the language of its format
(`problems.submission.Speech`): the same result is accepted in one and partial in another.
"""

from problems.submission import Expectation, Speech
from problems.task import Task
from problems.verdict import POINTS_TOLERANCE, SubmissionResult, SubtaskResult, Verdict
from problems.verifying.label_rules import broken_rules, either, filed_as

_NO_REJECTION = (Verdict.AC, Verdict.PARTIAL)


def words_of(task: Task, result: SubmissionResult, speaks: Speech) -> tuple[Verdict, ...]:
    """The overall verdicts under which a result may be filed; the most telling one comes first."""
    whole = SubtaskResult(
        subtask="",
        points=result.points,
        max_points=task.max_points,
        verdict=result.verdict,
        package_verdict=result.package_verdict,
    )
    words = subtask_words(task, whole, speaks)
    if result.compile_message:
        return tuple(dict.fromkeys((result.verdict, *words)))
    return words


def subtask_words(task: Task, result: SubtaskResult, speaks: Speech) -> tuple[Verdict, ...]:
    """The same of one subtask."""
    verdict, grade = result.verdict, result.package_verdict
    full = result.points >= result.max_points - POINTS_TOLERANCE
    if speaks is Speech.TESTS:
        return (verdict, Verdict.AC) if verdict in _NO_REJECTION else (verdict,)
    if speaks is Speech.GRADES and grade is not None:
        if task.scored and grade is Verdict.AC and not full:
            return (Verdict.PARTIAL, Verdict.AC)
        return filed_as(grade)
    filed = (verdict,) if grade is None else filed_as(verdict)
    partial = task.scored and result.points > 0.0 and not full
    return (Verdict.PARTIAL, *filed) if partial else filed


def actual_word(task: Task, result: SubmissionResult, expected: Expectation) -> Verdict:
    """One word for a report: the expected one where the result can be filed under it."""
    words = words_of(task, result, expected.speaks)
    if expected.verdicts is not None:
        return next((word for word in words if word in expected.verdicts), words[0])
    return words[0]


def disagreements(task: Task, result: SubmissionResult, expected: Expectation) -> tuple[str, ...]:
    """What of the label does not hold, one line each; empty where all of it does."""
    found: list[str] = []
    words = words_of(task, result, expected.speaks)
    # Rules for tests say all that the verdicts say, and more.
    found += broken_rules(result, expected)
    if expected.verdicts is not None and not expected.rules and not expected.verdicts & set(words):
        found.append(f"expected {either(expected.verdicts)}, got {words[0]}")
    if expected.points is not None:
        bounds = _bounds(expected.points)
        if not _within(task, result.points, bounds):
            found.append(f"expected {_range(bounds)} points, got {result.points:g}")
    for subtask in result.subtasks:
        verdicts = (expected.subtasks or {}).get(subtask.subtask)
        if verdicts is not None:
            words = subtask_words(task, subtask, expected.speaks)
            if not verdicts & set(words):
                found.append(f"{subtask.subtask}: expected {either(verdicts)}, got {words[0]}")
        within = (expected.subtask_points or {}).get(subtask.subtask)
        if within is not None and not _within(task, subtask.points, within):
            told = f"expected {_range(within)} points, got {subtask.points:g}"
            found.append(f"{subtask.subtask}: {told}")
    named = {subtask.subtask for subtask in result.subtasks}
    for group, within in (expected.subtask_points or {}).items():
        points = result.group_points.get(group)
        if group not in named and points is not None and not _within(task, points, within):
            found.append(f"{group}: expected {_range(within)} points, got {points:g}")
    if expected.some_test is not None:
        seen = {case.verdict for case in result.testcases} | {result.verdict}
        said = expected.said and any(
            expected.said in case.message.lower() for case in result.testcases
        )
        if not expected.some_test & seen and not said:
            found.append(f"expected a test to end with {either(expected.some_test)}")
    return tuple(found)


def why_accepted(task: Task, result: SubmissionResult, expected: Expectation) -> str:
    """Why "accepted" holds of a program without all points; empty where nobody would ask."""
    full = result.points >= task.max_points - POINTS_TOLERANCE
    accepted = actual_word(task, result, expected) is Verdict.AC
    if not task.scored or full or not accepted or expected.points is not None:
        return ""
    if expected.speaks is Speech.TESTS:
        speaks = "in this format the label says that no test is rejected"
    elif expected.speaks is Speech.GRADES:
        speaks = "in this format the label says what the package's graders pass up"
    else:
        return ""
    return (
        f"accepted with {result.points:g} of {task.max_points:g} points: {speaks}, which holds at "
        "any points; a label of points would say more"
    )


def _bounds(points: float | tuple[float, float]) -> tuple[float, float]:
    return points if isinstance(points, tuple) else (points, points)


def _within(task: Task, points: float, bounds: tuple[float, float]) -> bool:
    """Labels are written with as many decimals as the scoreboard shows."""
    tolerance = 0.5 * 10.0**-task.score_precision + POINTS_TOLERANCE
    return bounds[0] - tolerance <= points <= bounds[1] + tolerance


def _range(bounds: tuple[float, float]) -> str:
    low, high = bounds
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def label_of(expected: Expectation) -> str | float | dict[str, str]:
    """The label as a report prints it: a word, points, or a word a subtask."""
    if expected.label:
        return expected.label
    if expected.points is not None:
        low, high = _bounds(expected.points)
        return low if low == high else _range((low, high))
    if expected.subtasks is not None:
        return {name: either(verdicts) for name, verdicts in expected.subtasks.items()}
    if expected.verdicts is not None:
        return either(expected.verdicts)
    if expected.some_test is not None:
        return f"some test {either(expected.some_test)}"
    return "any"
