"""Each fault does what it says, and a contest that is hurt ends as one that is not."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import jsonschema
import pytest

from sandbox.faults.traces import descendants
from solver.runs import chaos_around as around
from solver.runs.chaos import BUNDLED, chaos
from solver.runs.chaos_faults import FAULTS, Target
from solver.runs.chaos_stage import started
from solver.sampling.engine import Message, Request, SamplingParameters
from solver.sampling.engines.openai import OpenAIEngine

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


def test_ctrl_c_reaches_a_driver_of_a_job_in_the_background() -> None:
    words = "import time; print(flush=True); time.sleep(600)"
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with tempfile.TemporaryFile() as said:
            command = [sys.executable, "-c", f"import sys; sys.stdout = sys.stderr; {words}"]
            process = started(command, said, os.environ)
            while os.fstat(said.fileno()).st_size == 0:
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            try:
                assert process.wait(60) == -signal.SIGINT
            finally:
                process.kill()
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_fault_that_there_is_not() -> None:
    with pytest.raises(ValueError, match=r"no fault is called flood: driver, "):
        chaos(only=["flood"])


def test_the_time_of_day_jumps_for_whoever_was_started_with_the_clock() -> None:
    words = "import time\nfor _ in range(2): input(); print(time.time(), time.monotonic())"
    with around.clock() as clock:
        assert clock is not None
        process = subprocess.Popen(
            [sys.executable, "-u", "-c", words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **clock.environment},
        )
        assert process.stdin is not None and process.stdout is not None
        seen: list[list[float]] = []
        for by_s in (0.0, -86_400.0):
            clock.move(by_s)
            process.stdin.write(b"\n")
            process.stdin.flush()
            seen.append([float(word) for word in process.stdout.readline().split()])
        process.communicate()
    assert -86_400 <= seen[1][0] - seen[0][0] < -86_000
    assert seen[1][1] >= seen[0][1]
    assert abs(seen[0][0] - time.time()) < 3600


def test_a_model_server_that_was_killed_answers_as_before() -> None:
    prompts = ("You write test generators.", "One program in Python 3.", "One program in C++20.")
    requests = [
        Request(
            messages=(Message(role="user", content=prompt),),
            parameters=SamplingParameters(temperature=0.8),
            seed=7,
            index=index,
            language="python3",
        )
        for prompt in prompts
        for index in range(2)
    ]
    with around.model(BUNDLED / "pools/warmest.jsonl") as model:
        engine = OpenAIEngine(model.spec.partition("@")[2], "recorded", rest_s=0.05)
        before = {request: answer.text for request, answer in engine.sample(requests)}
        model.kill()
        model.start()
        after = {request: answer.text for request, answer in engine.sample(requests)}
        engine.close()
    assert after == before and len(set(before.values())) == len(requests)
    assert all(text.startswith("```") for text in before.values())


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_contests_that_are_hurt_end_as_one_that_is_not() -> None:
    command = [sys.executable, "-m", "solver", "runs", "chaos", "--faults", "14", "--seed", "5"]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, cwd=ROOT)
    document = json.loads(done.stdout)
    jsonschema.validate(document, SCHEMA)
    assert done.returncode == 0 and document["held"], document["failures"]
    assert document["faults"] == 14 and document["submissions"] > 1
    assert document["samples"] == 16  # with generators and validators
