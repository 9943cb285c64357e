#!/usr/bin/env bash
# Sets solver up in this checkout: Debian packages, .venv with the tested versions, the sandbox's
# helper. Safe to run again: what stands is left alone.
# Usage: scripts/setup.sh [--languages]
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/system-packages.sh "$@"

python=${PYTHON:-}
if [ -z "$python" ]; then
    for name in python3.11 python3.12 python3.13 python3; do
        if command -v "$name" >/dev/null 2>&1; then
            python=$name
            break
        fi
    done
fi
[ -n "$python" ] || { echo "no Python found; install python3.11" >&2; exit 3; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "$("$python" --version) is too old; solver needs Python 3.11 or newer" >&2
    exit 3
}

[ -x .venv/bin/python ] || "$python" -m venv .venv

stamp=.venv/.solver-setup
wanted=$(cat pyproject.toml constraints.txt scripts/setup.sh | sha256sum)
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    echo "setting up in 3 steps; two to five minutes, most of them for torch" >&2
    # What pip says, a line for each package that it fetches.
    told() {
        { grep --line-buffered -E '^ *(Downloading|Using cached|Processing|Installing collected)|ERROR' || true; } |
            sed -uE 's/^ *(Downloading|Using cached|Processing) ([^ ]*\/)?([^ /]+)/  \3/; s/^Installing collected.*/  unpacking/; s/^(.{100}).*/\1/' >&2
    }
    step() { echo "step $1 of 3 ($(( SECONDS )) s so far): $2" >&2; }
    SECONDS=0
    # torch by itself first: a plain `pip install torch==…` takes a local CPU build where there is one.
    first=$(grep -E '^(torch|numpy)==' constraints.txt)
    step 1 "torch and numpy"
    # shellcheck disable=SC2086
    .venv/bin/python -m pip install --progress-bar off --disable-pip-version-check $first 2>&1 | told || true
    .venv/bin/python -c 'import torch' || { echo "torch could not be installed" >&2; exit 3; }
    step 2 "the other packages"
    .venv/bin/python -m pip install --progress-bar off --disable-pip-version-check -c constraints.txt -e '.[dev]' 2>&1 | told
    .venv/bin/python -c 'import solver, click, docker, pytest' || { echo "the Python packages could not be installed" >&2; exit 3; }
    step 3 "headers that C++ programs include, compiled once"
    # Ten seconds each, once; elsewhere they are made when they pay.
    .venv/bin/python -m sandbox.prepare cpp17 cpp20
    echo "$wanted" >"$stamp"
    echo "ready after $(( SECONDS )) s. Next: . .venv/bin/activate && solver doctor" >&2
fi
