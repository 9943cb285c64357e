#!/usr/bin/env bash
# The main job on real input: a contest over the bundled tasks. A real 0.5B code model samples the
# easiest task on this CPU; the other tasks' candidates come from recorded pools. Then the replays that
# compare strategies. Usage: scripts/demo.sh [RUN_FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
run=${1:-runs/demo}
rm -rf "$run"
solver=.venv/bin/solver

say() { printf '\n== %s\n' "$*"; }

say "solver doctor"
$solver doctor || true

say "solver model fetch (0.5 GB once; a hash is checked)"
$solver model fetch

say "solver contest run: three tasks, IOI rules, at most 50 submissions a problem"
$solver contest run problems/bundled/demo --samples 16 --run "$run"

say "solver replay: random / strategy / oracle on the recorded pool that the contest drew from (what was observed there is taken from the run; the labels are recorded: what solver pool label wrote)"
$solver replay problems/bundled/pools/canal.jsonl --task problems/bundled/contest/canal \
    --truth docs/data/choosing/canal.truth.parquet --strategy all --limit 10 --seeds 50 --run "$run"

say "solver contest audit, solver report"
$solver contest audit "$run"
$solver report "$run" --html "$run/report.html"
echo "open $run/report.html in a browser"
