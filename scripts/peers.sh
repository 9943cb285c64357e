#!/usr/bin/env bash
# Installs the peers that tests compare with, pinned, in an environment of their own: their pins do
# not have to fit ours. bapctools is GPL and is only ever run as a program; of rbx-cp only the data
# files (testlib.h and its checkers) are used, so its dependencies are left out.
#
#   scripts/peers.sh [FOLDER]      default: $SOLVER_PEERS, else ~/.cache/solver/peers
set -euo pipefail

folder="${1:-${SOLVER_PEERS:-$HOME/.cache/solver/peers}}"
python="${PYTHON:-python3}"

[ -x "$folder/bin/python" ] || "$python" -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check bapctools==2026.10.0
"$folder/bin/python" -m pip install --quiet --no-deps rbx-cp==2.3.3
"$folder/bin/python" -m pip install --quiet xcpcio==0.85.0
# The client of SandboxFusion's API, with which `solver sandbox serve` is tried.
"$folder/bin/python" -m pip install --quiet sandbox-fusion==0.3.7
# problemtools runs Python 3 programs with PyPy and nothing else.
if ! command -v pypy3 >/dev/null 2>&1; then
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
    { command -v apt-get >/dev/null 2>&1 && "${as_root[@]}" apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends pypy3 >/dev/null; } ||
        echo "pypy3 could not be installed: tests beside problemtools will skip" >&2
fi
echo "peers in $folder: bapctools (bt), rbx-cp (data only), xcpcio (clics-server, clics-archiver), sandbox-fusion"
