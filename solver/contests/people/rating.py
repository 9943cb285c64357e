"""How strong a contestant is, from the people it would have been ranked with.

A person of rating r_i beats one of rating r with probability 1 / (1 + 10^((r - r_i) / 400)).

CodeElo (arXiv 2501.01257): a rank in one contest gives the r with
    1 + sum over people of 1 / (1 + 10^((r - r_i) / 400)) = rank;
several contests are averaged. The "1 +" is the contestant itself: without it the winner's equation
asks to be beaten by one person, and every rating is too low.

o1-ioi (arXiv 2502.06807, appendix B): the r of the highest likelihood of all ranks together. The
number of people who beat the contestant is a Poisson-binomial variable whose likelihood is an
exponential family in r, so the maximum solves the same equation, summed over all contests:
    sum of (rank - 1) = sum over contests and people of 1 / (1 + 10^((r - r_i) / 400)).
One contest gives CodeElo's rating; several are weighted by what they tell.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from solver.contests.people.humans import Human, Standings
from solver.errors import SolverError

SCALE = 400.0
LOWEST, HIGHEST = -1000.0, 5000.0
FAILED_ATTEMPT_POINTS = 50.0
LEAST_SHARE = 0.3


def expected_ahead(rating: float, humans: NDArray[np.float64]) -> float:
    """Expected number of people (ratings, shape (H,)) who finish ahead of the rating."""
    return float(np.sum(1.0 / (1.0 + 10.0 ** ((rating - humans) / SCALE))))


def rating_of_ranks(ranks: Sequence[float], fields: Sequence[NDArray[np.float64]]) -> float:
    """The rating of the highest likelihood of one rank in each field.

    Args:
        ranks: 1-based; ties may give halves.
        fields: People's ratings, one array a contest.

    Returns:
        Within [-1000, 5000]; an end of it where the contestant won or lost against everybody, since
        the likelihood then grows without end.
    """
    if not fields or len(ranks) != len(fields):
        raise ValueError(f"{len(ranks)} ranks for {len(fields)} contests")
    ahead = sum(rank - 1 for rank in ranks)
    everybody = np.concatenate(list(fields))
    low, high = LOWEST, HIGHEST
    # The expected number ahead falls with the rating: halve the interval to 1e-6 points.
    while high - low > 1e-6:
        middle = (low + high) / 2
        if expected_ahead(middle, everybody) > ahead:
            low = middle
        else:
            high = middle
    return (low + high) / 2


class PointsMethod(StrEnum):
    """What a solve is worth."""

    MEDIAN = "median"
    CODEELO = "codeelo"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestResult:
    """What a contestant did in one contest.

    Attributes:
        attempts: Problem index to the verdicts of its submissions in order, True for accepted.
            The first accepted one counts.
        points: The total, where only that is known.
    """

    attempts: Mapping[str, Sequence[bool]]
    points: float | None = None

    def shuffled(self, rng: np.random.Generator) -> "ContestResult":
        """The same submissions in another order."""
        return ContestResult(
            attempts={
                problem: [bool(x) for x in rng.permutation(np.array(verdicts, dtype=bool))]
                for problem, verdicts in self.attempts.items()
            },
            points=self.points,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """Where a contestant comes in one contest.

    Attributes:
        rank: 1 + people with more points; ties count half.
        percentile: Share of people who finish behind, ties half, in percent.
    """

    contest: str
    points: float
    penalty: float
    rank: float
    people: int
    percentile: float


class _Field:
    """A contest's people as arrays, so that thousands of results are ranked quickly."""

    def __init__(self, standings: Standings, method: PointsMethod) -> None:
        self.standings = standings
        self._method = method
        self._points = np.array([human.points for human in standings.humans])
        self._penalty = np.array([human.penalty for human in standings.humans])
        self._solve_points = functools.cache(self._one_solve)

    def _one_solve(self, problem: str, failed: int) -> tuple[float, float]:
        points = solve_points(self.standings, problem, failed, self._method)
        if not self.standings.by_penalty:
            return points, 0.0
        return points, _median_penalty(self.standings.humans, problem, failed)

    def totals(self, result: ContestResult) -> tuple[float, float]:
        """Points and penalty minutes of a result."""
        if result.points is not None:
            return result.points, 0.0
        total, penalty = 0.0, 0.0
        for problem, verdicts in result.attempts.items():
            if self.standings.worth and problem not in self.standings.worth:
                raise SolverError(
                    f"{self.standings.name} has no problem {problem}; "
                    f"it has {', '.join(self.standings.worth)}"
                )
            if True in verdicts:
                points, minutes = self._solve_points(problem, list(verdicts).index(True))
                total += points
                penalty += minutes
        return total, penalty

    def placing(self, result: ContestResult) -> Placing:
        points, penalty = self.totals(result)
        level = self._points == points
        above, below = self._points > points, self._points < points
        if self.standings.by_penalty:
            above |= level & (self._penalty < penalty)
            below |= level & (self._penalty > penalty)
        people = len(self._points)
        ahead, behind = int(above.sum()), int(below.sum())
        ties = people - ahead - behind
        return Placing(
            contest=self.standings.name,
            points=points,
            penalty=penalty,
            rank=1 + ahead + ties / 2,
            people=people,
            percentile=100.0 * (behind + ties / 2) / people,
        )


def placing(
    standings: Standings, result: ContestResult, method: PointsMethod = PointsMethod.MEDIAN
) -> Placing:
    """Ranks a result with the people who took part.

    Raises:
        SolverError: The result names a problem that the contest does not have.
    """
    return _Field(standings, method).placing(result)


def solve_points(
    standings: Standings, problem: str, failed: int, method: PointsMethod = PointsMethod.MEDIAN
) -> float:
    """Points of a solve after `failed` rejected attempts.

    MEDIAN: the median of the people who solved the problem with as many failures (o1-ioi). Where
    there are none, of those with the nearest number, less 50 for each failure more. A problem that
    nobody solved brings the 30 % that a solve brings at least.
    CODEELO: the problem's points less 50 a failure, never below 0.
    """
    worth = standings.worth.get(problem, 1.0)
    if standings.by_penalty:
        return 1.0
    if method is PointsMethod.CODEELO:
        return max(0.0, worth - FAILED_ATTEMPT_POINTS * failed)
    solves = [human.solves[problem] for human in standings.humans if problem in human.solves]
    if not solves:
        return LEAST_SHARE * worth
    nearest = min({solve.failed for solve in solves}, key=lambda n: (abs(n - failed), n))
    median = float(np.median([solve.points for solve in solves if solve.failed == nearest]))
    return max(LEAST_SHARE * worth, median - FAILED_ATTEMPT_POINTS * max(0, failed - nearest))


def _median_penalty(humans: Sequence[Human], problem: str, failed: int) -> float:
    solves = [human.solves[problem] for human in humans if problem in human.solves]
    if not solves:
        return 0.0
    nearest = min({solve.failed for solve in solves}, key=lambda n: (abs(n - failed), n))
    minutes = np.median([solve.at_s // 60 for solve in solves if solve.failed == nearest])
    # Ten minutes a failure: Codeforces' Educational rounds.
    return float(minutes) + 10.0 * failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """A contestant's strength.

    Attributes:
        likelihood: The rating of the highest likelihood over all contests.
        performances: CodeElo's rating of each contest.
        codeelo: Their mean.
        low: Lower end of the 95 % bootstrap interval of `likelihood`.
        percentile: Share of the rated people in the fields whose rating is lower, in percent.
        saturated: It won or lost everything: the rating is an end of the scale and no estimate.
    """

    likelihood: float
    performances: tuple[float, ...]
    codeelo: float
    low: float
    high: float
    percentile: float
    saturated: bool
    placings: tuple[Placing, ...]


def rate(
    contests: Sequence[tuple[Standings, ContestResult]],
    *,
    method: PointsMethod = PointsMethod.MEDIAN,
    replicates: int = 1000,
    seed: int = 0,
) -> Rating:
    """Rates the results of several contests.

    The interval draws contests with replacement, and the order of each contest's submissions anew.

    Raises:
        SolverError: A contest has nobody with a rating.
    """
    fields = [_Field(_rated(standings), method) for standings, _ in contests]
    ratings = [_ratings_of(field.standings) for field in fields]
    placings = [field.placing(result) for field, (_, result) in zip(fields, contests, strict=True)]
    ranks = [place.rank for place in placings]
    likelihood = rating_of_ranks(ranks, ratings)
    performances = tuple(
        rating_of_ranks([rank], [field]) for rank, field in zip(ranks, ratings, strict=True)
    )
    drawn = _bootstrap(fields, ratings, [result for _, result in contests], replicates, seed)
    low, high = np.quantile(drawn, [0.025, 0.975]) if replicates else (likelihood, likelihood)
    everybody = np.concatenate(ratings)
    return Rating(
        likelihood=likelihood,
        performances=performances,
        codeelo=float(np.mean(performances)),
        low=float(low),
        high=float(high),
        percentile=100.0 * float(np.mean(everybody < likelihood)),
        saturated=not LOWEST + 1 < likelihood < HIGHEST - 1,
        placings=tuple(placings),
    )


def _bootstrap(
    fields: Sequence[_Field],
    ratings: Sequence[NDArray[np.float64]],
    results: Sequence[ContestResult],
    replicates: int,
    seed: int,
) -> NDArray[np.float64]:
    """Likelihood ratings of redrawn contests and orders, shape (replicates,)."""
    grid = np.arange(LOWEST, HIGHEST + 1, 5.0)
    # (C contests, G grid points): expected people ahead at each rating; falls along the grid.
    ahead = np.stack([_expected_on_grid(field, grid) for field in ratings])
    rng = np.random.default_rng(seed)
    drawn = np.empty(replicates)
    for number in range(replicates):
        chosen = rng.integers(len(fields), size=len(fields))
        wanted = sum(fields[i].placing(results[i].shuffled(rng)).rank - 1 for i in chosen)
        drawn[number] = np.interp(-wanted, -ahead[chosen].sum(axis=0), grid)
    return drawn


def _expected_on_grid(
    ratings: NDArray[np.float64], grid: NDArray[np.float64]
) -> NDArray[np.float64]:
    values, counts = np.unique(ratings, return_counts=True)
    return np.array(
        [np.sum(counts / (1.0 + 10.0 ** ((rating - values) / SCALE))) for rating in grid]
    )


def _ratings_of(standings: Standings) -> NDArray[np.float64]:
    return np.array([human.rating for human in standings.humans], dtype=np.float64)


def _rated(standings: Standings) -> Standings:
    """The standings with the rated people alone: an unknown rating says nothing."""
    humans = tuple(human for human in standings.humans if human.rating is not None)
    if not humans:
        raise SolverError(
            f"{standings.name}: nobody has a rating; give --ratings FILE "
            "(contest.ratingChanges, or a CSV of handle, rating)"
        )
    return Standings(
        name=standings.name,
        humans=humans,
        worth=standings.worth,
        by_penalty=standings.by_penalty,
    )
