"""The contest loop: limits, clock, rounds, resumption."""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from problems.submission import Submission
from problems.verdict import Verdict
from solver.contests.clock import RealClock, SimulatedClock, Speeds
from solver.contests.logs.log import SubmissionLog, read_log
from solver.contests.logs.recorder import RecordedJudge
from solver.contests.plan import ContestPlan, PlannedTask
from solver.contests.play import play
from solver.contests.settings import PlayerSettings
from solver.contests.simulated import SimulatedJudge
from solver.errors import LimitReached, RunFolderError, TooSoon
from solver.judges.base import Judgement, SubmissionState
from solver.strategies.base import Choice, View
from solver.types import Feedback, PrepareRequest
from tests.contest.conftest import Shuffled


def records(folder: Path, kind: str) -> list[dict[str, Any]]:
    content = read_log(folder / "submissions.jsonl")
    return [dict(record) for record in content.records if record["kind"] == kind]


class Greedy:
    """Wants to submit the first candidate for ever, whatever it is told."""

    def __init__(self, view: View, rng: np.random.Generator) -> None:
        del view, rng

    def next(self, history: Sequence[Feedback]) -> Choice | None:
        return Choice(candidate=0, subtask="s1", estimate=0.9, expected_gain=9.0, reason="mine")


def test_a_contest_ends_in_a_scoreboard(tmp_path: Path, contest: Any) -> None:
    board = contest.play(tmp_path)
    best = {
        task.name: np.max(
            [contest.points[task.name][source] for source in _tried(tmp_path, task.name)],
            axis=0,
        )
        for task in contest.tasks
    }
    assert [score.points for score in board.tasks] == [best[t.name].sum() for t in contest.tasks]
    assert board.total.points == sum(score.points for score in board.tasks) > 0
    assert (
        board.medal == "gold" if board.total.points >= 200 else board.medal in {"silver", "bronze"}
    )
    end = records(tmp_path, "end")
    assert len(end) == 1 and end[0]["scoreboard"]["points"] == board.total.points


def _tried(folder: Path, task: str) -> list[bytes]:
    choices = [r["candidate"].encode() for r in records(folder, "choice") if r["task"] == task]
    assert len(choices) == len(set(choices))
    return choices


def test_no_strategy_gets_more_than_fifty_a_problem(tmp_path: Path, contest_of: Any) -> None:
    contest = contest_of()
    for points in contest.points.values():
        for source in points:
            points[source] = [0.0] * len(points[source])
    contest.play(tmp_path, strategy=Greedy)
    counts = Counter(record["task"] for record in records(tmp_path, "submission"))
    assert counts == {"apples": 50, "bridges": 50, "cranes": 50}
    assert {r["reason"] for r in records(tmp_path, "left")} == {"all 50 submissions are spent"}


def test_the_judge_itself_refuses_the_fifty_first(contest: Any) -> None:
    clock = SimulatedClock()
    judge = SimulatedJudge(contest.plan, contest.tasks, contest.graders(), clock)
    submission = Submission(language="cpp20", sources={"a.cpp": b"apples-0"})
    # Submissions that aim at different subtasks, and those to other problems, share no allowance.
    for number in range(50):
        clock.wait_until(number * 60.0)
        judge.submit("apples", submission, f"apples/s{number % 3}/{number}")
        judge.submit("bridges", submission, f"bridges/{number}")
    clock.wait_until(50 * 60.0)
    for task in ("apples", "bridges"):
        with pytest.raises(LimitReached, match="all 50 submissions are spent"):
            judge.submit(task, submission, f"{task}/another")
    judge.submit("cranes", submission, "cranes/1")


def test_the_judge_refuses_before_the_interval_and_after_the_end(contest: Any) -> None:
    clock = SimulatedClock()
    judge = SimulatedJudge(contest.plan, contest.tasks, contest.graders(), clock)
    submission = Submission(language="cpp20", sources={"a.cpp": b"apples-0"})
    judge.submit("apples", submission, "1")
    clock.wait_until(59.9)
    # What the player waits for: any other refusal of a limit would make it leave the task.
    with pytest.raises(TooSoon, match="60 s must pass") as refused:
        judge.submit("apples", submission, "2")
    assert refused.value.wait_s == pytest.approx(0.1)
    clock.wait_until(60.0)
    judge.submit("apples", submission, "2")
    clock.wait_until(5 * 3600.0)
    with pytest.raises(LimitReached, match="takes no submissions"):
        judge.submit("apples", submission, "3")


def test_the_same_key_is_one_submission(contest: Any) -> None:
    clock = SimulatedClock()
    graders = contest.graders()
    judge = SimulatedJudge(contest.plan, contest.tasks, graders, clock, latency_s=5.0)
    submission = Submission(language="cpp20", sources={"a.cpp": b"apples-0"})
    first = judge.submit("apples", submission, "k")
    assert judge.submit("apples", submission, "k") == first
    assert judge.poll(first).state is SubmissionState.PENDING
    clock.wait_until(5.0)
    assert judge.poll(first) == judge.poll(first)
    assert graders["apples"].judged == [b"apples-0"]


def test_submissions_keep_the_interval_and_the_clock(tmp_path: Path, contest: Any) -> None:
    contest.play(tmp_path)
    for task in contest.tasks:
        times = [r["at_s"] for r in records(tmp_path, "submission") if r["task"] == task.name]
        assert all(b - a >= 60 for a, b in itertools.pairwise(times))
    # 100,000 tokens at 5,000 a second and 8 CPU s on 16 cores: 20.5 s, one task after the other.
    assert [r["ready_s"] for r in records(tmp_path, "prepared")] == [20.5, 41.0, 61.5]


def test_time_up_ends_the_contest(tmp_path: Path, contest_of: Any) -> None:
    contest = contest_of(duration_s=45.0)
    contest.play(tmp_path)
    submitted = [record["task"] for record in records(tmp_path, "submission")]
    assert submitted == ["apples", "bridges"]
    assert {r["task"]: r["reason"] for r in records(tmp_path, "left")}["cranes"] == "time is up"


def test_rounds_share_the_limit_and_feed_points_into_the_next(tmp_path: Path, contest: Any) -> None:
    requests = []
    prepare = contest.prepare

    def asked(task: Any, request: Any) -> Any:
        requests.append((task.name, request))
        return prepare(task, request)

    contest.prepare = asked
    contest.play(tmp_path, rounds=2)
    second = [request for name, request in requests if name == "apples" and request.round == 2]
    if not second:
        pytest.fail("apples was solved in the first round: the fixture's points changed")
    assert len(second[0].tried) == 25
    assert all(set(tried.points) == {"s1", "s2", "s3"} for tried in second[0].tried)
    numbers = [r["round"] for r in records(tmp_path, "choice") if r["task"] == "apples"]
    assert numbers[:25] == [1] * 25 and set(numbers[25:]) == {2}
    _tried(tmp_path, "apples")


def asked_of(contest: Any) -> dict[tuple[str, int], PrepareRequest]:
    """What the contest's preparer is asked for, by task and round, filled while it plays."""
    requests: dict[tuple[str, int], PrepareRequest] = {}
    prepare = contest.prepare

    def asked(task: Any, request: PrepareRequest) -> Any:
        requests[task.name, request.round] = request
        return prepare(task, request)

    contest.prepare = asked
    return requests


def test_half_of_the_time_left_is_for_sampling_shared_by_the_points_to_be_had(
    tmp_path: Path, contest_of: Any
) -> None:
    contest = contest_of()
    contest.plan = with_points(contest.plan, {"apples": 1.0, "bridges": 2.0, "cranes": 0.5})
    requests = asked_of(contest)
    contest.play(tmp_path)
    # 5 hours; a round takes 20.5 s, and whoever has been sampled does not wait any more.
    shares_s = {
        "apples": 18000 / 2 * 100 / 350,
        "bridges": (18000 - 20.5) / 2 * 200 / 250,
        "cranes": (18000 - 41) / 2,
    }
    for name, share_s in shares_s.items():
        request = requests[name, 1]
        assert request.sampling_s == pytest.approx(share_s)
        assert request.tokens == int(request.sampling_s * 5000)


def with_points(plan: ContestPlan, factors: dict[str, float]) -> ContestPlan:
    """The contest with every task worth so many times its points."""

    def times(planned: PlannedTask) -> PlannedTask:
        sheet = planned.sheet
        points = {name: p * factors[planned.name] for name, p in sheet.subtasks.items()}
        return replace(planned, sheet=replace(sheet, subtasks=points))

    return replace(plan, tasks=tuple(map(times, plan.tasks)))


def test_a_resumed_run_asks_for_what_was_asked_for_before(tmp_path: Path, contest_of: Any) -> None:
    """Also where a task that waited then has been left since: it frees no time after the fact."""

    def made() -> tuple[Any, dict[tuple[str, int], PrepareRequest]]:
        contest = contest_of(limit=6)
        for source in contest.points["cranes"]:
            # The last to be sampled is solved, and left, at once.
            contest.points["cranes"][source] = [10.0, 90.0]
        return contest, asked_of(contest)

    whole, wanted = made()
    whole.play(tmp_path, rounds=2)
    log = tmp_path / "submissions.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    assert ("cranes", 1) in wanted and ("bridges", 2) in wanted and ("cranes", 2) not in wanted
    rounds = [n for n, line in enumerate(lines) if b'"preparing"' in line or b'"left"' in line]
    for kept in {after for n in [0, *rounds] for after in (n + 1, n + 2)}:
        log.write_bytes(b"".join(lines[:kept]))
        resumed, requests = made()
        resumed.play(tmp_path, rounds=2)
        assert requests == {key: wanted[key] for key in requests}
        assert log.read_bytes() == b"".join(lines)


@pytest.mark.parametrize("rules", ["icpc", "codeforces", "atcoder"])
def test_other_rules_tell_a_strategy_the_verdict_alone(
    tmp_path: Path, contest_of: Any, rules: str
) -> None:
    contest = contest_of(rules)
    contest.play(tmp_path)
    judged = records(tmp_path, "judgement")
    assert judged and all(record["points"] == {} for record in judged)


class CrashError(Exception):
    pass


def test_a_crash_before_or_after_any_record_changes_nothing(
    tmp_path: Path, contest_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tmp_path / "whole"
    contest_of(limit=2).play(whole, rounds=2)
    wanted = (whole / "submissions.jsonl").read_bytes()
    append = SubmissionLog.append
    for stop in range(1, wanted.count(b"\n") + 1):
        folder = tmp_path / str(stop)
        for after in (False, True):
            left = stop

            def crash(log: Any, kind: str, fields: Any, after: bool = after) -> Any:
                nonlocal left
                left -= 1
                if left == 0 and not after:
                    raise CrashError
                record = append(log, kind, fields)
                if left == 0:
                    raise CrashError
                return record

            monkeypatch.setattr(SubmissionLog, "append", crash)
            with pytest.raises(CrashError):
                contest_of(limit=2).play(folder, rounds=2)
            monkeypatch.undo()
            contest_of(limit=2).play(folder, rounds=2)
            assert (folder / "submissions.jsonl").read_bytes() == wanted
            (folder / "submissions.jsonl").unlink()


class Stuck:
    """A judge that takes submissions and never judges one of them, in a whole day's queue."""

    def __init__(self, judge: SimulatedJudge, task: str) -> None:
        self._judge = judge
        self._stuck = task
        self.asked_s: list[float] = []
        self.tasks, self.limits, self.now_s = judge.tasks, judge.limits, judge.now_s
        self.submit = judge.submit

    def poll(self, submission_id: str) -> Judgement:
        if not submission_id.startswith(self._stuck):
            return self._judge.poll(submission_id)
        self.asked_s.append(self.now_s())
        return Judgement(submission=submission_id, state=SubmissionState.PENDING)


def test_a_submission_that_is_never_judged_does_not_keep_the_contest_open(
    tmp_path: Path, contest_of: Any
) -> None:
    day_s = 20 * 3600.0
    contest = contest_of(duration_s=day_s)
    clock = SimulatedClock()
    judge = Stuck(SimulatedJudge(contest.plan, contest.tasks, contest.graders(), clock), "bridges")
    with SubmissionLog(tmp_path / "submissions.jsonl") as log:
        play(
            contest.plan,
            RecordedJudge(judge, log, tmp_path / "submissions"),
            contest.prepare,
            PlayerSettings(strategy=Shuffled, strategy_name="shuffled"),
            clock=clock,
            log=log,
            speeds=Speeds(),
        )
    left = {record["task"]: record for record in records(tmp_path, "left")}
    assert left.keys() == {"apples", "bridges", "cranes"}
    assert left["bridges"]["reason"] == "time is up, and bridges-1 was never judged"
    assert day_s + 1800 <= left["bridges"]["at_s"] <= day_s + 1800 + 30
    assert len(records(tmp_path, "end")) == 1
    waits_s = [b - a for a, b in itertools.pairwise(judge.asked_s)]
    # 5 s, half as long again each time, at most half a minute.
    assert waits_s[:3] == pytest.approx([5.0, 7.5, 11.25])
    assert max(waits_s) == pytest.approx(30.0)


def test_played_again_nothing_is_prepared_or_judged(tmp_path: Path, contest_of: Any) -> None:
    board = contest_of().play(tmp_path)
    again = contest_of()
    graders = again.graders()
    assert again.play(tmp_path, graders=graders) == board
    assert again.prepared == []
    assert all(grader.judged == [] for grader in graders.values())


def test_another_contest_in_the_same_folder_is_refused(tmp_path: Path, contest_of: Any) -> None:
    contest_of().play(tmp_path)
    with pytest.raises(RunFolderError, match="begun with another limit"):
        contest_of(limit=10).play(tmp_path)


def test_candidates_that_vanished_are_named(tmp_path: Path, contest_of: Any) -> None:
    contest_of().play(tmp_path)
    path = tmp_path / "submissions.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:20]))
    contest = contest_of()
    contest.points["apples"] = {b"apples-new": [0.0, 0.0, 0.0]}
    with pytest.raises(RunFolderError, match=r"apples-.* not among the candidates"):
        contest.play(tmp_path)


def test_clocks() -> None:
    clock = SimulatedClock()
    clock.wait_until(10)
    clock.wait_until(5)
    assert clock.now_s() == 10
    assert clock.done_at_s(10, 2.5) == 12.5
    with pytest.raises(ValueError, match="cost"):
        clock.done_at_s(10, -1)
    real = RealClock(elapsed_s=100.0)
    real.wait_until(100.02)
    assert real.now_s() >= 100.02


class Expecting:
    """Expects less of every further submission."""

    def __init__(self, view: View, rng: np.random.Generator) -> None:
        del rng
        self._programs = len(view.candidates)

    def next(self, history: Sequence[Feedback]) -> Choice | None:
        row = len(history)
        if row >= self._programs:
            return None
        gain = 10.0 / (1 + row)
        return Choice(candidate=row, subtask=None, estimate=0.1, expected_gain=gain, reason="")


def test_a_round_ends_when_little_is_expected(tmp_path: Path, contest: Any) -> None:
    contest.play(tmp_path, strategy=Expecting, least_gain_points=1.0)
    counts = Counter(record["task"] for record in records(tmp_path, "submission"))
    assert max(counts.values()) == 10
    reasons = {record["reason"] for record in records(tmp_path, "left")}
    assert reasons <= {"the next would gain 0.91 points", "full marks"}


def test_no_round_is_begun_that_would_end_after_the_contest(
    tmp_path: Path, contest_of: Any
) -> None:
    # A second round of 20 s and a minute still fits for the first task, and not for the last.
    contest = contest_of(limit=8, duration_s=320.0)
    contest.play(tmp_path, rounds=2)
    rounds = {record["round"] for record in records(tmp_path, "prepared")}
    submitted = [r for r in records(tmp_path, "submission") if r["task"] == "cranes"]
    assert rounds == {1, 2}
    assert {r["round"] for r in records(tmp_path, "choice") if r["task"] == "cranes"} == {1}
    assert len(submitted) == 5


def test_codeforces_system_tests_come_after_the_end_and_survive_a_crash(
    tmp_path: Path, contest_of: Any
) -> None:
    contest = contest_of("codeforces")
    plan = contest.plan
    contest.plan = replace(
        plan,
        tasks=tuple(replace(task, sheet=replace(task.sheet, pretests=2)) for task in plan.tasks),
    )

    def graders() -> dict[str, Any]:
        made = contest.graders()
        for grader in made.values():
            grader.testcases_of = lambda accepted: [
                Verdict.AC,
                Verdict.AC,
                Verdict.AC if accepted else Verdict.TLE,
            ]
        return made

    board = contest.play(tmp_path, graders=graders())
    # Every first submission passes the two pretests; the third test is judged after the end.
    assert [score.submissions for score in board.tasks] == [1, 1, 1]
    judged = records(tmp_path, "judgement")
    first = [record for record in judged if not record["final"]]
    assert {record["verdict"] for record in first} == {"AC"}
    late = [record for record in judged if record["final"]]
    assert late and {record["verdict"] for record in late} == {"WA"}
    assert all(record["at_s"] >= 2 * 3600 for record in late)
    assert board.total.points == sum(score.points for score in board.tasks)
    assert {score.points for score in board.tasks if score.solved_at_s is None} == {0.0}
    log = tmp_path / "submissions.jsonl"
    whole = log.read_bytes()
    lines = whole.splitlines(keepends=True)
    log.write_bytes(b"".join(lines[: -len(late) - 1]))
    assert contest.play(tmp_path, graders=graders()) == board
    assert log.read_bytes() == whole


@pytest.mark.parametrize("rules", ["icpc", "codeforces", "atcoder"])
def test_nothing_is_handed_in_after_the_solve(tmp_path: Path, contest_of: Any, rules: str) -> None:
    """Where a further attempt can only cost, there is none, however many candidates are left."""
    contest = contest_of(rules)
    contest.play(tmp_path)
    judged = records(tmp_path, "judgement")
    task_of = {record["id"]: record["task"] for record in records(tmp_path, "submission")}
    solved = [task_of[record["id"]] for record in judged if record["verdict"] == "AC"]
    assert len(solved) == len(set(solved)) > 0
    for task in solved:
        verdicts = [record["verdict"] for record in judged if task_of[record["id"]] == task]
        assert verdicts.index("AC") == len(verdicts) - 1


def test_tiny_gains_are_taken_by_default_and_left_where_asked(
    tmp_path: Path, contest_of: Any
) -> None:
    """Under IOI rules a submission costs nothing but its place among the 50."""
    everything = contest_of()
    for points in everything.points.values():
        for source in points:
            points[source] = [0.0] * len(points[source])
    everything.play(tmp_path / "all", strategy=Expecting)
    counts = Counter(record["task"] for record in records(tmp_path / "all", "submission"))
    assert set(counts.values()) == {50}
    less = contest_of()
    less.points = everything.points
    less.play(tmp_path / "some", strategy=Expecting, least_gain_points=2.0)
    counts = Counter(record["task"] for record in records(tmp_path / "some", "submission"))
    assert set(counts.values()) == {5}
