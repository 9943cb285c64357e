"""The CMS client against a server that answers as a real one did: CMS 1.6.dev0 (April 2026) with
PostgreSQL, two IOI 2024 tasks and an output-only one, results written into its database. What was
seen there is kept here as behaviour: bodies, statuses, the shape of the details page."""

import json
import re
from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from problems.submission import Submission
from problems.verdict import Verdict
from solver.judges.base import JudgeLimits, SubmissionState
from solver.judges.clients.cms import IOI_LIMITS, Cms
from solver.judges.clients.cms_points import parse_details
from solver.judges.clients.ledger import Ledger
from solver.judges.clients.transport import Patience, Transport
from solver.judges.credentials import Credentials, Secret
from solver.judges.errors import (
    AccessDenied,
    ContestClosed,
    LimitReached,
    NotAllowedHere,
    NotFound,
    TooSoon,
)
from tests.judges.conftest import FakeWall


def subtask(number: int, points: str, maximum: str, kind: str = "correct") -> str:
    """One block of the details page, with the white space that the real page has in it."""
    return f"""
<div class="subtask {kind}">
    <div class="subtask-head">
        <span class="title">
Subtask {number}        </span>
        <span class="score">
            ({points}
             / {maximum})
        </span>
    </div>
    <div class="subtask-body"><table class="testcase-list">
        <thead><tr><th class="idx">
#                    </th></tr></thead>
        <tbody><tr class="{kind}"><td class="idx">1</td></tr></tbody>
    </table></div>
</div>
"""


# The examples are subtask 0, worth nothing, as the loader of the IOI's own format makes it.
DETAILS = (
    '\n\n\n<div class="score_details">'
    + subtask(0, "0", "0")
    + subtask(1, "10", "10")
    + subtask(2, "12.35", "30", "partiallycorrect")
    + subtask(3, "0", "60", "notcorrect")
    + "</div><h3>Compilation output</h3>"
)
COMPILATION_ONLY = "\n\n\n<h3>Compilation output</h3><table><tr><th>Compilation outcome:</th></tr>"


class FakeCms:
    """CMS's contestant API, with its status codes and limits."""

    def __init__(self, server: HTTPServer) -> None:
        self.submissions: list[dict] = []
        self.limit = 50
        self.open = True
        self.too_frequent = 0
        self.fail_after_taking = 0
        self.down = 0
        self.logins = 0
        self.seen_forms: list[tuple[dict, dict]] = []
        server.expect_request(re.compile("/.*")).respond_with_handler(self.answer)

    def answer(self, request: Request) -> Response:
        if self.down:
            self.down -= 1
            return Response("bad gateway", 502)
        path = request.path.removeprefix("/ioi/")
        if path == "api/login":
            if request.form["password"] != "secret":
                return self.json({"error": "Login failed"}, 403)
            self.logins += 1
            return self.json({"login_data": f"token{self.logins}"})
        if request.headers.get("X-CMS-Authorization") != f"token{self.logins}":
            return Response("", 403)
        if path.startswith("api/") and not self.open:
            return self.json({"error": "The contest is not open"}, 403)
        if path == "api/task_list":
            walk = {"name": "walk", "statements": ["de", "en_US"], "submission_format": ["walk.%l"]}
            outputs = ["output_01.txt", "output_02.txt"]
            answers = {"name": "answers", "statements": [], "submission_format": outputs}
            return self.json({"tasks": [walk, answers]})
        if path == "tasks/walk/statements/en_US":
            return Response("# Walk\n\nWalk far.", content_type="text/markdown")
        if path == "api/walk/submission_list":
            return self.json({"list": [{"id": each["id"]} for each in self.submissions]})
        if path == "api/answers/submission_list":
            return self.json({"list": []})
        if path == "api/walk/submit":
            return self.submit(request)
        if path == "api/answers/submit":
            self.seen_forms.append((dict(request.form), dict(request.files)))
            if "language" in request.form:
                why = {"error": "Invalid submission format!"}
                return self.json(why | {"details": "Please select the correct files."}, 422)
            return self.json({"id": "5653375927453239699"})
        found = re.fullmatch(r"tasks/walk/submissions/(\w+)(/details)?", path)
        if found and any(each["id"] == found[1] for each in self.submissions):
            return Response(DETAILS) if found[2] else self.status(found[1])
        return self.json({"error": "Not found"}, 404)

    @staticmethod
    def json(body: dict, status: int = 200) -> Response:
        return Response(json.dumps(body), status, content_type="application/json")

    def submit(self, request: Request) -> Response:
        self.seen_forms.append((dict(request.form), dict(request.files)))
        if len(self.submissions) >= self.limit:
            details = f"You have reached the maximum limit of at most {self.limit} submissions"
            return self.json({"error": "Too many submissions!", "details": details}, 422)
        if self.too_frequent:
            self.too_frequent -= 1
            details = "For this task, you can submit again after 60 seconds from last submission."
            return self.json({"error": "Submissions too frequent!", "details": details}, 422)
        file = request.files["walk.%l"]
        name = f"s{len(self.submissions)}"
        self.submissions.append(
            {"id": name, "name": file.filename, "source": file.read(), "polls": 0}
        )
        if self.fail_after_taking:
            self.fail_after_taking -= 1
            return Response("internal error", 500)
        return self.json({"id": name})

    def status(self, name: str) -> Response:
        submission = next(each for each in self.submissions if each["id"] == name)
        submission["polls"] += 1
        if b"broken" in submission["source"]:
            scores = {"task_public_score": 0, "max_public_score": 100.0}
            return self.json({"status": 2, "status_text": "Compilation failed"} | scores)
        if submission["polls"] < 3:
            return self.json({"status": 3, "status_text": "Evaluating..."})
        scores = {"public_score": 22.35, "max_public_score": 100.0, "task_public_score": 22.35}
        return self.json({"status": 5, "status_text": "Evaluated"} | scores)


@pytest.fixture
def fake(httpserver: HTTPServer) -> FakeCms:
    return FakeCms(httpserver)


@pytest.fixture
def client(fake: FakeCms, httpserver: HTTPServer) -> Iterator[Cms]:
    yield from make(httpserver.url_for("/ioi/"))


def make(url: str, password: str = "secret", limits: JudgeLimits | None = None) -> Iterator[Cms]:
    transport = Transport(
        url, patience=Patience(outage_s=200, longest_wait_s=0.02), wall=FakeWall()
    )
    ledger = Ledger(None, "cms")
    credentials = Credentials(user="ana", secret=Secret(password))
    yield Cms(transport, ledger, credentials, limits=limits or JudgeLimits(submissions=50))
    transport.close()
    ledger.close()


def cpp(text: str = "int main() {}") -> Submission:
    return Submission(language="cpp20", sources={"walk.cpp": text.encode()})


def test_usual_limits_are_the_iois() -> None:
    assert JudgeLimits(submissions=50, interval_s=60.0) == IOI_LIMITS


def test_task_list_and_statement(client: Cms) -> None:
    task, answers = client.tasks()
    assert task.name == "walk"
    assert answers.statement.text == ""
    assert task.statement.text.startswith("# Walk")


def test_submit_and_poll_to_scored(client: Cms, fake: FakeCms) -> None:
    number = client.submit("walk", cpp(), "k")
    form, files = fake.seen_forms[0]
    assert form == {"language": "C++20 / g++"}
    assert files["walk.%l"].filename == "walk.cpp"
    states = [client.poll(number).state for _ in range(3)]
    assert states == [SubmissionState.PENDING, SubmissionState.PENDING, SubmissionState.JUDGED]
    judgement = client.poll(number)
    assert judgement.points == {"0": 0.0, "1": 10.0, "2": 12.35, "3": 0.0}
    assert judgement.score == 22.35
    assert judgement.verdict is Verdict.PARTIAL


def test_compilation_failed(client: Cms) -> None:
    number = client.submit("walk", cpp("broken"), "k")
    assert client.poll(number).verdict is Verdict.CE


def test_fifty_and_no_more(client: Cms, fake: FakeCms) -> None:
    """The client itself stops at 50, and takes CMS's own 422 for what it is."""
    for number in range(50):
        client.submit("walk", cpp(f"// {number}"), f"k{number}")
    with pytest.raises(LimitReached, match="50"):
        client.submit("walk", cpp("// 50"), "k50")
    assert len(fake.submissions) == 50
    assert len(fake.seen_forms) == 50
    fake.limit = 0
    fake.submissions.clear()
    with client.ledger._file.transaction() as connection:
        connection.execute("DELETE FROM handed_in")
    with pytest.raises(LimitReached, match="Too many submissions"):
        client.submit("walk", cpp(), "other")


def test_submissions_by_hand_count(fake: FakeCms, httpserver: HTTPServer) -> None:
    fake.submissions += [{"id": "byhand", "name": "walk.cpp", "source": b"", "polls": 0}]
    for client in make(httpserver.url_for("/ioi/"), limits=JudgeLimits(submissions=1)):
        with pytest.raises(LimitReached):
            client.submit("walk", cpp(), "k")


def test_interval(fake: FakeCms, httpserver: HTTPServer) -> None:
    """Too soon is no limit: the error says how long, nothing was sent, the key is still good."""
    for client in make(httpserver.url_for("/ioi/"), limits=IOI_LIMITS):
        client.submit("walk", cpp(), "k1")
        with pytest.raises(TooSoon, match="60 s between") as refused:
            client.submit("walk", cpp("//"), "k2")
        assert 55 < refused.value.wait_s <= 60
        assert len(fake.seen_forms) == 1
        client.transport.wall.sleep(refused.value.wait_s)
        client.submit("walk", cpp("//"), "k2")
    assert len(fake.submissions) == 2


def test_cms_counts_the_interval_from_another_moment(client: Cms, fake: FakeCms) -> None:
    """Its 422 is answered by waiting; the key was not spent."""
    fake.too_frequent = 1
    with pytest.raises(TooSoon, match="too frequent") as refused:
        client.submit("walk", cpp(), "k")
    assert refused.value.wait_s > 0
    assert client.submit("walk", cpp(), "k") == "s0"


def test_before_the_start_and_after_the_end(client: Cms, fake: FakeCms) -> None:
    client.check_open()
    fake.open = False
    with pytest.raises(ContestClosed, match="not open"):
        client.check_open()
    with pytest.raises(ContestClosed, match="not open"):
        client.submit("walk", cpp(), "k")
    assert fake.logins == 1
    fake.open = True
    assert client.submit("walk", cpp(), "k") == "s0"


@pytest.mark.parametrize("language", ["cpp20", "output-only"])
def test_output_only_names_no_language(client: Cms, fake: FakeCms, language: str) -> None:
    outputs = {"output_01.txt": b"1\n", "output_02.txt": b"2\n"}
    submission = Submission(language=language, sources=outputs)
    assert client.submit("answers", submission, "k") == "5653375927453239699"
    form, files = fake.seen_forms[0]
    assert form == {}
    assert {field: file.filename for field, file in files.items()} == {
        name: name for name in outputs
    }
    assert client.describe("answers", submission).fields == {}


def test_an_answer_of_500_to_a_submission_that_was_taken(client: Cms, fake: FakeCms) -> None:
    """It is looked up, not handed in again; an older one of ours is not mistaken for it."""
    first = client.submit("walk", cpp("// 1"), "k1")
    fake.fail_after_taking = 1
    second = client.submit("walk", cpp("// 2"), "k2")
    assert (first, second) == ("s0", "s1")
    assert len(fake.submissions) == 2


def test_the_judge_is_down_before_and_after(client: Cms, fake: FakeCms) -> None:
    fake.down = 12
    number = client.submit("walk", cpp(), "k")
    fake.down = 7
    assert client.poll(number).submission == number
    assert len(fake.submissions) == 1


def test_a_crash_between_sending_and_the_answer(fake: FakeCms, httpserver: HTTPServer, tmp_path):
    """The book says it was intended; a new client looks it up and finds it."""
    url = httpserver.url_for("/ioi/")
    credentials = Credentials(user="ana", secret=Secret("secret"))
    transport = Transport(url, patience=Patience(outage_s=5), wall=FakeWall())
    ledger = Ledger(tmp_path / "book.sqlite", "cms")
    client = Cms(transport, ledger, credentials, limits=JudgeLimits(submissions=50))
    client.login()
    entry = ledger.intend("k", "walk", "cpp20", "digest", at_s=0.0, seen=())
    assert client._send("walk", cpp(), "k") == "s0"  # and here the power goes: nothing is noted
    assert entry.remote_id is None
    ledger.close()
    book = Ledger(tmp_path / "book.sqlite", "cms")
    again = Cms(transport, book, credentials, limits=JudgeLimits(submissions=50))
    assert again.submit("walk", cpp(), "k") == "s0"
    assert len(fake.submissions) == 1
    book.close()
    transport.close()


def test_a_token_that_ran_out_is_renewed(client: Cms, fake: FakeCms) -> None:
    client.tasks()
    fake.logins += 1  # the old token is no longer good
    assert client.tasks()[0].name == "walk"


def test_wrong_password(fake: FakeCms, httpserver: HTTPServer) -> None:
    for client in make(httpserver.url_for("/ioi/"), password="wrong"):
        with pytest.raises(AccessDenied) as refused:
            client.tasks()
        assert "wrong" not in str(refused.value)


def test_unknown_task(client: Cms) -> None:
    with pytest.raises(NotFound):
        client.submit("swim", cpp(), "k")


def test_nothing_leaves_this_machine_unasked() -> None:
    for client in make("https://judge.example/ioi/"):
        with pytest.raises(NotAllowedHere, match="--yes-submit"):
            client.submit("walk", cpp(), "k")


def test_details_in_other_locales_and_shapes() -> None:
    german = DETAILS.replace("12.35", "1.012,35").replace("Subtask", "Teilaufgabe")
    assert [each.points for each in parse_details(german)] == [0.0, 10.0, 1012.35, 0.0]
    assert parse_details(COMPILATION_ONLY) == ()
    hidden = DETAILS.replace("(12.35\n             / 30)", "(N/A)")
    assert hidden != DETAILS
    assert parse_details(hidden) == ()


@pytest.mark.parametrize(
    ("pairs", "wanted"),
    [
        (["(1,000 / 2,000)"], [(1000, 2000)]),
        (["(1.000 / 2.000)"], [(1000, 2000)]),
        (["(1,234 / 2,000)"], [(1234, 2000)]),
        (["(1.234,5 / 2.000)"], [(1234.5, 2000)]),
        (["(1,234.5 / 2,000)"], [(1234.5, 2000)]),
        (["(1,234 / 1,234)", "(0.5 / 3)"], [(1234, 1234), (0.5, 3)]),
        (["(1.234 / 2)"], [(1.234, 2)]),
        (["(1,234 / 2)"], [(1.234, 2)]),
        (["(12,5 / 40)", "(1.500 / 3.000)"], [(12.5, 40), (1500, 3000)]),
        (["(22.35 / 100)"], [(22.35, 100)]),
        (["(0,125 / 1)"], [(0.125, 1)]),
        (["(1\u202f500,5 / 3\u00a0000)"], [(1500.5, 3000)]),
        (["(1’500 / 3’000)"], [(1500, 3000)]),
        (["(1,000,000 / 2,000,000)"], [(1e6, 2e6)]),
        (["(0 / 10)"], [(0, 10)]),
    ],
)
def test_points_in_any_locale(pairs: list[str], wanted: list[tuple[float, float]]) -> None:
    html = "".join(
        f'<div class="subtask"><span class="title">Subtask {number}</span>'
        f'<span class="score">{pair}</span></div>'
        for number, pair in enumerate(pairs, start=1)
    )
    assert [(each.points, each.max_points) for each in parse_details(html)] == wanted


def test_outputs_of_a_task_of_both_are_sent_without_a_language(client: Cms) -> None:
    """CMS wants one for the sources of a submission, and there are none."""
    client._formats["both"] = ("both.%l", "output_01.txt")
    alone = Submission(language="output-only", sources={"output_01.txt": b"1\n"})
    sent = client.describe("both", alone)
    assert (sent.fields, sent.files) == ({}, {"output_01.txt": 2})
    mixed = Submission(language="cpp20", sources={"both.cpp": b"x", "output_01.txt": b"1\n"})
    assert set(client.describe("both", mixed).fields) == {"language"}
