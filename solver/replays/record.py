"""Replays, kept: a whole replay in one small file of numbers, without a line of anybody's text.

A record holds what the candidates did (as codes), the features, the truth, and of a program only
its language, its length and which others are the same text. Scorers are trained and strategies
compared on records; the figures that the project publishes can be made again from them.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from problems.task import Statement, Subtask, Task, TaskLimits, TaskType
from problems.verdict import Verdict
from solver.errors import PoolError
from solver.kept.whole_files import whole_file
from solver.observed import Observed
from solver.replays.truth import Truth
from solver.replays.world import World
from solver.scorer.features import NAMES, features_of, names_now
from solver.strategies.base import View
from solver.types import (
    Behaviour,
    Candidate,
    Clusters,
    Estimate,
    FeedbackMode,
    Pool,
)

if TYPE_CHECKING:
    from solver.scorer.encoder import Encoder

_VERSION = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One recorded pool.

    Attributes:
        contest: What is left out together in evaluations.
        grown: How the pool was made.
        task: Names, points and inclusion of the subtasks; no statement.
        candidates: Their text is blanks of the program's length, different for each program.
        features: (P, S, F).
        embedding: (P, D) of `encoder`, where one was asked for.
    """

    contest: str
    grown: str
    task: Task
    candidates: tuple[Candidate, ...]
    behaviour: Behaviour
    clusters: Clusters
    features: NDArray[np.float32]
    truth: Truth
    embedding: NDArray[np.float32] | None = None
    encoder: str | None = None

    def world(
        self,
        probability: NDArray[np.float64],
        *,
        limit: int = 50,
        mode: FeedbackMode = FeedbackMode.FULL,
    ) -> World:
        """The world for replays under these estimates (P, S)."""
        known = np.where(self.clusters.label < 0, 0.0, probability)
        view = View(
            task=self.task,
            candidates=self.candidates,
            behaviour=self.behaviour,
            clusters=self.clusters,
            estimate=Estimate(probability=known, features=self.features),
            feedback_mode=mode,
            limit=limit,
        )
        return World(view=view, truth=self.truth)


def record_of(
    pool: Pool,
    task: Task,
    observed: Observed,
    truth: Truth,
    contest: str,
    grown: str = "",
    encoder: "Encoder | None" = None,
) -> Record:
    """A record of an observed and labelled pool."""
    sources = [candidate.source for candidate in pool.candidates]
    return Record(
        contest=contest,
        grown=grown or truth.notes.get("grown", ""),
        task=task,
        candidates=pool.candidates,
        behaviour=observed.behaviour,
        clusters=observed.clusters,
        features=features_of(pool.candidates, observed.behaviour, observed.clusters, task),
        truth=truth.of(pool.candidates),
        embedding=None if encoder is None else encoder.embed(task.statement.text, sources),
        encoder=None if encoder is None else encoder.name,
    )


def write_record(path: Path, record: Record) -> None:
    """Writes a compressed NumPy archive."""
    behaviour, truth = record.behaviour, record.truth
    programs, inputs = len(behaviour.candidate_ids), len(behaviour.input_ids)
    codes = np.zeros((programs, inputs), dtype=np.int16)
    expected = np.full(inputs, -1, dtype=np.int16)
    for j in range(inputs):
        values, inverse = np.unique(behaviour.digest[:, j], return_inverse=True)
        codes[:, j] = inverse
        known = np.flatnonzero(values == behaviour.expected[j])
        if behaviour.expected[j] != 0:
            # An answer that nobody printed gets a code of its own.
            expected[j] = known[0] if len(known) else len(values)
    twins: dict[tuple[str, str], int] = {}
    twin = [twins.setdefault((c.language, c.source), len(twins)) for c in record.candidates]
    about = {
        "version": _VERSION,
        "features": list(NAMES),
        "contest": record.contest,
        "grown": record.grown,
        "task": record.task.name,
        "subtasks": [[s.name, s.max_points, list(s.includes)] for s in record.task.subtasks],
        "scored": record.task.scored,
        "type": str(record.task.type),
        "languages": [candidate.language for candidate in record.candidates],
        "targets": [candidate.subtask for candidate in record.candidates],
        "programs": list(truth.program_digests),
        "sources": list(truth.source_digests),
        "verdicts": [str(verdict) for verdict in truth.verdicts],
        "notes": dict(truth.notes),
        "encoder": record.encoder,
    }
    more: dict[str, Any] = {}
    if record.embedding is not None:
        more["embedding"] = record.embedding.astype(np.float16)
    with whole_file(path) as partial:
        np.savez_compressed(
            partial,
            about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
            status=behaviour.status,
            codes=codes,
            expected=expected,
            cpu_ms=np.minimum(behaviour.cpu_s * 1000, 65000).astype(np.uint16),
            in_subtask=behaviour.in_subtask,
            label=record.clusters.label.astype(np.int16),
            near=record.clusters.near.astype(np.int16),
            features=record.features.astype(np.float16),
            points=truth.points,
            length=np.array([len(candidate.source) for candidate in record.candidates], np.int32),
            twin=np.array(twin, dtype=np.int32),
            **more,
        )


def read_record(path: Path) -> Record:
    """Reads what `write_record` wrote.

    Raises:
        PoolError: The file is missing, damaged or of another version.
    """
    if not path.is_file():
        raise PoolError(f"{path}: no such record; `solver scorer collect` makes one")
    try:
        with np.load(path) as held:
            arrays = {name: held[name] for name in held.files}
        about = json.loads(arrays["about"].tobytes())
        if about["version"] != _VERSION:
            raise PoolError(f"{path}: a record of version {about['version']}, not {_VERSION}")
        if names_now(about["features"]) != NAMES:
            raise PoolError(
                f"{path}: recorded with other features; `solver scorer collect` makes it again"
            )
        return _restored(about, arrays)
    except (KeyError, ValueError, OSError) as error:
        raise PoolError(f"{path}: not a replay record ({error})") from error


def _restored(about: dict[str, object], arrays: dict[str, NDArray[np.generic]]) -> Record:
    subtasks = tuple(
        Subtask(name=name, max_points=points, includes=tuple(includes))
        for name, points, includes in about["subtasks"]  # type: ignore[attr-defined]
    )
    names = tuple(subtask.name for subtask in subtasks)
    task = Task(
        name=str(about["task"]),
        title=str(about["task"]),
        type=TaskType(str(about["type"])),
        statement=Statement(text=""),
        subtasks=subtasks,
        examples=(),
        limits=TaskLimits(time_s=None, memory_bytes=256 * 2**20),
        scored=bool(about["scored"]),
    )
    languages: list[str] = list(about["languages"])  # type: ignore[call-overload]
    targets: list[str | None] = list(about["targets"])  # type: ignore[call-overload]
    candidates = tuple(
        Candidate(
            id=f"{task.name}/{index}",
            task=task.name,
            subtask=target,
            language=language,
            source=f"{twin}".ljust(int(length)),
        )
        for index, (language, target, twin, length) in enumerate(
            zip(languages, targets, arrays["twin"].tolist(), arrays["length"].tolist(), strict=True)
        )
    )
    expected = arrays["expected"].astype(np.int64)
    behaviour = Behaviour(
        candidate_ids=tuple(candidate.id for candidate in candidates),
        input_ids=tuple(f"input{j}" for j in range(len(expected))),
        status=arrays["status"].astype(np.uint8),
        digest=(arrays["codes"].astype(np.int64) + 1).astype(np.uint64),
        cpu_s=arrays["cpu_ms"].astype(np.float32) / np.float32(1000),
        in_subtask=arrays["in_subtask"].astype(np.bool_),
        expected=(expected + 1).astype(np.uint64),
        subtasks=names,
    )
    verdicts: list[str] = list(about["verdicts"])  # type: ignore[call-overload]
    truth = Truth(
        task=task.name,
        subtasks=names,
        max_points=np.array([subtask.max_points for subtask in subtasks]),
        candidate_ids=behaviour.candidate_ids,
        source_digests=tuple(about["sources"]),  # type: ignore[arg-type]
        program_digests=tuple(about["programs"]),  # type: ignore[arg-type]
        points=arrays["points"].astype(np.float64),
        verdicts=tuple(Verdict(word) for word in verdicts),
        notes=dict(about["notes"]),  # type: ignore[call-overload]
    )
    return Record(
        contest=str(about["contest"]),
        grown=str(about["grown"]),
        task=task,
        candidates=candidates,
        behaviour=behaviour,
        clusters=Clusters(
            label=arrays["label"].astype(np.int32), near=arrays["near"].astype(np.int32)
        ),
        features=arrays["features"].astype(np.float32),
        truth=truth,
        embedding=arrays["embedding"].astype(np.float32) if "embedding" in arrays else None,
        encoder=about.get("encoder"),  # type: ignore[arg-type]
    )


def with_features(record: Record, features: NDArray[np.float32]) -> Record:
    """The record with other features, for ablations."""
    return replace(record, features=features)
