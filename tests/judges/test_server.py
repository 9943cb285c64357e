"""The judge server end to end over loopback: the client that agents use, and the real engine."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from problems.submission import Submission
from problems.verdict import Verdict
from solver.judges.base import SubmissionState
from solver.judges.clients.contest_api import ContestApi, pack
from solver.judges.errors import LimitReached
from solver.judges.server.guard import RequestLimits
from solver.judges.server.present import Window, absolute, relative

RIGHT = b"a, b = map(int, input().split())\nprint(a + b)\n"


def python(source: bytes) -> Submission:
    return Submission(language="python3", sources={"main.py": source})


def solution(task: str, kind: str = "accepted") -> Submission:
    """A bundled jury submission in Python."""
    from tests.judges.conftest import BUNDLED

    file = min((BUNDLED / task / "submissions" / kind).glob("*.py"))
    return python(file.read_bytes())


def wait_for(client: ContestApi, submission: str):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        judgement = client.poll(submission)
        if judgement.state is SubmissionState.JUDGED:
            return judgement
        time.sleep(0.05)
    raise AssertionError("not judged")


def test_tasks_statements_and_limits_reach_the_client(serve) -> None:
    client = serve().client()
    client.check_open()
    tasks = {task.name: task for task in client.tasks()}
    assert list(tasks) == ["apples", "evens", "depots"]
    assert len(tasks["depots"].statement.text) > 500
    assert tasks["depots"].max_points == 100
    assert tasks["depots"].limits.time_s == 2.0


def test_submit_and_judge(serve) -> None:
    client = serve().client()
    right = client.submit("apples", solution("apples"), "k1")
    wrong = client.submit("apples", python(b"print(0)\n"), "k2")
    broken = client.submit("apples", Submission(language="cpp20", sources={"a.cpp": b"int"}), "k3")
    accepted = wait_for(client, right)
    assert accepted.verdict is Verdict.AC
    assert accepted.score == 20
    rejected = wait_for(client, wrong)
    assert rejected.verdict is Verdict.WA
    assert rejected.score == 0
    assert wait_for(client, broken).verdict is Verdict.CE


def test_same_key_is_one_submission(serve) -> None:
    running = serve()
    client = running.client()
    first = client.submit("apples", python(RIGHT), "k")
    assert client.submit("apples", python(RIGHT), "k") == first
    assert len(running.store.submissions()) == 1


def test_the_servers_limit_holds_against_a_client_that_does_not_care(serve) -> None:
    running = serve(submission_limit=50, limits=RequestLimits(burst=100, replay_s=0))
    with running.http() as http:
        statuses = [
            post(http, {"files": [{"data": pack(python(b"print(%d)\n" % number))}]}).status_code
            for number in range(51)
        ]
    assert statuses == [200] * 50 + [403]


def test_interval(serve) -> None:
    running = serve(interval_s=60)
    client = running.client()
    client.submit("apples", python(RIGHT), "k1")
    client.transport.patience = type(client.transport.patience)(outage_s=0.0)
    with running.http() as http:
        answer = post(http, {"files": [{"data": pack(python(b"print(1)\n"))}]})
    assert answer.status_code == 429
    assert 50 < int(answer.headers["Retry-After"]) <= 60


def test_client_keeps_its_own_limit(serve) -> None:
    client = serve().client()
    client._limits = type(client._limits)(submissions=1)
    client.submit("apples", python(RIGHT), "k1")
    with pytest.raises(LimitReached):
        client.submit("apples", python(RIGHT + b"#"), "k2")


def post(http: httpx.Client, changes: dict, **kwargs) -> httpx.Response:
    body = {
        "problem_id": "apples",
        "language_id": "python3",
        "files": [{"data": pack(python(RIGHT))}],
        **changes,
    }
    body = {name: value for name, value in body.items() if value is not None}
    return http.post("contests/cup/submissions", json=body, **kwargs)


def test_nobody_sees_another_teams_submissions(serve) -> None:
    running = serve()
    mine = running.client("team01").submit("apples", python(RIGHT), "k")
    wait_for(running.client("team01"), mine)
    with running.http("team02") as other:
        for path in (mine, f"{mine}/files"):
            assert other.get(f"contests/cup/submissions/{path}").status_code == 404
        assert other.get("contests/cup/submissions").json() == []
        assert other.get("contests/cup/judgements").json() == []
        assert other.get(f"contests/cup/judgements/j{mine}").status_code == 404


def test_event_feed_follows_and_resumes(serve) -> None:
    running = serve()
    client = running.client()
    seen: list[dict] = []
    done = threading.Event()

    def follow() -> None:
        for event in running.client().follow():
            seen.append(dict(event))
            if event["type"] == "judgements":
                break
        done.set()

    thread = threading.Thread(target=follow)
    thread.start()
    client.submit("apples", python(RIGHT), "k")
    assert done.wait(60)
    thread.join()
    kinds = [event["type"] for event in seen]
    assert kinds.index("submissions") < kinds.index("judgements")
    assert {"contest", "problems", "languages", "teams", "state", "judgement-types"} <= set(kinds)
    # From the token before the last event on, only the last event comes again.
    token = seen[-2]["token"]
    assert next(iter(client.follow(since_token=token)))["type"] == "judgements"


def test_contest_that_has_not_started_or_has_ended(serve) -> None:
    early = serve(window=Window(start_s=time.time() + 600, end_s=time.time() + 900))
    late = serve(window=Window(start_s=time.time() - 900, end_s=time.time() - 600))
    with early.http() as http:
        assert http.get("contests/cup/problems").status_code == 403
        assert post(http, {}).status_code == 403
    with late.http() as http:
        assert post(http, {}).status_code == 403
        feed = [json.loads(line) for line in http.get("contests/cup/event-feed").text.splitlines()]
    assert feed[-1]["type"] == "state"
    assert feed[-1]["data"]["end_of_updates"] is not None


def test_many_teams_at_once_lose_nothing(serve) -> None:
    """20 teams, 10 submissions each, at once: each is judged once, as the offline judge says."""
    running = serve(teams=20, limits=RequestLimits(burst=20, replay_s=0))
    programs = [
        (b"print(%d)\n" % number if number % 2 else RIGHT + b"#%d" % number) for number in range(10)
    ]

    def play(team: str) -> list[str]:
        with running.http(team) as http:
            ids = []
            for source in programs:
                answer = post(http, {"files": [{"data": pack(python(source))}]})
                assert answer.status_code == 200, answer.text
                ids.append(answer.json()["id"])
        return ids

    with ThreadPoolExecutor(20) as pool:
        ids = list(pool.map(play, running.passwords))
    flat = [each for team in ids for each in team]
    assert len(set(flat)) == 200
    deadline = time.monotonic() + 200
    while running.store.pending() and time.monotonic() < deadline:
        time.sleep(0.2)
    judgements = {str(each.submission): each.verdict for each in running.store.judgements()}
    assert len(judgements) == 200
    for team in ids:
        assert [judgements[each] for each in team] == ["AC", "WA"] * 5


def test_times_are_written_as_the_specification_says() -> None:
    assert absolute(0) == "1970-01-01T00:00:00.000+00:00"
    assert relative(3723.0042) == "1:02:03.004"
    assert relative(-1.5) == "-0:00:01.500"
