"""OutputOnly: the submission is the outputs themselves; nothing is run.

A test finds its file by CMS's name (`output_NAME.txt`) or by the name of the test with a usual
ending. A test without a file counts nothing, as in CMS.
"""

from collections.abc import Mapping

from problems.tasktypes.execution import Execution
from problems.tasktypes.side import Meeting, Side
from sandbox.backend import Executable
from sandbox.data import Blob

LANGUAGE = "output-only"


def build(sources: Mapping[str, bytes]) -> Executable:
    """The submitted files, dressed as a program that is never started."""
    files = {name: Blob.of_bytes(content) for name, content in sources.items()}
    return Executable(language=LANGUAGE, argv=("/bin/true",), files=files)


def run(side: Side, program: Executable, meeting: Meeting) -> Execution:
    """The file that was handed in for this test."""
    name = meeting.testcase.rsplit("/", 1)[-1]
    names = (f"output_{name}.txt", f"output{name}.txt", f"{name}.out", f"{name}.ans", f"{name}.txt")
    output = next((program.files[name] for name in names if name in program.files), None)
    return Execution(
        failure=None,
        output=output,
        check=None,
        message="" if output is not None else f"no file for test {name}",
        cpu_s=0.0,
        wall_s=0.0,
        memory_bytes=0,
    )
