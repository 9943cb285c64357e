#!/usr/bin/env bash
# ray 2.60.0: a program that a task starts runs at niceness 15, though driver and node run at 0.
#
# Guess written down before the run: a task runs as urgently as the node that it was sent to, and what
# it starts with subprocess too; priorities are for those who ask for them.
# Seen: driver and node (raylet) have 0, the worker 15, and a program that the task starts inherits it.
# On a machine where anything else is busy, programs that are timed by the wall (a judge's, a
# benchmark's) get about a thirtieth of a core, and one without root cannot take it back:
# setpriority to 0 is refused. `RAY_worker_niceness=0` in the environment of the node, before
# `ray start`, makes it 0 (run below).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check ray==2.60.0 2>/dev/null
cat > "$work/seen.py" <<'PY'
import os
import subprocess
import sys

import ray


@ray.remote
def seen():
    words = [sys.executable, "-c", "import os; print(os.getpriority(os.PRIO_PROCESS, 0))"]
    program = int(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    return os.getpriority(os.PRIO_PROCESS, os.getppid()), os.getpriority(os.PRIO_PROCESS, 0), program


ray.init(num_cpus=1, include_dashboard=False, logging_level="ERROR", log_to_driver=False)
node, worker, program = ray.get(seen.remote())
ray.shutdown()
driver = os.getpriority(os.PRIO_PROCESS, 0)
print(f"driver {driver} node {node} worker {worker} program of the task {program}")
PY
export RAY_USAGE_STATS_ENABLED=0 RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO=0
"$work/env/bin/python" -c 'from importlib.metadata import version; print("ray", version("ray"))'
usual=$("$work/env/bin/python" "$work/seen.py" 2>/dev/null)
echo "as it comes:             $usual"
asked=$(RAY_worker_niceness=0 "$work/env/bin/python" "$work/seen.py" 2>/dev/null)
echo "RAY_worker_niceness=0:   $asked"
[ "$usual" = "driver 0 node 0 worker 15 program of the task 15" ] || { echo "behaviour changed"; exit 1; }
[ "$asked" = "driver 0 node 0 worker 0 program of the task 0" ] || { echo "behaviour changed"; exit 1; }
