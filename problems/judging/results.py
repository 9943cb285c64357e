"""Role: outcomes of test cases -> the submission's result, under either family of rules."""

from collections.abc import Mapping

from problems.inclusion import nodes_of
from problems.judging.kattis_grading import Grade, KattisGrading
from problems.scoring import NodeResult, ScoreNode, evaluate
from problems.task import Task
from problems.verdict import (
    POINTS_TOLERANCE,
    SubmissionResult,
    SubtaskResult,
    TestcaseResult,
    Verdict,
)
from sandbox.compiling.compile import CompileError

_NO_REJECTION = (Verdict.AC, Verdict.PARTIAL, Verdict.SKIPPED)

Outcomes = Mapping[str, TestcaseResult]


def compile_error(
    task: Task, error: CompileError, package_verdict: Verdict = Verdict.CE
) -> SubmissionResult:
    """The result of a submission that does not compile.

    Args:
        package_verdict: What the package's own system calls it.
    """
    messages = error.messages.decode("utf-8", "replace")
    return SubmissionResult(
        verdict=Verdict.CE,
        points=0.0,
        subtasks=tuple(
            SubtaskResult(
                subtask=subtask.name,
                points=0.0,
                max_points=subtask.max_points,
                verdict=Verdict.CE,
                package_verdict=package_verdict,
            )
            for subtask in task.subtasks
        ),
        testcases=(),
        compile_message=f"{error.reason}\n{messages}".strip(),
        package_verdict=package_verdict,
    )


def cms_result(task: Task, root: ScoreNode, outcomes: Outcomes) -> SubmissionResult:
    """The result under CMS's rules (`problems.scoring`).

    Raises:
        SubtaskMismatch: A subtask has no group of tests.
    """
    found: dict[str, NodeResult] = {}
    whole = evaluate(root, outcomes, found)
    nodes = {name: found[node.name] for name, node in nodes_of(root, task.subtasks).items()}
    subtasks = tuple(
        SubtaskResult(
            subtask=subtask.name,
            points=nodes[subtask.name].points,
            max_points=subtask.max_points,
            verdict=nodes[subtask.name].verdict,
        )
        for subtask in task.subtasks
    )
    full = whole.points >= task.max_points - POINTS_TOLERANCE
    return SubmissionResult(
        verdict=Verdict.AC if full else _first_rejection(subtasks),
        points=whole.points,
        subtasks=subtasks,
        testcases=_all_cases(root, outcomes),
        group_points={name: result.points for name, result in found.items()},
    )


def kattis_result(
    task: Task, root: ScoreNode, grading: KattisGrading, outcomes: Outcomes
) -> SubmissionResult:
    """The result under Kattis's legacy grading.

    Raises:
        JudgeError: The package's own grader failed.
        SubtaskMismatch: A subtask has no group of tests.
    """
    whole = grading.result(outcomes)
    points = whole.score
    if not task.scored:
        points = 1.0 if whole.verdict is Verdict.AC else 0.0
    subtasks = _kattis_subtasks(task, root, grading.grades, whole, outcomes)
    if not task.scored:
        verdict = whole.verdict
    elif points >= task.max_points - POINTS_TOLERANCE:
        verdict = Verdict.AC
    else:
        verdict = _first_rejection(subtasks)
    return SubmissionResult(
        verdict=verdict,
        points=points,
        subtasks=subtasks,
        testcases=_all_cases(root, outcomes),
        package_verdict=whole.verdict,
    )


def _kattis_subtasks(
    task: Task, root: ScoreNode, grades: Mapping[str, Grade], whole: Grade, outcomes: Outcomes
) -> tuple[SubtaskResult, ...]:
    results = []
    nodes = nodes_of(root, task.subtasks)
    for subtask in task.subtasks:
        node = nodes[subtask.name]
        grade = whole if node is root else grades.get(node.name)
        cases = [outcomes[name] for name in node.all_testcases() if name in outcomes]
        points = 0.0 if grade is None else grade.score
        if not task.scored:
            points = 1.0 if whole.verdict is Verdict.AC else 0.0
        if grade is None:
            verdict = Verdict.SKIPPED
        elif points >= subtask.max_points - POINTS_TOLERANCE:
            verdict = Verdict.AC
        else:
            rejections = (case.verdict for case in cases if case.verdict not in _NO_REJECTION)
            verdict = next(rejections, Verdict.PARTIAL)
        results.append(
            SubtaskResult(
                subtask=subtask.name,
                points=points,
                max_points=subtask.max_points,
                verdict=verdict,
                package_verdict=None if grade is None else grade.verdict,
            )
        )
    return tuple(results)


def _all_cases(root: ScoreNode, outcomes: Outcomes) -> tuple[TestcaseResult, ...]:
    """Every test case in judging order, once; those that were not needed are SKIPPED."""
    return tuple(
        outcomes.get(name) or TestcaseResult(testcase=name, verdict=Verdict.SKIPPED, score=0.0)
        for name in dict.fromkeys(root.all_testcases())
    )


def _first_rejection(subtasks: tuple[SubtaskResult, ...]) -> Verdict:
    """The first rejection in the task's order; PARTIAL where points are missing without one."""
    return next((s.verdict for s in subtasks if s.verdict not in _NO_REJECTION), Verdict.PARTIAL)
