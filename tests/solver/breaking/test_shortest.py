"""Which short inputs of other programs are tried before an input is shrunk."""

from sandbox.data import digest_of
from solver.breaking.shortest import borrowed
from solver.types import GeneratedInput, InputOrigin


def made(content: bytes, *subtasks: str) -> GeneratedInput:
    return GeneratedInput(
        id=digest_of(content),
        content=content,
        subtasks=frozenset(subtasks),
        origin=InputOrigin.BREAKING,
    )


def test_the_shortest_that_breaks_this_one_too_within_the_same_subtasks() -> None:
    asked: list[bytes] = []

    def breaks(one: GeneratedInput) -> bool:
        asked.append(one.content)
        return b"7" in one.content

    found = made(b"30\n" + b"7 " * 30, "small", "all")
    others = [
        made(b"4\n7 7 7 7\n", "small", "all"),
        made(b"2\n7 7\n", "small", "all"),
        made(b"1\n3\n", "small", "all"),
        made(b"1\n7\n", "all"),  # no input of the subtask that stands accused
        made(b"25\n" + b"7 " * 25, "small", "all"),  # not short
    ]
    short = borrowed(found, others, breaks)
    assert short is not None and short.content == b"2\n7 7\n"
    assert asked == [b"1\n3\n", b"2\n7 7\n"]
    assert borrowed(found, others[2:3], breaks) is None
