"""The keeper of a service's processes."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.service.processes import CANNOT_RUN

SCRIPT = """
import select, sys
from pathlib import Path
from sandbox.service.processes import Keeper, Role

lives = Path(sys.argv[1])

def body(leash):
    with lives.open("a") as file:
        file.write("x")
    code = {code}
    if code is None:
        select.select([leash], [], [])
        return 0
    return code

ready = []
sys.exit(Keeper([Role(name="one", body=body)], print).run(lambda: {ready}))
"""


@pytest.mark.parametrize(
    ("ready", "code", "lives"),
    [
        (False, CANNOT_RUN, 1),  # the machine lacks something: said at the start, not in a loop
        (True, 0, 3),  # it ran before: what is in the way now may pass
    ],
)
def test_a_process_that_cannot_run(tmp_path: Path, ready: bool, code: int, lives: int) -> None:
    counted = tmp_path / "lives"
    wanted = f"{{1: 1, 2: {CANNOT_RUN}}}.get(len(lives.read_text()))" if ready else str(CANNOT_RUN)
    script = SCRIPT.format(ready=ready, code=wanted)
    process = subprocess.Popen([sys.executable, "-c", script, str(counted)])
    if ready:
        end_s = time.monotonic() + 60
        while not counted.exists() or len(counted.read_text()) < lives:
            assert process.poll() is None and time.monotonic() < end_s
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
    assert process.wait(60) == code
    assert len(counted.read_text()) == lives
