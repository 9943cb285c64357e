#!/usr/bin/env bash
# Runs every benchmark; each prints one JSON document. Usage: scripts/bench.sh [NAME...]
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/solver sandbox bench --json
for file in benchmarks/*.py; do
    name=$(basename "$file" .py)
    if [ $# -gt 0 ] && [[ " $* " != *" $name "* ]]; then continue; fi
    echo "== $name" >&2
    .venv/bin/python "$file"
done
