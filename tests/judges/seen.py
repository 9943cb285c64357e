"""What a person sees on the judge's pages, read by tests."""

import re
import time

CUP = "/contests/cup"
RIGHT = "a, b = map(int, input().split())\nprint(a + b)\n"


def judged(person, number: int = 1) -> str:
    """The submission's page once its verdict is there."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        text = person.get(f"{CUP}/submissions/{number}").text
        if "waiting" not in text:
            return text
        time.sleep(0.05)
    raise AssertionError("not judged")


def settled(person, number: int) -> str:
    """The submission's page once it is no longer being judged again."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        text = person.get(f"{CUP}/submissions/{number}").text
        if "being judged again" not in text:
            return text
        time.sleep(0.05)
    raise AssertionError("not judged again")


def row_of(text: str, team: str) -> str:
    """A team's row of a scoreboard, without tags."""
    (row,) = [each for each in re.findall(r"<tr.*?</tr>", text, re.S) if f">{team}<" in each]
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())
