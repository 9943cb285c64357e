"""The built-in comparisons of outputs: Kattis's default validator and CMS's white-diff.

`kattis_compare` decides exactly as `default_validator.cc` of problemtools does (its flags are
`case_sensitive`, `space_change_sensitive`, `float_tolerance` and its two halves); `white_diff` as
CMS's `cms/grading/steps/whitediff.py`. Both are written for big outputs: equal bytes are decided
by their digests, tokens are compared by the list.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sandbox.data import Blob

# What glibc's "%lf" reads as a whole word; it forgives an exponent without digits ("1e").
_DECIMAL = re.compile(rb"([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|[eE][+-]?)?\Z")
_HEX = re.compile(
    rb"([+-]?0[xX](?=[\da-fA-F.])[\da-fA-F]*\.?[\da-fA-F]*)(?:([pP][+-]?\d+)|[pP][+-]?)?\Z"
)
_SPACES = re.compile(rb"[ \t\n\v\f\r]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class KattisFlags:
    """Flags of Kattis's default validator. A tolerance of None is off."""

    case_sensitive: bool = False
    space_change_sensitive: bool = False
    absolute: float | None = None
    relative: float | None = None

    @classmethod
    def parse(cls, flags: Sequence[str]) -> "KattisFlags":
        """Reads the flags as `validator_flags` writes them; a later one wins.

        Raises:
            ValueError: An unknown flag, or a tolerance that is no number.
        """
        case = space = False
        absolute: float | None = None
        relative: float | None = None
        words = iter(flags)
        for word in words:
            if word == "case_sensitive":
                case = True
            elif word == "space_change_sensitive":
                space = True
            elif word in _TOLERANCES:
                value = float(next(words, ""))
                if word != "float_relative_tolerance":
                    absolute = value
                if word != "float_absolute_tolerance":
                    relative = value
            else:
                raise ValueError(f"unknown validator flag {word!r}")
        return cls(
            case_sensitive=case, space_change_sensitive=space, absolute=absolute, relative=relative
        )

    @property
    def floats(self) -> bool:
        """Numbers are compared with a tolerance."""
        return (self.absolute is not None and self.absolute >= 0) or (
            self.relative is not None and self.relative >= 0
        )


_TOLERANCES = ("float_tolerance", "float_absolute_tolerance", "float_relative_tolerance")


def kattis_compare(output: Blob, answer: Blob, flags: KattisFlags) -> str | None:
    """None where Kattis's default validator accepts, else its complaint."""
    if output.size_bytes == answer.size_bytes and output.digest == answer.digest:
        return None
    team, judge = output.read(), answer.read()
    if flags.space_change_sensitive and _SPACES.findall(team) != _SPACES.findall(judge):
        return "space change"
    if flags.space_change_sensitive and team[:1].isspace() != judge[:1].isspace():
        return "space change"
    return _compare_tokens(team.split(), judge.split(), flags)


def _compare_tokens(team: list[bytes], judge: list[bytes], flags: KattisFlags) -> str | None:
    """Compares token lists; the first difference is named."""
    if flags.floats:
        # Equal words need no arithmetic.
        pairs = [(t, j) for t, j in zip(team, judge, strict=False) if t != j]
        wrong = _wrong_number(pairs, flags)
    elif team[: len(judge)] != judge[: len(team)]:
        pairs = list(zip(team, judge, strict=False))
        wrong = next((pair for pair in pairs if not _same_text(*pair, flags)), None)
    else:
        wrong = None
    if wrong is not None:
        return f"expected {wrong[1][:60]!r}, got {wrong[0][:60]!r}"
    if len(team) < len(judge):
        return f"output ends early: {len(team)} tokens of {len(judge)}"
    if len(team) > len(judge):
        return f"trailing output: {len(team)} tokens, expected {len(judge)}"
    return None


def _same_text(team: bytes, judge: bytes, flags: KattisFlags) -> bool:
    if flags.case_sensitive:
        return team == judge
    # strcasecmp in the C locale: ASCII letters only, and a NUL ends the word.
    return team.split(b"\0", 1)[0].lower() == judge.split(b"\0", 1)[0].lower()


def _number(token: bytes) -> float | None:
    """The word as `sscanf("%lf")` reads it whole, or None; None as well where it is not finite."""
    token = token.split(b"\0", 1)[0]
    match = _DECIMAL.match(token)
    if match:
        value = float(match[1] + (match[2] or b""))
        return value if math.isfinite(value) else None
    match = _HEX.match(token)
    if not match:
        return None
    digits = match[1].decode()
    if digits.lower().endswith("x."):  # no digit at all: glibc reads zero
        return 0.0
    try:
        return float.fromhex(digits + (match[2] or b"").decode())
    except OverflowError:
        return None


def _wrong_number(
    pairs: list[tuple[bytes, bytes]], flags: KattisFlags
) -> tuple[bytes, bytes] | None:
    """The first pair outside the tolerances."""
    absolute = -1.0 if flags.absolute is None else flags.absolute
    relative = -1.0 if flags.relative is None else flags.relative
    if len(pairs) > 1000 and _inside_all(pairs, absolute, relative):
        return None
    for team, judge in pairs:
        expected = _number(judge)
        if expected is None:
            if not _same_text(team, judge, flags):
                return team, judge
            continue
        value = _number(team)
        if value is None:
            return team, judge
        error = abs(expected - value)
        if not error <= absolute and not error <= relative * abs(expected):
            return team, judge
    return None


def _inside_all(pairs: list[tuple[bytes, bytes]], absolute: float, relative: float) -> bool:
    """Whether all pairs are plain numbers inside the tolerances, decided at once by numpy."""
    joined = b" ".join(b" ".join(pair) for pair in pairs)
    if re.search(rb"[^0-9eE+\-. ]", joined):
        return False
    try:
        values = np.array(pairs, dtype="S").astype(np.float64)
    except ValueError:
        return False
    errors = np.abs(values[:, 0] - values[:, 1])
    inside = (errors <= absolute) | (errors <= relative * np.abs(values[:, 1]))
    return bool(inside.all())


def white_diff(output: Blob, answer: Blob) -> bool:
    """CMS's white-diff: the same lines up to white space; blank lines at the end do not count."""
    if output.size_bytes == answer.size_bytes and output.digest == answer.digest:
        return True
    mine, right = output.read(), answer.read()
    # Cheap way out for what is nearly always the reason: other words.
    if mine.split() != right.split():
        return False
    return _lines(mine) == _lines(right)


def _lines(content: bytes) -> list[list[bytes]]:
    lines = [line.split() for line in content.split(b"\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines
