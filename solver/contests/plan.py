"""A contest as it is played: tasks with their windows, rules, limits. No task content here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from solver.contests.rules.base import Rules, TaskSheet


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTask:
    """One task of a contest.

    Attributes:
        opens_s: Contest time from which submissions are taken (a later day's tasks open later).
        closes_s: Contest time from which they are refused.
    """

    sheet: TaskSheet
    opens_s: float
    closes_s: float

    @property
    def name(self) -> str:
        """The task's name."""
        return self.sheet.name


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestPlan:
    """What is played, and under which rules.

    Attributes:
        tasks: In the contest's order.
        limit: Submissions a problem, over all its subtasks together; None for no limit.
        interval_s: Least time between two submissions to one problem.
        duration_s: Length of one day.
        medals: Medal to the least points that earn it, best first.
    """

    name: str
    rules: Rules
    tasks: tuple[PlannedTask, ...]
    limit: int | None
    interval_s: float
    duration_s: float
    medals: Mapping[str, float] = field(default_factory=dict)

    def task(self, name: str) -> PlannedTask:
        """The task of that name.

        Raises:
            KeyError: There is none.
        """
        for task in self.tasks:
            if task.name == name:
                return task
        raise KeyError(name)
