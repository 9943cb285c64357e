"""Stage 7: the small calibrated model (torch), its file, and how it is applied.

A candidate's score is linear in standardised features.
On a subtask the clusters compete: a cluster's score is its members' mean, and a softmax over all
clusters and `none of them` says which one is right. A logistic regression on that, on what a
member's score has beyond its cluster's, and on how much of the pool is in the cluster (`BESIDE`),
fitted on predictions for tasks left out, makes the result a probability that is true on average.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from solver.errors import SolverError
from solver.scorer.encoder import joined
from solver.scorer.features import NAMES, names_now
from solver.scorer.threads import one_thread

DEFAULT_WEIGHTS = Path(__file__).with_name("default.safetensors")
NET_PREFIX = "0."
"""What the network's tensors are called in a file, before their own names."""


PRIOR = {
    "all of the subtask's examples passed": 1.0,
    "subtask's examples passed (share)": 0.5,
    "all examples passed": 0.3,
    "agreement, programs that pass the examples": 0.5,
    "agreement, weighted by agreement": 0.5,
    "agreement relative to the best, examples": 0.6,
    "agreement relative to the best, weighted": 0.6,
    "agreement relative to the best, a vote a family": 0.5,
    "prints what most families print (share)": 0.4,
    "prints what most families print where they differ (share)": 0.5,
    "cluster's share of families that pass the subtask's examples": 0.3,
    "CPU time over that of the cluster's fastest (log)": -0.2,
    "agreement, slow programs": 0.2,
    "agreement relative to the best, slow": 0.4,
    "families in the near-cluster (log)": 0.4,
    "two languages in the near-cluster": 0.4,
    "crashes (share of inputs)": -0.4,
    "over the time limit (share of inputs)": -0.4,
    "rejected or too much output (share)": -0.6,
    "prompt asked for this subtask": 0.1,
}
"""What a person would bet on before any data, in logits a standard deviation."""


BESIDE = (
    "cluster's share of programs that pass the subtask's examples",
    "cluster's share of families that pass the subtask's examples",
    "families in the cluster (log)",
)
"""Features that say what share of the members of a right cluster pass the hidden tests too: in a
cluster that fills half of the pool most do, in one of mutants of one program few."""

CALIBRATION_PRIOR = np.array([1.0, 0.5, *(0.0 for _ in BESIDE)])
"""What the calibration is pulled to: the odds as they are."""


class ScorerNet(nn.Module):
    """(N, F) standardised features to (N,) logits.

    A prior of fixed signs (`PRIOR`) and what was learned beside it. Weight decay pulls towards the
    prior, not towards nothing: with a handful of tasks that decides how features which no task
    settles are used.
    """

    prior: Tensor

    def __init__(self, inputs: int) -> None:
        super().__init__()
        beyond = inputs - len(NAMES)  # columns of an encoder have no names and no prior
        weights = torch.tensor([PRIOR.get(name, 0.0) for name in NAMES] + [0.0] * beyond)
        self.register_buffer("prior", weights)
        self.linear = nn.Linear(inputs, 1)
        nn.init.zeros_(self.linear.weight)

    def forward(self, x: Tensor) -> Tensor:
        """Logits."""
        logits: Tensor = self.linear(x).squeeze(-1) + x @ self.prior
        return logits


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorer:
    """A trained model.

    Attributes:
        mean: (F,) of the training features.
        scale: (F,) standard deviations.
        net: The trained part.
        calibration: (K + 1,) coefficients over `calibration_inputs`, the constant last.
        notes: How it was trained: command, seed, data.
        encoder: The transformer whose embedding it reads as well, None where it reads none.
        projection: (D, K) of that embedding's columns.
    """

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    net: ScorerNet
    calibration: NDArray[np.float64]
    notes: Mapping[str, str]
    encoder: str | None = None
    projection: NDArray[np.float32] | None = None

    def logits(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """(N,) logit before calibration, of (N, F) features."""
        x = torch.from_numpy((features - self.mean) / self.scale).clamp(-6.0, 6.0)
        with one_thread(), torch.inference_mode():
            logits: Tensor = self.net(x)
        return logits.double().numpy()

    def probability(
        self,
        features: NDArray[np.float32],
        label: NDArray[np.int32],
        embedding: NDArray[np.float32] | None = None,
    ) -> NDArray[np.float64]:
        """Calibrated probabilities.

        Args:
            features: (P, S, F).
            label: (P, S) clusters; a candidate with -1 has no chance.
            embedding: (P, D), needed where the scorer has an encoder.

        Returns:
            (P, S).

        Raises:
            SolverError: The scorer reads embeddings and there are none.
        """
        if self.projection is not None:
            if embedding is None:
                raise SolverError(
                    f"this scorer reads embeddings of {self.encoder}: collect the records again "
                    "with --encoder"
                )
            features = joined(features, embedding, self.projection)
        programs, subtasks, width = features.shape
        score = self.logits(features.reshape(-1, width)).reshape(programs, subtasks)
        probability = np.zeros((programs, subtasks))
        for s in range(subtasks):
            own = np.flatnonzero(label[:, s] >= 0)
            if len(own):
                told = calibration_inputs(score[own, s], label[own, s], features[own, s])
                scaled = told @ self.calibration[:-1] + self.calibration[-1]
                scaled = np.clip(scaled, -30.0, 30.0)
                probability[own, s] = 1.0 / (1.0 + np.exp(-scaled))
        return probability

    def save(self, path: Path) -> None:
        """Writes a safetensors file with the notes in its header."""
        tensors = {
            "mean": torch.from_numpy(self.mean),
            "scale": torch.from_numpy(self.scale),
            "calibration": torch.from_numpy(self.calibration),
        }
        for name, value in self.net.state_dict().items():
            tensors[NET_PREFIX + name] = value.contiguous()
        about = {"features": json.dumps(NAMES), "notes": json.dumps(dict(self.notes))}
        if self.encoder is not None and self.projection is not None:
            tensors["projection"] = torch.from_numpy(self.projection).contiguous()
            about["encoder"] = self.encoder
        save_file(tensors, path, metadata=about)


def calibration_inputs(
    score: NDArray[np.float64], label: NDArray[np.int32], features: NDArray[np.float32]
) -> NDArray[np.float64]:
    """What the calibration is fitted on, for the candidates of one subtask.

    Args:
        score: (N,) before the competition of the clusters.
        label: (N,) non-negative clusters.
        features: (N, F).

    Returns:
        (N, K): log-odds of the cluster after the softmax, the score beyond the cluster's mean, and
        the features `BESIDE`.
    """
    _, inverse = np.unique(label, return_inverse=True)
    cluster = np.bincount(inverse, weights=score) / np.bincount(inverse)
    top = max(0.0, float(cluster.max()))
    weight = np.exp(cluster - top)
    share = np.clip(weight / (weight.sum() + np.exp(-top)), 1e-6, 1.0 - 1e-6)
    odds = np.log(share / (1.0 - share))[inverse]
    beside = features[:, [NAMES.index(name) for name in BESIDE]].astype(np.float64)
    return np.concatenate([np.stack([odds, score - cluster[inverse]], axis=1), beside], axis=1)


def load_scorer(path: Path = DEFAULT_WEIGHTS) -> Scorer:
    """Reads a model.

    Raises:
        SolverError: The file is missing, or was trained for other features or as another network.
    """
    if not path.is_file():
        raise SolverError(f"{path}: no such scorer; `solver scorer train` makes one")
    tensors: dict[str, Tensor] = {}
    with safe_open(path, framework="pt") as file:
        about = file.metadata() or {}
        for key in file.keys():  # noqa: SIM118 - not a dict
            tensors[key] = file.get_tensor(key)
    if names_now(json.loads(about.get("features", "[]"))) != NAMES:
        raise SolverError(f"{path}: trained for other features; train it again")
    net = ScorerNet(len(tensors["mean"]))
    own = {key: tensors.pop(key) for key in list(tensors) if key.partition(".")[1]}
    if own.keys() != {NET_PREFIX + name for name in net.state_dict()}:
        raise SolverError(f"{path}: trained as another kind of network; train it again")
    net.load_state_dict({key.removeprefix(NET_PREFIX): value for key, value in own.items()})
    net.eval()
    return Scorer(
        mean=tensors["mean"].numpy(),
        scale=tensors["scale"].numpy(),
        net=net,
        calibration=tensors["calibration"].numpy(),
        notes=json.loads(about.get("notes", "{}")),
        encoder=about.get("encoder"),
        projection=tensors["projection"].numpy() if "projection" in tensors else None,
    )
