"""Replays: strategies against a recorded pool whose truth is known, thousands a minute.

Nothing is run here. A replay hands a strategy its view, then answers each submission from the
truth table, exactly as a contest would under the chosen feedback.

gap closed = (strategy - random) / (oracle - random), where `random` is the expected points of that
many candidates drawn at random without repetition (exact, not simulated) and `oracle` is the points
of the whole pool.
"""

import multiprocessing
import signal
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import lgamma

import numpy as np
from numpy.typing import NDArray

from problems.task import Task
from problems.verdict import POINTS_TOLERANCE, Verdict
from solver import strategies
from solver.replays.truth import Truth
from solver.replays.world import World
from solver.strategies.base import Strategy, StrategyFactory, View
from solver.types import Behaviour, Clusters, Estimate, Feedback, FeedbackMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """Points after 1, 2, ... submissions.

    Attributes:
        points: (N seeds, L submissions).
        spent: (N,) submissions that were made.
    """

    points: NDArray[np.float64]
    spent: NDArray[np.int64]

    @property
    def mean(self) -> NDArray[np.float64]:
        """(L,) expected points."""
        mean: NDArray[np.float64] = self.points.mean(axis=0)
        return mean


def random_curve(points: NDArray[np.float64], limit: int) -> NDArray[np.float64]:
    """(L,) expected sum over subtasks of the best of k candidates drawn without repetition.

    Args:
        points: (P, S) of all candidates.
        limit: L; more than P draws gain nothing more.
    """
    programs = points.shape[0]
    expected = np.zeros(limit)
    for s in range(points.shape[1]):
        ordered = np.sort(points[:, s])
        steps = np.diff(ordered, prepend=0.0)
        # The best of k exceeds the j lowest unless all k are among them.
        for k in range(1, limit + 1):
            draws = min(k, programs)
            below = _chance_all_below(programs, draws)
            expected[k - 1] += float((steps * (1.0 - below)).sum())
    return expected


def _chance_all_below(programs: int, draws: int) -> NDArray[np.float64]:
    """(P,) [j]: chance that all draws fall among the j lowest of the programs."""
    chance = np.zeros(programs)
    whole = _log_choose(programs, draws)
    for j in range(draws, programs):
        chance[j] = np.exp(_log_choose(j, draws) - whole)
    return chance


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def play(strategy: Strategy, view: View, truth: Truth) -> tuple[NDArray[np.float64], int]:
    """One replay.

    Returns:
        (L,) points after each submission (the last value repeated once the strategy stops), and
        the number of submissions made.

    Raises:
        ValueError: The strategy chose a candidate that is not there.
    """
    names = truth.subtasks
    best = np.zeros(len(names))
    curve = np.zeros(view.limit)
    history: list[Feedback] = []
    while len(history) < view.limit:
        choice = strategy.next(tuple(history))
        if choice is None:
            break
        row = choice.candidate
        if not 0 <= row < len(truth.candidate_ids):
            raise ValueError(f"no candidate {row} among {len(truth.candidate_ids)}")
        best = np.maximum(best, truth.points[row])
        curve[len(history)] = best.sum()
        history.append(_feedback(row, truth, view.feedback_mode))
    curve[len(history) :] = best.sum()
    return curve, len(history)


def _feedback(row: int, truth: Truth, mode: FeedbackMode) -> Feedback:
    if mode is FeedbackMode.NONE:
        return Feedback(candidate=row)
    solved = bool((truth.points[row] >= truth.max_points - POINTS_TOLERANCE).all())
    verdict = Verdict.AC if solved else truth.verdicts[row]
    if mode is FeedbackMode.VERDICT:
        return Feedback(candidate=row, verdict=verdict)
    points = dict(zip(truth.subtasks, truth.points[row].tolist(), strict=True))
    return Feedback(candidate=row, points=points, verdict=verdict)


def shuffled(world: World, rng: np.random.Generator) -> World:
    """The same world with its candidates in another order: no strategy may live on the order."""
    order = rng.permutation(len(world.view.candidates))
    view, truth = world.view, world.truth
    behaviour = view.behaviour
    return World(
        view=replace(
            view,
            candidates=tuple(view.candidates[index] for index in order),
            behaviour=Behaviour(
                candidate_ids=tuple(behaviour.candidate_ids[index] for index in order),
                input_ids=behaviour.input_ids,
                status=behaviour.status[order],
                digest=behaviour.digest[order],
                cpu_s=behaviour.cpu_s[order],
                in_subtask=behaviour.in_subtask,
                expected=behaviour.expected,
                subtasks=behaviour.subtasks,
            ),
            clusters=Clusters(label=view.clusters.label[order], near=view.clusters.near[order]),
            estimate=Estimate(
                probability=view.estimate.probability[order],
                features=view.estimate.features[order],
            ),
            accused=None if view.accused is None else view.accused[order],
        ),
        truth=Truth(
            task=truth.task,
            subtasks=truth.subtasks,
            max_points=truth.max_points,
            candidate_ids=tuple(truth.candidate_ids[index] for index in order),
            source_digests=tuple(truth.source_digests[index] for index in order),
            program_digests=tuple(truth.program_digests[index] for index in order),
            points=truth.points[order],
            verdicts=tuple(truth.verdicts[index] for index in order),
            notes=truth.notes,
        ),
    )


def replay(world: World, factory: StrategyFactory, seeds: Sequence[int]) -> Curves:
    """Replays one strategy, each seed on a pool in another order."""
    curves, spent = [], []
    for seed in seeds:
        rng = np.random.default_rng([seed, 1])
        moved = shuffled(world, rng)
        curve, made = play(factory(moved.view, rng), moved.view, moved.truth)
        curves.append(curve)
        spent.append(made)
    return Curves(points=np.stack(curves), spent=np.array(spent, dtype=np.int64))


def replay_all(
    worlds: Mapping[str, World],
    names: Sequence[str],
    seeds: int,
    processes: int = 1,
) -> dict[str, dict[str, Curves]]:
    """Task to strategy to curves; the same seeds for every strategy, so that they pair.

    Args:
        processes: Worker processes; 1 stays in this one.
    """
    jobs = [(task, name) for task in worlds for name in names]
    found: dict[str, dict[str, Curves]] = {task: {} for task in worlds}
    if processes == 1:
        results = [_job(worlds[task], name, seeds) for task, name in jobs]
    else:
        with _workers(processes) as pool:
            results = list(
                pool.map(
                    _job,
                    [worlds[task] for task, _ in jobs],
                    [name for _, name in jobs],
                    [seeds] * len(jobs),
                )
            )
    for (task, name), curves in zip(jobs, results, strict=True):
        found[task][name] = curves
    return found


@contextmanager
def _workers(processes: int) -> Iterator[ProcessPoolExecutor]:
    """Worker processes that an exception ends at once, Ctrl-C say: the executor's own `with` waits
    for all that was begun, which may be minutes."""
    before = set(multiprocessing.active_children())
    # A terminal's Ctrl-C reaches all at once; what ends is for this process to decide.
    pool = ProcessPoolExecutor(
        processes, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN)
    )
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for each in set(multiprocessing.active_children()) - before:
            each.terminate()
        raise
    finally:
        pool.shutdown()


def _job(world: World, name: str, seeds: int) -> Curves:
    return replay(world, strategies.factory_of(name), range(seeds))


def check_same_task(task: Task, truth: Truth) -> bool:
    """Whether a truth table belongs to this task, by its subtasks."""
    return truth.subtasks == tuple(subtask.name for subtask in task.subtasks)
