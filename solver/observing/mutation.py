"""Stage 4, without a model's generators: inputs by type-aware mutation of known ones.

A number stays a number of about its size, a word stays a word of its alphabet; the shape of the
lines is kept. Nobody knows whether such an input is valid, so validators vote on it where there
are any, and it is marked as a mutation.
"""

import re

import numpy as np

_INTEGER = re.compile(rb"^-?\d{1,18}$")
_REAL = re.compile(rb"^-?\d+\.\d+$")
_SPLIT = re.compile(rb"(\s+)")


def mutate_input(content: bytes, rng: np.random.Generator) -> bytes:
    """A copy with one to four tokens changed, its first line changed less often.

    Args:
        content: A valid input.
        rng: Decides what changes.
    """
    parts = _SPLIT.split(content)
    places = [index for index, part in enumerate(parts) if part and not part.isspace()]
    if not places:
        return content
    first_line = sum(1 for part in _SPLIT.split(content.split(b"\n", 1)[0]) if part.strip())
    # Counts stand in the first line: a change there mostly breaks the input.
    weights = np.array([0.15 if place < first_line else 1.0 for place in range(len(places))])
    values = [int(parts[place]) for place in places if _INTEGER.match(parts[place])]
    for _ in range(int(rng.integers(1, 5))):
        place = places[int(rng.choice(len(places), p=weights / weights.sum()))]
        parts[place] = _changed(parts[place], values, rng)
    return b"".join(parts)


def _changed(token: bytes, values: list[int], rng: np.random.Generator) -> bytes:
    if _INTEGER.match(token):
        value = int(token)
        kind = int(rng.integers(5))
        if kind == 0:
            return b"%d" % (value + 1)
        if kind == 1:
            return b"%d" % max(min(value, 0), value - 1)
        if kind == 2:
            return b"%d" % values[int(rng.integers(len(values)))]
        if kind == 3:
            return b"%d" % (1 if value > 0 else value)
        low, high = min(0, value), max(1, 2 * abs(value))
        return b"%d" % int(rng.integers(low, high + 1))
    if _REAL.match(token):
        decimals = len(token.split(b".")[1])
        return f"{float(token) * float(rng.random()) * 2:.{decimals}f}".encode()
    letters = sorted(set(token))
    at = int(rng.integers(len(token)))
    letter = letters[int(rng.integers(len(letters)))]
    return token[:at] + bytes([letter]) + token[at + 1 :]


def corrupt_inputs(content: bytes) -> list[bytes]:
    """Copies that no validator should accept: empty, cut, words for numbers, a huge number."""
    lines = content.splitlines(keepends=True)
    first = _SPLIT.split(content.strip(), maxsplit=1)
    rest = b"".join(first[1:])
    corrupted = [
        b"",
        b"".join(lines[: len(lines) // 2]) if len(lines) > 1 else content[: len(content) // 2],
        b"x" + rest,
        b"-7" + rest,
        b"999999999999999999" + rest,
        content + b"\nabc $$\n",
    ]
    return [one for one in corrupted if one != content]
