"""All that a report of one draft of a task holds."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from solver.replays.assess import Assessment
from solver.replays.likeness import likeness
from solver.replays.truth import Truth
from solver.report.assessing.verdict import Advice, advice_of
from solver.sampling.tally import Tally, tally_words
from solver.types import Candidate

SHOWN = 3
"""Right programs that are shown a subtask: the shortest of those that are different programs."""
ALIKE = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class RightProgram:
    """A program that gets full points of some subtasks.

    Attributes:
        solves: Those subtasks.
        like_jury: Likeness to the nearest of the jury's right programs, 0 to 1; None: it has none.
    """

    candidate: Candidate
    solves: tuple[str, ...]
    like_jury: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One draft.

    Attributes:
        facts: Name and value: model, settings, date, versions.
        lost: What became of answers that are no candidates, and of programs that cannot be judged.
        right_count: Programs that get the whole task's full points.
        notes: On whether the model may have read the task or a solution.
    """

    name: str
    found: Assessment
    model: str
    tally: Tally | None
    facts: Sequence[tuple[str, str]]
    lost: Sequence[str]
    right: Sequence[RightProgram]
    right_count: int
    notes: Sequence[str]
    advice: Advice = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "advice", advice_of(self.found))

    def document(self) -> dict[str, Any]:
        """Plain JSON values."""
        tally = None if self.tally is None else self.tally.as_record()
        return asdict(self.found) | {
            "word": self.found.word,
            "model": self.model,
            "tally": tally,
            "verdict": str(self.advice.level),
            "advice": [self.advice.head, *filter(None, self.advice.steps)],
            "facts": dict(self.facts),
            "lost": list(self.lost),
            "notes": list(self.notes),
            "right_programs": [
                {
                    "candidate": one.candidate.id,
                    "language": one.candidate.language,
                    "solves": list(one.solves),
                    "like_jury": one.like_jury,
                }
                for one in self.right
            ],
        }


def lost_words(tally: Tally | None, failures: Mapping[str, str]) -> list[str]:
    """A line for each way in which answers vanished."""
    lines = [] if tally is None or not tally.lost else [f"{tally_words(tally.as_record())}."]
    if failures:
        name, reason = next(iter(failures.items()))
        lines.append(f"{len(failures)} programs could not be judged; {name}: {reason}.")
    return lines or ["Nothing: every answer became a program of its own."]


def right_programs(
    candidates: Sequence[Candidate], truth: Truth, jury: Sequence[str]
) -> tuple[list[RightProgram], int]:
    """The programs to show, whole solutions first, and how many solve everything.

    Args:
        jury: Texts of the jury's right programs.
    """
    right = truth.right
    order = sorted(
        range(len(candidates)),
        key=lambda row: (-int(right[row].sum()), len(candidates[row].source)),
    )
    shown: dict[int, None] = {}
    for s in range(right.shape[1]):
        programs: set[str] = set()
        for row in order:
            if right[row, s] and truth.program_digests[row] not in programs:
                programs.add(truth.program_digests[row])
                shown.setdefault(row)
                if len(programs) == SHOWN:
                    break
    found = [
        RightProgram(
            candidate=candidates[row],
            solves=tuple(name for name, yes in zip(truth.subtasks, right[row], strict=True) if yes),
            like_jury=likeness(candidates[row].source, jury) if jury else None,
        )
        for row in sorted(shown, key=order.index)
    ]
    return found, int((right.sum(axis=1) == right.shape[1]).sum())


def contamination_notes(
    candidates: Sequence[Candidate], truth: Truth, jury: Sequence[str]
) -> list[str]:
    """What can be said of whether the model has read the task, and what cannot."""
    notes = []
    solved = truth.right.sum(axis=1) == len(truth.subtasks)
    if jury and solved.any():
        like = np.array([likeness(one.source, jury) for one in candidates])
        mine, others = float(np.median(like[solved])), like[~solved]
        nearest = int(np.where(solved, like, -1.0).argmax())
        line = (
            f"Likeness of the {int(solved.sum())} right programs to the jury's, in runs of 12 "
            f"tokens with names put aside: median {mine:.0%}, at most {like[nearest]:.0%} "
            f"({candidates[nearest].id})"
        )
        if len(others):
            line += f"; of the wrong ones: median {float(np.median(others)):.0%}"
        notes.append(f"{line}.")
        if like[nearest] >= ALIKE:
            notes.append(
                f"{candidates[nearest].id} is nearly a jury program: compare the two. Short "
                "programs are alike by nature; a long one is not."
            )
    elif not jury:
        notes.append("The package holds no right program of the jury to compare with.")
    notes.append(
        "Nothing here can tell whether the statement, or a task like it, was public before the "
        "model was trained: ask where it was used, and do not send an unpublished task to a model "
        "that keeps what it is sent."
    )
    return notes
