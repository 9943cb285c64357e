"""The owner's judging handlers. The answers to tests are read here and nowhere else; no program's
output, and no checker's word about it, goes back to who asked."""

import math
from collections.abc import Callable

from problems.errors import JudgeError, ProblemsError
from problems.service.packages import Packages
from problems.service.work import (
    Describe,
    Described,
    JudgeAnswer,
    JudgeWork,
    SubtaskRow,
    TestRow,
    Upload,
    UploadTests,
)
from problems.verdict import POINTS_TOLERANCE, SubmissionResult, TestcaseResult
from sandbox.service.work import Refusal, Trouble

Emit = Callable[[object], None]
Resume = Callable[[], None]


class Judged:
    """Serves uploads and judgements. Safe to use from threads."""

    def __init__(self, packages: Packages) -> None:
        self._packages = packages

    def upload(self, work: Upload | UploadTests, emit: Emit, resume: Resume) -> Described:
        """Keeps a package or a test set.

        Raises:
            Refusal: INVALID; it cannot be read or judged here.
        """
        try:
            return self._packages.take(work)
        except ProblemsError as error:
            raise Refusal(Trouble.INVALID, self._packages.said(error)) from error

    def describe(self, work: Describe, emit: Emit, resume: Resume) -> Described:
        """The public side of a package.

        Raises:
            Refusal: MISSING.
        """
        return self._packages.opened(work.client, work.id).described

    def judge(self, work: JudgeWork, emit: Emit, resume: Resume) -> JudgeAnswer:
        """Judges a submission.

        Raises:
            Refusal: MISSING; INVALID where the package knows no such language; BROKEN where the
                jury's own programs failed, which is never a verdict.
        """
        opened = self._packages.opened(work.client, work.id)
        if (
            opened.described.languages
            and work.submission.language not in opened.described.languages
        ):
            allowed = ", ".join(opened.described.languages)
            raise Refusal(Trouble.INVALID, f"the task's languages are: {allowed}")
        seen = (lambda case: emit(_row(case))) if work.streamed else None
        try:
            result = opened.judge.judge(work.submission, seen=seen)
        except JudgeError as error:
            # Its text may quote what a checker printed, which may be a test.
            raise Refusal(Trouble.BROKEN, "the jury's own program failed on this one") from error
        return _answer(result, sum(opened.described.subtasks.values()))


def _answer(result: SubmissionResult, max_points: float) -> JudgeAnswer:
    """The result, all of whose numbers are what numbers of points can be.

    Raises:
        Refusal: BROKEN; they are not.
    """
    rows = [(result.points, max_points)]
    rows += [(row.points, row.max_points) for row in result.subtasks]
    for points, most in rows:
        if not (math.isfinite(points) and -POINTS_TOLERANCE <= points <= most + POINTS_TOLERANCE):
            raise Refusal(Trouble.BROKEN, "the judge's points are out of bounds")
    return JudgeAnswer(
        verdict=result.verdict,
        points=result.points,
        max_points=max_points,
        subtasks=tuple(
            SubtaskRow(
                subtask=row.subtask,
                points=row.points,
                max_points=row.max_points,
                verdict=row.verdict,
            )
            for row in result.subtasks
        ),
        tests=tuple(map(_row, result.testcases)),
        compile_message=result.compile_message,
    )


def _row(case: TestcaseResult) -> TestRow:
    return TestRow(
        test=case.testcase,
        verdict=case.verdict,
        share=case.score,
        cpu_s=case.cpu_s,
        memory_bytes=case.memory_bytes,
    )
