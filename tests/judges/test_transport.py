"""Credentials stay where they are, and every kind of outage is told from every kind of refusal."""

import json
import logging
import pickle
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from werkzeug import Response

from problems.submission import Submission
from problems.verdict import Verdict
from solver.judges.base import SubmissionState
from solver.judges.clients.contest_api import ContestApi
from solver.judges.clients.kattis import KattisSettings
from solver.judges.clients.ledger import Ledger
from solver.judges.clients.transport import Patience, Transport, check_may_submit, is_loopback
from solver.judges.credentials import Credentials, CredentialsError, Secret
from solver.judges.errors import (
    AccessDenied,
    BadAnswer,
    ContestClosed,
    JudgeUnreachable,
    NotAllowedHere,
    NotFound,
    SubmissionRefused,
)
from tests.judges.conftest import FakeWall, on_loopback


@pytest.fixture
def transport(httpserver: HTTPServer):
    made = Transport(
        httpserver.url_for("/api"), patience=Patience(outage_s=0.5, longest_wait_s=0.01)
    )
    yield made
    made.close()


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("10.0.0.1", False),
        ("0.0.0.0", False),
        ("judge.example", False),
    ],
)
def test_loopback(host: str, here: bool) -> None:
    assert is_loopback(host) is here


def test_guard_is_not_fooled_by_user_info() -> None:
    with pytest.raises(NotAllowedHere):
        check_may_submit("http://localhost@judge.example/", yes_submit=False)
    check_may_submit("http://judge.example/", yes_submit=True)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, SubmissionRefused),
        (401, AccessDenied),
        (403, AccessDenied),
        (404, NotFound),
        (405, SubmissionRefused),
        (413, SubmissionRefused),
        (422, SubmissionRefused),
        (302, BadAnswer),
        (500, JudgeUnreachable),
        (503, JudgeUnreachable),
        (408, JudgeUnreachable),
    ],
)
def test_statuses_by_name(transport: Transport, httpserver: HTTPServer, status: int, error) -> None:
    httpserver.expect_request("/api/x").respond_with_data("why", status=status)
    with pytest.raises(error):
        transport.get("x")


def test_wait_that_the_judge_asks_for(httpserver: HTTPServer) -> None:
    wall = FakeWall()
    httpserver.expect_ordered_request("/x").respond_with_data("", 429, {"Retry-After": "17"})
    later = (datetime.now(UTC) + timedelta(seconds=30)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    httpserver.expect_ordered_request("/x").respond_with_data("", 503, {"Retry-After": later})
    httpserver.expect_ordered_request("/x").respond_with_json([])
    transport = Transport(httpserver.url_for("/"), wall=wall)
    transport.get("x")
    transport.close()
    # The second is a moment, by the clock of the judge's own Date.
    assert wall.slept[0] == 17
    assert 25 < wall.slept[1] <= 31


def test_a_day_that_the_judge_asks_for(httpserver: HTTPServer) -> None:
    """The patience and the longest wait are ours, whatever the judge asks."""
    wall = FakeWall()
    began_s = wall.now_s
    httpserver.expect_request("/x").respond_with_data("", 503, {"Retry-After": "86400"})
    patience = Patience(outage_s=600, longest_wait_s=50)
    transport = Transport(httpserver.url_for("/"), wall=wall, patience=patience)
    with pytest.raises(JudgeUnreachable, match="gave up after 600 s"):
        transport.get("x")
    transport.close()
    assert wall.now_s - began_s == pytest.approx(600)
    assert max(wall.slept) == 50


class Taker:
    """A Contest API server that answers submissions as it is told, then takes them."""

    def __init__(self, httpserver: HTTPServer, answers: list[Response]) -> None:
        self.answers = answers
        self.posts = 0
        self.taken: list[dict] = []
        at = httpserver.expect_request
        languages = [{"id": "python3", "entry_point_required": False}]
        at("/contests/c/languages").respond_with_json(languages)
        at("/contests/c/submissions", method="POST").respond_with_handler(self._submit)
        at("/contests/c/submissions").respond_with_handler(
            lambda request: Response(json.dumps(self.taken), content_type="application/json")
        )
        at("/contests/c/account").respond_with_json({"team_id": "t"})
        start = (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="seconds")
        contest = {"id": "c", "start_time": start, "duration": "1:10:00"}
        at("/contests/c").respond_with_json(contest)

    def _submit(self, request) -> Response:
        self.posts += 1
        if self.answers:
            return self.answers.pop(0)
        self.taken.append({"id": "1", "problem_id": "a", "team_id": "t"})
        return Response(json.dumps({"id": "1"}), content_type="application/json")


PROGRAM = Submission(language="python3", sources={"a.py": b"print(1)"})


def test_a_submission_is_not_waited_for_past_the_contests_end(httpserver: HTTPServer) -> None:
    """Ten minutes are left, the judge asks for a day, and the patience lasts half an hour."""
    wall = FakeWall()
    busy = [Response("", 429, {"Retry-After": "86400"}) for _ in range(1000)]
    taker = Taker(httpserver, busy)
    transport = Transport(httpserver.url_for("/"), wall=wall)
    ledger = Ledger(None, "end")
    client = ContestApi(transport, ledger, "c")
    client.describe_contest()
    began_s = wall.now_s
    with pytest.raises(JudgeUnreachable, match="429"):
        client.submit("a", PROGRAM, "k")
    assert wall.now_s - began_s == pytest.approx(600, abs=5)
    assert max(wall.slept) <= 30
    assert taker.posts > 15
    transport.close()
    ledger.close()


@pytest.mark.parametrize("status", [408, 425])
def test_a_request_that_timed_out_is_no_refused_program(
    httpserver: HTTPServer, status: int
) -> None:
    taker = Taker(httpserver, [Response("", status)])
    transport = Transport(httpserver.url_for("/"), wall=FakeWall())
    ledger = Ledger(None, "timed out")
    assert ContestApi(transport, ledger, "c").submit("a", PROGRAM, "k") == "1"
    assert taker.posts == 2
    transport.close()
    ledger.close()


@pytest.mark.parametrize("ahead_s", [600, -600])
def test_clock_skew_is_the_judges(ahead_s: int) -> None:
    """The contest's clock is the judge's: ours may be ten minutes off."""
    theirs = datetime.now(UTC) + timedelta(seconds=ahead_s)
    start = (theirs - timedelta(minutes=1)).isoformat(timespec="seconds")

    def answer(request: Request) -> JSONResponse:
        stamp = theirs.strftime("%a, %d %b %Y %H:%M:%S GMT")
        return JSONResponse({"id": "c", "start_time": start}, headers={"Date": stamp})

    # The server writes no Date of its own: what the client knows, it knows from this one.
    app = Starlette(routes=[Route("/contests/c", answer)])
    with on_loopback(app, date_header=False) as url:
        transport = Transport(url)
        ledger = Ledger(None, "skew")
        client = ContestApi(transport, ledger, "c")
        client.describe_contest()
        assert transport.skew_s == pytest.approx(ahead_s, abs=30)
        assert client.now_s() == pytest.approx(60, abs=30)
        transport.close()
        ledger.close()


def contest(httpserver: HTTPServer, judgements: list[dict]) -> None:
    types = [{"id": "AC", "name": "a", "solved": True}, {"id": "WA", "name": "w", "solved": False}]
    httpserver.expect_request("/contests/c/judgement-types").respond_with_json(types)
    httpserver.expect_request("/contests/c/judgements").respond_with_handler(
        lambda request: Response(json.dumps(judgements), content_type="application/json")
    )


def test_a_judgement_that_changes_later(httpserver: HTTPServer) -> None:
    """Pending, then accepted, then rejudged to wrong: `poll` always tells the present state."""
    judgements: list[dict] = []
    contest(httpserver, judgements)
    transport = Transport(httpserver.url_for("/"))
    ledger = Ledger(None, "rejudged")
    client = ContestApi(transport, ledger, "c")
    assert client.poll("7").state is SubmissionState.PENDING
    judgements.append({"id": "1", "submission_id": "7", "judgement_type_id": None})
    assert client.poll("7").state is SubmissionState.PENDING
    judgements[0] |= {"judgement_type_id": "AC", "current": True}
    assert client.poll("7").verdict is Verdict.AC
    judgements[0] |= {"current": False}
    judgements.append({"id": "2", "submission_id": "7", "judgement_type_id": "WA", "current": True})
    assert client.poll("7").verdict is Verdict.WA
    transport.close()
    ledger.close()


def test_simplified_and_unknown_judgement_types(httpserver: HTTPServer) -> None:
    judgements = [
        {
            "id": "1",
            "submission_id": "1",
            "judgement_type_id": None,
            "simplified_judgement_type_id": "NO",
        },
        {"id": "2", "submission_id": "2", "judgement_type_id": "XYZ"},
    ]
    contest(httpserver, judgements)
    transport = Transport(httpserver.url_for("/"))
    ledger = Ledger(None, "types")
    client = ContestApi(transport, ledger, "c")
    assert client.poll("1").verdict is Verdict.WA
    with pytest.raises(BadAnswer, match="XYZ"):
        client.poll("2")
    transport.close()
    ledger.close()


def test_contest_that_takes_no_submissions(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/contests/c").respond_with_json({"id": "c", "allow_submit": False})
    transport = Transport(httpserver.url_for("/"))
    ledger = Ledger(None, "closed")
    with pytest.raises(ContestClosed, match="allow_submit"):
        ContestApi(transport, ledger, "c").check_open()
    transport.close()
    ledger.close()


def test_file_references_do_not_lead_credentials_away(transport: Transport) -> None:
    ledger = Ledger(None, "href")
    client = ContestApi(transport, ledger, "c")
    inside = client.resolve("contests/c/problems/a/statement")
    assert inside == transport.base_url + "contests/c/problems/a/statement"
    for href in ("https://evil.example/x", "//evil.example/x"):
        with pytest.raises(BadAnswer):
            client.resolve(href)
    ledger.close()


def test_half_a_submission_is_sent_again_only_when_the_judge_has_none(
    httpserver: HTTPServer,
) -> None:
    """Ten outages of a submit that never reached the judge: one submission in the end."""
    taker = Taker(httpserver, [Response("", 502) for _ in range(10)])
    transport = Transport(httpserver.url_for("/"), wall=FakeWall())
    ledger = Ledger(None, "again")
    client = ContestApi(transport, ledger, "c")
    assert client.submit("a", PROGRAM, "k") == "1"
    assert taker.posts == 11
    transport.close()
    ledger.close()


def test_a_secret_shows_itself_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret("hunter2")
    credentials = Credentials(user="ana", secret=secret)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("x").error("%s %r %s", secret, credentials, {"a": secret})
    assert "hunter2" not in caplog.text + f"{credentials}" + repr([secret])
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert secret.reveal() == "hunter2"


def test_credentials_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLVER_CMS_USER", "ana")
    monkeypatch.setenv("SOLVER_CMS_PASSWORD", "hunter2")
    assert Credentials.load("cms").secret.reveal() == "hunter2"
    monkeypatch.delenv("SOLVER_CMS_PASSWORD")
    with pytest.raises(CredentialsError, match="SOLVER_CMS_PASSWORD"):
        Credentials.load("cms")


def test_credentials_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "credentials"
    file.write_text("ana\nhunter2\n")
    file.chmod(0o644)
    with pytest.raises(CredentialsError, match="chmod 600"):
        Credentials.load("cms", file)
    file.chmod(0o600)
    assert Credentials.load("cms", file).user == "ana"
    latin = tmp_path / "latin"
    latin.write_bytes("Zo\u00eb\nhunter2\n".encode("latin-1"))
    latin.chmod(0o600)
    with pytest.raises(CredentialsError, match="latin: not text in UTF-8"):
        Credentials.load("cms", latin)
    link = tmp_path / "link"
    link.symlink_to(file)
    with pytest.raises(CredentialsError):
        Credentials.load("cms", link)
    file.write_text("ana\n")
    with pytest.raises(CredentialsError, match="two lines"):
        Credentials.load("cms", file)
    with pytest.raises(CredentialsError):
        Credentials.load("cms", tmp_path / "missing")


def test_kattisrc(tmp_path: Path) -> None:
    file = tmp_path / ".kattisrc"
    file.write_text(
        "[user]\nusername: ana\ntoken: abc%def\n"
        "[kattis]\nhostname: open.kattis.example\nloginurl: https://open.kattis.example/login\n"
    )
    file.chmod(0o600)
    settings = KattisSettings.load(file)
    assert settings.credentials.secret.reveal() == "abc%def"
    assert settings.submission_url == "https://open.kattis.example/submit"
    file.write_text("[user]\nusername: ana\n")
    with pytest.raises(CredentialsError):
        KattisSettings.load(file)


def test_nobody_at_the_address_is_said_in_seconds(tmp_path: Path) -> None:
    """Not after the half hour that an outage is waited out for."""
    wall, lines = FakeWall(), []
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    transport = Transport(f"http://127.0.0.1:{port}/api", wall=wall)
    transport.outages.note = lines.append
    began_s = wall.monotonic_s()
    with pytest.raises(JudgeUnreachable, match=f"nobody answers at http://127.0.0.1:{port}/api/"):
        transport.get("contests")
    assert wall.monotonic_s() - began_s <= 10
    assert len(lines) == 1 and "does not answer" in lines[0]
    transport.close()


def test_an_outage_is_told_when_it_begins_lasts_and_ends(httpserver: HTTPServer) -> None:
    """A judge that has answered before is waited for, and not in silence."""
    wall, lines = FakeWall(), []
    transport = Transport(httpserver.url_for("/"), wall=wall, patience=Patience(outage_s=600))
    transport.outages.note = lines.append
    left = 12

    def answer(_: object) -> Response:
        nonlocal left
        left -= 1
        return Response("{}", status=200 if left == 11 or left < 0 else 503)

    httpserver.expect_request("/x").respond_with_handler(answer)
    transport.get("x")
    assert lines == []
    transport.get("x")
    assert "the judge does not answer" in lines[0] and "503" in lines[0]
    assert any("still away after" in line for line in lines[1:-1])
    assert lines[-1].startswith("the judge answers again, after ")
    transport.close()


def test_a_refused_login_says_what_to_check(httpserver: HTTPServer) -> None:
    body = json.dumps({"code": 401, "message": "log in with a team's id and password"})
    httpserver.expect_request("/x").respond_with_data(body, status=401)
    transport = Transport(httpserver.url_for("/"))
    with pytest.raises(AccessDenied) as caught:
        transport.get("x")
    transport.close()
    assert "log in with a team's id and password; check the user and the password" in str(
        caught.value
    )
    assert "{" not in str(caught.value)
