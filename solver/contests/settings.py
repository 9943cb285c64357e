"""How tasks are played, and what a task waits for."""

from dataclasses import dataclass
from enum import StrEnum

from solver.strategies.base import StrategyFactory


class Phase(StrEnum):
    """What a task waits for."""

    PREPARING = "preparing"
    CHOOSING = "choosing"
    JUDGING = "judging"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerSettings:
    """How every task is played.

    Attributes:
        strategy: Makes a strategy for each task and round.
        strategy_name: What the log calls it.
        rounds: How often a task is sampled; the submissions are shared out evenly (GenCorrect).
        seed: Of the strategy's random choices.
        poll_s: Time between the first two questions to a judge that has not answered yet.
        answer_s: How long after a task closes a result that is still due is waited for.
        least_gain_points: A round ends when the strategy expects less of its next submission.
    """

    strategy: StrategyFactory
    strategy_name: str
    rounds: int = 1
    seed: int = 0
    poll_s: float = 5.0
    answer_s: float = 1800.0
    least_gain_points: float = 0.0
