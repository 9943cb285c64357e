"""Each fault does what it says, and a contest that is hurt ends as one that is not."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import jsonschema
import pytest

from sandbox.faults.traces import descendants
from solver.runs.chaos import chaos
from solver.runs.chaos_faults import FAULTS, Target

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs/schemas/chaos.schema.json").read_text())
TREE = """
import signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
subprocess.Popen([sys.executable, "-c", "import time; print(flush=True); time.sleep(600)"])
time.sleep(600)
"""


class Tree:
    """A process with one below it."""

    def __init__(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", TREE], stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        self.process.stdout.readline()  # the one below says that it is there
        (self.below,) = descendants(self.process.pid)

    def lives(self) -> bool:
        with contextlib.suppress(OSError):
            state = Path(f"/proc/{self.below}/stat").read_text().rsplit(")", 1)[1].split()[0]
            return state != "Z"
        return False


@pytest.fixture
def tree() -> Iterator[Tree]:
    made = Tree()
    yield made
    for pid in (made.process.pid, made.below):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    made.process.communicate()


@pytest.mark.parametrize(
    ("name", "code", "below_lives"),
    [
        ("driver", -9, True),
        ("everything", -9, False),
        ("workers", None, False),
        ("ctrl-c", -2, True),
        ("terminate", -15, True),
        ("pause", None, True),
    ],
)
def test_what_a_fault_does(tree: Tree, name: str, code: int | None, below_lives: bool) -> None:
    process = tree.process
    FAULTS[name].bring(
        Target(
            pid=process.pid,
            disk=Path(),
            random=Random(1),
            has_ended=lambda: process.poll() is not None,
        )
    )
    if code is None:
        assert process.poll() is None
    else:
        assert process.wait(60) == code and code in FAULTS[name].codes
    end_s = time.monotonic() + 30
    while tree.lives() is not below_lives and time.monotonic() < end_s:
        time.sleep(0.02)
    assert tree.lives() is below_lives


def test_a_fault_that_there_is_not() -> None:
    with pytest.raises(ValueError, match=r"no fault is called flood: driver, "):
        chaos(only=["flood"])


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_contests_that_are_hurt_end_as_one_that_is_not() -> None:
    command = [sys.executable, "-m", "solver", "runs", "chaos", "--faults", "14", "--seed", "5"]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, cwd=ROOT)
    document = json.loads(done.stdout)
    jsonschema.validate(document, SCHEMA)
    assert done.returncode == 0 and document["held"], document["failures"]
    assert document["faults"] == 14 and document["submissions"] > 1
