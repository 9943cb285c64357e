#!/usr/bin/env bash
# Brings the Debian packages that solver needs; asks apt only for what is missing.
# Usage: scripts/system-packages.sh [--languages]
#   --languages  also Java and PyPy (Rust comes from rustup or apt's rustc, as you prefer)
set -euo pipefail

need=()
want() { # want COMMAND PACKAGE
    command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || need+=("$2")
}
want g++ g++
want gcc gcc
want bwrap bubblewrap
want dockerd docker.io
want mmdebstrap mmdebstrap
want strace strace # tests: which writes a power cut would lose
python3 -c 'import ensurepip' 2>/dev/null || need+=(python3-venv)
[ -e /usr/share/doc/libc6-dev ] || need+=(libc6-dev)
if [ "${1:-}" = "--languages" ]; then
    want javac default-jdk-headless
    want pypy3 pypy3
    want rustc rustc
fi
as_root=()
may_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" -eq 0 ] && return 0
    as_root=(sudo)
    command -v sudo >/dev/null 2>&1
}
install() {
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

if [ ${#need[@]} -gt 0 ]; then
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "these are missing: ${need[*]} (Debian names); install them with your package manager" >&2
        exit 3
    fi
    may_install || {
        echo "missing: ${need[*]}; run as root: apt-get install ${need[*]}" >&2
        exit 3
    }
    echo "installing Debian packages: ${need[*]}" >&2
    "${as_root[@]}" apt-get update -qq
    install "${need[@]}"
fi

# Nothing needs these two; C++ compiles in half of the time with them (solver doctor says so too).
more=()
command -v mold >/dev/null 2>&1 || more+=(mold)
[ -e "$(g++ -print-file-name=plugin)/include/gcc-plugin.h" ] ||
    more+=("gcc-$(g++ -dumpversion | cut -d. -f1)-plugin-dev")
for package in "${more[@]}"; do
    if may_install && apt-cache show "$package" >/dev/null 2>&1; then
        echo "installing the Debian package $package" >&2
        install "$package" || echo "$package cannot be installed; C++ compiles more slowly" >&2
    fi
done
