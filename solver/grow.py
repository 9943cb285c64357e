"""Growing pools: more candidates from a pool, by small slips, thinned to a stated rarity.

A strong model's pool of 24 is too easy to tell strategies apart. A grown pool is what sampling
thousands from a weaker model would give: most candidates pass the examples and are wrong, the
right ones are rare. Rules that keep it honest:

- at least half of the candidates pass all examples;
- no behaviour is more common than in the pool that was grown (a behaviour that occurred once there
  may fill the same share of the grown pool);
- the hardest subtask has at most `right` of the candidates right; each easier one at most `ladder`
  times as many as the one before it;
- order and names say nothing of where a candidate came from.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from problems.runner import Runner
from sandbox.backend import Sandbox
from sandbox.compile import Compiler
from solver.behaviour import BehaviourConfig, observe
from solver.build import compile_all
from solver.contest.truth import Label, Labeller
from solver.errors import SolverError
from solver.grow_mutations import Edit, Slip, edits_of, mutate
from solver.types import Behaviour, Candidate, GeneratedInput, RunStatus

_BATCH = 48
_RIGHT_GROUP_TRIES = 24
"""Mutants that behave like a right program are labelled up to this many: some of them are wrong on
the hidden tests alone, and a pool without those would be too clean."""


class GrowConfig(BaseModel):
    """How a pool is grown."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: int = Field(default=500, ge=2)
    """Candidates of the grown pool."""
    right: float = Field(default=0.01, gt=0, le=1)
    """Largest share of candidates that are right on the hardest subtask."""
    ladder: float = Field(default=2.0, ge=1)
    """Each easier subtask may have this many times as many right candidates."""
    attempts: int = Field(default=5, ge=1)
    """Mutants made at most, as a multiple of `size`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A grown candidate with its label.

    Attributes:
        parent: Id of the recorded candidate it was made from.
        slips: The slips made; empty for a recorded candidate.
    """

    candidate: Candidate
    parent: str
    slips: tuple[Slip, ...]
    program: str
    label: Label


@dataclass(slots=True)
class _Quotas:
    """What still fits into the pool."""

    size: int
    right: NDArray[np.int64]
    failing: int
    groups: Counter[bytes] = field(default_factory=Counter)
    right_tries: Counter[bytes] = field(default_factory=Counter)


Report = Callable[[int, int, int], None]
"""Called with (candidates so far, size, mutants made)."""


class Grower:
    """Grows one pool."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        labeller: Labeller,
        runner: Runner,
        inputs: Sequence[GeneratedInput],
        sandbox: Sandbox,
        compiler: Compiler,
        run: Path,
        *,
        behaviour: BehaviourConfig | None = None,
    ) -> None:
        """Runs and labels the recorded candidates.

        Raises:
            SolverError: None of them compiles.
        """
        self._labeller = labeller
        self._task = labeller.task
        self._runner = runner
        self._inputs = inputs
        self._sandbox = sandbox
        self._compiler = compiler
        self._run = run
        self._behaviour = behaviour or BehaviourConfig()
        self._max_points = np.array([one.max_points for one in self._task.subtasks])
        self._base = self._tried([(one, one.id, ()) for one in candidates])
        if not self._base:
            raise SolverError(f"{self._task.name}: no candidate of the pool compiles")

    def grow(
        self, config: GrowConfig, rng: np.random.Generator, report: Report | None = None
    ) -> list[Grown]:
        """The grown pool, shuffled; shorter than asked where the pool does not give more."""
        quotas = self._quotas(config)
        kept: list[Grown] = []
        seen = {(one.candidate.language, one.candidate.source) for one, _, _ in self._base}
        base = [self._base[index] for index in rng.permutation(len(self._base))]
        base.sort(key=lambda item: -int(self._right(item[0]).all()))
        for one, key, passes in base:
            self._take(one, key, passes, quotas, kept)
        edits = {one.candidate.id: _edits(one.candidate) for one, _, _ in self._base}
        parents = [one.candidate for one, _, _ in self._base if edits[one.candidate.id]]
        weights = np.array(
            [
                2.0 if passes and not self._right(one).all() else 1.0
                for one, _, passes in self._base
                if edits[one.candidate.id]
            ]
        )
        made = 0
        while parents and len(kept) < config.size and made < config.attempts * config.size:
            batch: list[tuple[Candidate, str, tuple[Slip, ...]]] = []
            while len(batch) < _BATCH and made < config.attempts * config.size:
                made += 1
                parent = parents[int(rng.choice(len(parents), p=weights / weights.sum()))]
                mutant = _mutant(parent, edits[parent.id], rng, made)
                if mutant is not None and (mutant[0].language, mutant[0].source) not in seen:
                    seen.add((mutant[0].language, mutant[0].source))
                    batch.append((mutant[0], parent.id, mutant[1]))
            for one, key, passes in self._tried(batch, quotas):
                self._take(one, key, passes, quotas, kept)
            if report is not None:
                report(len(kept), config.size, made)
        return [_renamed(kept[index], place) for place, index in enumerate(_order(kept, rng), 1)]

    def _quotas(self, config: GrowConfig) -> _Quotas:
        rates = np.array([self._right(one) for one, _, _ in self._base]).mean(axis=0)
        # The hardest first; where two are as hard, the one worth more.
        order = np.lexsort((-self._max_points, rates))
        right = np.zeros(len(rates), dtype=np.int64)
        for place, s in enumerate(order):
            right[s] = max(1, int(config.size * config.right * config.ladder**place + 1e-9))
        groups: Counter[bytes] = Counter()
        for _, key, _ in self._base:
            groups[key] += 1
        share = config.size / len(self._base)
        caps = Counter({key: max(1, round(count * share)) for key, count in groups.items()})
        quotas = _Quotas(size=config.size, right=right, failing=config.size // 2, groups=caps)
        self._default_cap = max(1, round(share))
        return quotas

    def _take(
        self, one: Grown, key: bytes, passes: bool, quotas: _Quotas, kept: list[Grown]
    ) -> None:
        right = self._right(one)
        if len(kept) >= quotas.size or not self._room(key, passes, quotas):
            return
        if (quotas.right[right] <= 0).any():
            return
        quotas.right[right] -= 1
        quotas.groups[key] -= 1
        quotas.failing -= not passes
        kept.append(one)

    def _room(self, key: bytes, passes: bool, quotas: _Quotas) -> bool:
        if key not in quotas.groups:
            quotas.groups[key] = self._default_cap
        return quotas.groups[key] > 0 and (passes or quotas.failing > 0)

    def _tried(
        self,
        batch: Sequence[tuple[Candidate, str, tuple[Slip, ...]]],
        quotas: _Quotas | None = None,
    ) -> list[tuple[Grown, bytes, bool]]:
        """Compiles, observes and labels; what does not compile or has no room is left out."""
        programs = compile_all(
            [one for one, _, _ in batch],
            self._task,
            self._sandbox,
            self._compiler,
            runner=self._runner,
        )
        seen = observe(
            programs,
            self._inputs,
            self._runner,
            self._task,
            self._run,
            self._behaviour,
            slots=self._sandbox.slots,
        )
        keys = _keys(seen)
        passes = _passes(seen)
        wanted: list[int] = []
        for row, program in enumerate(programs.digests):
            if program is None:
                continue
            if quotas is not None:
                if not self._room(keys[row], bool(passes[row]), quotas):
                    continue
                if keys[row] in quotas.right_tries:
                    quotas.right_tries[keys[row]] += 1
                    if quotas.right_tries[keys[row]] > _RIGHT_GROUP_TRIES:
                        continue
            wanted.append(row)
        labels = self._labeller.label([batch[row][0] for row in wanted])
        tried = []
        for row in wanted:
            candidate, parent, slips = batch[row]
            if candidate.id not in labels:
                continue
            program, label = labels[candidate.id]
            one = Grown(
                candidate=candidate, parent=parent, slips=slips, program=program, label=label
            )
            if quotas is not None and self._right(one).all():
                quotas.right_tries.setdefault(keys[row], 0)
            tried.append((one, keys[row], bool(passes[row])))
        return tried

    def _right(self, one: Grown) -> NDArray[np.bool_]:
        right: NDArray[np.bool_] = np.array(one.label.points) >= self._max_points - 1e-9
        return right


def _keys(behaviour: Behaviour) -> list[bytes]:
    """A key a row; equal keys behave alike on all inputs."""
    return [
        status.tobytes() + digest.tobytes()
        for status, digest in zip(behaviour.status, behaviour.digest, strict=True)
    ]


def _passes(behaviour: Behaviour) -> NDArray[np.bool_]:
    known = behaviour.expected != 0
    if not known.any():
        finished: NDArray[np.bool_] = (behaviour.status == RunStatus.OK).any(axis=1)
        return finished
    right: NDArray[np.bool_] = (behaviour.digest[:, known] == behaviour.expected[known]).all(axis=1)
    return right


def _edits(candidate: Candidate) -> list[Edit]:
    return edits_of(candidate.source.encode("utf-8", "surrogateescape"), candidate.language)


def _mutant(
    parent: Candidate, edits: list[Edit], rng: np.random.Generator, number: int
) -> tuple[Candidate, tuple[Slip, ...]] | None:
    source = parent.source.encode("utf-8", "surrogateescape")
    made = mutate(source, parent.language, rng, edits)
    if made is None:
        return None
    candidate = Candidate(
        id=f"{parent.task}/m{number}",
        task=parent.task,
        subtask=parent.subtask,
        language=parent.language,
        source=made[0].decode("utf-8", "surrogateescape"),
        model="grown",
    )
    return candidate, made[1]


def _order(kept: Sequence[Grown], rng: np.random.Generator) -> list[int]:
    return [int(index) for index in rng.permutation(len(kept))]


def _renamed(one: Grown, place: int) -> Grown:
    candidate = Candidate(
        id=f"{one.candidate.task}/{place:04d}",
        task=one.candidate.task,
        subtask=one.candidate.subtask,
        language=one.candidate.language,
        source=one.candidate.source,
        model="grown",
    )
    return Grown(
        candidate=candidate,
        parent=one.parent,
        slips=one.slips,
        program=one.program,
        label=one.label,
    )
