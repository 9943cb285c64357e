#!/usr/bin/env bash
# Brings the browser that the tests of our pages drive: Debian's chromium, headless. Playwright and
# axe-core come with the Python packages (pyproject.toml, dev); Playwright downloads no browser.
#
#   scripts/browser.sh      a browser elsewhere: SOLVER_CHROMIUM=/path/to/chromium make test
set -euo pipefail

for name in "${SOLVER_CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
command -v apt-get >/dev/null 2>&1 || { echo "no apt-get here: install chromium with your package manager" >&2; exit 1; }
echo "installing the Debian package chromium (for the browser tests)" >&2
"${as_root[@]}" apt-get update -qq
# A font of its own: without one, headless Chromium draws no letters at all.
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends \
    chromium fonts-dejavu-core >/dev/null
