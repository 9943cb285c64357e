"""Growing pools, the parents: which slips of a recorded program get past the examples.

A slip drawn at random is mostly caught by an example, and a pool of such mutants is decided by the
examples alone. So every single slip of a parent is screened on the examples first (cheap: one
schema, an environment variable a run). Mutants that should pass the examples are then made of slips
that each pass alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from problems.submission import Submission
from problems.tasktypes.runner import Runner
from sandbox.backend import Executable
from sandbox.compiling.compile import CompileError
from solver.grow.edit import Edit, Slip, apply_edits
from solver.grow.edits import edits_of, grammar_of
from solver.grow.schema import MOST_SLIPS, Schema, schema_of
from solver.source_text import encoded
from solver.types import Candidate

Screen = Callable[[Executable], bool]
"""Whether a program passes the examples."""

_SLIPS = {True: (0.45, 0.3, 0.25), False: (0.7, 0.3)}
"""Chance of 1, 2, ... slips in a mutant that should pass the examples, and in one that may fail."""
_SCREENED = 80
"""Slips screened a parent at most, spread over the program; the others are not used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A program with slips; `executable` where a schema has compiled it already."""

    candidate: Candidate
    parent: str
    slips: tuple[Slip, ...] = ()
    chosen: tuple[int, ...] = ()
    executable: Executable | None = None


@dataclass(slots=True, kw_only=True)
class Parent:
    """A recorded candidate and the slips that can be made in it.

    Attributes:
        weight: How often it is drawn, relative to the others.
        edits: Its slips by number.
        schema: All of them compiled side by side, None where the language has no schema.
        passing: Numbers of the slips that alone pass the examples and change something.
        failing: Numbers of the others.
    """

    candidate: Candidate
    weight: float
    edits: dict[int, Edit]
    schema: Schema | None
    passing: list[int] = field(default_factory=list)
    failing: list[int] = field(default_factory=list)

    def silence(self, number: int) -> None:
        """A slip that alone changes nothing on any input: it makes no mutant worth running."""
        if number in self.passing and len(self.passing) > 1:
            self.passing.remove(number)

    def draw(self, rng: np.random.Generator, name: str, *, passing: bool) -> Mutant | None:
        """A mutant that likely passes the examples, or likely not; None where there is none."""
        numbers = self.passing if passing else self.failing
        if not numbers:
            return None
        shares = _SLIPS[passing]
        count = 1 + int(rng.choice(len(shares), p=shares))
        chosen: list[int] = []
        for _ in range(count):
            number = self._one(numbers, rng)
            edit = self.edits[number]
            others = [self.edits[one] for one in chosen]
            if all(edit.end <= one.start or one.end <= edit.start for one in others):
                chosen.append(number)
            # A failing slip beside a passing one fails as well.
            numbers = self.passing or numbers
        return self.made(tuple(sorted(chosen)), name)

    def _one(self, numbers: Sequence[int], rng: np.random.Generator) -> int:
        """A number; kinds of slips are drawn evenly."""
        kinds: dict[Slip, list[int]] = {}
        for number in numbers:
            kinds.setdefault(self.edits[number].slip, []).append(number)
        of_kind = kinds[sorted(kinds)[int(rng.integers(len(kinds)))]]
        return of_kind[int(rng.integers(len(of_kind)))]

    def made(self, chosen: tuple[int, ...], name: str) -> Mutant:
        """The mutant with these slips, which must lie apart."""
        edits = [self.edits[number] for number in chosen]
        source = encoded(self.candidate.source)
        candidate = Candidate(
            id=f"{self.candidate.task}/{name}",
            task=self.candidate.task,
            subtask=self.candidate.subtask,
            language=self.candidate.language,
            source=apply_edits(source, edits).decode(),
            model="grown",
        )
        return Mutant(
            candidate=candidate,
            parent=self.candidate.id,
            slips=tuple(sorted(edit.slip for edit in edits)),
            chosen=chosen,
            executable=None if self.schema is None else self.schema.with_slips(chosen),
        )


def parent_of(candidate: Candidate, runner: Runner, screen: Screen, *, weight: float) -> Parent:
    """Compiles and screens a program's slips.

    Args:
        candidate: A recorded program that compiles.
        runner: Builds its mutants with the task's managers.
        screen: Runs the examples.
        weight: How often it should be drawn.
    """
    language = candidate.language

    def build(source: bytes) -> Executable | CompileError:
        return runner.build(Submission(language=language, sources={"solution": source}))

    source = encoded(candidate.source)
    schema = schema_of(source, language, build)
    if schema is not None:
        edits = dict(schema.edits)
    else:
        edits = dict(enumerate(edits_of(source, language), 1))
        weight /= 2.0
    parent = Parent(
        candidate=candidate, weight=weight if edits else 0.0, edits=edits, schema=schema
    )
    if schema is None and grammar_of(language) == "cpp":
        # A compilation a slip: too dear to screen.
        parent.failing = sorted(edits)
        return parent
    numbers = sorted(edits)
    spread = np.linspace(0, len(numbers) - 1, min(len(numbers), _SCREENED)).astype(int)
    for number in (numbers[place] for place in spread.tolist()):
        mutant = parent.made((number,), "screened")
        program = mutant.executable or build(encoded(mutant.candidate.source))
        passes = isinstance(program, Executable) and screen(program)
        (parent.passing if passes else parent.failing).append(number)
    return parent


assert max(len(shares) for shares in _SLIPS.values()) <= MOST_SLIPS
