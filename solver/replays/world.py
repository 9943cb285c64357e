"""Replays, the set-up: one recorded pool with its behaviour, estimates and truth."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from problems.task import Task
from solver.breaking.withdrawing import accusations_of
from solver.observed import Observed
from solver.replays.suite import SuiteQuality
from solver.replays.truth import Truth
from solver.scorer import estimate
from solver.strategies.base import View
from solver.types import FeedbackMode, Pool


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A view and what each candidate of it is worth; only the simulator holds both.

    Attributes:
        suite: Kind of inputs made at solve time to how well they told wrong from right.
    """

    view: View
    truth: Truth
    suite: Mapping[str, SuiteQuality] = field(default_factory=dict)


def default_run(pool_path: Path) -> Path:
    """Where a pool's observations are kept unless told otherwise: a folder by its content."""
    digest = hashlib.blake2b(pool_path.read_bytes(), digest_size=8).hexdigest()
    return Path(platformdirs.user_cache_dir("solver")) / "replays" / f"{pool_path.stem}-{digest}"


def view_of(
    pool: Pool,
    task: Task,
    observed: Observed,
    *,
    limit: int,
    mode: FeedbackMode = FeedbackMode.FULL,
    weights: Path | None = None,
) -> View:
    """The view that a strategy gets, estimates by the scorer in `weights`."""
    return View(
        task=task,
        candidates=pool.candidates,
        behaviour=observed.behaviour,
        clusters=observed.clusters,
        estimate=estimate(
            pool.candidates, observed.behaviour, observed.clusters, task, weights=weights
        ),
        feedback_mode=mode,
        limit=limit,
        accused=observed.accused,
        accusations=accusations_of(observed.broken.evidence, pool.candidates),
    )
