"""The contest loop: tasks are prepared one after the other, submissions go out as the clock, the
interval and the judge allow. Kill it at any time: played again on the same log, it goes on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from solver.contests.clock import Clock, Speeds
from solver.contests.logs.log import LogLine, SubmissionLog
from solver.contests.logs.recorder import RecordedJudge
from solver.contests.plan import ContestPlan
from solver.contests.player import Player
from solver.contests.rules.base import TaskScore
from solver.contests.scoreboard import Scoreboard, plan_record, scoreboard, scoreboard_record
from solver.contests.settings import Phase, PlayerSettings
from solver.errors import RunFolderError
from solver.prepared import PreparedTask, Preparer, TaskNumbers, numbers_of
from solver.sampling.tally import Tally, tally_words

_LATER = ("least_gain_points", "tokens_per_s")
"""Of a log's first line; logs that were begun before 2026-11-29 lack them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskState:
    """One line of the live table.

    Attributes:
        candidates: Samples at hand.
        clusters: Distinct behaviours among them.
        numbers: What became of the samples; None before they are there.
        aimed: Subtask to the submissions that aimed at it.
        submissions_left: None where there is no limit.
        note: Why the task was left, empty before.
    """

    task: str
    phase: Phase
    round: int
    candidates: int
    clusters: int
    submissions: int
    submissions_left: int | None
    score: TaskScore
    note: str
    numbers: TaskNumbers | None = None
    aimed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestState:
    """What the live table shows.

    Attributes:
        ends_s: Contest time at which the last task closes.
    """

    now_s: float
    tasks: tuple[TaskState, ...]
    event: str
    ends_s: float = 0.0


class Watcher(Protocol):
    """Somebody who looks on."""

    def __call__(self, state: ContestState) -> None:
        """Called after every step."""


def play(
    plan: ContestPlan,
    judge: RecordedJudge,
    prepare: Preparer,
    settings: PlayerSettings,
    *,
    clock: Clock,
    log: SubmissionLog,
    speeds: Speeds,
    watch: Watcher = lambda state: None,
    recheck: bool = False,
) -> Scoreboard:
    """Plays a contest from its start, or from where the log ends.

    Args:
        recheck: Ask for every judgement once more at the end: a real judge may have changed one.

    Raises:
        RunFolderError: The log belongs to another contest or to other rules.
    """
    _begin(plan, settings, log, speeds)
    if next(log.of_kind("end"), None) is not None:
        return scoreboard(plan, log.records)
    tasks = {task.name: task for task in judge.tasks()}
    players = [
        Player(tasks[planned.name], planned, plan.rules, judge, log, settings)
        for planned in plan.tasks
    ]
    loop = _Loop(plan, players, prepare, clock, log, speeds)
    while (event := loop.step()) is not None:
        if event:
            watch(loop.state(event))
    if plan.rules.system_tests:
        clock.wait_until(max(task.closes_s for task in plan.tasks))
    if plan.rules.system_tests or recheck:
        for record in list(log.of_kind("submission")):
            judge.poll_again(record["id"])
    # After a restart the clock may not have been needed: the log knows how late it is.
    clock.wait_until(max((record["at_s"] for record in log.of_kind("left")), default=0.0))
    board = scoreboard(plan, log.records)
    log.append("end", {"at_s": clock.now_s(), "scoreboard": scoreboard_record(board)})
    return board


def _begin(plan: ContestPlan, settings: PlayerSettings, log: SubmissionLog, speeds: Speeds) -> None:
    wanted = plan_record(plan) | {
        "strategy": settings.strategy_name,
        "rounds": settings.rounds,
        "seed": settings.seed,
        "least_gain_points": settings.least_gain_points,
        "tokens_per_s": speeds.tokens_per_s,
    }
    if not log.records:
        log.append("contest", wanted)
        return
    first = log.records[0]
    for key, value in wanted.items():
        if first.get(key, value if key in _LATER else None) != value:
            raise RunFolderError(
                f"{log.path}: this run was begun with another {key}; "
                "resume with the same options or name another --run folder"
            )


class _Loop:
    """Chooses whose turn it is. Sampling is one after the other; judging goes on meanwhile."""

    def __init__(
        self,
        plan: ContestPlan,
        players: list[Player],
        prepare: Preparer,
        clock: Clock,
        log: SubmissionLog,
        speeds: Speeds,
    ) -> None:
        self._plan = plan
        self._players = players
        self._prepare = prepare
        self._clock = clock
        self._log = log
        self._speeds = speeds
        self._asked = {
            (record["task"], record["round"]): record for record in log.of_kind("preparing")
        }
        self._prepared = {
            (record["task"], record["round"]): record for record in log.of_kind("prepared")
        }
        self._numbers: dict[int, tuple[PreparedTask, TaskNumbers]] = {}
        self._grown: dict[tuple[str, int], list[LogLine]] = {}
        for record in log.of_kind("grown"):
            self._grown.setdefault((record["task"], record["round"]), []).append(record)
        self._free_at_s = max((record["ready_s"] for record in self._prepared.values()), default=0)

    def step(self) -> str | None:
        """The next event, told in a line, "" for none; None when every task has been left."""
        turns = [
            (self._turn_s(player), player.phase is Phase.PREPARING, index)
            for index, player in enumerate(self._players)
            if player.phase is not Phase.LEFT
        ]
        if not turns:
            return None
        at_s, preparing, index = min(turns)
        player = self._players[index]
        self._clock.wait_until(at_s)
        if preparing and at_s >= player.planned.closes_s:
            return f"{player.task.name}: {player.leave(at_s, 'time is up')}"
        if preparing:
            return f"{player.task.name}: {self._start_round(player, at_s)}"
        told = player.step(self._clock.now_s())
        return f"{player.task.name}: {told}" if told else ""

    def _turn_s(self, player: Player) -> float:
        if player.phase is not Phase.PREPARING:
            return player.ready_at_s
        known = self._prepared.get((player.task.name, player.round))
        if known is not None:
            return float(known["start_s"])
        return max(self._free_at_s, player.ready_at_s)

    def _start_round(self, player: Player, start_s: float) -> str:
        key = (player.task.name, player.round)
        asked = self._asked.get(key) or self._ask(player, start_s)
        request = player.request(asked["sampling_s"], asked["tokens"])
        prepared = self._prepare(player.task, request)
        candidates = len(prepared.view.candidates)
        record = self._prepared.get(key)
        if record is None:
            cost_s = self._speeds.sampling_s(prepared.tokens)
            cost_s += self._speeds.running_s(prepared.cpu_s)
            record = self._log.append(
                "prepared",
                {
                    "task": player.task.name,
                    "round": player.round,
                    "start_s": start_s,
                    "ready_s": self._clock.done_at_s(start_s, cost_s),
                    "candidates": candidates,
                    "clusters": prepared.clusters,
                    "tokens": prepared.tokens,
                    "cpu_s": prepared.cpu_s,
                    "tally": _record_of(prepared),
                    **_repaired(prepared),
                },
            )
            self._prepared[key] = record
            self._free_at_s = record["ready_s"]
        elif candidates > self._known_candidates(key, record):
            self._grow(player, key, record, prepared)
        player.start_round(prepared, record["start_s"], record["ready_s"])
        player.not_before_s = max((each["ready_s"] for each in self._grown.get(key, ())), default=0)
        told = f"{candidates} candidates in {prepared.clusters} clusters"
        return told if prepared.tally is None else f"{told}; {_lost(prepared.tally)}".rstrip("; ")

    def _known_candidates(self, key: tuple[str, int], prepared: LogLine) -> int:
        return max(int(each["candidates"]) for each in (prepared, *self._grown.get(key, ())))

    def _grow(
        self, player: Player, key: tuple[str, int], record: LogLine, prepared: PreparedTask
    ) -> None:
        """More samples than the log knows: they were drawn when the run was resumed, and cost time
        from where it ends; what was chosen before stays chosen."""
        before = (record, *self._grown.get(key, ()))
        tokens = max(0, prepared.tokens - sum(each["tokens"] for each in before))
        cpu_s = max(0.0, prepared.cpu_s - sum(each["cpu_s"] for each in before))
        start_s = max(
            each[name] for each in self._log.records for name in ("at_s", "ready_s") if name in each
        )
        cost_s = self._speeds.sampling_s(tokens) + self._speeds.running_s(cpu_s)
        grown = self._log.append(
            "grown",
            {
                "task": player.task.name,
                "round": player.round,
                "start_s": start_s,
                "ready_s": self._clock.done_at_s(start_s, cost_s),
                "candidates": len(prepared.view.candidates),
                "clusters": prepared.clusters,
                "tokens": tokens,
                "cpu_s": cpu_s,
                "tally": _record_of(prepared),
            },
        )
        self._grown.setdefault(key, []).append(grown)

    def _ask(self, player: Player, start_s: float) -> LogLine:
        """What a round may cost depends on who else waits, which a resumed run cannot tell: tasks
        that it knows to have been left were waiting then. So the log says it."""
        share_s = self._sampling_share_s(player, start_s)
        return self._log.append(
            "preparing",
            {
                "task": player.task.name,
                "round": player.round,
                "sampling_s": share_s,
                "tokens": int(share_s * self._speeds.tokens_per_s),
            },
        )

    def _sampling_share_s(self, player: Player, now_s: float) -> float:
        """Half of the time that is left is for sampling, shared out by the points to be had; the
        other half is kept for submissions."""
        waiting = [other for other in self._players if other.phase is Phase.PREPARING]
        everything = sum(other.missing_points() for other in waiting)
        left_s = max(other.planned.closes_s for other in waiting) - now_s
        if everything <= 0:
            return 0.0
        return max(0.0, left_s / 2 * player.missing_points() / everything)

    def state(self, event: str) -> ContestState:
        """The live table after an event."""
        board = scoreboard(self._plan, self._log.records)
        return ContestState(
            now_s=self._clock.now_s(),
            event=event,
            ends_s=max((task.closes_s for task in self._plan.tasks), default=0.0),
            tasks=tuple(
                self._task_state(player, score)
                for player, score in zip(self._players, board.tasks, strict=True)
            ),
        )

    def _task_state(self, player: Player, score: TaskScore) -> TaskState:
        prepared = player.prepared
        left = None if player.limit is None else player.limit - score.submissions
        return TaskState(
            task=player.task.name,
            phase=player.phase,
            round=player.round,
            candidates=len(prepared.view.candidates) if prepared else 0,
            clusters=prepared.clusters if prepared else 0,
            submissions=score.submissions,
            submissions_left=left,
            score=score,
            note=player.reason,
            numbers=None if prepared is None else self._numbers_of(prepared),
            aimed=player.aimed(),
        )

    def _numbers_of(self, prepared: PreparedTask) -> TaskNumbers:
        key = id(prepared)
        if key not in self._numbers:
            # The view is kept beside them: while it lives, nothing else has its id.
            self._numbers[key] = (prepared, numbers_of(prepared))
        return self._numbers[key][1]


def _record_of(prepared: PreparedTask) -> dict[str, Any] | None:
    return None if prepared.tally is None else prepared.tally.as_record()


def _repaired(prepared: PreparedTask) -> dict[str, Any]:
    """The repair rounds, comparisons and diagnoses, where there were any."""
    rounds = [one.as_record() for one in prepared.repaired]
    told: dict[str, Any] = {"repaired": rounds} if rounds else {}
    if prepared.compared is not None:
        told["compared"] = prepared.compared.as_record()
    if prepared.diagnosed is not None:
        told["diagnosed"] = prepared.diagnosed.as_record()
    return told


def _lost(tally: Tally) -> str:
    """The answers that became no program of their own, "" where all did."""
    return tally_words(tally.as_record()) if tally.lost else ""
