"""The Kattis client over loopback against a site that speaks as kattis-cli expects."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from problems.submission import Submission
from problems.verdict import Verdict
from solver.judges.base import SubmissionState
from solver.judges.clients.kattis import Kattis, KattisSettings
from solver.judges.clients.ledger import Ledger
from solver.judges.clients.transport import Transport
from solver.judges.errors import AccessDenied, BadAnswer, SubmissionRefused
from tests.judges.conftest import FakeWall, on_loopback
from tests.judges.kattis_app import FakeKattis

Play = tuple[Kattis, FakeKattis]


@pytest.fixture
def playing(tmp_path: Path) -> Iterator[Callable[..., Play]]:
    """Starts a site, and a client that reads a `.kattisrc` of it."""
    with ExitStack() as stack:

        def start(*, secret: str = "token: t0ken", contest: str | None = None) -> Play:
            fake = FakeKattis()
            url = stack.enter_context(on_loopback(fake.app))
            file = tmp_path / ".kattisrc"
            file.write_text(
                f"[user]\nusername: ana\n{secret}\n"
                f"[kattis]\nhostname: nowhere.example\nloginurl: {url}login\n"
                f"submissionurl: {url}submit\nsubmissionsurl: {url}submissions\n"
            )
            file.chmod(0o600)
            transport = Transport(url, wall=FakeWall())
            ledger = Ledger(None, "kattis")
            stack.callback(transport.close)
            stack.callback(ledger.close)
            settings = KattisSettings.load(file)
            return Kattis(transport, ledger, settings, ["sums"], contest=contest), fake

        yield start


def python(said: str = "") -> Submission:
    return Submission(language="python3", sources={"sums.py": f"# {said}\n".encode()})


def test_statement(playing) -> None:
    client, _ = playing()
    (task,) = client.tasks()
    assert task.statement.text.strip() == "Print the sum of **two** numbers."


@pytest.mark.parametrize("secret", ["token: t0ken", "password: hunter2"])
def test_login_sends_the_secret_under_its_own_name(playing, secret: str) -> None:
    client, fake = playing(secret=secret)
    client.check_open()
    name, value = secret.split(": ")
    assert fake.logins == [{"user": "ana", name: value, "script": "true"}]


def test_wrong_token(playing) -> None:
    client, fake = playing(secret="token: wr0ng")
    with pytest.raises(AccessDenied) as refused:
        client.submit("sums", python(), "k")
    assert "wr0ng" not in str(refused.value)
    assert fake.submissions == []


def test_submit_form(playing) -> None:
    client, fake = playing(contest="spring")
    assert client.submit("sums", python(), "k1") == "9000"
    several = Submission(
        language="java",
        sources={"Adder.java": b"class Adder {}", "Sums.java": b"static void main(String[] a)"},
    )
    client.submit("sums", several, "k2")
    assert fake.submissions[0]["fields"] == {
        "submit": "true",
        "submit_ctr": "2",
        "language": "Python 3",
        "mainclass": "",
        "problem": "sums",
        "tag": "",
        "script": "true",
        "contest": "spring",
    }
    assert fake.submissions[0]["names"] == ["sums.py"]
    assert fake.submissions[1]["fields"]["mainclass"] == "Sums"
    assert fake.submissions[1]["names"] == ["Adder.java", "Sums.java"]
    shown = client.describe("sums", several)
    assert shown.url.endswith("/submit") and shown.fields["language"] == "Java"


def test_progress_through_the_test_cases(playing) -> None:
    client, _ = playing()
    number = client.submit("sums", python("status: 14"), "k")
    seen = []
    for _ in range(4):
        assert client.poll(number).state is SubmissionState.PENDING
        progress = client.progress[number]
        seen.append((progress.passed, progress.total))
    assert seen == [(0, 4), (1, 4), (2, 4), (3, 4)]
    judgement = client.poll(number)
    assert (judgement.state, judgement.verdict) == (SubmissionState.JUDGED, Verdict.WA)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (6, Verdict.SKIPPED),
        (8, Verdict.CE),
        (9, Verdict.RE),
        (10, Verdict.MLE),
        (11, Verdict.OLE),
        (12, Verdict.TLE),
        (13, Verdict.RE),
        (14, Verdict.WA),
        (16, Verdict.AC),
    ],
)
def test_verdicts(playing, status: int, verdict: Verdict) -> None:
    client, fake = playing()
    fake.steps = 0
    number = client.submit("sums", python(f"status: {status}"), "k")
    assert client.poll(number).verdict is verdict


def test_a_status_that_kattis_does_not_have(playing) -> None:
    client, fake = playing()
    fake.steps = 0
    with pytest.raises(BadAnswer, match="99"):
        client.poll(client.submit("sums", python("status: 99"), "k"))


@pytest.mark.parametrize(
    ("status", "score", "verdict"),
    [
        ("Accepted (40/70)", None, Verdict.PARTIAL),
        ("Accepted (70/70)", None, Verdict.AC),
        ("Accepted (0.5 / 1)", None, Verdict.PARTIAL),
        ("Accepted (99)", None, Verdict.PARTIAL),
        ("Accepted (100)", None, Verdict.AC),
        ("Accepted", 62, Verdict.PARTIAL),
        ("Accepted", 100, Verdict.AC),
        ("Accepted", None, Verdict.AC),
        ("Wrong Answer", None, Verdict.WA),
    ],
)
def test_accepted_in_part(playing, monkeypatch, status: str, score, verdict: Verdict) -> None:
    client, _ = playing()
    row = f'<tr><td data-type="status"><div>{status}</div></td></tr>'
    page = {"status_id": 14 if verdict is Verdict.WA else 16, "row_html": row, "score": score}
    monkeypatch.setattr(client, "_get", lambda url, **params: None)
    monkeypatch.setattr(client.transport, "json_of", lambda response: page)
    assert client.poll("1").verdict is verdict


def test_points(playing) -> None:
    client, fake = playing()
    fake.steps = 0
    judgement = client.poll(client.submit("sums", python("status: 16 score: 37.5"), "k1"))
    assert (judgement.score, dict(judgement.points)) == (37.5, {"all": 37.5})
    assert client.poll(client.submit("sums", python("status: 16"), "k2")).score is None


def test_a_session_that_ran_out(playing) -> None:
    client, fake = playing()
    client.submit("sums", python(), "k1")
    fake.sessions.clear()
    client.submit("sums", python("2"), "k2")
    assert len(fake.submissions) == 2
    assert len(fake.logins) == 2


def test_a_lost_answer_is_looked_up(playing) -> None:
    client, fake = playing()
    client.submit("sums", python(), "k1")
    fake.lose_answers = 1
    assert client.submit("sums", python("2"), "k2") == "9001"
    assert len(fake.submissions) == 2


def test_refusals_say_why(playing) -> None:
    client, fake = playing()
    with pytest.raises(SubmissionRefused, match=r"Problem not found\. Check its id"):
        client.submit("nothing", python(), "k1")
    large = Submission(language="python3", sources={"a.py": b"#" * 200_000})
    with pytest.raises(SubmissionRefused, match="too large"):
        client.submit("sums", large, "k2")
    with pytest.raises(SubmissionRefused, match="no language"):
        client.submit("sums", Submission(language="cobol", sources={"a": b""}), "k3")
    assert fake.submissions == []
