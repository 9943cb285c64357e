"""A server that speaks DOMjudge's API v4 to a team as its controllers do (April 2026), on a clock
of its own. It judges by what the program says of itself: the comment `verdict: XX`."""

import base64
import email.utils
import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from pypdf import PdfWriter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.judges.forms import read_form

LANGUAGES = [
    {"id": "c", "name": "C", "extensions": ["c"], "entry_point_required": False},
    {"id": "cpp", "name": "C++", "extensions": ["cpp"], "entry_point_required": False},
    {
        "id": "java",
        "name": "Java",
        "extensions": ["java"],
        "entry_point_required": True,
        "entry_point_name": "Main class",
    },
    {"id": "python3", "name": "Python 3", "extensions": ["py"], "entry_point_required": False},
]
TYPES = [
    {"id": "AC", "name": "correct", "penalty": False, "solved": True},
    {"id": "CE", "name": "compiler error", "penalty": False, "solved": False},
    {"id": "TLE", "name": "timelimit", "penalty": True, "solved": False},
    {"id": "WA", "name": "wrong answer", "penalty": True, "solved": False},
]


def _pdf() -> bytes:
    """One empty page."""
    writer, buffer = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=9, height=9)
    writer.write(buffer)
    return buffer.getvalue()


PDF = _pdf()


class Now(Protocol):
    """The server's clock."""

    def time_s(self) -> float:
        """Unix time."""


def moment(at_s: float) -> str:
    return datetime.fromtimestamp(at_s, UTC).isoformat(timespec="milliseconds")


def relative(seconds: float) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"{int(hours)}:{int(rest // 60):02}:{rest % 60:06.3f}"


@dataclass
class FakeDomJudge:
    """One contest ("cup") with the problems `hello` (A, a PDF) and `sums` (B, HTML).

    Attributes:
        ahead_s: How far its clock is ahead of the client's.
        queue_s: From a submission to its judgement.
        verification_s: From a judgement to its verification; a team sees nothing before.
        rate: Submissions allowed in so many seconds.
        lose_answers: So many submissions are taken and answered with 500.
        down_until_s: Every request before that moment is answered with 502.
        rejudged: Submission to another verdict, under a judgement of its own.
    """

    now: Now
    start_s: float
    length_s: float = 5 * 3600.0
    ahead_s: float = 0.0
    allow_submit: bool = True
    queue_s: float = 0.0
    verification_s: float = 0.0
    rate: tuple[int, float] | None = None
    lose_answers: int = 0
    down_until_s: float = 0.0
    rejudged: dict[str, str] = field(default_factory=dict)
    submissions: list[dict[str, Any]] = field(default_factory=list)
    forms: list[dict[str, Any]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def time_s(self) -> float:
        return self.now.time_s() + self.ahead_s

    @property
    def app(self) -> Starlette:
        base = "/api/v4/contests/cup"
        routes = {
            base: self.contest,
            f"{base}/state": self.state,
            f"{base}/access": self.access,
            f"{base}/account": self.account,
            f"{base}/languages": lambda: LANGUAGES,
            f"{base}/judgement-types": lambda: TYPES,
            f"{base}/problems": self.problems,
            f"{base}/submissions": self.listed,
        }
        made = [Route(path, self._answering(what)) for path, what in routes.items()]
        made += [
            Route(f"{base}/judgements", self._raw(self.judgements)),
            Route(f"{base}/problems/{{id}}/statement", self._raw(self.statement)),
            Route(f"{base}/samples.zip", self._raw(self.samples)),
            Route(f"{base}/submissions", self._raw(self.submit), methods=["POST"]),
        ]
        return Starlette(routes=made)

    def _answering(self, what: Any) -> Any:
        async def answer(_: Request) -> Response:
            found = what()
            return found if isinstance(found, Response) else JSONResponse(found)

        return self._raw(answer)

    def _raw(self, handler: Any) -> Any:
        async def answer(request: Request) -> Response:
            self.requests.append(f"{request.method} {request.url.path}")
            if self.now.time_s() < self.down_until_s:
                found = Response("<html>Bad gateway</html>", 502)
            elif request.headers.get("Authorization") != self._basic():
                found = self.refuse(401, "Invalid credentials")
            else:
                try:
                    found = await handler(request)
                except (AssertionError, LookupError, TypeError, ValueError) as error:
                    # A bug of this server must not look like an outage, which is waited through.
                    found = self.refuse(418, repr(error))
            found.headers["Date"] = email.utils.formatdate(self.time_s(), usegmt=True)
            return found

        return answer

    @staticmethod
    def _basic() -> str:
        return "Basic " + base64.b64encode(b"ana:hunter2").decode()

    @staticmethod
    def refuse(status: int, message: str, **headers: str) -> Response:
        return JSONResponse({"code": status, "message": message}, status, headers)

    def contest(self) -> dict[str, Any]:
        return {
            "id": "cup",
            "name": "Cup",
            "start_time": moment(self.start_s),
            "duration": relative(self.length_s),
            "allow_submit": self.allow_submit,
            "penalty_time": 20,
        }

    def state(self) -> dict[str, Any]:
        ends_s = self.start_s + self.length_s
        return {
            "started": moment(self.start_s) if self.time_s() >= self.start_s else None,
            "ended": moment(ends_s) if self.time_s() >= ends_s else None,
        }

    def access(self) -> Response:
        # Needs a role that teams do not have.
        return self.refuse(403, "Access Denied.")

    def account(self) -> dict[str, Any]:
        return {"id": "ana", "username": "ana", "type": "team", "team_id": "exteam"}

    def problems(self) -> list[dict[str, Any]]:
        return [
            {"id": "hello", "label": "A", "name": "Hello", "ordinal": 0, "time_limit": 1.0},
            {"id": "sums", "label": "B", "name": "Sums", "ordinal": 1, "time_limit": 2.5},
        ]

    async def statement(self, request: Request) -> Response:
        if request.path_params["id"] == "hello":
            return Response(PDF, media_type="application/pdf")
        return self.refuse(404, "Problem with ID 'sums' has no PDF statement")

    async def samples(self, _: Request) -> Response:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for number in range(1, 12):
                archive.writestr(f"B/{number}.in", f"{number} {number}\n")
                archive.writestr(f"B/{number}.out", f"{2 * number}\n")
            archive.writestr("B/statement.html", "<p>Add two <b>numbers</b>.</p>")
            archive.writestr("B/attachments/1.in", "not an example")
            archive.writestr("contest.pdf", PDF)
        return Response(buffer.getvalue(), media_type="application/zip")

    def listed(self) -> list[dict[str, Any]]:
        """All public teams' submissions; what came after the end is not among them."""
        ends_s = self.start_s + self.length_s
        return [
            {
                "id": each["id"],
                "problem_id": each["problem"],
                "language_id": each["language"],
                "team_id": each["team"],
                "time": moment(each["at_s"]),
            }
            for each in self.submissions
            if each["at_s"] < ends_s
        ]

    def take(self, team: str, problem: str, language: str, source: str) -> dict[str, Any]:
        taken = {
            "id": str(100 + len(self.submissions)),
            "team": team,
            "problem": problem,
            "language": language,
            "source": source,
            "at_s": self.time_s(),
        }
        self.submissions.append(taken)
        return taken

    async def submit(self, request: Request) -> Response:
        fields, uploaded = await read_form(request)
        files = uploaded.get("code[]", [])
        shown: dict[str, Any] = fields | {"code[]": [name for name, _ in files]}
        self.forms.append(shown)
        language = next((row for row in LANGUAGES if row["id"] == shown.get("language")), None)
        if shown.get("problem") not in ("hello", "sums"):
            name = shown.get("problem")
            return self.refuse(400, f"Problem '{name}' not found or not submittable.")
        if language is None:
            return self.refuse(400, "Language not found or not submittable.")
        if language["entry_point_required"] and not shown.get("entry_point"):
            return self.refuse(400, "Main class required, but not specified.")
        if self.time_s() < self.start_s:
            return self.refuse(403, "The contest is closed, no submissions accepted. [c1]")
        if not self.allow_submit:
            return self.refuse(400, "Submissions for contest (temporarily) disabled")
        if self.rate is not None:
            most, span_s = self.rate
            times = [each["at_s"] for each in self.submissions if each["team"] == "exteam"]
            recent = [at_s for at_s in times if at_s > self.time_s() - span_s]
            if len(recent) >= most:
                wait_s = int(recent[-most] + span_s - self.time_s()) + 1
                return self.refuse(429, "Submission limit reached", **{"Retry-After": f"{wait_s}"})
        content = b"".join(body for _, body in files)
        if len(content) > 256 * 1024:
            return self.refuse(400, "Submission file(s) are larger than 256 kB.")
        taken = self.take("exteam", shown["problem"], shown["language"], content.decode())
        if self.lose_answers:
            self.lose_answers -= 1
            return Response("Internal Server Error", 500)
        return JSONResponse({"id": taken["id"], "problem_id": taken["problem"]})

    async def judgements(self, request: Request) -> Response:
        wanted = request.query_params.get("submission_id")
        rows = []
        for each in self.submissions:
            seen_s = each["at_s"] + self.queue_s + self.verification_s
            if each["team"] != "exteam" or wanted not in (None, each["id"]):
                continue
            if self.time_s() < seen_s or each["at_s"] >= self.start_s + self.length_s:
                continue
            found = re.search(r"verdict: (\w+)", each["source"])
            verdict = self.rejudged.get(each["id"], found.group(1) if found else "AC")
            # A rejudging leaves the old judgement invalid, and an invalid one is not listed.
            number = int(each["id"]) + (1000 if each["id"] in self.rejudged else 0)
            rows.append(
                {
                    "id": str(number),
                    "submission_id": each["id"],
                    "judgement_type_id": verdict,
                    "valid": True,
                }
            )
        return JSONResponse(rows)
