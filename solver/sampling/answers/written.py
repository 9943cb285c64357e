"""Stage 2, afterwards: outputs that a model wrote out itself, a fenced block a file."""

from problems.task import Task
from solver.sampling.answers.blocks import blocks_of
from solver.sampling.answers.reasoning import without_reasoning


def written_outputs(text: str, task: Task) -> dict[str, str]:
    """File name to content, of the blocks whose tag names one of the task's output files.

    A block that was cut off is no file; of two for one file the last one counts.
    """
    names = {file.name.lower(): file.name for file in task.output_files}
    return {
        names[block.tag]: block.code.rstrip("\n") + "\n"
        for block in blocks_of(without_reasoning(text).text)
        if block.tag in names and block.closed and block.code.strip()
    }
