"""Role: a statement's samples: put where the text asks for them, else at its end.

Kattis 2025-09, "Sample data": a statement may say `{{nextsample}}` or `\\nextsample` for the next
sample and `{{remainingsamples}}` for those that are left. An interactive sample is a log whose
lines begin with `<` (what the program reads) and `>` (what it writes).
"""

import re
from collections.abc import Mapping, Sequence

from problems.task import Example

# An example is there to show the format; beyond this a prompt would be all example.
MAX_EXAMPLE_BYTES = 4096

_NEXT, _REMAINING = "SAMPLE-THAT-COMES-NEXT", "SAMPLES-THAT-ARE-LEFT"
_COMMANDS = (
    (re.compile(r"\{\{\s*nextsample\s*\}\}|\\nextsample\b(?:\{\})?"), _NEXT),
    (re.compile(r"\{\{\s*remainingsamples\s*\}\}|\\remainingsamples\b(?:\{\})?"), _REMAINING),
)
_PLACES = re.compile(f"{_NEXT}|{_REMAINING}")


def with_places(source: str) -> str:
    """A statement's source, its commands for samples as words that every conversion lets be."""
    for command, word in _COMMANDS:
        source = command.sub(f"\n\n{word}\n\n", source)
    return source


def with_samples(
    text: str, examples: Sequence[Example], interactions: Mapping[str, str] | None = None
) -> str:
    """The text with all samples in it.

    Args:
        text: Markdown, with the words of `with_places` where samples belong.
        interactions: Sample's name to its log; with any, samples come in the order of names.
    """
    blocks = [(example.name, _example_text(example)) for example in examples]
    if interactions:
        blocks += [(name, f"Interaction:\n\n{_block(log)}") for name, log in interactions.items()]
        blocks.sort()
        text = text.rstrip() + "\n\n`<` is what your program reads, `>` what it writes."
    elif not _PLACES.search(text) and examples and _shows(text, examples):
        return text
    numbered = [f"### Example {n}\n\n{body}" for n, (_, body) in enumerate(blocks, start=1)]
    placed = iter(numbered)

    def put_in(match: re.Match[str]) -> str:
        return next(placed, "") if match[0] == _NEXT else "\n\n".join(placed)

    text = _PLACES.sub(put_in, text)
    left = list(placed)
    if left:
        title = "## Example interactions" if interactions and not examples else "## Examples"
        text = "\n\n".join([text, title, *left])
    return text.strip()


def _example_text(example: Example) -> str:
    shown = example.input if example.shown_input is None else example.shown_input
    text = f"Input:\n\n{_block(shown)}"
    output = example.output if example.shown_output is None else example.shown_output
    return text if output is None else f"{text}\n\nOutput:\n\n{_block(output)}"


def _shows(text: str, examples: Sequence[Example]) -> bool:
    """Every example's input stands in the text already."""
    words = " ".join(text.split())
    inputs = [" ".join(example.input.decode("utf-8", "replace").split()) for example in examples]
    return all(len(shown) >= 3 and shown in words for shown in inputs)


def _block(content: bytes | str) -> str:
    data = content.encode() if isinstance(content, str) else content
    text = data[:MAX_EXAMPLE_BYTES].decode("utf-8", "replace").rstrip("\n")
    left = len(data) - MAX_EXAMPLE_BYTES
    more = f"\n... ({left} bytes more)" if left > 0 else ""
    fence = "````" if "```" in text else "```"
    return f"{fence}\n{text}{more}\n{fence}"
