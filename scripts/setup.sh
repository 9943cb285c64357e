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
    echo "installing Python packages into .venv (torch is large; a few minutes)" >&2
    # torch by itself first: a plain `pip install torch==…` takes a local CPU build where there is one.
    first=$(grep -E '^(torch|numpy)==' constraints.txt)
    # shellcheck disable=SC2086
    .venv/bin/python -m pip install --quiet --disable-pip-version-check $first 2>&1 | grep -v 'is ignored: it is neither' >&2 || true
    .venv/bin/python -c 'import torch' || { echo "torch could not be installed" >&2; exit 3; }
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]' 2>&1 |
        { grep -v 'is ignored: it is neither' || true; } >&2
    .venv/bin/python -c 'import solver, click, docker, pytest' || { echo "the Python packages could not be installed" >&2; exit 3; }
    # Ten seconds each, once; elsewhere they are made when they pay.
    .venv/bin/python -m sandbox.prepare cpp17 cpp20
    echo "$wanted" >"$stamp"
fi
