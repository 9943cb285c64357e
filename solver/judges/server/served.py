"""What is served: the contest with its graders, and every object of it as a team may see it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from problems.task import Task
from solver.judges.base import TaskJudge
from solver.judges.server import present
from solver.judges.server.accounts import Accounts
from solver.judges.server.freeze import Freeze
from solver.judges.server.present import Window
from solver.judges.server.scoreboard import scoreboard
from solver.judges.server.store import ServerStore
from solver.judges.server.stored import StoredSubmission


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedContest:
    """A contest.

    Attributes:
        id: The contest's id in the API.
        tests: Problem to its number of hidden tests.
        languages: Language id to its name.
        submission_limit: Submissions a problem and team; None for no limit.
        interval_s: Least time between two submissions of a team to one problem.
        freeze_last_s: The contest's last seconds whose results the scoreboard hides until an admin
            thaws it; None hides nothing.
        window: When submissions are taken.
    """

    id: str
    title: str
    tasks: tuple[Task, ...]
    graders: Mapping[str, TaskJudge]
    tests: Mapping[str, int]
    languages: Mapping[str, str]
    window: Window
    submission_limit: int | None = None
    interval_s: float = 0.0
    freeze_last_s: float | None = None

    @property
    def scored(self) -> bool:
        """Any problem gives points."""
        return any(task.scored for task in self.tasks)

    def task(self, name: str) -> Task | None:
        """The problem of this id."""
        return next((task for task in self.tasks if task.name == name), None)


class Shown:
    """The contest's objects as JSON; those of a team hold nothing of another team."""

    def __init__(self, contest: ServedContest, accounts: Accounts, store: ServerStore) -> None:
        self._contest = contest
        self._accounts = accounts
        self._store = store
        self.freeze = Freeze(store, contest.window, last_s=contest.freeze_last_s)

    def contest(self) -> dict[str, Any]:
        """The contest object."""
        served = self._contest
        return present.contest(
            served.id,
            served.title,
            served.window,
            scored=served.scored,
            freeze_last_s=served.freeze_last_s,
        )

    def state(self) -> dict[str, Any]:
        """The contest's state now."""
        return present.state(self._contest.window, time.time(), self.freeze.ice())

    def languages(self) -> list[dict[str, Any]]:
        """The languages."""
        return [present.language(each, name) for each, name in self._contest.languages.items()]

    def problems(self) -> list[dict[str, Any]]:
        """The problems; ask only once the contest has started."""
        served = self._contest
        return [
            present.problem(served.id, task, ordinal, tests=served.tests[task.name])
            for ordinal, task in enumerate(served.tasks)
        ]

    def teams(self) -> list[dict[str, Any]]:
        """All teams."""
        return [present.team(each) for each in self._accounts.teams]

    def submission(self, stored: StoredSubmission) -> dict[str, Any]:
        """One submission."""
        return present.submission(self._contest.id, stored, self._contest.window)

    def submissions(self, team: str) -> list[dict[str, Any]]:
        """A team's submissions."""
        return [self.submission(each) for each in self._store.submissions(team, files=False)]

    def judgements(self, team: str) -> list[dict[str, Any]]:
        """The judgements of a team's submissions, those that were replaced among them."""
        stored = [*self._store.again.replaced(team), *self._store.judgements(team)]
        stored.sort(key=lambda each: (each.submission, each.number))
        return [present.judgement(each, self._contest.window) for each in stored]

    def scoreboard(self, *, frozen: bool = True) -> dict[str, Any]:
        """All teams' results: counts, points and times, and no program.

        Args:
            frozen: As teams and the public see it; False shows an admin what a freeze hides.
        """
        served = self._contest
        hides_from_s = self.freeze.ice().hides_from_s if frozen else None
        submissions, judgements = self._store.submissions(files=False), self._store.judgements()
        if hides_from_s is not None:
            open_ids = {each.id for each in submissions if each.at_s < hides_from_s}
            judgements = [each for each in judgements if each.submission in open_ids]
        rows = scoreboard(
            [team.id for team in self._accounts.teams],
            [task.name for task in served.tasks],
            submissions,
            judgements,
            served.window,
            scored=served.scored,
        )
        now_s = time.time()
        return {
            "time": present.absolute(now_s),
            "contest_time": present.relative(now_s - served.window.start_s),
            "state": self.state(),
            "rows": rows,
        }
