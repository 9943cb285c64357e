"""Batch: one program, one input, one output, by stdin and stdout or by files.

A grader that is linked with the contestant's functions changes how the program is built, not how it
is run.
"""

from problems.tasktypes.execution import Execution
from problems.tasktypes.side import Meeting, Side, execution_of, failure_of
from problems.verdict import Verdict
from sandbox.backend import Executable, Job
from sandbox.result import RunResult


def job(side: Side, program: Executable, meeting: Meeting) -> Job:
    """The run, as the sandbox wants it."""
    interface = side.task.interface
    by_file = interface.input_file is not None
    return Job(
        program=program,
        limits=side.limits(),
        stdin=b"" if by_file else meeting.input,
        files={interface.input_file: meeting.input} if interface.input_file is not None else {},
        keep=() if interface.output_file is None else (interface.output_file,),
    )


def outcome(side: Side, result: RunResult) -> Execution:
    """What the run came to; a missing output file is a runtime error, as CMS has it."""
    name = side.task.interface.output_file
    output = result.stdout if name is None else result.kept.get(name)
    failure = failure_of(result, side.time_s)
    message = ""
    if failure is None and output is None:
        failure, message = Verdict.RE, f"no output file {name}"
    elif output is not None and output.size_bytes > side.task.limits.output_bytes:
        failure = failure or Verdict.OLE
    return execution_of(result, failure=failure, output=output, message=message)


def run(side: Side, program: Executable, meeting: Meeting) -> Execution:
    """Runs a program on one input."""
    return outcome(side, side.run(job(side, program, meeting)))
