"""Was a held-out task trained on? By its name, by its contest, by its statement, by its examples.

Statements are compared by *containment*: the share of the held-out statement's runs of `WORDS`
words that stand in a row's prompt (Broder 1997, "On the resemblance and containment of documents").
It is counted exactly, over an index of the held-out runs: at these sizes an estimate by MinHash
would save nothing and could miss one. Runs that many tasks have are an author's form letter
("the first line has one integer"), and do not count.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from problems.task import Example, Task
from solver.contests.folders.packages import is_package
from solver.training.rows import TrainingRow
from solver.training.sources import TrainingTask, tasks_in

WORDS = 5
"""Length of the runs that are compared."""
THRESHOLD = 0.3
"""Of the bundled 24 tasks none shares more than 0.07 with another, and its own prompt has at least
0.86 of each."""
COMMON_TASKS = 2
"""Runs of more tasks than these are a form letter's."""
LEAST_OWN = 0.2
"""Where less than this share of a statement is its own, all of it counts: it may have been copied
many times."""
LEAST_RUNS = 8
"""A statement with fewer runs is compared by its name and its examples alone."""
TELLING_CHARACTERS = 24
"""An example of fewer characters may stand in any task."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """A task that must not be trained on.

    Attributes:
        contest: Title of its contest.
        whole_contest: The contest is held out, not this task alone: none of its tasks may be there.
        runs: Runs of words of its statement and of each subtask's version, hashed.
        examples: Input and output of its examples, as far as they tell it from others.
    """

    name: str
    title: str
    contest: str
    whole_contest: bool
    runs: frozenset[int]
    examples: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, one: TrainingTask, *, whole_contest: bool) -> "HeldOut":
        """What there is to compare of a task."""
        task = one.task
        texts = [task.statement.text, *task.statement.per_subtask.values()]
        return cls(
            name=task.name,
            title=task.title,
            contest=one.contest,
            whole_contest=whole_contest,
            runs=frozenset().union(*(runs_of(_without_examples(text, task)) for text in texts)),
            examples=tuple(
                parts
                for each in task.examples
                if sum(map(len, parts := _parts(each))) >= TELLING_CHARACTERS
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Rows that a held-out task is in.

    Attributes:
        by: "task" (its name or title), "contest", "statement" or "examples".
        share: Of the held-out statement's runs that stand in the prompt; 1 for the other kinds.
        rows: Ids.
    """

    held_out: str
    task: str
    by: str
    share: float
    rows: tuple[str, ...]

    @property
    def words(self) -> str:
        """One line for people."""
        how = f" ({self.share:.0%} of its runs of {WORDS} words)" if self.by == "statement" else ""
        return f"{self.held_out} is in {len(self.rows)} rows of task {self.task}, by {self.by}{how}"

    def as_record(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "held_out": self.held_out,
            "task": self.task,
            "by": self.by,
            "share": round(self.share, 4),
            "rows": list(self.rows),
            "words": self.words,
        }


def held_out_in(places: Sequence[Path]) -> list[HeldOut]:
    """The tasks of packages and contests that must not be trained on. A contest, or a folder of
    packages, is held out whole.

    Raises:
        SolverError, PackageError: A place is none of these; names it.
    """
    found: dict[tuple[str, str], HeldOut] = {}
    for place in places:
        single = not place.is_dir() or is_package(place)
        for one in tasks_in([place]).values():
            held = HeldOut.of(one, whole_contest=not single)
            found[held.contest, held.name] = held
    return list(found.values())


def runs_of(text: str) -> frozenset[int]:
    """Hashes of all runs of `WORDS` words; case and punctuation do not count."""
    words = _WORD.findall(text.lower())
    return frozenset(
        hash(tuple(words[place : place + WORDS])) for place in range(len(words) - WORDS + 1)
    )


def _parts(example: Example) -> tuple[str, ...]:
    """Input and output, with single blanks: a prompt shows them apart, with words between."""
    parts = (example.input, example.output or b"")
    return tuple(_flat(part.decode("utf-8", "replace")) for part in parts if part.strip())


def _flat(text: str) -> str:
    return " ".join(text.split())


def _without_examples(text: str, task: Task) -> str:
    """Numbers of examples are no words of a statement."""
    for each in task.examples:
        for part in (each.input, each.output or b""):
            shown = part.decode("utf-8", "replace").strip()
            if len(shown) > 8:
                text = text.replace(shown, " ")
    return text


def overlaps(
    rows: Iterable[TrainingRow], held_out: Sequence[HeldOut], threshold: float = THRESHOLD
) -> list[Overlap]:
    """Every held-out task that the rows hold, and how it is seen.

    Args:
        threshold: Least share of a statement's runs that makes it the same statement.
    """
    by_prompt = _by_prompt(rows)
    telling = _telling(by_prompt, held_out)
    index: defaultdict[int, list[int]] = defaultdict(list)
    for number, runs in enumerate(telling):
        if len(runs) >= LEAST_RUNS:
            for run in runs:
                index[run].append(number)
    found: defaultdict[tuple[int, str, str], dict[str, float]] = defaultdict(dict)
    for prompt, own in by_prompt.items():
        shared = Counter(number for run in runs_of(prompt) for number in index.get(run, ()))
        flat = _flat(prompt)
        for number, one in enumerate(held_out):
            share = shared[number] / max(1, len(telling[number]))
            seen: dict[str, float] = {}
            if share >= threshold:
                seen["statement"] = share
            if any(all(part in flat for part in parts) for parts in one.examples):
                seen["examples"] = 1.0
            for row in own:
                for by, value in (seen | _by_name(row, one)).items():
                    found[number, row.task, by][row.id] = value
    return [
        Overlap(
            held_out=f"{held_out[number].contest}/{held_out[number].name}",
            task=task,
            by=by,
            share=max(shares.values()),
            rows=tuple(shares),
        )
        for (number, task, by), shares in sorted(found.items())
    ]


def _telling(
    by_prompt: Mapping[str, Sequence[TrainingRow]], held_out: Sequence[HeldOut]
) -> list[frozenset[int]]:
    """Of each held-out statement the runs that tell it from others."""
    tasks: defaultdict[str, set[int]] = defaultdict(set)
    for one in held_out:
        tasks[one.name] |= one.runs
    for prompt, rows in by_prompt.items():
        tasks[rows[0].task] |= runs_of(prompt)
    counts = Counter(run for runs in tasks.values() for run in runs)
    found = []
    for one in held_out:
        own = frozenset(run for run in one.runs if counts[run] <= COMMON_TASKS)
        found.append(own if len(own) >= LEAST_OWN * len(one.runs) else one.runs)
    return found


def _by_name(row: TrainingRow, one: HeldOut) -> dict[str, float]:
    names = {_plain(one.name), _plain(one.title)} - {""}
    seen = {}
    if {_plain(row.task), _plain(row.origin.package)} & names:
        seen["task"] = 1.0
    if one.whole_contest and _plain(row.origin.contest) == _plain(one.contest):
        seen["contest"] = 1.0
    return seen


def _plain(name: str) -> str:
    return "".join(_WORD.findall(name.lower())).replace("_", "")


def _by_prompt(rows: Iterable[TrainingRow]) -> dict[str, list[TrainingRow]]:
    found: defaultdict[str, list[TrainingRow]] = defaultdict(list)
    for row in rows:
        found[row.prompt].append(row)
    return found
