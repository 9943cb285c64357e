"""Stage 7: training in seconds, and the evaluation without a task's own contest.

Loss: cross-entropy with every (task, subtask) weighing the same, plus a pairwise term within a
subtask, since a choice is a comparison of candidates of one task. Calibration is fitted on tasks
that the networks did not see.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn
from torch.nn import functional

from solver.errors import SolverError
from solver.scorer.calibration import fit_platt
from solver.scorer.model import Scorer, ScorerNet


class TrainConfig(BaseModel):
    """How the scorer is trained."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    members: int = Field(default=1, ge=1)
    """Networks in the ensemble."""
    hidden: int = Field(default=0, ge=0)
    """Width of the network beside the linear part; 0 leaves it out."""
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
        usable: (P, S) candidates that ran on the subtask's inputs.
    """

    task: str
    contest: str
    features: NDArray[np.float32]
    right: NDArray[np.bool_]
    usable: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flat:
    """All usable rows of several tasks."""

    x: NDArray[np.float32]
    y: NDArray[np.bool_]
    weight: NDArray[np.float64]
    group: NDArray[np.int64]


def train(data: Sequence[Labelled], config: TrainConfig, notes: Mapping[str, str]) -> Scorer:
    """Trains and calibrates a scorer.

    Raises:
        SolverError: There is no usable data, or nothing in it is right.
    """
    flat = _flatten(data)
    if not flat.y.any():
        raise SolverError("nothing to learn from: no labelled candidate is right on any subtask")
    slope, offset = 1.0, 0.0
    contests = sorted({one.contest for one in data})
    if len(contests) > 1:
        logits: list[NDArray[np.float64]] = []
        truth: list[NDArray[np.bool_]] = []
        weight: list[NDArray[np.float64]] = []
        for fold in range(min(config.folds, len(contests))):
            out = set(contests[fold :: min(config.folds, len(contests))])
            inside = [one for one in data if one.contest not in out]
            outside = _flatten([one for one in data if one.contest in out])
            if not inside or not _flatten(inside).y.any():
                continue
            scorer = _fit(_flatten(inside), config, notes)
            logits.append(scorer.logits(outside.x))
            truth.append(outside.y)
            weight.append(outside.weight)
        if logits:
            slope, offset = fit_platt(
                np.concatenate(logits), np.concatenate(truth), np.concatenate(weight)
            )
    fitted = _fit(flat, config, notes)
    return Scorer(
        mean=fitted.mean,
        scale=fitted.scale,
        members=fitted.members,
        slope=slope,
        offset=offset,
        notes=notes,
    )


def leave_contest_out(data: Sequence[Labelled], config: TrainConfig) -> dict[str, Scorer]:
    """Contest to a scorer that never saw one of its tasks."""
    scorers = {}
    for contest in sorted({one.contest for one in data}):
        inside = [one for one in data if one.contest != contest]
        scorers[contest] = train(inside, config, {"left_out": contest})
    return scorers


def _flatten(data: Sequence[Labelled]) -> _Flat:
    xs, ys, weights, groups = [], [], [], []
    group = 0
    for one in data:
        for s in range(one.right.shape[1]):
            rows = np.flatnonzero(one.usable[:, s])
            if not len(rows):
                continue
            xs.append(one.features[rows, s])
            ys.append(one.right[rows, s])
            weights.append(np.full(len(rows), 1.0 / (len(rows) * one.right.shape[1] ** 0.5)))
            groups.append(np.full(len(rows), group))
            group += 1
    if not xs:
        raise SolverError("nothing to learn from: no labelled candidate ran on any input")
    return _Flat(
        x=np.concatenate(xs),
        y=np.concatenate(ys),
        weight=np.concatenate(weights),
        group=np.concatenate(groups),
    )


def _fit(flat: _Flat, config: TrainConfig, notes: Mapping[str, str]) -> Scorer:
    # Matrices this small gain nothing from threads and lose much to them on a busy machine.
    torch.set_num_threads(1)
    mean = flat.x.mean(axis=0)
    scale = np.maximum(flat.x.std(axis=0), 0.05).astype(np.float32)
    x = torch.from_numpy((flat.x - mean) / scale).clamp(-6.0, 6.0)
    y = torch.from_numpy(flat.y.astype(np.float32))
    weight = torch.from_numpy((flat.weight / flat.weight.sum()).astype(np.float32))
    rate = float((flat.y * flat.weight).sum() / flat.weight.sum())
    pairs = _Pairs(flat, config.seed)
    members = []
    for index in range(config.members):
        torch.manual_seed(config.seed * 1000 + index)
        member = ScorerNet(flat.x.shape[1], config.hidden)
        # Start at the base rate: a few steps must not be spent on finding it.
        odds = math.log(max(rate, 1e-4) / max(1.0 - rate, 1e-4))
        nn.init.constant_(member.linear.bias, odds)
        weights = [one for name, one in member.named_parameters() if name != "linear.bias"]
        optimiser = torch.optim.AdamW(
            [
                {"params": weights, "weight_decay": config.decay},
                {"params": [member.linear.bias], "weight_decay": 0.0},
            ],
            lr=config.rate,
        )
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, config.epochs)
        member.train()
        for _ in range(config.epochs):
            optimiser.zero_grad()
            logit = member(x)
            loss = functional.binary_cross_entropy_with_logits(logit, y, weight, reduction="sum")
            if config.pairwise:
                loss = loss + config.pairwise * pairs.loss(logit)
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
        member.eval()
        members.append(member)
    return Scorer(
        mean=mean.astype(np.float32),
        scale=scale,
        members=tuple(members),
        slope=1.0,
        offset=0.0,
        notes=notes,
    )


class _Pairs:
    """Random (right, wrong) pairs within a subtask, each subtask as many."""

    def __init__(self, flat: _Flat, seed: int, per_group: int = 512) -> None:
        rng = np.random.default_rng(seed)
        better, worse = [], []
        for group in np.unique(flat.group):
            rows = np.flatnonzero(flat.group == group)
            right, wrong = rows[flat.y[rows]], rows[~flat.y[rows]]
            if len(right) and len(wrong):
                better.append(rng.choice(right, per_group))
                worse.append(rng.choice(wrong, per_group))
        self._better = torch.from_numpy(np.concatenate(better) if better else np.zeros(0, int))
        self._worse = torch.from_numpy(np.concatenate(worse) if worse else np.zeros(0, int))

    def loss(self, logit: Tensor) -> Tensor:
        """Mean logistic loss of the pairs' differences."""
        if not len(self._better):
            return logit.sum() * 0.0
        return functional.softplus(logit[self._worse] - logit[self._better]).mean()
