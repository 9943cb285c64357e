#!/usr/bin/env bash
# Starts a Docker engine on a machine that has dockerd but no service manager (a container, CI).
# Does nothing where an engine answers already. Needs root.
# Usage: scripts/start-dockerd.sh [--stop]
#   --stop  end the engine that this script started, and only that one
set -euo pipefail

state=${SOLVER_DOCKERD_STATE:-/run/solver-dockerd}
pid_file=$state/dockerd.pid
log=$state/dockerd.log

alive() { # the engine we started, not a later process of the same number
    [ -s "$pid_file" ] && [ "$(cat "/proc/$(cat "$pid_file")/comm" 2>/dev/null)" = dockerd ]
}

if [ "$(id -u)" -ne 0 ]; then
    echo "dockerd needs root; ask for: sudo $0 $*" >&2
    exit 3
fi
mkdir -p "$state"
exec 9>"$state/lock" # two test runs must not start two engines
flock 9

if [ "${1:-}" = "--stop" ]; then
    if alive; then
        pid=$(cat "$pid_file")
        kill -TERM "$pid"
        for _ in $(seq 150); do
            [ -d "/proc/$pid" ] || break
            sleep 0.1
        done
    fi
    exit 0
fi

if docker info >/dev/null 2>&1; then exit 0; fi
command -v dockerd >/dev/null 2>&1 || {
    echo "dockerd is not installed: apt install docker.io" >&2
    exit 3
}
if ! alive; then
    # Containers of the sandbox have no network: no bridge and no firewall rules are needed.
    setsid dockerd --iptables=false --ip6tables=false --bridge=none \
        --pidfile "$pid_file" >>"$log" 2>&1 </dev/null 9>&- &
fi
for _ in $(seq 300); do
    if docker info >/dev/null 2>&1; then exit 0; fi
    sleep 0.1
done
echo "dockerd did not come up in 30 s; the end of $log:" >&2
tail -5 "$log" >&2
exit 3
