"""The DOMjudge client over loopback against a server that speaks its API as its source says."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from problems.submission import Submission
from problems.verdict import Verdict
from solver.judges.base import JudgeLimits, SubmissionState
from solver.judges.clients.domjudge import DomJudge, read_samples
from solver.judges.clients.ledger import Ledger
from solver.judges.clients.transport import Patience, Transport
from solver.judges.errors import AccessDenied, BadAnswer, ContestClosed, SubmissionRefused
from tests.judges.conftest import FakeWall, on_loopback
from tests.judges.domjudge_app import FakeDomJudge

Play = tuple[DomJudge, FakeDomJudge, FakeWall]


@pytest.fixture
def playing() -> Iterator[Callable[..., Play]]:
    """Starts a server and a client on one clock."""
    with ExitStack() as stack:

        def start(*, password: str = "hunter2", **changes) -> Play:
            wall = FakeWall()
            fake = FakeDomJudge(now=wall, start_s=wall.time_s() - 60)
            for name, value in changes.items():
                setattr(fake, name, value)
            url = stack.enter_context(on_loopback(fake.app, date_header=False))
            transport = Transport(
                url + "api/v4/",
                auth=httpx.BasicAuth("ana", password),
                patience=Patience(outage_s=1800),
                wall=wall,
            )
            ledger = Ledger(None, "domjudge")
            stack.callback(transport.close)
            stack.callback(ledger.close)
            return DomJudge(transport, ledger, "cup"), fake, wall

        yield start


def python(verdict: str = "AC", note: str = "") -> Submission:
    source = f"# verdict: {verdict} {note}\n".encode()
    return Submission(language="python3", sources={"sums.py": source})


def test_tasks_statements_and_examples(playing) -> None:
    client, _, _ = playing()
    client.check_open()
    hello, sums = client.tasks()
    assert (hello.name, hello.limits.time_s, hello.statement.source_format) == ("hello", 1.0, "pdf")
    assert hello.examples == ()
    assert sums.statement.text.strip() == "Add two **numbers**."
    # In the folder of its label, numbered from 1; the attachment of the same name is none.
    assert [each.name for each in sums.examples] == [str(number) for number in range(1, 12)]
    assert sums.examples[0].input == b"1 1\n"
    assert sums.examples[10].output == b"22\n"


def test_submission_form(playing) -> None:
    client, fake, _ = playing()
    client.submit("sums", python(), "k1")
    java = Submission(
        language="java",
        sources={"Main.java": b"class Main {} // verdict: AC", "Helper.java": b"class Helper {}"},
    )
    shown = client.describe("sums", java)
    with pytest.raises(SubmissionRefused, match="Language"):
        # The client asks the contest's list first: kotlin is not in it.
        client._languages = [{"id": "kotlin"}, {"id": "java", "entry_point_required": True}]
        client.submit("sums", Submission(language="kotlin", sources={"m.kt": b""}), "k2")
    client.submit("sums", java, "k3")
    assert fake.forms[0] == {"problem": "sums", "language": "python3", "code[]": ["sums.py"]}
    assert fake.forms[-1] == {
        "problem": "sums",
        "language": "java",
        "entry_point": "Main",
        "code[]": ["Helper.java", "Main.java"],
    }
    assert dict(shown.fields) == {"problem": "sums", "language": "java", "entry_point": "Main"}
    assert set(shown.files) == {"Main.java", "Helper.java"}


def test_verdicts_after_the_queue_and_the_verification(playing) -> None:
    """An unverified judgement is not listed at all: that is pending, however long it takes."""
    client, _, wall = playing(queue_s=20.0, verification_s=600.0)
    number = client.submit("sums", python("TLE"), "k")
    for waited_s in (0, 25, 574):
        wall.sleep(waited_s)
        assert client.poll(number).state is SubmissionState.PENDING
    wall.sleep(22)
    judgement = client.poll(number)
    assert (judgement.state, judgement.verdict) == (SubmissionState.JUDGED, Verdict.TLE)


def test_a_compile_error_is_free_where_the_contest_says_so(playing) -> None:
    client, _, _ = playing()
    assert client.poll(client.submit("sums", python("CE"), "k1")).free
    assert not client.poll(client.submit("sums", python("WA"), "k2")).free


def test_a_rejudging_replaces_the_judgement(playing) -> None:
    client, fake, _ = playing()
    number = client.submit("sums", python("AC"), "k")
    assert client.poll(number).verdict is Verdict.AC
    fake.rejudged[number] = "WA"
    assert client.poll(number).verdict is Verdict.WA


def test_rate_limit_waits_as_long_as_the_judge_says(playing) -> None:
    """429 was certainly not taken: no look-up, no second submission, and the stated wait, by steps
    of our longest one."""
    client, fake, wall = playing(rate=(2, 60.0))
    for number in range(3):
        client.submit("sums", python("WA", f"{number}"), f"k{number}")
    assert 60 <= sum(wall.slept) <= 61
    assert max(wall.slept) == 30
    assert len(fake.submissions) == 3
    posts = [index for index, line in enumerate(fake.requests) if line.startswith("POST")]
    # Nothing was asked between a 429 and the next try.
    assert posts[-3:] == list(range(posts[-1] - 2, posts[-1] + 1))


def test_disabled_submissions_close_the_contest_and_spend_no_key(playing) -> None:
    client, fake, _ = playing(allow_submit=False)
    with pytest.raises(ContestClosed, match="allow_submit"):
        client.check_open()
    with pytest.raises(ContestClosed, match="disabled"):
        client.submit("sums", python(), "k")
    fake.allow_submit = True
    assert client.submit("sums", python(), "k") == "100"
    with pytest.raises(ContestClosed, match="not submittable"):
        client.submit("nothing", python(), "k2")


def test_contest_that_has_not_begun(playing) -> None:
    client, fake, wall = playing()
    fake.start_s = wall.time_s() + 600
    with pytest.raises(ContestClosed, match="not started"):
        client.check_open()
    with pytest.raises(ContestClosed, match="closed"):
        client.submit("sums", python(), "k")


def test_ended_contest(playing) -> None:
    """DOMjudge itself takes what comes late and never judges it: the client does not send it."""
    client, fake, wall = playing(length_s=600.0)
    client.check_open()
    number = client.submit("sums", python(), "k1")
    wall.sleep(600)
    with pytest.raises(ContestClosed, match="over"):
        client.submit("sums", python(), "k2")
    assert len(fake.submissions) == 1
    assert client.poll(number).verdict is Verdict.AC
    with pytest.raises(ContestClosed, match="ended"):
        client.check_open()


def test_other_teams_are_not_us(playing) -> None:
    """A team sees all public teams' submissions: they spend none of our limit, and a lost answer
    is not found in them."""
    client, fake, _ = playing()
    client._limits = JudgeLimits(submissions=2)
    for number in range(5):
        fake.take("others", "sums", "python3", f"{number}")
    fake.lose_answers = 1
    number = client.submit("sums", python(), "k")
    assert [each["id"] for each in fake.submissions if each["team"] == "exteam"] == [number]


def test_a_program_that_is_too_large_is_refused_for_good(playing) -> None:
    client, fake, _ = playing()
    large = Submission(language="python3", sources={"sums.py": b"#" * 300_000})
    for _ in range(2):
        with pytest.raises(SubmissionRefused, match="larger than 256 kB"):
            client.submit("sums", large, "k")
    assert len(fake.forms) == 1


def test_wrong_password(playing) -> None:
    client, fake, _ = playing(password="wrong")
    with pytest.raises(AccessDenied) as refused:
        client.submit("sums", python(), "k")
    assert "wrong" not in str(refused.value)
    assert fake.submissions == []


def test_samples_that_are_no_zip() -> None:
    with pytest.raises(BadAnswer, match=r"samples\.zip"):
        read_samples(b"PK nonsense")
