"""A model's answer to proposals: inputs as they are, and programs that print one."""

from dataclasses import dataclass

from solver.sampling.answers.blocks import Block, blocks_of
from solver.sampling.answers.programs import look
from solver.sampling.answers.reasoning import without_reasoning

MOST = 3
"""Inputs that one answer may propose; what it says beyond them is not read."""
MOST_CHARACTERS = 64 * 1024
"""Of one block: a longer input is to be printed by a program."""
_PYTHON = frozenset({"python", "python3", "py", "py3"})
_TEXT = frozenset({"", "text", "txt", "plaintext", "plain", "input", "in", "stdin", "sample"})
_PRINTS = ("print(", "sys.stdout", "import ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What an answer proposes.

    Attributes:
        inputs: Whole inputs, each with the end of its last line.
        generators: Python programs that print one, called with a seed and a subtask's name.
        refused: Blocks that are neither: another language, cut off, too long, no program.
    """

    inputs: tuple[bytes, ...] = ()
    generators: tuple[str, ...] = ()
    refused: int = 0


def read_diagnosis(answer: str) -> Diagnosis:
    """The proposals in an answer, what it thought aside; none where it fences nothing."""
    told = without_reasoning(answer).text.replace("\r\n", "\n")
    if "```" not in told and "~~~" not in told:
        return Diagnosis()
    inputs: dict[bytes, None] = {}
    generators: dict[str, None] = {}
    refused = 0
    for block in [one for one in blocks_of(told) if one.code.strip()][:MOST]:
        code = block.code.strip("\n") + "\n"
        if not block.closed or len(code) > MOST_CHARACTERS or "\0" in code:
            refused += 1
        elif _is_program(block):
            if look(code, "python").broken:
                refused += 1
            else:
                generators.setdefault(code)
        elif block.tag in _TEXT:
            inputs.setdefault(code.encode("utf-8", "replace"))
        else:
            refused += 1
    return Diagnosis(inputs=tuple(inputs), generators=tuple(generators), refused=refused)


def _is_program(block: Block) -> bool:
    """It says so, or says nothing and prints something."""
    if block.tag in _PYTHON:
        return True
    return not block.tag and any(word in block.code for word in _PRINTS)
