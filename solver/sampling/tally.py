"""What became of a task's answers: each stands under one word, so that none is lost without one."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

WORDS = {
    "empty": "empty",
    "only_reasoning": "reasoning without an answer",
    "cut_off": "cut off by a limit",
    "no_code": "no code",
    "other_language": "other language",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """`answers` = `refused` + all `no_program` + `candidates`; of the candidates `duplicates` are
    an earlier one in other words, and `not_compiled` do not compile (None: not tried).

    Attributes:
        answers: That came for candidates, refused ones included; rows of a recorded pool.
        no_program: Reason to answers that hold no program.
        refused: By the server, a filter or the model itself.
        said: What a server said when it refused, one of its words; empty where it refused none.
        left_out: Sampling parameter to answers drawn without it, as the server does not take it.
        helpers: Helpers that came; `helpers_no_program` of them are of no use, by reason.
        not_drawn: Asked for and not drawn: a limit ended the drawing.
        tokens, prompt_tokens: Of all answers of the task that the run keeps, helpers' included.
        cost: What they cost, in the prices' unit; 0 where no prices are known.
    """

    answers: int
    candidates: int
    no_program: Mapping[str, int] = field(default_factory=dict)
    refused: int = 0
    said: str = ""
    duplicates: int = 0
    not_compiled: int | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    helpers: int = 0
    helpers_no_program: Mapping[str, int] = field(default_factory=dict)
    not_drawn: int = 0
    tokens: int = 0
    prompt_tokens: int = 0
    cost: float = 0.0

    @property
    def lost(self) -> bool:
        """There is something to tell: not every answer became a program of its own."""
        return bool(
            self.answers != self.candidates
            or self.duplicates
            or self.not_compiled
            or self.not_drawn
            or self.left_out
            or self.helpers_no_program
        )

    def as_record(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self) | {
            name: dict(getattr(self, name))
            for name in ("no_program", "left_out", "helpers_no_program")
        }


def refused_words(lost: Mapping[str, int]) -> str:
    """Why answers hold no program: "3 cut off by a limit, 1 refused"."""
    return ", ".join(f"{count} {WORDS.get(why, why)}" for why, count in lost.items() if count)


def tally_words(tally: Mapping[str, Any]) -> str:
    """One line for people, from `Tally.as_record`."""
    parts = [f"{tally['candidates']} of {tally['answers']} answers hold a program"]
    lost = [f"{count} {WORDS.get(why, why)}" for why, count in tally["no_program"].items()]
    if tally["refused"]:
        lost.append(f"{tally['refused']} refused")
    if lost:
        parts[0] += f" ({', '.join(lost)})"
    if tally["duplicates"]:
        parts.append(f"{tally['duplicates']} duplicates")
    if tally["not_compiled"]:
        parts.append(f"{tally['not_compiled']} do not compile")
    if tally["not_drawn"]:
        parts.append(f"{tally['not_drawn']} not drawn: a limit was reached")
    useless = sum(tally["helpers_no_program"].values())
    if useless:
        parts.append(f"{useless} of {tally['helpers']} helpers hold no program")
    if tally["left_out"]:
        named = ", ".join(tally["left_out"])
        parts.append(f"drawn without {named}, which the server does not take")
    if tally.get("cost"):
        parts.append(f"cost {tally['cost']:.4f}")
    return "; ".join(parts)
