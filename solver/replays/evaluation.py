"""Stage 7, its evaluation: what a scorer is worth on contests that it never saw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.replays.record import Record
from solver.scorer.calibration import Reliability, reliability
from solver.scorer.model import Scorer
from solver.scorer.training import Labelled, TrainConfig, leave_contest_out


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOutScore:
    """One task's figures.

    Attributes:
        auc: Mean over subtasks of the chance that a right candidate is ranked above a wrong one;
            None where no subtask has both.
        top: Mean over subtasks of the rank of the best right candidate (1 is first).
    """

    task: str
    contest: str
    reliability: Reliability
    auc: float | None
    top: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """All tasks, each scored by a scorer trained without its contest."""

    tasks: tuple[HeldOutScore, ...]
    reliability: Reliability
    probability: Mapping[str, NDArray[np.float64]]


def labelled(record: Record) -> Labelled:
    """A record as training data."""
    return Labelled(
        task=record.task.name,
        contest=record.contest,
        features=record.features,
        right=record.truth.right,
        label=record.clusters.label,
        embedding=record.embedding,
    )


def evaluate(
    records: Mapping[str, Record],
    config: TrainConfig,
    extra: Sequence[Record] = (),
    encoder: str | None = None,
) -> Evaluation:
    """Leave-one-contest-out evaluation.

    Args:
        records: By name; several may be of one contest.
        extra: More training data, left out by contest as well but not evaluated.
        encoder: Scorers that read the records' embeddings as well.
    """
    data = [labelled(record) for record in [*records.values(), *extra]]
    scorers = leave_contest_out(data, config, encoder)
    return score_with(records, {name: scorers[one.contest] for name, one in records.items()})


def score_with(records: Mapping[str, Record], scorers: Mapping[str, Scorer]) -> Evaluation:
    """Each record scored by its own scorer."""
    rows: list[HeldOutScore] = []
    probability: dict[str, NDArray[np.float64]] = {}
    predicted: list[NDArray[np.float64]] = []
    happened: list[NDArray[np.bool_]] = []
    for name, record in records.items():
        found = scorers[name].probability(record.features, record.clusters.label, record.embedding)
        probability[name] = found
        right = record.truth.right
        predicted.append(found.reshape(-1))
        happened.append(right.reshape(-1))
        ranks = [ranking(found[:, s], right[:, s]) for s in range(right.shape[1])]
        known = [one for one in ranks if one is not None]
        rows.append(
            HeldOutScore(
                task=name,
                contest=record.contest,
                reliability=reliability(found.reshape(-1), right.reshape(-1)),
                auc=float(np.mean([auc for auc, _ in known])) if known else None,
                top=float(np.mean([top for _, top in known])) if known else None,
            )
        )
    return Evaluation(
        tasks=tuple(rows),
        reliability=reliability(np.concatenate(predicted), np.concatenate(happened)),
        probability=probability,
    )


def ranking(predicted: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[float, float] | None:
    """(AUC, rank of the best right candidate) of one subtask; None without both kinds."""
    good, bad = predicted[right], predicted[~right]
    if not len(good) or not len(bad):
        return None
    above = (good[:, None] > bad[None, :]).mean() + 0.5 * (good[:, None] == bad[None, :]).mean()
    best = good.max()
    return float(above), float(1 + (bad > best).sum() + 0.5 * (bad == best).sum())
