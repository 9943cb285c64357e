"""One task of a contest as it is being played: prepare, choose, submit, wait for the result.

Every step asks the log first. After a crash the same steps run again, are answered from the log up
to the point where it ends, and go on from there.
"""

import math
from collections import Counter
from collections.abc import Mapping

import numpy as np

from problems.task import Task
from problems.verdict import Verdict
from solver.contests.logs.log import LogLine, SubmissionLog
from solver.contests.logs.recorder import RecordedJudge
from solver.contests.plan import PlannedTask
from solver.contests.rules.base import Attempt, Handed, Rules, Shown, TaskScore
from solver.contests.settings import Phase, PlayerSettings
from solver.errors import LimitReached, RunFolderError
from solver.judges.base import SubmissionState
from solver.judges.errors import ContestClosed, JudgeUnreachable, SubmissionRefused, TooSoon
from solver.prepared import PreparedTask
from solver.strategies.base import Choice, Strategy
from solver.submissions import as_submission
from solver.types import Candidate, FeedbackMode, PrepareRequest

SHORTEST_WAIT_S = 0.5
POLL_GROWTH = 1.5
LONGEST_POLL_S = 30.0


class Player:
    """Plays one task, one step at a time.

    Attributes:
        phase: What it waits for.
        ready_at_s: Contest time of its next step, unless it is preparing or has left.
        round: The present round, from 1.
        not_before_s: Contest time from which new choices may be made: a resumed run's further
            samples are there then.
    """

    def __init__(
        self,
        task: Task,
        planned: PlannedTask,
        rules: Rules,
        judge: RecordedJudge,
        log: SubmissionLog,
        settings: PlayerSettings,
    ) -> None:
        self.task = task
        self.planned = planned
        self.phase = Phase.PREPARING
        self.ready_at_s = planned.opens_s
        self.round = 1
        self.not_before_s = 0.0
        self.reason = ""
        self.prepared: PreparedTask | None = None
        self._rules = rules
        self._judge = judge
        self._log = log
        self._settings = settings
        limits = judge.limits(task.name)
        self._limit = limits.submissions
        self._interval_s = limits.interval_s
        self._strategy: Strategy | None = None
        self._round_cost_s = 0.0
        self._handed: list[Handed] = []
        self._rows: dict[str, int] = {}
        self._poll_wait_s = settings.poll_s
        self._pending: tuple[str, Candidate, float] | None = None
        self._choices: dict[str, LogLine] = {
            record["key"]: record for record in log.of_kind("choice") if record["task"] == task.name
        }
        for record in log.of_kind("left"):
            if record["task"] == task.name:
                self.phase = Phase.LEFT
                self.reason = record["reason"]

    @property
    def limit(self) -> int | None:
        """Submissions allowed, all subtasks together."""
        return self._limit

    @property
    def submissions(self) -> int:
        """Submissions made so far, the pending one included."""
        return len(self._attempts) + (self._pending is not None)

    @property
    def _attempts(self) -> list[Attempt]:
        """What the rules count, in order."""
        return [handed.attempt for handed in self._handed if handed.attempt is not None]

    def aimed(self) -> Mapping[str, int]:
        """Subtask to the submissions that aimed at it."""
        chosen = [self._choices[key]["subtask"] for key in self._choices]
        return Counter(each for each in chosen if each is not None)

    def score(self, duration_s: float) -> TaskScore:
        """What the attempts are worth up to now."""
        return self._rules.score(self.planned.sheet, self._attempts, duration_s)

    def missing_points(self) -> float:
        """Points that the task can still bring."""
        score = self.score(self.planned.closes_s - self.planned.opens_s)
        return score.max_points - score.points

    def request(self, sampling_s: float, tokens: int) -> PrepareRequest:
        """What the next round asks of the preparer: that much contest time, and those tokens."""
        return PrepareRequest(
            round=self.round,
            tried=tuple(handed.tried for handed in self._handed),
            feedback_mode=self._rules.feedback,
            limit=self._limit if self._limit is not None else 10_000,
            sampling_s=sampling_s,
            tokens=tokens,
        )

    def start_round(self, prepared: PreparedTask, start_s: float, ready_at_s: float) -> None:
        """Takes a new view; what was submitted before is found in it by its id.

        Args:
            start_s: Contest time at which the round's sampling began.
            ready_at_s: Contest time at which the view is there.

        Raises:
            RunFolderError: The view lacks a candidate that was submitted in an earlier round.
        """
        rng = np.random.default_rng(
            [self._settings.seed, self.round, *self.task.name.encode("utf-8")]
        )
        self.prepared = prepared
        self._round_cost_s = ready_at_s - start_s
        self._strategy = self._settings.strategy(prepared.view, rng)
        self._rows = {each.id: row for row, each in enumerate(prepared.view.candidates)}
        for handed in self._handed:
            self._row(handed.candidate.id)
        self.phase = Phase.CHOOSING
        self.ready_at_s = max(ready_at_s, self._next_allowed_s())

    def step(self, now_s: float) -> str:
        """One step of the present phase; returns what happened, in a line for people, or "" where
        the judge has not answered yet."""
        if self.phase is Phase.CHOOSING:
            return self._submit(now_s)
        return self._poll(now_s)

    def _submit(self, now_s: float) -> str:
        if now_s >= self.planned.closes_s:
            return self.leave(now_s, "time is up")
        if now_s < self.not_before_s and self._key() not in self._choices:
            self.ready_at_s = self.not_before_s
            return ""
        choice = self._choose()
        if choice is None:
            return self._end_round(now_s, "the strategy has nothing left to submit")
        if self._is_hopeless(choice):
            return self._end_round(now_s, f"the next would gain {choice.expected_gain:.2g} points")
        assert self.prepared is not None
        candidate = self.prepared.view.candidates[choice.candidate]
        key = self._key()
        try:
            identifier = self._judge.submit(
                self.task.name, as_submission(self.task, candidate), key
            )
        except TooSoon as refusal:
            # The judge counts the interval from another moment than we do.
            self.ready_at_s = now_s + max(refusal.wait_s, SHORTEST_WAIT_S)
            return ""
        except (LimitReached, ContestClosed) as refusal:
            return self.leave(now_s, str(refusal))
        except SubmissionRefused as refusal:
            return self._note_refused(candidate, str(refusal))
        except JudgeUnreachable as outage:
            judge_now_s = self._judge.now_s()
            if judge_now_s < self.planned.closes_s:
                raise
            return self.leave(judge_now_s, f"time is up, and the judge is down: {outage}")
        self._poll_wait_s = self._settings.poll_s
        at_s = self._judge.submitted_at_s(key)
        self._pending = (identifier, candidate, at_s)
        self.phase = Phase.JUDGING
        self.ready_at_s = at_s
        return f"submission {self.submissions}: {candidate.id}: {choice.reason}"

    def _note_refused(self, candidate: Candidate, why: str) -> str:
        """The judge will not take this program (too large, say): it is worth nothing, and was no
        attempt."""
        nothing = dict.fromkeys(self.planned.sheet.subtasks, 0.0)
        points = nothing if self._rules.feedback is FeedbackMode.FULL else {}
        shown = Shown(verdict=Verdict.CE, points=points)
        self._handed.append(Handed(candidate=candidate, at_s=None, shown=shown))
        return f"the judge does not take {candidate.id}: {why}"

    def _choose(self) -> Choice | None:
        assert self.prepared is not None and self._strategy is not None
        view = self.prepared.view
        key = self._key()
        history = [handed.feedback(self._row(handed.candidate.id)) for handed in self._handed]
        choice = self._strategy.next(tuple(history))
        known = self._choices.get(key)
        if known is not None:
            # The log decides: what it says has perhaps been handed in already.
            return Choice(
                candidate=self._row(known["candidate"]),
                subtask=known["subtask"],
                estimate=known["estimate"],
                expected_gain=known["expected_gain"],
                reason=known["reason"],
            )
        if choice is None or self._is_hopeless(choice):
            return choice
        candidate = view.candidates[choice.candidate]
        self._choices[key] = self._log.append(
            "choice",
            {
                "key": key,
                "task": self.task.name,
                "round": self.round,
                "number": len(self._attempts) + 1,
                "candidate": candidate.id,
                "subtask": choice.subtask,
                "estimate": choice.estimate,
                "expected_gain": choice.expected_gain,
                "reason": choice.reason,
            },
        )
        return choice

    def _poll(self, now_s: float) -> str:
        assert self._pending is not None
        identifier, candidate, at_s = self._pending
        judgement = self._judge.poll(identifier)
        if judgement.state is SubmissionState.PENDING:
            if now_s >= self.planned.closes_s + self._settings.answer_s:
                return self.leave(now_s, f"time is up, and {identifier} was never judged")
            # A queue may last an hour: ask less and less often.
            self.ready_at_s = now_s + self._poll_wait_s
            longest_s = max(LONGEST_POLL_S, self._settings.poll_s)
            self._poll_wait_s = min(self._poll_wait_s * POLL_GROWTH, longest_s)
            return ""
        shown = Shown(
            verdict=judgement.verdict,
            points=judgement.points,
            free=judgement.free,
            verdicts=judgement.verdicts,
        )
        self._handed.append(Handed(candidate=candidate, at_s=at_s, shown=shown))
        self._pending = None
        self.phase = Phase.CHOOSING
        judged_at_s = self._judge.judged_at_s(identifier)
        self.ready_at_s = max(judged_at_s, self._next_allowed_s())
        result = f"result {len(self._attempts)}: {_told(shown)}"
        if self._is_solved():
            return f"{result}; {self.leave(judged_at_s, 'full marks')}"
        if self._limit is not None and len(self._attempts) >= self._limit:
            spent = f"all {self._limit} submissions are spent"
            return f"{result}; {self.leave(judged_at_s, spent)}"
        if len(self._attempts) >= self._quota() and self._round_fits(judged_at_s):
            ended = self._end_round(judged_at_s, "this round's submissions are spent")
            return f"{result}; {ended}"
        return result

    def _is_solved(self) -> bool:
        score = self._rules.score(
            self.planned.sheet, self._attempts, self.planned.closes_s - self.planned.opens_s
        )
        return score.solved_at_s is not None

    def _is_hopeless(self, choice: Choice) -> bool:
        gain = choice.expected_gain
        return gain is not None and gain < self._settings.least_gain_points

    def _round_fits(self, now_s: float) -> bool:
        """Another round, as long as the last one, leaves time to submit what it draws."""
        return (
            self.round < self._settings.rounds
            and now_s + self._round_cost_s + self._interval_s < self.planned.closes_s
        )

    def _end_round(self, now_s: float, why: str) -> str:
        if self._round_fits(now_s):
            self.round += 1
            self.phase = Phase.PREPARING
            self._strategy = None
            self.ready_at_s = now_s
            return f"round {self.round}: {why}"
        return self.leave(now_s, why)

    def leave(self, now_s: float, reason: str) -> str:
        """Gives the task up for good, and logs why."""
        self._log.append("left", {"task": self.task.name, "at_s": now_s, "reason": reason})
        self.phase = Phase.LEFT
        self.reason = reason
        return f"left: {reason}"

    def _quota(self) -> float:
        """Submissions allowed up to the end of the present round."""
        if self._limit is None:
            return math.inf
        return math.ceil(self._limit * self.round / self._settings.rounds)

    def _next_allowed_s(self) -> float:
        attempts = self._attempts
        return attempts[-1].at_s + self._interval_s if attempts else self.planned.opens_s

    def _key(self) -> str:
        return f"{self.task.name}/{len(self._handed) + 1}"

    def _row(self, candidate_id: str) -> int:
        if candidate_id in self._rows:
            return self._rows[candidate_id]
        raise RunFolderError(
            f"{self.task.name}: candidate {candidate_id} was submitted and is not among the "
            "candidates any more; resume with the same pool or model"
        )


def _told(shown: Shown) -> str:
    verdict = shown.verdict or "no verdict"
    if not shown.points:
        return str(verdict)
    points = " ".join(f"{points:g}" for points in shown.points.values())
    return f"{verdict} ({points})"
