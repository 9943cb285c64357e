"""A site that speaks what Kattis's submit script (kattis-cli) speaks: login form, submit form, a
JSON page to poll. It judges by what the program says of itself: `status: N`, `score: X`."""

import re
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.judges.forms import read_form

PROBLEM = """<html><body><nav>Kattis</nav><div class="problembody">
<p>Print the sum of <b>two</b> numbers.</p></div></body></html>"""
RUNNING = 5


@dataclass
class FakeKattis:
    """A site with the problem `sums` of `tests` test cases.

    Attributes:
        steps: Polls until a submission is judged, one test case further each.
        lose_answers: So many submissions are taken and answered with 500.
    """

    tests: int = 4
    steps: int = 4
    lose_answers: int = 0
    sessions: set[str] = field(default_factory=set)
    logins: list[dict[str, str]] = field(default_factory=list)
    submissions: list[dict[str, Any]] = field(default_factory=list)
    polls: dict[str, int] = field(default_factory=dict)

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/login", self.login, methods=["POST"]),
                Route("/problems/sums", self.problem),
                Route("/submit", self.submit, methods=["POST"]),
                Route("/submissions/{id}", self.submission),
                Route("/users/ana", self.user),
            ]
        )

    async def login(self, request: Request) -> Response:
        fields, _ = await read_form(request)
        self.logins.append(fields)
        known = fields.get("token") == "t0ken" or fields.get("password") == "hunter2"
        if fields.get("user") != "ana" or fields.get("script") != "true" or not known:
            return PlainTextResponse("Login failed.", 403)
        session = f"s{len(self.logins)}"
        self.sessions.add(session)
        answer = PlainTextResponse("Login successful.")
        answer.set_cookie("EduSiteCookie", session)
        return answer

    def known(self, request: Request) -> bool:
        return request.cookies.get("EduSiteCookie") in self.sessions

    async def problem(self, _: Request) -> Response:
        return HTMLResponse(PROBLEM)

    async def submit(self, request: Request) -> Response:
        if not self.known(request):
            return PlainTextResponse("Not logged in.", 403)
        fields, files = await read_form(request)
        if fields.get("problem") != "sums":
            return PlainTextResponse("Problem not found.<br />Check its id.")
        source = b"".join(body for _, body in files.get("sub_file[]", []))
        if len(source) > 128 * 1024:
            return PlainTextResponse("The submission is too large.")
        number = str(9000 + len(self.submissions))
        names = [name for name, _ in files["sub_file[]"]]
        self.submissions.append(
            {"id": number, "fields": fields, "names": names, "source": source.decode()}
        )
        if self.lose_answers:
            self.lose_answers -= 1
            return Response("", 500)
        return PlainTextResponse(
            f"Submission received.<br />Submission ID: {number}.<br />Thank you."
        )

    async def user(self, request: Request) -> Response:
        if not self.known(request):
            return PlainTextResponse("", 403)
        rows = "".join(
            f'<tr data-submission-id="{each["id"]}"><td>sums</td></tr>'
            for each in reversed(self.submissions)
        )
        return HTMLResponse(f"<table>{rows}</table>")

    async def submission(self, request: Request) -> Response:
        number = request.path_params["id"]
        found = next((each for each in self.submissions if each["id"] == number), None)
        if found is None or not self.known(request):
            return PlainTextResponse("", 404)
        done = self.polls[number] = self.polls.get(number, -1) + 1
        status = int((re.search(r"status: (\d+)", found["source"]) or [0, "16"])[1])
        score = re.search(r"score: ([\d.]+)", found["source"])
        if done < self.steps:
            status = RUNNING if done else 0
        word = f"Accepted ({score[1]})" if score and status == 16 else "..."
        marks = "<i></i>" * (self.tests + 1)
        row = f'<tr><td data-type="status"><span>{word}</span></td><td>{marks}</td></tr>'
        shown = {
            "status_id": status,
            "testcase_index": min(done, self.tests),
            "row_html": row,
            "feedback_html": "",
        }
        return JSONResponse(shown)
