"""A second client that we did not write: BAPCtools reads a contest back from our server."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from problems.submission import Submission

PEERS = Path(os.environ.get("SOLVER_PEERS", Path.home() / ".cache/solver/peers")) / "bin"
RIGHT = b"a, b = map(int, input().split())\nprint(a + b)\n"
WRONG = b"print(0)\n"

pytestmark = pytest.mark.skipif(
    not (PEERS / "bt").exists(), reason="BAPCtools is not installed; scripts/peers.sh brings it"
)


def test_their_download_of_submissions(serve, tmp_path: Path) -> None:
    """Metadata, scoreboard, judgements, sources: each program lands under its own verdict."""
    running = serve()
    client = running.client()
    for number, source in enumerate((RIGHT, WRONG)):
        submission = Submission(language="python3", sources={"m.py": source})
        client.submit("apples", submission, f"{number}")
    foreign = Submission(language="python3", sources={"m.py": RIGHT + b"# another team's\n"})
    running.client("team02").submit("apples", foreign, "0")
    deadline = time.monotonic() + 60
    while running.store.pending() and time.monotonic() < deadline:
        time.sleep(0.05)
    # It wants to stand in a contest's folder, with at least one problem.
    (tmp_path / "apples").mkdir()
    (tmp_path / "apples" / "problem.yaml").write_text(
        "problem_format_version: 2025-09\nname: Apples\n"
        "uuid: 6a34b3f2-3f0f-4d4e-9d0e-6a5d2f1f7f11\n"
    )
    command = [PEERS / "bt", "download_submissions", "--api", running.url.removesuffix("/api/")]
    command += ["--contest-id", "cup", "--username", "team01"]
    command += ["--password", running.passwords["team01"]]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = {
        path.parent.relative_to(tmp_path / "submissions").as_posix(): path.read_bytes()
        for path in (tmp_path / "submissions").rglob("*.py")
    }
    assert found == {"apples/accepted": RIGHT, "apples/wrong_answer": WRONG}
    assert (tmp_path / "scoreboard" / "scoreboard.json").stat().st_size > 0
