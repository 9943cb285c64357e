"""`solver judge serve` as a process: killed with SIGKILL and started again, nothing is lost and
nothing judged twice; and `solver judge play` against it, end to end."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from problems.submission import Submission
from solver.judges.clients.contest_api import pack
from tests.small_pools import few_lines

ROOT = Path(__file__).parents[2]
BUNDLED = ROOT / "problems/bundled"
RIGHT = b"a, b = map(int, input().split())\nprint(a + b)\n"


def contest_folder(tmp_path: Path) -> Path:
    """A contest of two quick tasks."""
    folder = tmp_path / "cup"
    folder.mkdir()
    rows = "".join(
        f'[[tasks]]\nname = "{name}"\npath = "{BUNDLED / "contest" / name}"\n'
        for name in ("apples", "evens")
    )
    (folder / "contest.toml").write_text(f'title = "Cup"\nrules = "ioi"\n{rows}')
    return folder


class Server:
    """The server as a child process."""

    def __init__(self, tmp_path: Path) -> None:
        self._tmp_path = tmp_path
        self._folder = contest_folder(tmp_path)
        self.database = tmp_path / "data" / "judge.sqlite"
        made = self._solver("teams", "--count", "2", "--out", str(tmp_path / "teams.toml"))
        self.passwords = dict(line.split() for line in made.stdout.splitlines())
        self.process: subprocess.Popen[str] | None = None
        self.url = ""
        self.code: int | None = None

    def _solver(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "solver", "judge", *words]
        return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)

    @property
    def command(self) -> list[str]:
        command = [sys.executable, "-m", "solver", "judge", "serve", str(self._folder)]
        command += ["--teams", str(self._tmp_path / "teams.toml"), "--per-minute", "6000"]
        return [*command, "--data", str(self._tmp_path / "data")]

    def start(self) -> None:
        command = [*self.command, "--port", "0"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT)
        assert self.process.stderr is not None
        for line in self.process.stderr:
            found = re.search(r"at (http://\S+)", line)
            if found:
                self.url = found.group(1)
                break
        with httpx.Client() as http:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                try:
                    http.get(self.url)
                    return
                except httpx.TransportError:
                    time.sleep(0.05)

    def end(self, number: int) -> str:
        """Sends the signal, waits for the end, and gives what was said since the start."""
        assert self.process is not None
        if self.process.returncode is not None:
            return ""
        os.kill(self.process.pid, number)
        said = self.process.communicate(timeout=60)[1]
        self.code = self.process.returncode
        return said


@pytest.fixture
def server(tmp_path: Path):
    running = Server(tmp_path)
    running.start()
    yield running
    running.end(signal.SIGTERM)


def test_what_is_no_http_leaves_no_line_in_the_log(server: Server) -> None:
    url = httpx.URL(server.url)
    with socket.create_connection((url.host, url.port or 0), timeout=60) as line:
        line.sendall(b"no HTTP at all\r\n\r\n")
        assert b" 400 " in line.makefile("rb").readline()
    assert "Invalid" not in server.end(signal.SIGTERM)


def test_one_folder_has_one_server(server: Server) -> None:
    """A second one would judge again what the first has waiting."""
    refused = subprocess.run(
        [*server.command, "--port", "0"], capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert refused.returncode == 1, refused.stderr
    assert "another process drives this judge" in refused.stderr
    assert "--data" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_killed_and_started_again(server: Server) -> None:
    auth = ("team01", server.passwords["team01"])
    ids: list[str] = []
    for part in range(3):
        with httpx.Client(base_url=server.url, auth=auth, timeout=30) as http:
            for number in range(6):
                source = RIGHT + b"#%d.%d" % (part, number)
                body = {
                    "problem_id": "apples",
                    "language_id": "python3",
                    "files": [{"data": pack(Submission(language="", sources={"m.py": source}))}],
                }
                answer = http.post("contests/cup/submissions", json=body)
                assert answer.status_code == 200, answer.text
                ids.append(answer.json()["id"])
        server.end(signal.SIGKILL)
        server.start()
    with httpx.Client(base_url=server.url, auth=auth, timeout=30) as http:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            rows = http.get("contests/cup/judgements").json()
            if len(rows) == len(ids):
                break
            time.sleep(0.1)
        kept = [row["id"] for row in http.get("contests/cup/submissions").json()]
    assert kept == ids
    assert [row["submission_id"] for row in rows] == ids
    assert {row["judgement_type_id"] for row in rows} == {"AC"}
    with sqlite3.connect(server.database) as connection:
        count = connection.execute("SELECT COUNT(*) FROM judgements").fetchone()[0]
    connection.close()
    assert count == len(ids)


def test_told_to_end_it_ends_itself_and_says_what_waits(server: Server) -> None:
    """Neither a client that reads the feed nor a program that runs holds it: their ends are clean,
    and the program is judged by the next start."""
    auth = ("team01", server.passwords["team01"])
    with (
        httpx.Client(base_url=server.url, auth=auth, timeout=60) as http,
        http.stream("GET", "contests/cup/event-feed") as feed,
    ):
        lines = feed.iter_lines()
        assert json.loads(next(lines))["type"] == "contest"
        for number in range(3):
            source = b"while True: pass  # %d\n" % number
            body = {
                "problem_id": "apples",
                "language_id": "python3",
                "files": [{"data": pack(Submission(language="", sources={"m.py": source}))}],
            }
            assert http.post("contests/cup/submissions", json=body).status_code == 200
        said = server.end(signal.SIGTERM)
        # Cut off in the middle, this would raise.
        assert all(json.loads(line)["token"] for line in lines if line)
    assert server.code == 0, said
    found = re.search(r"ended, all submissions are kept; the next start judges .*\((\d)\)", said)
    assert found is not None and int(found[1]) >= 1, said
    with sqlite3.connect(server.database) as connection:
        count = connection.execute("SELECT COUNT(*) FROM judgements").fetchone()[0]
    connection.close()
    assert count == 3 - int(found[1])


def small_pools(tmp_path: Path) -> Path:
    """A few short candidates of the recorded pools: what is tested is the playing."""
    folder = tmp_path / "pools"
    folder.mkdir(exist_ok=True)
    for task in ("apples", "evens"):
        (folder / f"{task}.jsonl").write_text("".join(few_lines(task)))
    return folder


def play(server: Server, tmp_path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "solver", "judge", "play", "contest-api", server.url]
    command += ["--contest", "cup", "--model", f"pool:{small_pools(tmp_path)}", "--limit", "4"]
    command += ["--packages", str(BUNDLED / "contest"), "--run", str(tmp_path / "run"), "--json"]
    environment = {
        **os.environ,
        "SOLVER_CONTEST_API_USER": "team02",
        "SOLVER_CONTEST_API_PASSWORD": server.passwords["team02"],
    }
    return subprocess.run(
        [*command, *more], capture_output=True, text=True, check=False, cwd=ROOT, env=environment
    )


def test_the_agent_plays_on_our_server(server: Server, tmp_path: Path) -> None:
    dry = play(server, tmp_path, "--dry-run")
    assert dry.returncode == 0, dry.stderr
    shown = json.loads(dry.stdout)["would_send"]
    assert {row["task"] for row in shown} == {"apples", "evens"}
    for row in shown:
        assert row["reason"] and row["candidate"].startswith(row["task"])
        (program,) = map(Path, row["programs"])
        assert program.read_text() and program.stat().st_size == sum(row["files"].values())
    auth = ("team02", server.passwords["team02"])
    assert httpx.get(f"{server.url}contests/cup/submissions", auth=auth).json() == []
    done = play(server, tmp_path)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    handed = httpx.get(f"{server.url}contests/cup/submissions", auth=auth).json()
    assert sum(task["submissions"] for task in document["tasks"]) == len(handed)
    assert 2 <= len(handed) <= 8
    lines = done.stderr.splitlines()
    assert sum(": submission " in line for line in lines) == len(handed)
    assert sum(": result " in line for line in lines) == len(handed)
    assert document["points"] >= 20
    # Asked again, the run is over: the same points, nothing more is handed in.
    again = json.loads(play(server, tmp_path).stdout)
    assert again["points"] == document["points"]
    assert len(httpx.get(f"{server.url}contests/cup/submissions", auth=auth).json()) == len(handed)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file())
    assert server.passwords["team02"].encode() not in kept
    assert server.passwords["team02"] not in done.stdout + done.stderr + dry.stdout + dry.stderr


def test_a_total_is_split_only_where_it_can_be_meant_in_one_way() -> None:
    from problems.loading import load_task
    from solver.contests.on_judge import split_score

    depots = load_task(BUNDLED / "contest/depots")
    maxima = {each.name: each.max_points for each in depots.subtasks}
    names = list(maxima)
    assert split_score(depots, 100) == maxima
    assert split_score(depots, 0) == dict.fromkeys(names, 0.0)
    assert split_score(depots, maxima[names[1]]) == {**dict.fromkeys(names, 0.0), names[1]: 24.0}
    assert split_score(depots, 12.34) == {}
    # 11, 24, 26, 39: 50 is 11 + 39 as well as 24 + 26; 35 is 11 + 24 alone.
    assert split_score(depots, 50) == {}
    assert split_score(depots, 35) == {**dict.fromkeys(names, 0.0), names[0]: 11.0, names[1]: 24.0}
    apples = load_task(BUNDLED / "contest/apples")
    assert split_score(apples, 7.5) == {"group1": 7.5}
