"""GenCluster's submissions (arXiv 2510.14232): clusters ranked by a judge, taken in turn.

Their judge is a tournament of a language model; ours is the scorer's estimate. Their sample of a
cluster is the one with the longest reasoning; here the longest program.
"""

from collections.abc import Sequence

import numpy as np

from solver.strategies.base import Choice, View
from solver.strategies.progress import Achieved
from solver.types import Feedback


class GenCluster:
    """Subtasks in turn from the hardest; in round k the cluster of rank k."""

    def __init__(self, view: View, rng: np.random.Generator) -> None:
        self._view = view
        self._achieved = Achieved(view)
        length = np.array([len(candidate.source) for candidate in view.candidates])
        shuffle = rng.random(len(length))
        self._queues: list[list[list[int]]] = []
        for s in range(len(view.task.subtasks)):
            label = view.clusters.label[:, s]
            rows = np.flatnonzero(label >= 0)
            rows = rows[np.lexsort((shuffle[rows], -length[rows]))]
            members: dict[int, list[int]] = {}
            for row in rows.tolist():
                members.setdefault(int(label[row]), []).append(row)
            mean = {
                one: float(view.estimate.probability[who, s].mean()) for one, who in members.items()
            }
            self._queues.append([members[one] for one in sorted(mean, key=lambda c: (-mean[c], c))])
        self._place = [0] * len(self._queues)
        self._turn = 0

    def next(self, history: Sequence[Feedback]) -> Choice | None:
        """The longest program of the next cluster of the next unsolved subtask."""
        self._achieved.take(history)
        if self._achieved.over:
            return None
        subtasks = len(self._queues)
        for _ in range(subtasks):
            s = subtasks - 1 - self._turn % subtasks
            self._turn += 1
            if self._achieved.solved[s]:
                continue
            choice = self._next_of(s)
            if choice is not None:
                return choice
        return None

    def _next_of(self, s: int) -> Choice | None:
        queue = self._queues[s]
        for _ in range(len(queue)):
            rank = self._place[s] % len(queue)
            self._place[s] += 1
            for row in queue[rank]:
                if not self._achieved.tried[row]:
                    name = self._view.task.subtasks[s].name
                    return Choice(
                        candidate=row,
                        subtask=name,
                        estimate=float(self._view.estimate.probability[row, s]),
                        expected_gain=None,
                        reason=f"{name} in turn: longest of the cluster of rank {rank + 1}",
                    )
        return None
