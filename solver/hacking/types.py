"""What an attack on a package finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

HEAD_BYTES = 400
"""Of an output, in a report."""
SHOWN_BYTES = 2_000
"""An input up to this is printed whole in a report."""

Flags = tuple[tuple[str, tuple[str, ...]], ...]
"""Flags of the input validators, by validator: what a group of tests allows."""


class Standing(StrEnum):
    """What the package's own tests say of a program."""

    ACCEPTED = "accepted"
    """It gets full marks, and its label says so."""
    PARTIAL = "partially accepted"
    """It passes some groups of tests; it is attacked there alone."""
    SAMPLED = "sampled"
    """A model wrote it, and it passes all tests."""


class Fault(StrEnum):
    """How a program fails on a legal input."""

    WRONG = "wrong answer"
    CRASH = "crash"
    TIME = "time limit"
    MEMORY = "memory limit"
    OUTPUT = "output limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A legal input on which a program that the tests accept fails.

    Attributes:
        program: Its name in the package.
        group: The tests whose limits the input keeps, by one of them.
        flags: With which the validators accepted it; empty where they take none.
        printed: Head of what it printed; None where it did not run to its end.
        expected: Head of the answer that most accepted programs give; None where none is needed.
        supporters: Accepted programs that give this answer.
        others: Other accepted programs that fail on it as well.
        undecided: As many accepted programs speak against the answer as for it: somebody is wrong,
            and nobody here can say who.
        cpu_s: Of the failing run.
        found_bytes: Size of the input as it was found, before it was made smaller.
    """

    program: str
    standing: Standing
    fault: Fault
    input: bytes
    group: str
    flags: Flags
    printed: bytes | None
    expected: bytes | None
    supporters: tuple[str, ...]
    others: tuple[str, ...]
    undecided: bool
    cpu_s: float
    found_bytes: int

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values; a long input is cut, its size told."""
        return {
            "program": self.program,
            "standing": self.standing.value,
            "fault": self.fault.value,
            "input": _text(self.input, SHOWN_BYTES),
            "input_bytes": len(self.input),
            "found_bytes": self.found_bytes,
            "group": self.group,
            "flags": {name: list(words) for name, words in self.flags},
            "printed": None if self.printed is None else _text(self.printed, HEAD_BYTES),
            "expected": None if self.expected is None else _text(self.expected, HEAD_BYTES),
            "supporters": list(self.supporters),
            "others": list(self.others),
            "undecided": self.undecided,
            "cpu_s": round(self.cpu_s, 4),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteQuality:
    """What the package's own tests say of its labelled programs.

    Attributes:
        accepted: Programs that are labelled as right, and `accepted_pass` those that pass.
        rejected: Programs that are labelled as wrong, and `rejected_fail` those that fail.
    """

    accepted: int = 0
    accepted_pass: int = 0
    rejected: int = 0
    rejected_fail: int = 0

    @property
    def true_positive(self) -> float | None:
        """Share of right programs that pass; None where there is none."""
        return self.accepted_pass / self.accepted if self.accepted else None

    @property
    def true_negative(self) -> float | None:
        """Share of wrong programs that fail; None where there is none."""
        return self.rejected_fail / self.rejected if self.rejected else None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "accepted": self.accepted,
            "accepted_pass": self.accepted_pass,
            "true_positive": self.true_positive,
            "rejected": self.rejected,
            "rejected_fail": self.rejected_fail,
            "true_negative": self.true_negative,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class HackReport:
    """What an attack on one package came to.

    Attributes:
        tries: Inputs that were made.
        legal: Of these, inputs that all validators accept: all attacked programs ran on them.
        programs: Name of an attacked program to its standing.
        disagreements: One a program, its input as small as it could be made.
        suite: What the package's tests say of its labelled programs.
        reason: Why nothing was attacked; empty where something was.
        cpu_s: CPU time of the attacked programs.
    """

    package: str
    tries: int = 0
    legal: int = 0
    programs: Mapping[str, Standing] = field(default_factory=dict)
    disagreements: tuple[Disagreement, ...] = ()
    suite: SuiteQuality = field(default_factory=SuiteQuality)
    reason: str = ""
    cpu_s: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The object that `solver problems verify --hack --json` prints for a package."""
        return {
            "package": self.package,
            "tries": self.tries,
            "legal": self.legal,
            "programs": {name: standing.value for name, standing in self.programs.items()},
            "disagreements": [one.as_json() for one in self.disagreements],
            "suite": self.suite.as_json(),
            "reason": self.reason,
            "cpu_s": round(self.cpu_s, 3),
        }


def _text(content: bytes, most: int) -> str:
    text = content[:most].decode("utf-8", "replace")
    return text if len(content) <= most else text + "\n..."
