"""Against programs that we did not write: xcpcio's archiver reads our server, its clics-server
serves what it read to our client, and its models (made from the specification's JSON schemas)
check every object that we serve."""

import json
import os
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from problems.submission import Submission
from problems.verdict import Verdict
from solver.judges.base import SubmissionState
from solver.judges.clients.contest_api import ContestApi
from solver.judges.clients.ledger import Ledger
from solver.judges.clients.transport import Patience, Transport

PEERS = Path(os.environ.get("SOLVER_PEERS", Path.home() / ".cache/solver/peers")) / "bin"
RIGHT = b"a, b = map(int, input().split())\nprint(a + b)\n"

pytestmark = pytest.mark.skipif(
    not (PEERS / "clics-server").exists(),
    reason="xcpcio is not installed; scripts/peers.sh brings it",
)

VALIDATE = """
import json, sys
from xcpcio.clics.model.model_2023_06 import model
kinds = {"contest": "Contest", "state": "State", "problems": "Problem", "languages": "Language",
         "judgement-types": "JudgementType", "teams": "Team", "submissions": "Submission",
         "judgements": "Judgement"}
for kind, rows in json.load(sys.stdin).items():
    for row in rows:
        getattr(model, kinds[kind]).model_validate(row)
        print(kind)
"""


def judged_server(serve):
    """Our server with three judged submissions."""
    running = serve()
    client = running.client()
    for number, source in enumerate((RIGHT, b"print(0)\n", b"raise SystemExit(1)\n")):
        client.submit(
            "apples", Submission(language="python3", sources={"m.py": source}), f"{number}"
        )
    deadline = time.monotonic() + 60
    while running.store.pending() and time.monotonic() < deadline:
        time.sleep(0.05)
    return running


def test_their_models_accept_every_object_that_we_serve(serve) -> None:
    running = judged_server(serve)
    with running.http() as http:
        objects = {
            kind: http.get(f"contests/cup/{kind}").json()
            for kind in (
                "problems",
                "languages",
                "judgement-types",
                "teams",
                "submissions",
                "judgements",
            )
        }
        objects["contest"] = [http.get("contests/cup").json()]
        objects["state"] = [http.get("contests/cup/state").json()]
    done = subprocess.run(
        [PEERS / "python", "-c", VALIDATE],
        input=json.dumps(objects),
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split().count("judgements") == 3
    assert len(done.stdout.split()) == sum(len(rows) for rows in objects.values())


@pytest.fixture
def archived(serve, tmp_path: Path) -> Path:
    """What their archiver made of our server."""
    running = judged_server(serve)
    folder = tmp_path / "package"
    done = subprocess.run(
        [
            PEERS / "clics-archiver",
            "--base-url",
            running.url,
            "--contest-id",
            "cup",
            "-o",
            folder,
            "-u",
            "team01",
            "-p",
            running.passwords["team01"],
            "--no-event-feed",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with running.http() as http, http.stream("GET", "contests/cup/event-feed") as feed:
        lines = []
        for line in feed.iter_lines():
            lines.append(line)
            if sum('"judgements"' in each for each in lines) == 3:
                break
    (folder / "event-feed.ndjson").write_text("\n".join(lines) + "\n")
    return folder


def test_their_archiver_reads_our_server(archived: Path) -> None:
    problems = json.loads((archived / "problems.json").read_text())
    assert [row["id"] for row in problems] == ["apples", "evens", "depots"]
    judgements = json.loads((archived / "judgements.json").read_text())
    assert [row["judgement_type_id"] for row in judgements] == ["AC", "WA", "RTE"]


def test_our_client_reads_their_server(archived: Path) -> None:
    port = _free_port()
    server = subprocess.Popen(
        [PEERS / "clics-server", "-p", archived, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    transport = Transport(
        f"http://127.0.0.1:{port}/api/", patience=Patience(outage_s=30, longest_wait_s=0.3)
    )
    ledger = Ledger(None, "peer")
    try:
        client = ContestApi(transport, ledger, "cup")
        assert client.describe_contest()["name"] == "Cup"
        assert [task.name for task in client.tasks()] == ["apples", "evens", "depots"]
        verdicts = {}
        for row in client.rows("submissions"):
            judgement = client.poll(str(row["id"]))
            assert judgement.state is SubmissionState.JUDGED
            verdicts[row["id"]] = judgement.verdict
        assert verdicts == {"1": Verdict.AC, "2": Verdict.WA, "3": Verdict.RE}
        events = [dict(event) for event in client.follow()]
        assert [event["type"] for event in events].count("judgements") == 3
        later = list(client.follow(since_token=str(events[-2]["token"])))
        assert later[-1]["data"] == events[-1]["data"]
        assert len(later) < len(events)
    finally:
        transport.close()
        ledger.close()
        server.terminate()
        server.wait(20)


def test_their_server_takes_no_submission_and_we_say_so(archived: Path) -> None:
    """It is read-only: 405 is a refusal by name, not an outage to wait for."""
    from solver.judges.errors import SubmissionRefused

    port = _free_port()
    server = subprocess.Popen(
        [PEERS / "clics-server", "-p", archived, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    transport = Transport(
        f"http://127.0.0.1:{port}/api/", patience=Patience(outage_s=30, longest_wait_s=0.3)
    )
    ledger = Ledger(None, "peer")
    try:
        client = ContestApi(transport, ledger, "cup")
        client.tasks()
        submission = Submission(language="python3", sources={"m.py": RIGHT})
        with pytest.raises(SubmissionRefused, match="405"):
            client.submit("apples", submission, "k")
        assert httpx.get(f"{transport.base_url}contests/cup/submissions").status_code == 200
    finally:
        transport.close()
        ledger.close()
        server.terminate()
        server.wait(20)


def _free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
