#!/usr/bin/env bash
# Installs the packages whose users call us (evaluators, trainers, agents) and Ray, pinned, each in an
# environment of its own: their pins fit neither ours nor one another's (inspect-ai wants openai 3,
# verifiers an older one), and nothing here is a dependency of the project. What they share with us
# is taken from this checkout's .venv, behind their own, so that torch is not installed again.
#
#   scripts/callers.sh [FOLDER]      default: $SOLVER_CALLERS, else ~/.cache/solver/callers
set -euo pipefail
cd "$(dirname "$0")/.."

folder="${1:-${SOLVER_CALLERS:-$HOME/.cache/solver/callers}}"
ours=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')

caller() { # NAME PINS [PIP'S WORDS]: an environment
    local python="$folder/$1/bin/python" stamp="$folder/$1/.pins"
    [ -x "$python" ] || .venv/bin/python -m venv "$folder/$1"
    if [ "$(cat "$stamp" 2>/dev/null)" != "$2" ]; then
        # shellcheck disable=SC2086
        "$python" -m pip install --quiet --no-compile --disable-pip-version-check ${3:-} $2 2>&1 |
            { grep -v 'is ignored: it is neither' || true; } >&2
        echo "$2" >"$stamp"
    fi
    echo "$ours" >"$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/zz-solver.pth"
    echo "$folder/$1: $2"
}

caller inspect "inspect-ai==0.3.285 mcp==2.3.0"
caller verifiers "verifiers==0.4.0"
# The extra `train`, in the versions of constraints.txt: 60 MB that no other test needs. Without their
# dependencies, which are ours as well, pip does not install a second torch.
train=$(grep -E '^(peft|trl|datasets|dill|multiprocess|pandas|xxhash)==' constraints.txt | tr '\n' ' ')
caller train "${train% }" "--no-deps"
# These two want Python 3.12 and much else; what the tests use of them, their readers of tasks and of
# rows, needs neither.
caller readers "harbor==0.26.0 nemo-gym==0.4.0 toml==0.10.2" "--no-deps --ignore-requires-python"
# The optional extra `ray`, 285 MB unpacked: only its own tests need it.
caller ray "ray==2.60.0"
# The optional extra `otel`, a few MB.
caller otel "opentelemetry-sdk==1.45.2 opentelemetry-exporter-otlp-proto-http==1.45.2"
