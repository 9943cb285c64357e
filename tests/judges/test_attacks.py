"""Requests that a hostile team could send: each is refused with the right status, and afterwards
the server still serves and has kept nothing of them."""

import base64
import io
import json
import socket
import stat
import time
import warnings
import zipfile

import httpx
import pytest

from problems.submission import Submission
from solver.judges.clients.contest_api import pack
from solver.judges.server.guard import RequestLimits

RIGHT = b"a, b = map(int, input().split())\nprint(a + b)\n"
GOOD = pack(Submission(language="python3", sources={"main.py": RIGHT}))
PATH = "contests/cup/submissions"


def archive(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_STORED) -> str:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as opened, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two members of one name are what an attacker makes
        for name, content in entries:
            opened.writestr(name, content)
    return base64.b64encode(buffer.getvalue()).decode()


def link(target: bytes) -> str:
    info = zipfile.ZipInfo("main.py")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return archive((info, target))


def lying_bomb() -> str:
    """A member whose directory entry says 10 bytes and that unpacks to 64 MiB."""
    raw = bytearray(
        base64.b64decode(archive(("main.py", b"0" * 2**26), method=zipfile.ZIP_DEFLATED))
    )
    central = raw.rfind(b"PK\x01\x02")
    raw[central + 24 : central + 28] = (10).to_bytes(4, "little")
    return base64.b64encode(bytes(raw)).decode()


def encrypted() -> str:
    raw = bytearray(base64.b64decode(archive(("main.py", RIGHT))))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(signature) + offset
        raw[at] |= 1
    return base64.b64encode(bytes(raw)).decode()


def body(**changes) -> dict:
    fields = {"problem_id": "apples", "language_id": "python3", "files": [{"data": GOOD}]} | changes
    return {name: value for name, value in fields.items() if value is not None}


def with_data(data) -> dict:
    return body(files=[{"data": data}])


BAD_BODIES = {
    "path traversal in the zip": (with_data(archive(("../../evil.py", RIGHT))), 400),
    "absolute path in the zip": (with_data(archive(("/etc/cron.d/evil", RIGHT))), 400),
    "windows path in the zip": (with_data(archive(("..\\evil.py", RIGHT))), 400),
    "folder in the zip": (with_data(archive(("a/main.py", RIGHT))), 400),
    "hidden file in the zip": (with_data(archive((".bashrc", RIGHT))), 400),
    "NUL in a file name": (with_data(archive(("ma\x1fin.py", RIGHT))), 400),
    "symbolic link in the zip": (with_data(link(b"/etc/shadow")), 400),
    "two files of one name": (with_data(archive(("main.py", RIGHT), ("main.py", b"x"))), 400),
    "empty zip": (with_data(archive()), 400),
    "encrypted zip": (with_data(encrypted()), 400),
    "zip bomb": (
        with_data(archive(("main.py", b"0" * 2**26), method=zipfile.ZIP_DEFLATED)),
        413,
    ),
    "zip bomb that lies about its size": (with_data(lying_bomb()), 400),
    "a thousand files": (with_data(archive(*((f"f{n}.py", b"x") for n in range(1000)))), 413),
    "cut-off zip": (with_data(base64.b64encode(base64.b64decode(GOOD)[:-30]).decode()), 400),
    "no zip at all": (with_data(base64.b64encode(b"print(1)").decode()), 400),
    "not base64": (with_data("%%%"), 400),
    "data is a number": (with_data(7), 400),
    "data is null": (with_data(None), 400),
    "files is empty": (body(files=[]), 400),
    "files is a string": (body(files="x"), 400),
    "two archives": (body(files=[{"data": GOOD}, {"data": GOOD}]), 400),
    "href instead of data": (body(files=[{"href": "file:///etc/passwd"}]), 400),
    "wrong mime": (body(files=[{"data": GOOD, "mime": "text/html"}]), 400),
    "foreign team's id": (body(team_id="team02"), 403),
    "own time": (body(time="2020-01-01T00:00:00Z"), 400),
    "own contest time": (body(contest_time="0:00:00.000"), 400),
    "own id": (body(id="1"), 400),
    "unknown problem": (body(problem_id="nothing"), 400),
    "problem as a path": (body(problem_id="../../etc"), 400),
    "SQL in the problem": (body(problem_id="apples' OR '1'='1"), 400),
    "SQL in the language": (body(language_id="python3'; DROP TABLE submissions;--"), 400),
    "language as a list": (body(language_id=["python3"]), 400),
    "problem missing": (body(problem_id=None), 400),
    "java without entry point": (body(language_id="java"), 400),
    "entry point as an object": (body(entry_point={"a": 1}), 400),
}


@pytest.fixture
def running(serve):
    return serve(limits=RequestLimits(body_bytes=512 * 1024, body_s=1.0, burst=100, replay_s=60))


def check_alive(running) -> None:
    """The server serves, and none of what was refused is kept."""
    with running.http() as http:
        assert http.get(PATH).json() == []
        answer = http.post(PATH, json=body())
        assert answer.status_code == 200, answer.text


def test_bodies(running) -> None:
    got = {}
    with running.http() as http:
        for name, (sent, _) in BAD_BODIES.items():
            got[name] = http.post(PATH, json=sent).status_code
    assert got == {name: status for name, (_, status) in BAD_BODIES.items()}
    check_alive(running)


def test_texts_that_are_no_json(running) -> None:
    headers = {"Content-Type": "application/json"}
    with running.http() as http:
        for content in (b"{", b"\xff\xfe", b"[1]", b"null", b"[" * 200_000):
            assert http.post(PATH, content=content, headers=headers).status_code == 400
    check_alive(running)


def test_authentication(running) -> None:
    with httpx.Client(base_url=running.url) as http:
        password = running.passwords["team01"]
        assert http.get("contests").status_code == 401
        assert http.post(PATH, json=body()).status_code == 401
        assert http.get("contests", auth=("team01", "wrong")).status_code == 401
        assert http.get("contests", auth=("team02", password)).status_code == 401
        assert http.get("contests", auth=("nobody", password)).status_code == 401
        assert http.get("contests", auth=("team01' --", password)).status_code == 401
        for header in ("Basic", "Basic !!!", "Basic dGVhbTAx", "Bearer x", "Basic /w=="):
            answer = http.get("contests", headers={"Authorization": header})
            assert answer.status_code == 401, header
            assert answer.headers["WWW-Authenticate"] == "Basic"
        assert http.get("contests", auth=("team01", password)).status_code == 200
    check_alive(running)


def test_paths(running) -> None:
    with running.http() as http:
        for path, status in {
            "contests/other": 404,
            "contests/cup/submissions/0": 404,
            "contests/cup/submissions/1%20OR%201=1": 404,
            "contests/cup/submissions/99999999999999999999999": 404,
            "contests/cup/submissions/\u0663": 404,
            "contests/cup/problems/apples%2F..%2F..%2Fdata": 404,
            "contests/cup/problems/..%2F..%2Fetc%2Fpasswd/statement": 404,
            "contests/cup/problems/nothing/statement": 404,
            "contests/cup/runs": 404,
            "contests/cup/event-feed?since_token=%27": 400,
            "contests/cup/event-feed?since_token=-1": 400,
        }.items():
            assert http.get(path).status_code == status, path
        assert http.delete("contests/cup/submissions").status_code == 405
        assert http.put("contests/cup/submissions/1", json=body()).status_code == 405
        assert http.patch("contests/cup", json={"start_time": None}).status_code == 405
    check_alive(running)


def test_oversized_body_by_length_and_by_stream(running) -> None:
    with running.http() as http:
        assert http.post(PATH, content=b"x" * 600_000).status_code == 413

        def chunks():
            for _ in range(20):
                yield b"x" * 65536

        try:
            status = http.post(PATH, content=chunks()).status_code
        except httpx.WriteError:
            status = 413  # the server had answered and closed while we still wrote
        assert status == 413
    check_alive(running)


def raw(running, head: bytes) -> socket.socket:
    url = httpx.URL(running.url)
    connection = socket.create_connection((url.host, url.port), timeout=20)
    auth = base64.b64encode(f"team01:{running.passwords['team01']}".encode()).decode()
    connection.sendall(head.replace(b"AUTH", f"Authorization: Basic {auth}".encode()))
    return connection


def test_slow_body(running) -> None:
    head = (
        b"POST /api/contests/cup/submissions HTTP/1.1\r\nHost: x\r\nAUTH\r\n"
        b"Content-Length: 1000\r\n\r\n{"
    )
    with raw(running, head) as connection:
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 408"), answer
    check_alive(running)


def test_lying_content_length(running) -> None:
    for length in (b"-5", b"abc", b"1e3"):
        head = (
            b"POST /api/contests/cup/submissions HTTP/1.1\r\nHost: x\r\nAUTH\r\n"
            b"Content-Length: " + length + b"\r\n\r\n{}"
        )
        with raw(running, head) as connection:
            assert connection.recv(65536).startswith(b"HTTP/1.1 400")
    check_alive(running)


def test_hang_up_in_the_middle_of_a_body(running) -> None:
    head = (
        b"POST /api/contests/cup/submissions HTTP/1.1\r\nHost: x\r\nAUTH\r\n"
        b"Content-Length: 1000\r\n\r\n{"
    )
    for _ in range(20):
        raw(running, head).close()
    check_alive(running)


def test_replays(running) -> None:
    """The same content again is a replay; the same Idempotency-Key is the same submission."""
    with running.http() as http:
        first = http.post(PATH, json=body(), headers={"Idempotency-Key": "k"})
        again = http.post(PATH, json=body(), headers={"Idempotency-Key": "k"})
        assert first.json()["id"] == again.json()["id"]
        assert http.post(PATH, json=body()).status_code == 409
        other = body(problem_id="evens")
        assert http.post(PATH, json=other, headers={"Idempotency-Key": "k"}).status_code == 422
        assert (
            http.post(PATH, json=body(), headers={"Idempotency-Key": "x" * 999}).status_code == 400
        )
        assert len(http.get(PATH).json()) == 1


def test_flood_is_slowed_down(serve) -> None:
    running = serve(limits=RequestLimits(burst=3, per_minute=6, replay_s=0))
    with running.http() as http, running.http("team02") as other:
        statuses = [http.post(PATH, json=body()).status_code for _ in range(5)]
        answer = http.post(PATH, json=body())
        assert statuses == [200, 200, 200, 429, 429]
        assert 0 < int(answer.headers["Retry-After"]) <= 11
        assert other.post(PATH, json=body()).status_code == 200


def test_no_answer_holds_a_hidden_test_or_a_password(running) -> None:
    """Everything that a team can read, searched for the hidden tests' own files."""
    from tests.judges.conftest import BUNDLED

    with running.http() as http:
        number = http.post(PATH, json=body()).json()["id"]
        deadline = time.monotonic() + 60
        while running.store.pending() and time.monotonic() < deadline:
            time.sleep(0.05)
        seen = [
            http.get(f"contests/cup{path}").text
            for path in (
                "",
                "/state",
                "/access",
                "/account",
                "/languages",
                "/problems",
                "/teams",
                "/judgement-types",
                "/submissions",
                "/judgements",
                f"/submissions/{number}",
                "/problems/depots/statement",
            )
        ]
    text = "\n".join(seen)
    assert json.loads(seen[9])[0]["judgement_type_id"] == "AC"
    hidden = list((BUNDLED / "depots/data/secret").rglob("*.in"))
    assert hidden
    long_ones = [file.read_text()[:400] for file in hidden if file.stat().st_size > 400]
    assert long_ones
    assert not any(part in text for part in long_ones)
    assert not any(password in text for password in running.passwords.values())
