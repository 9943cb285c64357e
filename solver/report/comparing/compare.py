"""From entries (a model, a strategy, a setting) on the same tasks to one document."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.verdict import POINTS_TOLERANCE
from solver.errors import SolverError
from solver.replays.play import replay_all
from solver.replays.world import World
from solver.report.comparing.measures import (
    Figure,
    best_figure,
    difference,
    marks_of,
    over_tasks,
    pass_figure,
    replayed_figure,
)

MARKS = (1, 5, 10, 20, 50)
RANDOM = "random"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One side of a comparison.

    Attributes:
        name: What it is called in the table.
        about: Models that its candidates came from, for people.
        worlds: Task to candidates, what they did, and what they are worth.
    """

    name: str
    about: str
    worlds: Mapping[str, World]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareOptions:
    """How entries are compared.

    Attributes:
        strategies: Replayed on each entry's candidates.
        limit: Submissions.
        seeds: Replays a strategy and task.
    """

    strategies: Sequence[str] = ("expected_gain",)
    limit: int = 50
    seeds: int = 50


def compare(
    entries: Sequence[Entry],
    options: CompareOptions,
    processes: int = 1,
    progress: Callable[[str], None] = lambda word: None,
) -> dict[str, Any]:
    """The document of `solver compare --json`.

    Only tasks that every entry has are compared; the others are named. Differences are against the
    first entry, and against the first strategy within an entry.

    Raises:
        SolverError: No task is common to all entries.
    """
    common = [task for task in entries[0].worlds if all(task in entry.worlds for entry in entries)]
    if not common:
        names = "; ".join(f"{entry.name}: {', '.join(entry.worlds)}" for entry in entries)
        raise SolverError(f"nothing to compare: no task that all of them have ({names})")
    left_out = sorted({task for entry in entries for task in entry.worlds} - set(common))
    marks = marks_of(options.limit, MARKS)
    measured = []
    for entry in entries:
        progress(entry.name)
        measured.append(_Measured(entry, common, options, marks, processes))
    return {
        "tasks": common,
        "left_out": left_out,
        "limit": options.limit,
        "seeds": options.seeds,
        "marks": marks,
        "strategies": [RANDOM, *options.strategies],
        "entries": [one.document() for one in measured],
        "differences": [
            *(row for one in measured[1:] for row in one.against(measured[0])),
            *(row for one in measured for row in one.among_strategies()),
        ],
    }


class _Measured:
    """One entry's figures: task by task, and over all tasks."""

    def __init__(
        self,
        entry: Entry,
        tasks: Sequence[str],
        options: CompareOptions,
        marks: Sequence[int],
        processes: int,
    ) -> None:
        self.entry = entry
        self.marks = marks
        self.strategies = list(options.strategies)
        worlds = {task: _limited(entry.worlds[task], options.limit) for task in tasks}
        curves = replay_all(worlds, self.strategies, options.seeds, processes)
        self.passed: dict[str, dict[int, Figure | None]] = {}
        self.points: dict[str, dict[str, dict[int, Figure]]] = {}
        for number, (task, world) in enumerate(worlds.items()):
            truth = world.truth
            total, right = len(truth.points), int(_solved(world).sum())
            # Another model's candidates are other draws; the seed differs by entry and task.
            rng = np.random.default_rng([number, *entry.name.encode()])
            self.passed[task] = {k: pass_figure(total, right, k, rng) for k in marks}
            self.points[task] = {RANDOM: {k: best_figure(truth.points, k, rng) for k in marks}}
            for name in self.strategies:
                found = curves[task][name].points
                self.points[task][name] = {
                    # The same seeds for every strategy: their differences are paired.
                    k: replayed_figure(
                        found[:, min(k, found.shape[1]) - 1], np.random.default_rng([number, k])
                    )
                    for k in marks
                }

    def total_pass(self, k: int) -> Figure | None:
        """Mean pass@k over the tasks that have so many candidates."""
        known = {task: found for task in self.passed if (found := self.passed[task][k])}
        if len(known) < len(self.passed):
            return None
        return over_tasks(known, mean=True, rng=np.random.default_rng(7))

    def total_points(self, name: str, k: int) -> Figure:
        """Sum over the tasks."""
        found = over_tasks(
            {task: self.points[task][name][k] for task in self.points},
            mean=False,
            rng=np.random.default_rng(7),
        )
        assert found is not None  # there is a task
        return found

    def document(self) -> dict[str, Any]:
        """The entry's part."""
        return {
            "name": self.entry.name,
            "model": self.entry.about,
            "total": {
                "pass_at": {str(k): _plain(self.total_pass(k)) for k in self.marks},
                "points_at": {
                    name: {str(k): _plain(self.total_points(name, k)) for k in self.marks}
                    for name in [RANDOM, *self.strategies]
                },
                "oracle": sum(self.entry.worlds[task].truth.oracle for task in self.points),
                "max_points": sum(
                    float(self.entry.worlds[task].truth.max_points.sum()) for task in self.points
                ),
            },
            "tasks": [self._task(task) for task in self.points],
        }

    def _task(self, task: str) -> dict[str, Any]:
        truth = self.entry.worlds[task].truth
        return {
            "task": task,
            "candidates": len(truth.points),
            "right": int(_solved(self.entry.worlds[task]).sum()),
            "oracle": truth.oracle,
            "max_points": float(truth.max_points.sum()),
            "pass_at": {str(k): _plain(found) for k, found in self.passed[task].items()},
            "points_at": {
                name: {str(k): _plain(figure) for k, figure in found.items()}
                for name, found in self.points[task].items()
            },
        }

    def against(self, first: "_Measured") -> list[dict[str, Any]]:
        """This entry less the first, paired by task."""
        rows = []
        for k in self.marks:
            mine, theirs = self.total_pass(k), first.total_pass(k)
            if mine is not None and theirs is not None:
                rows.append(self._row(first.entry.name, f"pass@{k}", difference(theirs, mine)))
        for name in [RANDOM, *self.strategies]:
            for k in self.marks:
                change = difference(first.total_points(name, k), self.total_points(name, k))
                rows.append(self._row(first.entry.name, f"points at {k}, {name}", change))
        return rows

    def among_strategies(self) -> list[dict[str, Any]]:
        """Each strategy less the first one, paired by task and seed."""
        rows = []
        for name in self.strategies[1:]:
            first = self.strategies[0]
            for k in self.marks:
                change = difference(self.total_points(first, k), self.total_points(name, k))
                row = self._row(self.entry.name, f"points at {k}, {name} less {first}", change)
                rows.append(row)
        return rows

    def _row(self, against: str, measure: str, change: Figure) -> dict[str, Any]:
        sure = change.low > POINTS_TOLERANCE or change.high < -POINTS_TOLERANCE
        return {
            "name": self.entry.name,
            "against": against,
            "measure": measure,
            **_figures(change),
            "sure": sure,
        }


def _solved(world: World) -> NDArray[np.bool_]:
    """(P,) full marks of the whole task."""
    return np.asarray(world.truth.right.all(axis=1), dtype=np.bool_)


def _limited(world: World, limit: int) -> World:
    return World(view=replace(world.view, limit=limit), truth=world.truth)


def _plain(figure: Figure | None) -> dict[str, float] | None:
    return None if figure is None else _figures(figure)


def _figures(figure: Figure) -> dict[str, float]:
    # Sums of equal points in another order differ in their last digits: "-1e-13" is no difference.
    found = {"value": figure.value, "low": figure.low, "high": figure.high}
    return {name: round(value, 9) + 0.0 for name, value in found.items()}
