"""Stage 7: the learned scorer. Reading order: features -> model -> training -> calibration.

torch is imported when an estimate is asked for, not before.
"""

from collections.abc import Sequence
from pathlib import Path

from problems.task import Task
from solver.scorer.features import features_of
from solver.types import Behaviour, Candidate, Clusters, Estimate


def estimate(
    candidates: Sequence[Candidate],
    behaviour: Behaviour,
    clusters: Clusters,
    task: Task,
    *,
    weights: Path | None = None,
) -> Estimate:
    """Probability of each candidate to get full points of each subtask.

    Args:
        weights: A file of `solver scorer train`; None takes the one that is shipped.

    Raises:
        SolverError: The weights are missing or belong to another version.
    """
    from solver.scorer.model import DEFAULT_WEIGHTS, load_scorer

    features = features_of(candidates, behaviour, clusters, task)
    scorer = load_scorer(weights or DEFAULT_WEIGHTS)
    embedding = None
    if scorer.encoder is not None:
        from solver.scorer.encoder import Encoder

        sources = [candidate.source for candidate in candidates]
        embedding = Encoder(scorer.encoder).embed(task.statement.text, sources)
    probability = scorer.probability(features, clusters.label, embedding)
    return Estimate(probability=probability, features=features)
