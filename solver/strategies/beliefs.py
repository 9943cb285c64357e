"""What is believed of every candidate on every subtask, and how a paid result changes it.

The model. On each subtask at most one cluster prints the right outputs: the hypothesis `cluster c
is the right one`. Its prior comes from the scorer's calibrated estimates. Given that c is right, a
member of c passes with a chance that is itself uncertain (hidden tests are stronger than ours): a
Beta(a, b). Each failure of a member speaks against c, and against other members as far as they
behave like the failed one on all subtasks. A program outside of c passes rarely (`leak`); one that
agrees with c wherever it finished, but was slow or crashed, a little more often (`near`).

The hypotheses of a subtask share one sum, while in truth clusters that differ in a detail are often
right together. So the model says only by what factor a chance changed; before any result it is the
scorer's calibrated estimate, and expected gains are told on that scale.

From this follows:
- a pass makes its cluster the right one: all others fall at once;
- a failure moves belief to the other clusters, most to those that print nearly the same: what
  looked best and was wrong is often right but for one case;
- a subtask that includes a solved one keeps only the clusters that agree with the solver there,
  and a failure on an included subtask counts against every hypothesis that agrees with it;
- a slow program that solved a small subtask tells what is right there, hence who else is.

All updates are linear in candidates and clusters.
"""

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from solver.observing.examples import share_of_own_examples
from solver.strategies.base import View
from solver.strategies.progress import failed_share, included_in
from solver.types import RunStatus

_TINY = 1e-12
_MOST_SHARE = 2.0
"""A member's estimate over its cluster's mean counts up to this."""


class BeliefWeights(BaseModel):
    """Numbers of the model, tuned by hand on recorded pools (docs/experiments/choosing.md)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    passes: float = 1.0
    """a of the Beta prior: pseudo-count of passes of members of the right cluster."""
    fails: float = 1.5
    """b of the Beta prior."""
    alike: float = 2.0
    """What a failure counts against a member that behaves the same on all subtasks; against those
    that do so on a share of them, this times the fourth power of the share."""
    leak: float = 0.06
    """Chance to pass, as a share of the own estimate, when another cluster is right."""
    near: float = 0.01
    """Chance of a near-member (slow or crashing, else in agreement) to pass."""
    disagree: float = 0.03
    """Weight left to a hypothesis that disagrees with a solved included subtask."""
    ceiling: float = 0.9
    """Prior of all hypotheses of a subtask together; the rest is `none of these`."""
    kin: float = 1.0
    """A cluster gains exp(this * share of the subtask's inputs on which it prints the same as a
    failed program), for the likest of all failed ones."""
    itself: float = 0.7
    """The failed program's own cluster gains as if it were this much alike: it is no stranger."""
    example: float = 5.0
    """An estimate falls by exp(-this) where all of the subtask's examples fail, whatever the scorer
    says: it may never have seen a task like this one."""
    failure: float = 5.0
    """The same for a crash or a limit hit on all of the subtask's inputs."""
    accused: float = 1.0
    """An estimate falls by this times the chance that breaking found the program wrong, as far as
    it counts."""
    unsure: float = 0.6
    """An accusation up to this chance does not count: that a program is in the minority, its
    estimate knows already."""
    sure: float = 0.9
    """From this chance on it counts in full; between the two in proportion."""


class Beliefs:
    """Probabilities of P candidates on S subtasks, updated with results.

    Attributes:
        inside: (S, S) [s, t] true where t includes s.
    """

    def __init__(self, view: View, weights: BeliefWeights) -> None:
        self._weights = weights
        self._label = view.clusters.label
        self._near = view.clusters.near
        self.inside = included_in(view)
        self._including = [np.flatnonzero(row).tolist() for row in self.inside]
        failed_examples = 1.0 - share_of_own_examples(view.behaviour)
        doubt = np.exp(-weights.example * failed_examples - weights.failure * failed_share(view))
        if view.accused is not None:
            # The chance that it is wrong, found on inputs that the estimate knows only as counts.
            counts = (view.accused - weights.unsure) / (weights.sure - weights.unsure)
            doubt = doubt * (1.0 - weights.accused * view.accused * np.clip(counts, 0.0, 1.0))
        finished = view.behaviour.status == RunStatus.OK
        self._printed = np.where(finished, view.behaviour.digest, 0)
        self._inputs = view.behaviour.in_subtask.astype(np.float32)
        self._counts = np.maximum(1.0, self._inputs.sum(axis=0))
        self._subtasks = [
            _SubtaskBelief(view, s, weights, doubt[:, s]) for s in range(self._label.shape[1])
        ]

    def probability(self, wanted: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
        """(P, S) chance that each candidate would get full points now.

        Args:
            wanted: (S,) subtasks to tell of, the others stay 0; None means all.
        """
        chance = np.zeros(self._label.shape)
        for s, one in enumerate(self._subtasks):
            if wanted is None or wanted[s]:
                chance[:, s] = one.probability()
        return chance

    def learn(
        self, candidate: int, passed: NDArray[np.bool_], told: NDArray[np.bool_], *, lost: bool
    ) -> None:
        """Takes in one submission's result.

        Args:
            candidate: Its row.
            passed: (S,) full points on the subtask.
            told: (S,) whether the contest said so; the others are counted as failures that may
                have been passes when `lost` is set.
            lost: Nothing was told: belief in what was handed in is spent, not moved elsewhere.
        """
        before = [one.solved_label for one in self._subtasks]
        likeness: tuple[NDArray[np.float64], NDArray[np.float32]] | None = None
        for s, one in enumerate(self._subtasks):
            if before[s] is not None:
                continue  # nothing is left to be gained there
            if told[s] and passed[s]:
                one.learn_pass(candidate)
            elif told[s] or lost:
                likeness = likeness or self._alike(candidate)
                alike, same = likeness
                one.learn_fail(candidate, alike, same[:, s], renormalise=bool(told[s]))
        for s, one in enumerate(self._subtasks):
            if before[s] is None and one.solved_label is not None:
                for t in self._including[s]:
                    self._subtasks[t].learn_included_pass(self._label[:, s], one.solved_label)
            elif told[s] and not passed[s]:
                for t in self._including[s]:
                    self._subtasks[t].learn_included_fail(self._label[:, s], candidate)

    def _alike(self, candidate: int) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """How much each program behaves like one of them.

        Returns:
            (P,) what its failure counts against each: `alike` times the fourth power of the share
            of subtasks with the same cluster; and (P, S) the share of each subtask's inputs with
            the same output.
        """
        clusters = (self._label == self._label[candidate]).mean(axis=1) ** 4 * self._weights.alike
        row = self._printed[candidate]
        equal = ((self._printed == row) & (row != 0)).astype(np.float32)
        return clusters, (equal @ self._inputs) / self._counts


class _SubtaskBelief:
    """Hypotheses of one subtask: weight of each cluster, and what its members did."""

    def __init__(
        self, view: View, s: int, weights: BeliefWeights, doubt: NDArray[np.float64]
    ) -> None:
        self._weights = weights
        self.solved_label: int | None = None
        label = view.clusters.label[:, s]
        near = view.clusters.near[:, s]
        self._label = label
        self._near = np.where((near >= 0) & (near != label), near, -1)
        self._slow = np.flatnonzero(self._near >= 0)
        estimate = np.clip(view.estimate.probability[:, s], 0.0, 1.0) * doubt
        clusters = int(label.max(initial=-1)) + 1
        self._clusters = clusters
        members = np.flatnonzero(label >= 0)
        count = np.bincount(label[members], minlength=clusters)
        total = np.bincount(label[members], weights=estimate[members], minlength=clusters)
        mean = total / np.maximum(1, count)
        # Failed members of its cluster, each as far as it behaves like the program.
        self._failed = np.zeros(len(label))
        # A member of each cluster, and how much its outputs are like those of a failed program.
        first = members[::-1]
        self._member = np.zeros(clusters, dtype=np.intp)
        self._member[label[first]] = first
        self._kin = np.zeros(clusters)
        # What a cluster is worth is its members' mean: the best of many is high by chance.
        self._share = np.zeros(len(label))
        self._share[members] = np.minimum(
            estimate[members] / np.maximum(mean[label[members]], _TINY), _MOST_SHARE
        )
        # The estimate is that of a member to pass: less than the cluster's chance to be right.
        prior = mean * (weights.passes + weights.fails) / weights.passes
        scale = min(1.0, weights.ceiling / max(prior.sum(), _TINY))
        prior = prior * scale
        self._weight = prior
        self._none = max(1.0 - prior.sum(), 1.0 - weights.ceiling)
        # Chance to pass although another cluster is right: a cluster is what our inputs saw.
        self._leak = weights.leak * scale * estimate
        self._chance: NDArray[np.float64] | None = None
        self._others = np.zeros(clusters + 1)
        # Before any result a chance is the estimate; after it, what the model makes of it.
        self._correction = estimate / np.maximum(self._modelled(), _TINY)

    def _rate(self) -> NDArray[np.float64]:
        """(P,) chance that a member passes, given that its cluster is right."""
        a, b = self._weights.passes, self._weights.fails
        rate: NDArray[np.float64] = a / (a + b + self._failed)
        return rate

    def probability(self) -> NDArray[np.float64]:
        """(P,) chance of each candidate; kept until something is learned."""
        if self._chance is None:
            chance = self._modelled()
            if self.solved_label is None:
                chance *= self._correction
                # Nothing is more than certain: then the whole subtask shrinks, order and all.
                chance /= max(1.0, float(chance.max(initial=0.0)))
            self._chance = chance
        return self._chance

    def _modelled(self) -> NDArray[np.float64]:
        # One entry more, for candidates without a cluster (label -1): no weight, no leak, no share.
        others = self._others
        np.subtract(1.0, self._weight, out=others[:-1])
        weight = np.append(self._weight, 0.0)
        chance: NDArray[np.float64] = weight[self._label] * self._rate() * self._share
        if len(self._slow):
            near = self._near[self._slow]
            chance[self._slow] += self._weight[near] * self._weights.near * self._share[self._slow]
        chance += self._leak * others[self._label]
        np.minimum(chance, 1.0, out=chance)
        return chance

    def learn_pass(self, candidate: int) -> None:
        """The candidate's cluster is the right one (or the candidate is right by itself)."""
        self._chance = None
        label = int(self._label[candidate])
        if label < 0:
            return
        near = int(self._near[candidate])
        self.solved_label = label
        target = self._weight * self._weights.disagree
        target[label] = 1.0
        if near >= 0:
            # A slow program that passes: what agrees with it wherever it finished is right too.
            target[near] = 1.0
        self._weight = target / max(target.sum(), _TINY)
        self._none = 0.0

    def learn_fail(
        self,
        candidate: int,
        alike: NDArray[np.float64],
        same: NDArray[np.float32],
        *,
        renormalise: bool,
    ) -> None:
        """Bayes' rule on a failure; unnormalised where nobody said that it was one.

        Args:
            alike: (P,) what its failure counts against each program.
            same: (P,) share of this subtask's inputs on which each program prints the same.
        """
        self._chance = None
        label = int(self._label[candidate])
        if label < 0:
            return
        rate = float(self._rate()[candidate]) * max(float(self._share[candidate]), 0.2)
        self._weight[label] *= 1.0 - min(rate, 1.0 - 1e-6)
        self._failed += np.where(self._label == label, alike, 0.0)
        if renormalise:
            kin = same[self._member].astype(np.float64)
            kin[label] = self._weights.itself
            kin = np.maximum(kin, self._kin)
            self._weight *= np.exp(self._weights.kin * (kin - self._kin))
            self._kin = kin
        near = int(self._near[candidate])
        if near >= 0:
            self._weight[near] *= 1.0 - self._weights.near * float(self._share[candidate])
        if renormalise:
            self._normalise()

    def learn_included_pass(self, included: NDArray[np.int32], right: int) -> None:
        """A subtask inside this one is solved by cluster `right` of labels `included`."""
        self._chance = None
        agree = self._agreement(included, right)
        self._weight *= self._weights.disagree + (1.0 - self._weights.disagree) * agree
        self._leak[included != right] *= self._weights.disagree
        self._normalise()

    def learn_included_fail(self, included: NDArray[np.int32], candidate: int) -> None:
        """A candidate failed a subtask inside this one: those that do the same there fail too.

        The candidate's own cluster was counted already, as it failed here as well.
        """
        self._chance = None
        label = int(included[candidate])
        if label < 0:
            return
        a, b = self._weights.passes, self._weights.fails
        agree = self._agreement(included, label)
        own = int(self._label[candidate])
        if own >= 0:
            agree[own] = 0.0
        self._weight *= 1.0 - agree * a / (a + b)
        self._leak[included == label] *= b / (a + b)
        self._normalise()

    def _agreement(self, included: NDArray[np.int32], label: int) -> NDArray[np.float64]:
        """(C,) share of each cluster's members that carry `label` on the included subtask."""
        own = self._label >= 0
        count = np.bincount(self._label[own], minlength=self._clusters)
        same = np.bincount(
            self._label[own], weights=(included[own] == label), minlength=self._clusters
        )
        share: NDArray[np.float64] = same / np.maximum(1, count)
        return share

    def _normalise(self) -> None:
        total = self._weight.sum() + self._none
        if total > _TINY:
            self._weight /= total
            self._none /= total
