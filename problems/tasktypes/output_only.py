"""Outputs that are handed in: OutputOnly, and the output files beside a Batch program.

OutputOnly: the submission is the outputs themselves; nothing is run. A test finds its file by CMS's
name (`output_NAME.txt`) or by the name of the test with a usual ending. A test without a file
counts nothing, as in CMS.

A Batch task with `output_files` (CMS's BatchAndOutput) takes a program, outputs, or both: a file
that was handed in is judged in place of a run, and a test that takes files only runs no program.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from problems.submission import Submission
from problems.task import Task, TaskType
from problems.tasktypes.execution import Execution
from problems.tasktypes.side import Meeting, Side
from problems.verdict import Verdict
from sandbox.backend import Executable
from sandbox.data import Blob

LANGUAGE = "output-only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A submission to a task with output files.

    Attributes:
        program: The sources alone; it holds none where only outputs were handed in.
        outputs: Test case to what was handed in for it.
    """

    program: Submission
    outputs: Mapping[str, Blob]


def split(task: Task, submission: Submission) -> Parts:
    """Tells a submission's output files from its program, by their names.

    A submission to an OutputOnly task stays whole: nothing in it is a program.
    """
    if task.type is TaskType.OUTPUT_ONLY:
        return Parts(program=submission, outputs={})
    tests = {file.name: file.testcase for file in task.output_files}
    sources, outputs = {}, {}
    for name, content in submission.sources.items():
        test = tests.get(name.rsplit("/", 1)[-1])
        if test is None:
            sources[name] = content
        else:
            outputs[test] = Blob.of_bytes(content)
    return Parts(program=replace(submission, sources=sources), outputs=outputs)


def handed_in(task: Task, outputs: Mapping[str, Blob], testcase: str) -> Execution | None:
    """What stands in place of a run: the file for the test, or that there is none.

    None where the program has to answer, and in OutputOnly tasks, whose `run` finds the file.
    """
    if task.type is TaskType.OUTPUT_ONLY:
        return None
    file = next((file for file in task.output_files if file.testcase == testcase), None)
    if file is None:
        return None
    output = outputs.get(testcase)
    if output is not None:
        failure = Verdict.OLE if output.size_bytes > task.limits.output_bytes else None
        return _given(output, "", failure)
    return None if file.program_runs else _given(None, f"no file {file.name}")


def no_program(testcase: str) -> Execution:
    """A test that only a program can answer, of a submission that holds none."""
    return _given(None, f"no program, and no file for test {testcase}")


def _given(output: Blob | None, message: str, failure: Verdict | None = None) -> Execution:
    return Execution(
        failure=failure,
        output=output,
        check=None,
        message=message,
        cpu_s=0.0,
        wall_s=0.0,
        memory_bytes=0,
    )


def build(sources: Mapping[str, bytes]) -> Executable:
    """The submitted files, dressed as a program that is never started."""
    files = {name: Blob.of_bytes(content) for name, content in sources.items()}
    return Executable(language=LANGUAGE, argv=("/bin/true",), files=files)


def run(side: Side, program: Executable, meeting: Meeting) -> Execution:
    """The file that was handed in for this test."""
    name = meeting.testcase.rsplit("/", 1)[-1]
    names = (f"output_{name}.txt", f"output{name}.txt", f"{name}.out", f"{name}.ans", f"{name}.txt")
    output = next((program.files[name] for name in names if name in program.files), None)
    return _given(output, "" if output is not None else f"no file for test {name}")
