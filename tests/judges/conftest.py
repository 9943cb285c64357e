"""A real judge server on loopback over the bundled contest, and clients for its teams."""

import itertools
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from sandbox import open_sandbox
from sandbox.compiling.compile import Compiler
from solver.contests.graders import open_graders
from solver.judges.base import TaskJudge
from solver.judges.clients.contest_api import ContestApi
from solver.judges.clients.ledger import Ledger
from solver.judges.clients.transport import Patience, Transport
from solver.judges.pages.session import session_key
from solver.judges.pages.site import PagesOptions, pages
from solver.judges.server.accounts import Accounts, make_teams
from solver.judges.server.app import JudgeServer, ServedContest
from solver.judges.server.guard import RequestLimits
from solver.judges.server.present import Window
from solver.judges.server.store import ServerStore
from solver.serving.listening import listen

BUNDLED = Path(__file__).parents[2] / "problems" / "bundled" / "contest"
LANGUAGES = {"cpp20": "C++20", "python3": "Python 3", "java": "Java"}


class FakeWall:
    """Time that passes only when somebody sleeps; a server in this process may read it too."""

    def __init__(self, now_s: float | None = None) -> None:
        self.now_s = time.time() if now_s is None else now_s
        self.slept: list[float] = []

    def time_s(self) -> float:
        return self.now_s

    def monotonic_s(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_s += seconds


@contextmanager
def on_loopback(app: Starlette, *, date_header: bool = True) -> Iterator[str]:
    """Runs an ASGI application under a real server; gives its root URL."""
    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        app, log_level="error", timeout_graceful_shutdown=1, date_header=date_header
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()


class Person:
    """Uses the pages as a browser without scripts does: cookies, and a page's own form token."""

    def __init__(self, root: str) -> None:
        self.http = httpx.Client(base_url=root, timeout=30, follow_redirects=True)

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def post(self, path: str, page: str, fields: dict, **more) -> httpx.Response:
        """Sends a form of the page with its hidden fields and these."""
        text = self.get(page).text
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text))
        return self.http.post(path, data=hidden | fields, **more)

    def log_in(self, account: str, password: str) -> httpx.Response:
        return self.post("/login", "/login", {"user": account, "password": password})

    def hand_in(self, problem: str, language: str, source: str, **more) -> httpx.Response:
        page = f"/contests/cup/problems/{problem}"
        return self.post(page, page, {"language": language, "program": source}, **more)


@dataclass(frozen=True)
class Running:
    """A server that runs, and how to log in."""

    url: str
    passwords: dict[str, str]
    admin: str
    store: ServerStore
    closers: list[Callable[[], None]]

    @property
    def root(self) -> str:
        return self.url.removesuffix("api/")

    def password(self, account: str) -> str:
        """A team's, or the admin's."""
        return self.admin if account == "admin" else self.passwords[account]

    def person(self, account: str = "team01") -> "Person":
        """Somebody who is logged in on the pages."""
        person = Person(self.root)
        self.closers.append(person.http.close)
        person.log_in(account, self.password(account))
        return person

    def http(self, team: str = "team01", **kwargs) -> httpx.Client:
        return httpx.Client(
            base_url=self.url, auth=(team, self.password(team)), timeout=20, **kwargs
        )

    def client(self, team: str = "team01", ledger: Path | None = None) -> ContestApi:
        transport = Transport(
            self.url,
            auth=httpx.BasicAuth(team, self.passwords[team]),
            patience=Patience(outage_s=20, longest_wait_s=0.2),
        )
        book = Ledger(ledger, f"{self.url}cup/{team}")
        self.closers.extend([transport.close, book.close])
        return ContestApi(transport, book, "cup")


@pytest.fixture(scope="session")
def graders():
    sandbox = open_sandbox()
    with sandbox:
        packages = {name: BUNDLED / name for name in ("apples", "evens", "depots")}
        yield open_graders(packages, sandbox, Compiler(sandbox))


@pytest.fixture
def serve(graders, tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts servers; all are stopped at the end of the test."""
    bundled = graders
    numbers = itertools.count()
    closers: list[Callable[[], None]] = []

    def start(
        *,
        teams: int = 3,
        limits: RequestLimits | None = None,
        window: Window | None = None,
        submission_limit: int | None = None,
        interval_s: float = 0.0,
        freeze_last_s: float | None = None,
        public_scoreboard: bool = False,
        names: dict[str, str] | None = None,
        graders: Mapping[str, TaskJudge] | None = None,
    ) -> Running:
        number = next(numbers)
        file = tmp_path / f"teams{number}.toml"
        passwords = make_teams(file, teams, admin="admin")
        for old, new in (names or {}).items():
            file.write_text(file.read_text().replace(json.dumps(old), json.dumps(new)))
        store = ServerStore(tmp_path / f"judge{number}.db")
        contest = ServedContest(
            id="cup",
            title="Cup",
            tasks=tuple(opened.task for opened in bundled.values()),
            graders={name: opened.grader for name, opened in bundled.items()} | (graders or {}),
            tests={name: opened.tests for name, opened in bundled.items()},
            languages=LANGUAGES,
            window=window or Window(start_s=time.time() - 60, end_s=time.time() + 3600),
            submission_limit=submission_limit,
            interval_s=interval_s,
            freeze_last_s=freeze_last_s,
        )
        key = session_key(tmp_path / "session.key")
        below = pages(PagesOptions(key=key, public_scoreboard=public_scoreboard))
        app = JudgeServer(contest, Accounts.load(file), store, limits, below).app
        url = stack.enter_context(on_loopback(app)) + "api/"
        admin = passwords.pop("admin")
        return Running(url=url, passwords=passwords, admin=admin, store=store, closers=closers)

    with ExitStack() as stack:
        yield start
        for close in closers:
            close()
