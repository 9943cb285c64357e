"""Logical nodes of a real Ray cluster on this machine: for scenes that play there, and for tests
that read what a scene prints. Only the scenes' interpreter has ray."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import platformdirs
import pytest

ROOT = Path(__file__).parents[1]
CALLERS = Path(os.environ.get("SOLVER_CALLERS", platformdirs.user_cache_path("solver") / "callers"))
TOO_BUSY = 77


def started(cluster: Any, **words: Any) -> Any:
    """A node of the cluster. Ray gives a node 30 s to stand, which a busy machine may not make."""
    for _ in range(3):
        try:
            return cluster.add_node(num_cpus=1, object_store_memory=100 * 1024 * 1024, **words)
        except Exception as error:  # Ray raises no narrower one
            if "timed out during startup" not in str(error):
                raise
            print(error, file=sys.stderr)
    sys.exit(TOO_BUSY)


def seen_in(scene: Path, timeout_s: float) -> dict[str, Any]:
    """What a scene saw; its cluster is gone."""
    folder = CALLERS / "ray"
    if not (folder / ".pins").is_file():
        pytest.skip(f"no Ray at {folder}: run scripts/callers.sh")
    left_out = ("PYTEST", "PYTHON", "RAY_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    done = subprocess.run(
        [str(folder / "bin/python"), str(scene)],
        env={**env, "PYTHONPATH": os.pathsep.join([str(ROOT), str(Path(__file__).parent)])},
        capture_output=True,
        text=True,
        timeout=timeout_s,
    )
    if done.returncode == TOO_BUSY:
        pytest.skip("this machine is too busy: no node of Ray stood within 30 s, three times")
    assert done.returncode == 0, done.stderr[-4000:]
    said: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])
    return said
