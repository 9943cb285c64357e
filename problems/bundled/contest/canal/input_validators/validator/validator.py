"""Input validator of `canal`: exit 42 when the input is valid.

Flags: max=N (basins and calls), open=1 (no gate is closed), still=1 (no stock).
"""

import re
import sys

flags = dict(word.split("=") for word in sys.argv[1:])
LIMIT = int(flags.get("max", 200_000))
LARGEST = 10**9
NUMBER = re.compile(r"0|[1-9][0-9]{0,9}")


class Invalid(Exception):
    """The input breaks a rule."""


def require(condition: bool) -> None:
    """Raise `Invalid` unless the condition holds."""
    if not condition:
        raise Invalid


def numbers(words: list[str], *limits: tuple[int, int]) -> list[int]:
    """The words as numbers, each between its two limits."""
    require(len(words) == len(limits) and all(NUMBER.fullmatch(word) for word in words))
    values = [int(word) for word in words]
    require(all(low <= value <= high for value, (low, high) in zip(values, limits)))
    return values


def check(text: str) -> None:
    """Raise `Invalid` for an input that breaks a rule."""
    require(text.endswith("\ne\n"))
    lines = [line.split(" ") for line in text[:-3].split("\n")]
    require(len(lines) >= 3)
    (n,) = numbers(lines[0], (1, LIMIT))
    if lines[1][0] == "*":
        numbers(lines[1][1:], (0, LARGEST), (0, LARGEST))
    else:
        numbers(lines[1], *[(0, LARGEST)] * n)
    gates: list[str] | None = None
    if lines[2][0] == "*":
        numbers(lines[2][1:], (0, LARGEST), (0, 1000), (1, LIMIT))
    elif n == 1:
        require(lines[2] == ["-"])
    else:
        require(len(lines[2]) == 1 and re.fullmatch("[01]*", lines[2][0]) is not None)
        gates = list(lines[2][0])
        require(len(gates) == n - 1)
    made = 0
    for kind, *words in lines[3:]:
        made += 1
        if kind == "t":
            (g,) = numbers(words, (0, n - 2))
            if "open" in flags:
                # Only where the state of the gates is known without playing the random calls.
                require(gates is not None and gates[g] == "0")
            if gates is not None:
                gates[g] = "1" if gates[g] == "0" else "0"
        elif kind == "s":
            numbers(words, (0, n - 1), (1, LARGEST))
            require("still" not in flags)
        elif kind == "h":
            numbers(words, (0, n - 1))
        else:
            require(kind == "r" and len(words) == 7 and words[6] in ("open", "any"))
            limits = ((0, LARGEST), (1, LIMIT), (0, 1000), (0, 1000), (1, LIMIT), (1, LARGEST))
            _, calls, toggles, stocks, _, _ = numbers(words[:6], *limits)
            made += calls - 1
            require(toggles + stocks <= 1000)
            if toggles:
                require("open" not in flags or words[6] == "open")
                gates = None
            require("still" not in flags or stocks == 0)
    require(made <= LIMIT)


try:
    check(sys.stdin.read())
except Invalid:
    sys.exit(43)
sys.exit(42)
