"""Interactive: the program and a Kattis output validator (or testlib interactor) talk by pipes.

Who is to blame follows problemtools' `_run_interactive`: a validator that rejected or broke first
decides; then the program's own failure; then the validator. (A validator that breaks on the pipe
which the program has closed is no fault of the jury's here; problemtools calls it a judge error.)
"""

from dataclasses import replace

from problems.errors import BrokenProgram, JudgeError, UnsupportedTask
from problems.jury.check import FEEDBACK, FEEDBACK_KEPT, Check, kattis_check, testlib_check
from problems.jury.checkers import KATTIS_VALIDATOR, TESTLIB_INTERACTOR, VALIDATOR_ARGS, Checker
from problems.jury.feedback import with_state
from problems.task import Program
from problems.tasktypes.execution import Execution
from problems.tasktypes.side import Meeting, Side, execution_of, failure_of
from sandbox.backend import Executable, Job, Link
from sandbox.data import Blob
from sandbox.limits import Limits
from sandbox.result import RunResult

# A program that waits for the interactor uses no CPU time; the clock must allow for both sides.
EXTRA_WALL_S = 5.0
LINKS = (Link(writer=(0, 1), reader=(1, 0)), Link(writer=(1, 1), reader=(0, 0)))


def run(side: Side, program: Executable, meeting: Meeting) -> Execution:
    """Runs a program against the interactor on one input."""
    interactor = side.interactor
    if interactor is None or interactor.role not in (KATTIS_VALIDATOR, TESTLIB_INTERACTOR):
        role = "none" if interactor is None else interactor.role
        raise UnsupportedTask(f"{side.task.name}: interactor of kind {role!r}")
    limits = side.limits()
    limits = replace(limits, wall_s=limits.wall_limit_s + EXTRA_WALL_S)
    jury = _interactor_job(side, interactor, meeting, limits)
    joined = side.run_joined([jury, Job(program=program, limits=limits)], LINKS)
    word, result = joined.results
    check: Check | None = None
    error = ""
    broken = False
    try:
        check = _word_of(side, interactor, word)
    except JudgeError as failed:
        error, broken = str(failed), isinstance(failed, BrokenProgram)
    if check is None and (joined.first_to_end == 0 or not broken):
        return execution_of(result, failure=None, message=error)
    rejected_first = check is not None and not check.accepted and joined.first_to_end == 0
    failure = None if rejected_first else failure_of(result, side.time_s)
    if failure is not None:
        return execution_of(result, failure=failure, check=check, message=error)
    if check is None:
        # The program ended well while the interactor still wrote: it broke on the closed pipe.
        check = Check(accepted=False, message=f"ended too early; {error}")
    if check.accepted and check.score is None and interactor.role == TESTLIB_INTERACTOR:
        try:
            check = _checked(side, meeting, word) or check
        except JudgeError as failed:
            return execution_of(result, failure=None, message=str(failed))
    return execution_of(result, failure=None, check=check)


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


def _interactor_job(side: Side, interactor: Program, meeting: Meeting, contestant: Limits) -> Job:
    executable = side.programs.executable(interactor)
    answer = meeting.answer or Blob.of_bytes(b"")
    flags = (*interactor.args, *meeting.args)
    limits = replace(side.jury_limits, wall_s=contestant.wall_limit_s + 10.0)
    files = {"input.txt": meeting.input, "answer.txt": answer}
    if interactor.role == KATTIS_VALIDATOR:
        job = Job(
            program=executable,
            limits=limits,
            args=(*VALIDATOR_ARGS, *flags),
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


def _word_of(side: Side, interactor: Program, result: RunResult) -> Check:
    if interactor.role == KATTIS_VALIDATOR:
        return kattis_check(result, side.score_file)
    return testlib_check(result, interactor.points)
