"""Ctrl-C while replays go on in worker processes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROGRAM = """
import os, signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
from solver.replays import play

def job(world, name, seeds):
    os.write(1, b"begun\\n")  # in one piece: the other worker writes there as well
    time.sleep(600)

play._job = job
play.replay_all({str(number): None for number in range(8)}, ["random"], 1, processes=2)
"""


def test_an_interrupt_ends_the_workers_too() -> None:
    """Not after all that was begun, and none of them is left or complains."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert [process.stdout.readline() for _ in range(2)] == ["begun\n"] * 2
    # As a terminal does it: to all of them.
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=120)[1]
    assert said.strip().endswith("KeyboardInterrupt") and said.count("Traceback") == 1, said
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return
    raise AssertionError("a worker is left")
