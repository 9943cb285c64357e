"""Multi-pass (Kattis 2025-09): the program runs again on the input that the validator wrote.

Specification, "Multi-pass Validation": the validator accepts and leaves `nextpass.in` to ask for
another pass; the time limit holds for each pass.
"""

from dataclasses import replace

from problems.errors import JudgeError, UnsupportedTask
from problems.jury.checkers import KATTIS_VALIDATOR, Check, Checker
from problems.tasktypes import batch, interactive
from problems.tasktypes.execution import Execution
from problems.tasktypes.side import Meeting, Side
from problems.verdict import Verdict
from sandbox.backend import Executable
from sandbox.data import Blob


def run(side: Side, program: Executable, meeting: Meeting) -> Execution:
    """Runs all passes; the output is the last pass's, the time that of the slowest."""
    slowest = 0.0
    meeting = replace(meeting, state=Blob.of_bytes(b""))
    for _ in range(side.task.passes):
        execution, check = _pass(side, program, meeting)
        slowest = max(slowest, execution.cpu_s)
        execution = replace(execution, cpu_s=slowest)
        if check is None or execution.failure is not None:
            return execution
        if check.verdict is Verdict.WA:
            return replace(execution, score=0.0, message=check.message)
        if check.next_pass is None:
            return replace(
                execution, score=check.score, message=check.message, in_points=check.in_points
            )
        meeting = replace(meeting, input=check.next_pass, state=check.state or meeting.state)
    message = f"the validator gave no verdict within {side.task.passes} passes"
    return replace(execution, score=None, message=message)


def _pass(side: Side, program: Executable, meeting: Meeting) -> tuple[Execution, Check | None]:
    if side.interactor is not None:
        return interactive.run_pass(side, program, meeting)
    if side.checker is None or side.checker.role != KATTIS_VALIDATOR:
        raise UnsupportedTask(f"{side.task.name}: a multi-pass task needs a Kattis validator")
    execution = batch.run(side, program, meeting)
    if execution.failure is not None or execution.output is None:
        return execution, None
    checker = Checker(side.programs, program=side.checker, comparison={})
    try:
        check = checker.check(
            meeting.input, execution.output, meeting.answer, meeting.args, state=meeting.state
        )
    except JudgeError as error:
        return replace(execution, message=str(error)), None
    return execution, check
