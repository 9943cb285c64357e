"""A chat model on loopback that mends a program only where the prompt holds an input that breaks
it: it works the input out, as a model is asked to, and looks whether the program is wrong there."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.sampling.scripted import Reply, answered

TOKENS = 20
"""Of every answer."""
RIGHT = "input()\nprint(sum(int(x) % 2 == 0 for x in input().split()))\n"
GENERATOR = """\
import random
import sys

random.seed(sys.argv[1] + sys.argv[2])
n = random.choice([1, 2, 3, 5, 8, 30])
print(n)
print(*(random.randint(1, 10 ** random.randint(1, 6)) for _ in range(n)))
"""
VALIDATOR = """\
import re
import sys

text = sys.stdin.read()
lines = text.split("\\n")
if len(lines) != 3 or lines[2] or not re.fullmatch("[1-9][0-9]*", lines[0]):
    sys.exit(1)
words = lines[1].split(" ")
if not all(re.fullmatch("[1-9][0-9]*", word) and int(word) <= 10**6 for word in words):
    sys.exit(1)
sys.exit(len(words) != int(lines[0]) or len(words) > 1000)
"""


@dataclass(frozen=True)
class Wrong:
    """A program that passes the examples, and the inputs on which it fails."""

    source: str
    fails: Callable[[list[int]], bool]
    mended: str


def crashing(largest: int, mended: str) -> Wrong:
    source = (
        f"seen = [0] * {largest + 1}\ninput()\nfor x in map(int, input().split()):\n"
        "    seen[x] += 1\nprint(sum(seen[::2]))\n"
    )
    return Wrong(source, lambda numbers: max(numbers) > largest, mended)


def blind(largest: int, mended: str) -> Wrong:
    source = (
        f"input()\nprint(sum(x % 2 == 0 and x <= {largest} for x in map(int, input().split())))\n"
    )
    return Wrong(source, lambda numbers: any(x % 2 == 0 and x > largest for x in numbers), mended)


SECOND = crashing(50_000, RIGHT)


def wrong_programs(half_mend: bool) -> list[Wrong]:
    """Args: half_mend: the first mend of a crash only crashes later."""
    capped = "input()\nprint(min(7, sum(int(x) % 2 == 0 for x in input().split())))\n"
    return [
        crashing(1000, SECOND.source if half_mend else RIGHT),
        blind(700, RIGHT),
        crashing(4000, RIGHT),
        Wrong(capped, lambda numbers: sum(x % 2 == 0 for x in numbers) > 7, RIGHT),
    ]


@dataclass
class Pupil:
    """The model's mind.

    Attributes:
        half_mend: Its first mend is wrong as well.
        stubborn: It answers every repair prompt with the program that it was given.
        spoils: It answers every repair prompt with a worse program.
        plain: Its plain samples in turn, in place of the wrong programs.
        right_first: Half of its plain samples are right.
        votes: Of two programs it takes the one that is "right", or always "A".
        repairs: Repair prompts that it read.
        told: Of these, those that held an input that breaks the program.
    """

    half_mend: bool = False
    stubborn: bool = False
    spoils: bool = False
    right_first: bool = False
    plain: tuple[str, ...] = ()
    votes: str = "right"
    asked_to_vote: int = 0
    repairs: list[str] = field(default_factory=list)
    told: set[str] = field(default_factory=set)

    def answer(self, body: dict[str, Any]) -> Reply:
        """One reply; `scripted` calls it."""
        asked = "\n".join(message["content"] for message in body["messages"])
        if "Two programs were written" in asked:
            self.asked_to_vote += 1
            return answered(body, f"Worked out by hand.\n{self._vote(asked)}\n")
        number = body["seed"] // 1_000_000 + body["seed"] % 1_000_000
        choices = [
            {
                "index": n,
                "message": {
                    "role": "assistant",
                    "content": f"```python\n{self._program(asked, number + n)}```\n",
                },
                "logprobs": {"content": [{"token": "a", "logprob": -0.5}] * TOKENS},
                "finish_reason": "stop",
            }
            for n in range(body.get("n") or 1)
        ]
        usage = {"prompt_tokens": 40, "completion_tokens": TOKENS * len(choices)}
        return Reply(body={"choices": choices, "usage": usage})

    def _program(self, asked: str, seed: int) -> str:
        if "You write test generators" in asked:
            return GENERATOR
        if "You write input validators" in asked:
            return VALIDATOR
        wrong = wrong_programs(self.half_mend)
        if "This program was tried" not in asked:
            if self.plain:
                return self.plain[seed % len(self.plain)]
            if self.right_first and seed % 2:
                return RIGHT
            return wrong[seed % len(wrong)].source
        self._read(asked)
        for one in [*wrong, SECOND]:
            if one.source.strip() in asked:
                return self._repaired(one, asked)
        return RIGHT if RIGHT.strip() in asked else wrong[0].source

    def _vote(self, asked: str) -> str:
        if self.votes == "A":
            return "A"
        a, b = asked.split("Program A:")[1].split("Program B:")
        return "A" if RIGHT.strip() in a else "B" if RIGHT.strip() in b else "A"

    def _read(self, asked: str) -> None:
        if asked not in self.repairs:
            self.repairs.append(asked)

    def _repaired(self, one: Wrong, asked: str) -> str:
        shown = re.findall(r"(?:It fails on this|And on this).*?```text\n(.*?)\n```", asked, re.S)
        breaking = any(one.fails([int(x) for x in text.split()[1:]]) for text in shown)
        if breaking:
            self.told.add(asked)
        if self.spoils:
            return "input()\nprint(3)\n"
        return one.mended if breaking and not self.stubborn else one.source
