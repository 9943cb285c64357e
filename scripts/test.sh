#!/usr/bin/env bash
# Runs the checks and the tests. Usage: scripts/test.sh [--all] [pytest arguments]
# As root it starts a Docker engine of its own where none runs, and ends it afterwards; elsewhere
# the docker tests skip with a reason.
set -euo pipefail
cd "$(dirname "$0")/.."

select=(-m "not slow")
if [ "${1:-}" = "--all" ]; then
    select=()
    shift
fi

started=""
cleanup() {
    if [ -n "$started" ]; then scripts/start-dockerd.sh --stop || true; fi
}
trap cleanup EXIT
if [ "$(id -u)" -eq 0 ] && [ -x scripts/start-dockerd.sh ] && ! docker info >/dev/null 2>&1; then
    if scripts/start-dockerd.sh; then started=yes; else echo "no Docker engine: its tests will skip" >&2; fi
fi

# Programs that we did not write, to compare with; their tests skip where they cannot be had.
scripts/peers.sh >&2 || echo "the peers could not be installed: their tests will skip" >&2
scripts/browser.sh >&2 || echo "no browser could be installed: the tests of our pages will skip" >&2

# Packages whose users call us; their tests skip likewise.
scripts/callers.sh >&2 || echo "the callers could not be installed: their tests will skip" >&2

# Hundreds of commands are started as processes of their own. Where this is set each compiles all that
# it imports again: 0.7 s of CPU a command of ours, several a process of Ray's.
unset PYTHONDONTWRITEBYTECODE

.venv/bin/ruff check .
.venv/bin/ruff format --check --quiet .
.venv/bin/mypy
.venv/bin/mypy benchmarks/*.py
.venv/bin/lint-imports >/dev/null || .venv/bin/lint-imports

# One worker a core: the sandbox pins its slots, and a test of CPU accounting wants its core. A file
# goes to one worker whole: what its tests share (a service, a trained run) is made once.
code=0
.venv/bin/python -m pytest -n "${SOLVER_TEST_WORKERS:-2}" --dist loadfile --no-loadscope-reorder \
    --durations=10 "${select[@]}" "$@" || code=$?
[ "$code" -eq 1 ] || exit "$code"

# Tests run real programs against real limits, and a busy machine can fail a few of them. A few that
# failed are run once more, one after the other with nothing beside them: what fails again fails the
# build, and what does not is named, because it is a fault of the test or of us all the same.
failed=.pytest_cache/v/cache/lastfailed
count=$(.venv/bin/python -c "import json, sys; print(len(json.load(open(sys.argv[1]))))" "$failed")
if [ "$count" -gt 3 ]; then exit 1; fi
names=$(cat "$failed")
echo "$count failed; once more, alone:" >&2
.venv/bin/python -m pytest -n 0 --last-failed --last-failed-no-failures none "${select[@]}" "$@"
printf 'FAILED BESIDE OTHERS, PASSED ALONE (look into it): %s\n' "$names" >&2
