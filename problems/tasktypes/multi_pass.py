"""Multi-pass (Kattis 2025-09): the program runs again on the input that the validator wrote.

Specification, "Multi-pass Validation": the validator accepts and leaves `nextpass.in` to ask for
another pass; the time limit holds for each pass.
"""

from dataclasses import replace

from problems.errors import JudgeError, UnsupportedTask
from problems.jury.checkers import KATTIS_VALIDATOR, Checker
from problems.tasktypes import batch, interactive
from problems.tasktypes.execution import Execution
from problems.tasktypes.side import Meeting, Side
from sandbox.backend import Executable
from sandbox.data import Blob


def run(side: Side, program: Executable, meeting: Meeting) -> Execution:
    """Runs all passes; the output is the last pass's, the time that of the slowest."""
    slowest = 0.0
    meeting = replace(meeting, state=Blob.of_bytes(b""))
    for _ in range(side.task.passes):
        execution = _pass(side, program, meeting)
        check = execution.check
        slowest = max(slowest, execution.cpu_s)
        execution = replace(execution, cpu_s=slowest)
        if check is None or execution.failure is not None or not check.accepted:
            return execution
        if check.next_pass is None:
            return execution
        meeting = replace(meeting, input=check.next_pass, state=check.state or meeting.state)
    message = f"the validator gave no verdict within {side.task.passes} passes"
    return replace(execution, check=None, message=message)


def _pass(side: Side, program: Executable, meeting: Meeting) -> Execution:
    if side.interactor is not None:
        return interactive.run(side, program, meeting)
    if side.checker is None or side.checker.role != KATTIS_VALIDATOR:
        raise UnsupportedTask(f"{side.task.name}: a multi-pass task needs a Kattis validator")
    execution = batch.run(side, program, meeting)
    if execution.failure is not None or execution.output is None:
        return execution
    checker = Checker(
        side.programs,
        program=side.checker,
        comparison={},
        score_file=side.score_file,
        limits=side.jury_limits,
    )
    try:
        check = checker.check(
            meeting.input, execution.output, meeting.answer, meeting.args, state=meeting.state
        )
    except JudgeError as error:
        return replace(execution, message=str(error))
    return replace(execution, check=check)
