"""Interactive: the program and a Kattis output validator (or testlib interactor) talk by pipes.

Who is to blame follows problemtools' `_run_interactive`: a validator that rejected or broke first
decides; then the program's own failure; then the validator. (A validator that breaks on the pipe
which the program has closed is no fault of the jury's here; problemtools calls it a judge error.)
"""

from dataclasses import replace

from problems.errors import JudgeError, UnsupportedTask
from problems.jury.checkers import (
    FEEDBACK,
    FEEDBACK_KEPT,
    KATTIS_VALIDATOR,
    TESTLIB_INTERACTOR,
    Check,
    Checker,
    kattis_check,
    testlib_check,
)
from problems.jury.feedback import with_state
from problems.jury.programs import JURY_LIMITS
from problems.task import Program
from problems.tasktypes.execution import Execution
from problems.tasktypes.side import Meeting, Side, execution_of, failure_of
from problems.verdict import Verdict
from sandbox.backend import Executable, Job, Link
from sandbox.data import Blob
from sandbox.limits import Limits
from sandbox.result import RunResult

# A program that waits for the interactor uses no CPU time; the clock must allow for both sides.
EXTRA_WALL_S = 5.0
LINKS = (Link(writer=(0, 1), reader=(1, 0)), Link(writer=(1, 1), reader=(0, 0)))


def run(side: Side, program: Executable, meeting: Meeting) -> Execution:
    """Runs a program against the interactor on one input."""
    execution, _ = run_pass(side, program, meeting)
    return execution


def run_pass(side: Side, program: Executable, meeting: Meeting) -> tuple[Execution, Check | None]:
    """As `run`, with the interactor's whole word (a multi-pass task reads the next input in it)."""
    interactor = side.interactor
    if interactor is None or interactor.role not in (KATTIS_VALIDATOR, TESTLIB_INTERACTOR):
        role = "none" if interactor is None else interactor.role
        raise UnsupportedTask(f"{side.task.name}: interactor of kind {role!r}")
    limits = side.limits()
    limits = replace(limits, wall_s=limits.wall_limit_s + EXTRA_WALL_S)
    jury = _interactor_job(side.programs.executable(interactor), interactor, meeting, limits)
    joined = side.programs.sandbox.run_joined([jury, Job(program=program, limits=limits)], LINKS)
    word, result = joined.results
    check: Check | None = None
    error = ""
    try:
        check = _word_of(interactor, word)
    except JudgeError as failed:
        error = str(failed)
    if check is None and joined.first_to_end == 0:
        return execution_of(result, failure=None, message=error), None
    rejected_first = check is not None and check.verdict is Verdict.WA and joined.first_to_end == 0
    failure = None if rejected_first else failure_of(result, side.time_s)
    if failure is not None:
        return execution_of(result, failure=failure, message=error), check
    if check is None:
        # The program ended well while the interactor still wrote: it broke on the closed pipe.
        check = Check(verdict=Verdict.WA, score=0.0, message=f"ended too early; {error}")
    if check.verdict is Verdict.AC and interactor.role == TESTLIB_INTERACTOR:
        try:
            check = _checked(side, meeting, word) or check
        except JudgeError as failed:
            return execution_of(result, failure=None, message=str(failed)), None
    execution = execution_of(result, failure=None, score=check.score, message=check.message)
    return replace(execution, in_points=check.in_points), check


def _checked(side: Side, meeting: Meeting, word: RunResult) -> Check | None:
    """What the checker says of the file that a testlib interactor wrote, as Polygon has it.

    None where the task has no checker, or no answer is known (outside of the judge).

    Raises:
        JudgeError: The checker failed.
    """
    if side.checker is None or meeting.answer is None:
        return None
    written = word.kept.get("output.txt") or Blob.of_bytes(b"")
    checker = Checker(side.programs, program=side.checker, comparison={})
    return checker.check(meeting.input, written, meeting.answer, meeting.args)


def _interactor_job(
    executable: Executable, interactor: Program, meeting: Meeting, contestant: Limits
) -> Job:
    answer = meeting.answer or Blob.of_bytes(b"")
    flags = (*interactor.args, *meeting.args)
    limits = replace(JURY_LIMITS, wall_s=contestant.wall_limit_s + 10.0)
    files = {"input.txt": meeting.input, "answer.txt": answer}
    if interactor.role == KATTIS_VALIDATOR:
        job = Job(
            program=executable,
            limits=limits,
            args=("input.txt", "answer.txt", f"{FEEDBACK}/", *flags),
            files=files,
            folders=(FEEDBACK,),
            keep=FEEDBACK_KEPT,
        )
        return job if meeting.state is None else with_state(job, meeting.state)
    return Job(
        program=executable,
        limits=limits,
        args=("input.txt", "output.txt", "answer.txt", *flags),
        files=files,
        keep=("output.txt",),
    )


def _word_of(interactor: Program, result: RunResult) -> Check:
    if interactor.role == KATTIS_VALIDATOR:
        return kattis_check(result, custom_score=None)
    return testlib_check(result)
