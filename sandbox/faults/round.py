"""One round: a process of its own, a sandbox under load, one fault at a random moment.

`python -m sandbox.faults.round FAULT SEED PROGRAM` prints one JSON document; the suite starts it,
watches it, and asks a hanging one where it hangs (SIGUSR1 prints every thread's stack).
"""

import faulthandler
import json
import signal
import sys
import time
import traceback
from pathlib import Path
from random import Random
from typing import Any

from sandbox.backend import Executable
from sandbox.data import Blob
from sandbox.faults.kinds import FAULTS, Fault, Scene
from sandbox.faults.traces import adopt_orphans, left_since, look
from sandbox.faults.work import Load, Tally
from sandbox.opening import open_sandbox

_LATEST_S = 0.25


def play(fault_name: str, seed: int, program: Path) -> dict[str, Any]:
    """Brings one fault about; what came of it, as in `docs/schemas/sandbox_faults.schema.json`."""
    fault = FAULTS[fault_name]
    lacking = fault.lacks()
    if lacking is not None:
        return {"skipped": lacking}
    random = Random(f"{fault_name} {seed}")
    adopt_orphans()
    subject = Executable(
        language="c", argv=("./subject",), files={"subject": Blob.of_file(program)}
    )
    with fault.prepare():
        before = look()
        done, tally = _under_load(fault, random, subject)
        left = left_since(before)
    return {
        "done": done,
        "right": tally.right,
        "errors": dict(tally.errors),
        "wrong": tally.wrong,
        "left": left,
    }


def _under_load(fault: Fault, random: Random, subject: Executable) -> tuple[str, Tally]:
    sandbox = open_sandbox("namespaces", slots=2)
    load = Load(sandbox, subject, str(random.random()), fault.wall_s)
    scene = Scene(sandbox=sandbox, random=random, tally=load.tally)
    load.start()
    try:
        time.sleep(random.uniform(0, _LATEST_S))
        fault.bring(scene)
        scene.hold(0.1)
    finally:
        load.stop()
    if not scene.closed:
        try:
            load.serve_once_more()
        except Exception:  # noqa: BLE001 - with the fault gone no error is an honest answer
            load.tally.wrong.append(f"afterwards: {traceback.format_exc(limit=-2)}")
    sandbox.close()
    return scene.done, load.tally


if __name__ == "__main__":
    faulthandler.register(signal.SIGUSR1, all_threads=True)
    sys.stdout.write(json.dumps(play(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))))
