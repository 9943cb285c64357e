"""Judges that fail, on a clock that tests set: nothing here waits for real time.

The client plays over real HTTP; the server is down, slow, forgetful or wrong about the time.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
import pytest

from problems.submission import Submission
from problems.task import Task
from problems.verdict import Verdict
from solver.contests.clock import RealClock, Speeds
from solver.contests.logs.log import SubmissionLog, read_log
from solver.contests.logs.recorder import RecordedJudge
from solver.contests.on_judge import OwnClock
from solver.contests.plan import ContestPlan, PlannedTask
from solver.contests.play import play
from solver.contests.rules import rules_named
from solver.contests.rules.base import TaskSheet
from solver.contests.scoreboard import Scoreboard
from solver.contests.settings import PlayerSettings
from solver.errors import TooSoon
from solver.judges.base import JudgeLimits, SubmissionState
from solver.judges.clients.domjudge import DomJudge
from solver.judges.clients.ledger import Ledger
from solver.judges.clients.transport import Patience, Transport
from solver.judges.errors import JudgeUnreachable
from solver.prepared import PreparedTask
from solver.strategies.base import Choice, View
from solver.types import Candidate, Feedback, PrepareRequest
from tests.contest.conftest import make_view
from tests.judges.conftest import FakeWall, on_loopback
from tests.judges.domjudge_app import FakeDomJudge


class Bench:
    """A DOMjudge server and the means to reach it, on one clock."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._stack = stack
        self._folder = folder
        self.wall = FakeWall()
        self.fake = FakeDomJudge(now=self.wall, start_s=self.wall.time_s() - 60)
        self._url = stack.enter_context(on_loopback(self.fake.app, date_header=False))

    def client(self, *, outage_s: float = 1800.0, limits: JudgeLimits | None = None) -> DomJudge:
        """A client of its own on the one ledger, as after a restart."""
        transport = Transport(
            self._url + "api/v4/",
            auth=httpx.BasicAuth("ana", "hunter2"),
            patience=Patience(outage_s=outage_s),
            wall=self.wall,
        )
        ledger = Ledger(self._folder / "ledger.sqlite", "domjudge")
        self._stack.callback(transport.close)
        self._stack.callback(ledger.close)
        limits = limits or JudgeLimits(submissions=None)
        return DomJudge(transport, ledger, "cup", limits=limits)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with ExitStack() as stack:
        yield Bench(stack, tmp_path)


def python(note: str, verdict: str = "AC") -> Submission:
    return Submission(
        language="python3", sources={"sums.py": f"# verdict: {verdict} {note}\n".encode()}
    )


def test_down_for_ten_minutes(bench: Bench) -> None:
    """Before the submission, and between it and its judgement: waited through, handed in once."""
    client = bench.client()
    began_s = bench.wall.time_s()
    bench.fake.down_until_s = began_s + 600
    number = client.submit("sums", python("a"), "k")
    assert began_s + 600 <= bench.wall.time_s() < began_s + 700
    bench.fake.down_until_s = bench.wall.time_s() + 600
    assert client.poll(number).verdict is Verdict.AC
    assert len(bench.fake.submissions) == 1
    # Pauses grow to half a minute, no further: the judge is not hammered, nor is its return missed.
    assert max(bench.wall.slept) <= 30
    assert len(bench.fake.requests) < 200


def test_down_for_longer_than_the_patience(bench: Bench) -> None:
    """It ends in an error by name; the same key goes on later and is still one submission."""
    bench.fake.lose_answers = 1
    client = bench.client(outage_s=300)
    real_post = client._send

    def then_down(task: str, submission: Submission, key: str) -> str:
        try:
            return real_post(task, submission, key)
        finally:
            bench.fake.down_until_s = bench.wall.time_s() + 3600

    client._send = then_down  # type: ignore[method-assign]
    with pytest.raises(JudgeUnreachable, match="gave up after 300 s"):
        client.submit("sums", python("a"), "k")
    bench.wall.sleep(3600)
    again = bench.client()
    assert again.submit("sums", python("a"), "k") == "100"
    assert len(bench.fake.submissions) == 1


def test_five_hundred_to_a_submission_that_was_taken(bench: Bench) -> None:
    """Looked up before anything is sent again, every time."""
    client = bench.client()
    bench.fake.lose_answers = 3
    numbers = [client.submit("sums", python(f"{n}"), f"k{n}") for n in range(3)]
    assert numbers == ["100", "101", "102"]
    posts = [line for line in bench.fake.requests if line.startswith("POST")]
    assert len(posts) == 3


@pytest.mark.parametrize("ahead_s", [-600.0, 600.0, 86400.0])
def test_clock_skew(bench: Bench, ahead_s: float) -> None:
    """The judge's clock rules: the contest's time, the interval, the look-up of a lost answer."""
    bench.fake.ahead_s = ahead_s
    bench.fake.start_s = bench.fake.time_s() - 1200
    client = bench.client(limits=JudgeLimits(submissions=50, interval_s=60.0))
    client.check_open()
    assert client.now_s() == pytest.approx(1200, abs=2)
    bench.fake.lose_answers = 1
    assert client.submit("sums", python("a"), "k1") == "100"
    with pytest.raises(TooSoon) as refused:
        client.submit("sums", python("b"), "k2")
    assert 50 <= refused.value.wait_s <= 61
    # A Date tells whole seconds: the judge's clock is known to about one.
    bench.wall.sleep(refused.value.wait_s + 1)
    client.submit("sums", python("b"), "k2")
    times = [each["at_s"] for each in bench.fake.submissions]
    assert len(times) == 2 and times[1] - times[0] >= 59


def test_contest_that_ends_by_the_judges_clock(bench: Bench) -> None:
    """Ours is ten minutes behind: the contest is over all the same."""
    bench.fake.ahead_s = 600.0
    bench.fake.start_s = bench.fake.time_s() - 5 * 3600 + 60
    client = bench.client()
    client.check_open()
    bench.wall.sleep(61)
    with pytest.raises(Exception, match="over"):
        client.submit("sums", python("a"), "k")
    assert bench.fake.submissions == []


# A whole contest over a judge that fails.


class InOrder:
    """Submits the candidates as they come."""

    def __init__(self, view: View, rng: np.random.Generator) -> None:
        del rng
        self._programs = len(view.candidates)

    def next(self, history: Sequence[Feedback]) -> Choice | None:
        tried = {feedback.candidate for feedback in history}
        row = next((row for row in range(self._programs) if row not in tried), None)
        if row is None:
            return None
        return Choice(candidate=row, subtask=None, estimate=0.5, expected_gain=None, reason="next")


@pytest.fixture
def contest(bench: Bench, tmp_path: Path) -> Callable[..., Scoreboard]:
    """Plays `sums` with the given sources on the bench's judge, in one run folder."""

    def start(sources: Sequence[str], *, interval_s: float = 0.0) -> Scoreboard:
        limits = JudgeLimits(submissions=50, interval_s=interval_s)
        client = bench.client(outage_s=3600, limits=limits)
        task = replace(client.tasks()[1], examples=())

        def prepare(task: Task, request: PrepareRequest) -> PreparedTask:
            candidates = [
                Candidate(
                    id=f"c{n}", task=task.name, subtask=None, language="python3", source=source
                )
                for n, source in enumerate(sources)
            ]
            return PreparedTask(view=make_view(task, candidates, request))

        plan = ContestPlan(
            name="cup",
            rules=rules_named("icpc"),
            tasks=(PlannedTask(sheet=TaskSheet.of(task), opens_s=0.0, closes_s=4 * 3600.0),),
            limit=50,
            interval_s=interval_s,
            duration_s=4 * 3600.0,
        )
        with SubmissionLog(tmp_path / "submissions.jsonl") as log:
            last_s = max((r["at_s"] for r in log.records if "at_s" in r), default=0.0)
            clock = RealClock(elapsed_s=last_s, wall=bench.wall)
            known = OwnClock(client, [task], clock, plan.duration_s)
            return play(
                plan,
                RecordedJudge(known, log, tmp_path / "submissions"),
                prepare,
                PlayerSettings(strategy=InOrder, strategy_name="in order", poll_s=1.0),
                clock=known.clock,
                log=log,
                speeds=Speeds(),
                recheck=True,
            )

    return start


def kinds(folder: Path, kind: str) -> list[dict]:
    records = read_log(folder / "submissions.jsonl").records
    return [dict(record) for record in records if record["kind"] == kind]


def test_a_queue_of_an_hour(bench: Bench, contest, tmp_path: Path) -> None:
    """It is asked less and less often, and the contest goes on when the answer is there."""
    bench.fake.queue_s = 3600.0
    board = contest(["# verdict: WA 1", "# verdict: AC 2", "# verdict: AC 3"])
    assert board.total.points == 1
    assert len(bench.fake.submissions) == 2
    judged = kinds(tmp_path, "judgement")
    submitted = kinds(tmp_path, "submission")
    for submission, judgement in zip(submitted, judged, strict=True):
        assert 3600 <= judgement["at_s"] - submission["at_s"] <= 3640
    polls = [line for line in bench.fake.requests if line.endswith("/judgements")]
    assert len(polls) < 2 * 150


def test_a_judgement_that_changes_later(bench: Bench, contest, tmp_path: Path) -> None:
    """The log keeps both words, and the scoreboard counts the last."""
    taken = bench.fake.take

    def take_and_rejudge(*fields: str) -> dict:
        found = taken(*fields)
        if found["id"] == "101":
            bench.fake.rejudged["100"] = "AC"
        return found

    bench.fake.take = take_and_rejudge  # type: ignore[method-assign]
    board = contest(["# verdict: WA 1", "# verdict: TLE 2"])
    verdicts = [(r["id"], r["verdict"], r["final"]) for r in kinds(tmp_path, "judgement")]
    assert verdicts == [("100", "WA", False), ("101", "TLE", False), ("100", "AC", True)]
    assert board.total.points == 1


def test_the_judge_counts_the_interval_from_later(bench: Bench, contest, tmp_path: Path) -> None:
    """It is stricter than what we know: the next one is tried until it is taken."""
    began_s = bench.wall.time_s()
    bench.fake.rate = (1, 90.0)
    board = contest(["# verdict: WA 1", "# verdict: WA 2", "# verdict: AC 3"], interval_s=60.0)
    times = [each["at_s"] for each in bench.fake.submissions]
    assert len(times) == 3
    assert all(b - a >= 90 for a, b in itertools.pairwise(times))
    assert board.total.points == 1
    assert bench.wall.time_s() - began_s < 600


def test_a_program_that_is_refused_costs_nothing(bench: Bench, contest, tmp_path: Path) -> None:
    """Too large for the judge: the next candidate is handed in, also in a run that is resumed."""
    board = contest(["#" * 300_000, "# verdict: AC 2"])
    assert board.total.points == 1
    assert board.tasks[0].failed == 0
    assert [record["key"] for record in kinds(tmp_path, "refused")] == ["sums/1"]
    whole = (tmp_path / "submissions.jsonl").read_bytes()
    lines = whole.splitlines(keepends=True)
    (tmp_path / "submissions.jsonl").write_bytes(b"".join(lines[:5]))
    forms = len(bench.fake.forms)
    assert contest(["#" * 300_000, "# verdict: AC 2"]).total.points == 1
    # Neither the refused one nor the taken one was sent again.
    assert len(bench.fake.forms) == forms


def test_the_contest_is_closed_while_we_play(bench: Bench, contest, tmp_path: Path) -> None:
    bench.fake.allow_submit = False
    board = contest(["# verdict: AC 1"])
    assert board.total.points == 0
    (left,) = kinds(tmp_path, "left")
    assert "disabled" in left["reason"]


def test_a_judge_that_is_down_until_the_end(bench: Bench, contest, tmp_path: Path) -> None:
    """What is left of the contest is waited for, not more; the run ends as any other."""
    ends_s = bench.wall.time_s() + 4 * 3600
    real_take = bench.fake.take
    bench.fake.queue_s = 3.5 * 3600

    def take_and_go_down(*fields: str) -> dict:
        if bench.fake.submissions:
            bench.fake.lose_answers = 1
            bench.fake.down_until_s = ends_s + 60
        return real_take(*fields)

    bench.fake.take = take_and_go_down  # type: ignore[method-assign]
    board = contest(["# verdict: WA 1", "# verdict: AC 2"])
    assert [record["verdict"] for record in kinds(tmp_path, "judgement")] == ["WA"]
    assert board.total.points == 0
    (left,) = kinds(tmp_path, "left")
    assert "time is up" in left["reason"]
    assert 4 * 3600 <= left["at_s"] < 4 * 3600 + 5


def test_a_judge_that_is_down_when_we_start(bench: Bench) -> None:
    bench.fake.down_until_s = bench.wall.time_s() + 600
    client = bench.client()
    assert [task.name for task in client.tasks()] == ["hello", "sums"]
    assert client.poll(client.submit("sums", python("a"), "k")).state is SubmissionState.JUDGED
