"""Shrinking: who is asked on the way, and whose word counts in the end."""

from collections.abc import Collection, Sequence

from sandbox.data import digest_of
from solver.breaking.layout import Count, Repeats
from solver.breaking.legal import Draft, Legal
from solver.breaking.shrink import shrink
from solver.types import GeneratedInput, InputOrigin

COUNTS = [Count(line=0, token=0, repeats=Repeats.TOKENS, at=1, extra=0)]


def made(content: bytes) -> GeneratedInput:
    return GeneratedInput(
        id=digest_of(content),
        content=content,
        subtasks=frozenset({"all"}),
        origin=InputOrigin.BREAKING,
        accepted_share=1.0,
    )


class Said(Legal):
    """One validator takes all that holds a number, the others none below `least` numbers."""

    def __init__(self, least: int) -> None:
        self.least = least
        self.asked_all = 0
        self.asked_one = 0

    def hopeful(self, contents: Sequence[bytes], subtasks: Collection[str]) -> list[bytes]:
        self.asked_one += 1
        return [one for one in contents if self._holds(one)]

    def look(self, drafts: Sequence[Draft], *, as_meant: bool = False) -> list[GeneratedInput]:
        self.asked_all += 1
        return [made(one) for one, _ in drafts if int(one.split()[0]) >= self.least]

    def _holds(self, content: bytes) -> bool:
        words = content.split()
        return bool(words) and int(words[0]) == len(words) - 1


def breaks(one: GeneratedInput) -> bool:
    return b"7" in one.content.split()[1:]


FOUND = made(b"16\n" + b" ".join([b"3"] * 11 + [b"7"] + [b"5"] * 4) + b"\n")


def test_all_validators_are_asked_once_and_one_of_them_at_every_step() -> None:
    legal = Said(least=0)
    short = shrink(FOUND, COUNTS, legal, breaks, tries=200)
    assert short.content == b"1\n7\n"
    assert legal.asked_all == 1 and legal.asked_one > 4


def test_the_shortest_that_all_accept_is_taken() -> None:
    short = shrink(FOUND, COUNTS, Said(least=2), breaks, tries=200)
    assert int(short.content.split()[0]) >= 2
    assert len(short.content) < len(FOUND.content) and breaks(short)
    assert shrink(FOUND, COUNTS, Said(least=99), breaks, tries=200) is FOUND
