"""Stage 7: training in seconds, and the evaluation without a task's own contest.

Loss, listwise: on every subtask the softmax over clusters has to name the right one (or that there
is none), plus a pairwise term between members of one cluster and of one subtask, since a choice is
a comparison of candidates of one task. Calibration is fitted on tasks that were left out.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn
from torch.nn import functional

from solver.errors import SolverError
from solver.scorer.calibration import fit_logistic
from solver.scorer.encoder import joined, principal
from solver.scorer.model import CALIBRATION_PRIOR, Scorer, ScorerNet, calibration_inputs
from solver.scorer.threads import one_thread


class TrainConfig(BaseModel):
    """How the scorer is trained."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    epochs: int = Field(default=15, ge=1)
    """Full-batch steps."""
    rate: float = Field(default=0.02, gt=0)
    """Learning rate of AdamW."""
    decay: float = Field(default=1.0, ge=0)
    """Weight decay."""
    pairwise: float = Field(default=0.3, ge=0)
    """Weight of the pairwise term."""
    folds: int = Field(default=3, ge=2)
    """Folds over contests for the calibration."""
    columns: int = Field(default=8, ge=1)
    """Columns of an encoder's embedding that join the features."""
    seed: int = 0
    """Seed of everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One task's training data.

    Attributes:
        task: Its name.
        contest: What is left out together.
        features: (P, S, F).
        right: (P, S).
        label: (P, S) clusters; -1 where a candidate did not run on the subtask's inputs.
        weight: How much it counts, relative to the others.
        embedding: (P, D) of an encoder, None where there is none.
    """

    task: str
    contest: str
    features: NDArray[np.float32]
    right: NDArray[np.bool_]
    label: NDArray[np.int32]
    weight: float = 1.0
    embedding: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flat:
    """All usable rows of several tasks.

    Attributes:
        x: (N, F).
        y: (N,) right.
        weight: (N,) of the row in the calibration: a subtask counts by the root of its rows.
        group: (N,) subtask of some task.
        label: (N,) the group's clusters, as they were.
        cluster: (N,) clusters of all groups, numbered through.
        cluster_group: (C,) the group of each cluster.
        group_weight: (G,).
    """

    x: NDArray[np.float32]
    y: NDArray[np.bool_]
    weight: NDArray[np.float64]
    group: NDArray[np.int64]
    label: NDArray[np.int32]
    cluster: NDArray[np.int64]
    cluster_group: NDArray[np.int64]
    group_weight: NDArray[np.float64]

    def calibration_inputs(self, score: NDArray[np.float64]) -> NDArray[np.float64]:
        """(N, K) what the calibration is fitted on."""
        told = np.zeros((len(score), len(CALIBRATION_PRIOR)))
        for group in range(len(self.group_weight)):
            rows = np.flatnonzero(self.group == group)
            told[rows] = calibration_inputs(score[rows], self.label[rows], self.x[rows])
        return told


def train(
    data: Sequence[Labelled],
    config: TrainConfig,
    notes: Mapping[str, str],
    encoder: str | None = None,
) -> Scorer:
    """Trains and calibrates a scorer.

    Args:
        encoder: Reads the data's embeddings, which are this encoder's, as well.

    Raises:
        SolverError: There is no usable data, nothing in it is right, or embeddings are missing.
    """
    projection = None
    if encoder is not None:
        embeddings = [one.embedding for one in data if one.embedding is not None]
        if len(embeddings) < len(data):
            missing = next(one.task for one in data if one.embedding is None)
            raise SolverError(f"{missing}: no embedding; collect it again with --encoder {encoder}")
        projection = principal(embeddings, config.columns)
        data = [
            replace(one, features=joined(one.features, one.embedding, projection))
            for one in data
            if one.embedding is not None
        ]
    flat = _flatten(data)
    if not flat.y.any():
        raise SolverError("nothing to learn from: no labelled candidate is right on any subtask")
    calibration = np.append(CALIBRATION_PRIOR, 0.0)
    contests = sorted({one.contest for one in data})
    if len(contests) > 1:
        told: list[NDArray[np.float64]] = []
        truth: list[NDArray[np.bool_]] = []
        weight: list[NDArray[np.float64]] = []
        for fold in range(min(config.folds, len(contests))):
            out = set(contests[fold :: min(config.folds, len(contests))])
            inside = [one for one in data if one.contest not in out]
            outside = _flatten([one for one in data if one.contest in out])
            if not inside or not _flatten(inside).y.any():
                continue
            scorer = _fit(_flatten(inside), config, notes)
            told.append(outside.calibration_inputs(scorer.logits(outside.x)))
            truth.append(outside.y)
            weight.append(outside.weight)
        if told:
            calibration = fit_logistic(
                np.concatenate(told),
                np.concatenate(truth),
                np.concatenate(weight),
                CALIBRATION_PRIOR,
            )
    fitted = _fit(flat, config, notes)
    return Scorer(
        mean=fitted.mean,
        scale=fitted.scale,
        net=fitted.net,
        calibration=calibration,
        notes=notes,
        encoder=encoder,
        projection=projection,
    )


def leave_contest_out(
    data: Sequence[Labelled], config: TrainConfig, encoder: str | None = None
) -> dict[str, Scorer]:
    """Contest to a scorer that never saw one of its tasks."""
    scorers = {}
    for contest in sorted({one.contest for one in data}):
        inside = [one for one in data if one.contest != contest]
        scorers[contest] = train(inside, config, {"left_out": contest}, encoder)
    return scorers


def _flatten(data: Sequence[Labelled]) -> _Flat:
    xs, ys, weights, groups, labels, clusters, owners, shares = ([] for _ in range(8))  # type: ignore[var-annotated]
    base = 0
    for one in data:
        for s in range(one.right.shape[1]):
            rows = np.flatnonzero(one.label[:, s] >= 0)
            if not len(rows):
                continue
            share = one.weight / one.right.shape[1] ** 0.5
            names, inverse = np.unique(one.label[rows, s], return_inverse=True)
            xs.append(one.features[rows, s])
            ys.append(one.right[rows, s])
            weights.append(np.full(len(rows), share / len(rows) ** 0.5))
            groups.append(np.full(len(rows), len(shares)))
            labels.append(one.label[rows, s])
            clusters.append(inverse + base)
            owners.append(np.full(len(names), len(shares)))
            base += len(names)
            shares.append(share)
    if not xs:
        raise SolverError("nothing to learn from: no labelled candidate ran on any input")
    return _Flat(
        x=np.concatenate(xs),
        y=np.concatenate(ys),
        weight=np.concatenate(weights),
        group=np.concatenate(groups),
        label=np.concatenate(labels),
        cluster=np.concatenate(clusters),
        cluster_group=np.concatenate(owners),
        group_weight=np.array(shares),
    )


@one_thread()
def _fit(flat: _Flat, config: TrainConfig, notes: Mapping[str, str]) -> Scorer:
    mean = flat.x.mean(axis=0)
    scale = np.maximum(flat.x.std(axis=0), 0.05).astype(np.float32)
    x = torch.from_numpy((flat.x - mean) / scale).clamp(-6.0, 6.0)
    lists = _Lists(flat)
    pairs = _Pairs(flat, config.seed)
    torch.manual_seed(config.seed * 1000)
    net = ScorerNet(flat.x.shape[1])
    # Start where one of a subtask's clusters is about as likely right as none of them.
    nn.init.constant_(net.linear.bias, -math.log(max(2.0, lists.clusters_a_group)))
    weights = [one for name, one in net.named_parameters() if name != "linear.bias"]
    optimiser = torch.optim.AdamW(
        [
            {"params": weights, "weight_decay": config.decay},
            {"params": [net.linear.bias], "weight_decay": 0.0},
        ],
        lr=config.rate,
    )
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, config.epochs)
    net.train()
    for _ in range(config.epochs):
        optimiser.zero_grad()
        logit = net(x)
        loss = lists.loss(logit)
        if config.pairwise:
            loss = loss + config.pairwise * pairs.loss(logit)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
    net.eval()
    return Scorer(
        mean=mean.astype(np.float32),
        scale=scale,
        net=net,
        calibration=np.append(CALIBRATION_PRIOR, 0.0),
        notes=notes,
    )


class _Lists:
    """The listwise term: which cluster of a subtask is right, or that none is."""

    def __init__(self, flat: _Flat) -> None:
        clusters, groups = len(flat.cluster_group), len(flat.group_weight)
        self.clusters_a_group = clusters / groups
        self._cluster = torch.from_numpy(flat.cluster)
        self._count = torch.bincount(self._cluster, minlength=clusters).float()
        self._group = torch.from_numpy(flat.cluster_group)
        right = np.bincount(flat.cluster, weights=flat.y, minlength=clusters)
        total = np.bincount(flat.cluster_group, weights=right, minlength=groups)
        # Several clusters may be right (some of them slow somewhere): each counts by its members.
        target = right / np.maximum(total[flat.cluster_group], 1.0)
        self._target = torch.from_numpy(target.astype(np.float32))
        self._none = torch.from_numpy((total == 0).astype(np.float32))
        self._weight = torch.from_numpy(
            (flat.group_weight / flat.group_weight.sum()).astype(np.float32)
        )

    def loss(self, logit: Tensor) -> Tensor:
        """Weighted mean cross-entropy of the subtasks."""
        zero = torch.zeros_like(self._count)
        score = zero.index_add(0, self._cluster, logit) / self._count
        groups = len(self._weight)
        top = torch.zeros(groups).scatter_reduce(0, self._group, score.detach(), "amax")
        mass = torch.exp(-top).index_add(0, self._group, torch.exp(score - top[self._group]))
        log_sum = top + torch.log(mass)
        told = torch.zeros(groups).index_add(0, self._group, self._target * score)
        return ((log_sum - told) * self._weight).sum()


class _Pairs:
    """Random (right, wrong) pairs within a subtask, and within its clusters, each as many."""

    def __init__(self, flat: _Flat, seed: int, per_group: int = 256) -> None:
        rng = np.random.default_rng(seed)
        better, worse = [], []
        for group in range(len(flat.group_weight)):
            rows = np.flatnonzero(flat.group == group)
            right, wrong = rows[flat.y[rows]], rows[~flat.y[rows]]
            if not len(right) or not len(wrong):
                continue
            better.append(rng.choice(right, per_group))
            worse.append(rng.choice(wrong, per_group))
            kin = [(one, wrong[flat.cluster[wrong] == flat.cluster[one]]) for one in right]
            kin = [(one, others) for one, others in kin if len(others)]
            for place in rng.integers(len(kin), size=per_group) if kin else ():
                one, others = kin[place]
                better.append(np.array([one]))
                worse.append(rng.choice(others, 1))
        self._better = torch.from_numpy(np.concatenate(better) if better else np.zeros(0, int))
        self._worse = torch.from_numpy(np.concatenate(worse) if worse else np.zeros(0, int))

    def loss(self, logit: Tensor) -> Tensor:
        """Mean logistic loss of the pairs' differences."""
        if not len(self._better):
            return logit.sum() * 0.0
        return functional.softplus(logit[self._worse] - logit[self._better]).mean()
