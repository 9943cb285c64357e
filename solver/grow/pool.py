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
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from problems.jury.comparison import is_cased
from problems.tasktypes.runner import Runner
from problems.verdict import POINTS_TOLERANCE
from sandbox.backend import Executable
from sandbox.data import Blob
from solver.errors import SolverError
from solver.grow.parents import Mutant, Parent, parent_of
from solver.grow.state import GrowConfig, Grown, Quotas, Stall
from solver.kept.observations import ObservationStore
from solver.observing.behaviour import (
    observe,
    outcome_of,
    output_digest,
    recall,
)
from solver.observing.behaviour_config import BehaviourConfig
from solver.observing.bench import Bench
from solver.observing.build import Programs, compile_all
from solver.observing.examples import passes_examples
from solver.replays.truth import Labeller
from solver.types import Behaviour, Candidate, GeneratedInput, InputOrigin, RunStatus

_BATCH = 48
_RIGHT_TRIES = 8
"""Mutants of one behaviour that were labelled and found to be right beyond what fits. Until then
more are labelled: some of them are wrong on the hidden tests alone, and a pool without those would
be too clean."""
_SCREEN_S = 0.15
"""CPU limit of a screened run."""
_SCREENING = 6
"""Examples that single slips are screened on."""
_PASSING_DRAWS = 0.85
"""Share of mutants drawn to pass the examples; those that fail have room besides."""

Report = Callable[[int, int, int], None]
"""Called with (candidates so far, size, mutants made)."""


class Grower:
    """Grows one pool."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        labeller: Labeller,
        bench: Bench,
        inputs: Sequence[GeneratedInput],
        behaviour: BehaviourConfig | None = None,
    ) -> None:
        """Runs and labels the recorded candidates.

        Raises:
            SolverError: None of them compiles.
        """
        self._labeller = labeller
        self._task = labeller.task
        self._bench = bench
        self._inputs = inputs
        self._behaviour = behaviour or BehaviourConfig()
        self._max_points = np.array([one.max_points for one in self._task.subtasks])
        self._keys: dict[str, bytes] = {}
        self._base = self._tried(
            [(Mutant(candidate=one, parent=one.id), None) for one in candidates]
        )
        self._keys = {one.candidate.id: key for one, key, _ in self._base}
        if not self._base:
            raise SolverError(f"{self._task.name}: no candidate of the pool compiles")

    def grow(
        self,
        config: GrowConfig,
        rng: np.random.Generator,
        report: Report | None = None,
        stop: Callable[[], bool] = lambda: False,
    ) -> list[Grown]:
        """The grown pool, shuffled; shorter than asked where the pool does not give more, or
        where `stop` said so between two batches."""
        quotas = self._quotas(config)
        kept: list[Grown] = []
        seen = {(one.candidate.language, one.candidate.source) for one, _, _ in self._base}
        base = [self._base[index] for index in rng.permutation(len(self._base))]
        base.sort(key=lambda item: -int(self._right(item[0]).all()))
        for one, key, passes in base:
            self._take(one, key, passes, quotas, kept)
        ranked = [(one, passes) for one, _, passes in sorted(base, key=lambda item: not item[2])]
        parents = self._parents(ranked[: config.parents])
        waiting = ranked[config.parents :]
        weights = np.array([parent.weight for parent in parents])
        made = 0
        stall = Stall(config.size, [(0, len(kept))])
        most = config.attempts * config.size
        while weights.any() and len(kept) < config.size and made < most and not stop():
            batch: list[tuple[Mutant, Parent | None]] = []
            while len(batch) < _BATCH and made < most:
                made += 1
                parent = parents[int(rng.choice(len(parents), p=weights / weights.sum()))]
                passing = quotas.balance < 1.0 or bool(rng.random() < _PASSING_DRAWS)
                mutant = parent.draw(rng, f"m{made}", passing=passing)
                if mutant is None:
                    continue
                identity = (mutant.candidate.language, mutant.candidate.source)
                if identity not in seen:
                    seen.add(identity)
                    batch.append((mutant, parent))
            if batch:
                for one, key, passes in self._tried(batch, quotas):
                    self._take(one, key, passes, quotas, kept)
            if waiting and stall.seen(made, len(kept)):
                parents += self._parents(waiting)
                waiting = []
                weights = np.array([parent.weight for parent in parents])
            if report is not None:
                report(len(kept), config.size, made)
        kept = self._thinned([kept[index] for index in rng.permutation(len(kept))], config)
        return [_renamed(one, place) for place, one in enumerate(kept, 1)]

    def _thinned(self, kept: list[Grown], config: GrowConfig) -> list[Grown]:
        """Holds the rules also where fewer candidates were found than asked for."""
        seen = self.behaviour_of(kept) if kept else None
        passes = passes_examples(seen) if seen is not None else np.zeros(0, dtype=np.bool_)
        room = self._quotas(config).beside * int(passes.sum())
        left: list[Grown] = []
        for one, good in zip(kept, passes.tolist(), strict=True):
            if good or room >= 1.0:
                left.append(one)
                room -= not good
        quotas = self._quotas(config.model_copy(update={"size": len(left)}))
        result: list[Grown] = []
        # Those that are right on most come first: they must not lose their place to lesser ones.
        for one in sorted(left, key=lambda item: -int(self._right(item).sum())):
            right = self._right(one)
            if not (quotas.right[right] <= 0).any():
                quotas.right[right] -= 1
                result.append(one)
        order = {id(one): place for place, one in enumerate(left)}
        return sorted(result, key=lambda one: order[id(one)])

    def programs_of(self, kept: Sequence[Grown]) -> Programs:
        """The grown candidates as compiled programs; those of a schema are not compiled again."""
        return Programs(
            candidate_ids=tuple(one.candidate.id for one in kept),
            digests=tuple(one.program for one in kept),
            executables={one.program: one.executable for one in kept},
            errors={},
        )

    def behaviour_of(self, kept: Sequence[Grown]) -> Behaviour:
        """What the grown candidates did on the inputs, from the run folder.

        Raises:
            SolverError: A program was not observed by this grower.
        """
        programs = [(one.candidate.id, one.program) for one in kept]
        with closing(ObservationStore(self._bench.run / "observations.sqlite")) as store:
            return recall(programs, self._inputs, self._bench, store, self._behaviour)

    def _quotas(self, config: GrowConfig) -> Quotas:
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
        beside = (1.0 - config.passing) / config.passing if config.passing > 0 else float("inf")
        quotas = Quotas(size=config.size, right=right, beside=beside, groups=caps)
        self._default_cap = max(1, round(share))
        return quotas

    def _take(
        self, one: Grown, key: bytes, passes: bool, quotas: Quotas, kept: list[Grown]
    ) -> None:
        right = self._right(one)
        if len(kept) >= quotas.size or not self._room(key, passes, quotas):
            return
        if (quotas.right[right] <= 0).any():
            quotas.refused[key] += 1
            return
        quotas.right[right] -= 1
        quotas.groups[key] -= 1
        # In units of failing candidates that still fit beside the passing ones.
        quotas.balance += quotas.beside if passes else -1.0
        kept.append(one)

    def _room(self, key: bytes, passes: bool, quotas: Quotas) -> bool:
        if key not in quotas.groups:
            quotas.groups[key] = self._default_cap
        return quotas.groups[key] > 0 and (passes or quotas.balance >= 1.0)

    def _parents(self, chosen: Sequence[tuple[Grown, bool]]) -> list[Parent]:
        """The programs' slips, compiled side by side where the language allows, and screened."""
        example = [one for one in self._inputs if one.origin is InputOrigin.EXAMPLE][:_SCREENING]
        cased = is_cased(self._task.comparison)
        expected = {
            one.input: output_digest(one.output, cased=cased)
            for one in self._task.examples
            if one.output is not None and self._task.interactor is None
        }

        # A slip that never ends must not hold up the screening of hundreds.
        quick = Runner(self._task, self._bench.sandbox, self._bench.compiler, time_s=_SCREEN_S)

        def screen(program: Executable) -> bool:
            for one in example:
                execution = quick.run(program, Blob.of_bytes(one.content))
                status, digest = outcome_of(execution, cased=cased)
                if status != RunStatus.OK or digest != expected.get(one.content, digest):
                    return False
            return True

        def parent(item: tuple[Grown, bool]) -> Parent:
            one, passes = item
            weight = 2.0 if passes and not self._right(one).all() else 1.0
            return parent_of(one.candidate, self._bench.runner, screen, weight=weight)

        with ThreadPoolExecutor(self._bench.sandbox.slots) as threads:
            return list(threads.map(parent, chosen))

    def _programs(self, batch: Sequence[Mutant]) -> Programs:
        """Compiled programs of a batch; those of a schema are compiled already."""
        alone = [one.candidate for one in batch if one.executable is None]
        made = compile_all(alone, self._bench)
        executables = dict(made.executables)
        digest_of = dict(zip(made.candidate_ids, made.digests, strict=True))
        for one in batch:
            if one.executable is not None:
                digest = one.executable.digest
                executables[digest] = one.executable
                digest_of[one.candidate.id] = digest
        return Programs(
            candidate_ids=tuple(one.candidate.id for one in batch),
            digests=tuple(digest_of[one.candidate.id] for one in batch),
            executables=executables,
            errors=made.errors,
        )

    def _tried(
        self,
        batch: Sequence[tuple[Mutant, Parent | None]],
        quotas: Quotas | None = None,
    ) -> list[tuple[Grown, bytes, bool]]:
        """Compiles, observes and labels; what does not compile or has no room is left out."""
        mutants = [mutant for mutant, _ in batch]
        programs = self._programs(mutants)
        seen = observe(programs, self._inputs, self._bench, self._behaviour)
        keys = _keys(seen)
        passes = passes_examples(seen)
        for row, (mutant, parent) in enumerate(batch):
            alike = len(mutant.chosen) == 1 and keys[row] == self._keys.get(mutant.parent)
            if parent is not None and alike:
                parent.silence(mutant.chosen[0])
        wanted: list[int] = []
        for row, program in enumerate(programs.digests):
            if program is None:
                continue
            if quotas is not None:
                if not self._room(keys[row], bool(passes[row]), quotas):
                    continue
                if quotas.refused[keys[row]] >= _RIGHT_TRIES:
                    continue
            wanted.append(row)
        labels = self._labeller.label_programs(
            [
                (mutants[row].candidate.id, programs.executables[digest])
                for row in wanted
                if (digest := programs.digests[row]) is not None
            ]
        )
        tried = []
        for row in wanted:
            candidate = mutants[row].candidate
            if candidate.id not in labels:
                continue
            program, label = labels[candidate.id]
            one = Grown(
                candidate=candidate,
                parent=mutants[row].parent,
                slips=mutants[row].slips,
                program=program,
                label=label,
                executable=programs.executables[program],
            )
            tried.append((one, keys[row], bool(passes[row])))
        return tried

    def _right(self, one: Grown) -> NDArray[np.bool_]:
        right: NDArray[np.bool_] = np.array(one.label.points) >= self._max_points - POINTS_TOLERANCE
        return right


def _keys(behaviour: Behaviour) -> list[bytes]:
    """A key a row; equal keys behave alike on all inputs."""
    return [
        status.tobytes() + digest.tobytes()
        for status, digest in zip(behaviour.status, behaviour.digest, strict=True)
    ]


def _renamed(one: Grown, place: int) -> Grown:
    name = f"{one.candidate.task}/{place:04d}"
    return replace(one, candidate=replace(one.candidate, id=name, model="grown"))
