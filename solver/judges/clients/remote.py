"""What all real judges have in common: the limit, the interval, and no double submission.

A submission is written into the ledger, sent, and acknowledged. When the answer is lost (a 5xx, a
cut connection, a crash of ours) the judge's own list is asked whether it has the submission before
it is sent again.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from problems.submission import Submission
from problems.task import Task
from solver.judges.base import JudgeLimits, Judgement
from solver.judges.clients.ledger import Entry, Ledger
from solver.judges.clients.transport import Outage, Transport, WouldSend, check_may_submit
from solver.judges.errors import (
    ContestClosed,
    JudgeUnreachable,
    LimitReached,
    SubmissionRefused,
    TooSoon,
)
from solver.submissions import files_digest

LOOKUPS_BEFORE_RESEND = 3
LOOKUP_PAUSE_S = 2.0
# A judge's list shows whole seconds, and its clock is known to about one.
CLOCK_SLACK_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One of our own submissions in the judge's list.

    Attributes:
        at_s: Unix time by the judge's clock; None where the list does not say.
        digest: `files_digest` of its files where the judge shows them, None where not.
    """

    id: str
    task: str
    language: str | None = None
    at_s: float | None = None
    digest: str | None = None


class RemoteJudge(ABC):
    """A `Judge` over HTTP. Subclasses speak one system's words."""

    def __init__(
        self,
        transport: Transport,
        ledger: Ledger,
        *,
        limits: JudgeLimits,
        yes_submit: bool = False,
        started_at: datetime | None = None,
    ) -> None:
        """Args:
        limits: What the contest allows; the client keeps to it whatever the judge says.
        yes_submit: The user's word that submitting to a host that is not loopback is allowed.
        started_at: The contest's start by the judge's clock; None where it is not known.
        """
        self.transport = transport
        self.ledger = ledger
        self._limits = limits
        self._yes_submit = yes_submit
        self._started_at = started_at
        self._ends_at: datetime | None = None
        self.closes_s = math.inf
        """When handing in ends by the user's word, as the wall's `monotonic_s` counts."""

    # What a system must answer.

    @abstractmethod
    def check_open(self) -> None:
        """The contest takes submissions from us now, as far as the system tells beforehand.

        Raises:
            ContestClosed: It does not.
            AccessDenied: The account cannot log in.
        """

    @abstractmethod
    def tasks(self) -> Sequence[Task]:
        """The contest's tasks."""

    @abstractmethod
    def poll(self, submission_id: str) -> Judgement:
        """The present state; a judgement may change later, so ask again before relying on it."""

    @abstractmethod
    def describe(self, task: str, submission: Submission) -> WouldSend:
        """The request that `submit` would send."""

    @abstractmethod
    def _send(self, task: str, submission: Submission, key: str) -> str:
        """Sends once; returns the judge's id. Raises `Outage` where the outcome is unknown."""

    @abstractmethod
    def _handed_in(self, task: str) -> Sequence[Listed]:
        """Our own submissions to the task, oldest first, as the judge lists them."""

    # What is the same everywhere.

    def limits(self, task: str) -> JudgeLimits:
        """What the contest allows for this task."""
        return self._limits

    def now_s(self) -> float:
        """Seconds since the contest's start by the judge's clock (ours, corrected by its Date)."""
        if self._started_at is None:
            return self.transport.judge_time_s()
        return (self.transport.judge_time() - self._started_at).total_seconds()

    def submit(self, task: str, submission: Submission, key: str) -> str:
        """Hands in, at most once for a key; waits through outages.

        Raises:
            NotAllowedHere: Not loopback, and no --yes-submit.
            LimitReached: The limit of the problem is spent; TooSoon: the interval has not passed.
            ContestClosed: No submissions are taken now; the same key may be tried again.
            SubmissionRefused: The judge will not take it (also: the same key was refused before).
            JudgeUnreachable: Down for longer than the patience, or until the contest's end; the
                same key may be tried again.
        """
        check_may_submit(self.transport.base_url, yes_submit=self._yes_submit)
        with self.transport.giving_up_at(self._last_moment_s()):
            return self._submit(task, submission, key)

    def _last_moment_s(self) -> float:
        """When the contest ends, as the wall's `monotonic_s` counts: no outage is waited out for
        longer than there is something to hand in to."""
        if self._ends_at is None:
            return self.closes_s
        left_s = (self._ends_at - self.transport.judge_time()).total_seconds()
        return min(self.closes_s, self.transport.wall.monotonic_s() + left_s)

    def _submit(self, task: str, submission: Submission, key: str) -> str:
        entry = self.ledger.find(key)
        if entry is not None and entry.remote_id is not None:
            return entry.remote_id
        if entry is not None and entry.refused is not None:
            raise SubmissionRefused(f"{task}: refused before: {entry.refused}")
        if entry is None:
            handed = self._handed_in(task)
            self._check_limits(task, handed)
            entry = self.ledger.intend(
                key,
                task,
                submission.language,
                files_digest(submission.sources),
                at_s=self.transport.wall.time_s(),
                seen=(each.id for each in handed),
            )
        elif (found := self._look_up(entry)) is not None:
            self.ledger.taken(key, found)
            return found
        return self._send_until_known(entry, submission)

    def _send_until_known(self, entry: Entry, submission: Submission) -> str:
        wall = self.transport.wall
        deadline_s = self.transport.deadline_s()
        while True:
            try:
                remote_id = self._send(entry.task, submission, entry.key)
            except Outage as outage:
                found = self._look_up(entry) if outage.taken else None
                if found is None:
                    if wall.monotonic_s() >= deadline_s:
                        raise JudgeUnreachable(
                            f"{self.transport.base_url}: {outage}; the submission is in the ledger "
                            "and will be looked up before it is sent again"
                        ) from outage
                    wanted_s = LOOKUP_PAUSE_S if outage.wait_s is None else outage.wait_s
                    wall.sleep(self.transport.pause_s(wanted_s, deadline_s))
                    continue
                remote_id = found
            except (LimitReached, ContestClosed):
                # Certainly not taken, and not because of the program.
                self.ledger.retract(entry.key)
                raise
            except SubmissionRefused as refusal:
                self.ledger.refused(entry.key, str(refusal))
                raise
            self.ledger.taken(entry.key, remote_id)
            return remote_id

    def _look_up(self, entry: Entry) -> str | None:
        """The judge's id of an entry whose answer was lost, or None if the judge has none."""
        known = {e.remote_id for e in self.ledger.of_task(entry.task) if e.remote_id is not None}
        for attempt in range(LOOKUPS_BEFORE_RESEND):
            if attempt:
                self.transport.wall.sleep(LOOKUP_PAUSE_S)
            for handed in self._handed_in(entry.task):
                if handed.id not in known | entry.seen and self._may_be(handed, entry):
                    return handed.id
        return None

    def _may_be(self, handed: Listed, entry: Entry) -> bool:
        if handed.digest is not None:
            return handed.digest == entry.digest
        if handed.at_s is None:
            return True
        intended_s = entry.intended_at_s + self.transport.skew_s
        return handed.at_s >= intended_s - CLOCK_SLACK_S

    def _check_limits(self, task: str, handed: Sequence[Listed]) -> None:
        # Submissions made by hand or from another machine count as well: hence the judge's list.
        limits = self.limits(task)
        booked = [entry for entry in self.ledger.of_task(task) if entry.refused is None]
        spent = max(len(booked), len(handed))
        if limits.submissions is not None and spent >= limits.submissions:
            raise LimitReached(f"{task}: all {limits.submissions} submissions are spent")
        if not limits.interval_s:
            return
        ours_s = [entry.intended_at_s + self.transport.skew_s for entry in booked]
        theirs_s = [each.at_s for each in handed if each.at_s is not None]
        last_s = max([*ours_s, *theirs_s], default=None)
        now_s = self.transport.judge_time_s()
        if last_s is not None and now_s - last_s < limits.interval_s:
            left_s = limits.interval_s - (now_s - last_s)
            raise TooSoon(
                f"{task}: {limits.interval_s:.0f} s between submissions, {left_s:.0f} left",
                wait_s=left_s,
            )
