#!/usr/bin/env bash
# semantic-version 2.10.0: NpmSpec refuses ranges with a blank behind the operator, which npm's own
# semver takes. Piston, the execution service, asks semver about a request's "version".
#
# Guess written down before the run: a class that is called NpmSpec, with a documented grammar taken
# from npm's, reads each range that npm's semver 7.6.3 reads, and answers alike.
# Seen: ">= 3.0.0", "^ 3", "~ 3.9" and "> 2" are ValueError in Python, and ranges with an answer in
# node; without the blank both agree. The grammar that npm prints has no blank there; its reader
# takes blanks away first. A service in Python that speaks Piston's protocol and reads versions with
# this package turns away requests that Piston serves.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v npm >/dev/null || { echo "wants npm"; exit 2; }
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check semantic-version==2.10.0 2>/dev/null
(cd "$work" && npm install --silent --no-fund --no-audit semver@7.6.3 >/dev/null 2>&1)
cat > "$work/ask.js" <<'JS'
const semver = require("semver");
for (const range of process.argv.slice(2)) {
  const read = semver.validRange(range);
  console.log(read === null ? "refused" : String(semver.satisfies("3.10.0", range)));
}
JS
cat > "$work/ask.py" <<'PY'
import sys
from semantic_version import NpmSpec, Version

for one in sys.argv[1:]:
    try:
        print(str(NpmSpec(one).match(Version("3.10.0"))).lower())
    except ValueError:
        print("refused")
PY
ranges=(">=3.0.0" ">= 3.0.0" "^3" "^ 3" "~3.9" "~ 3.9" ">2" "> 2")
mapfile -t node < <(cd "$work" && node ask.js "${ranges[@]}")
mapfile -t python < <("$work/env/bin/python" "$work/ask.py" "${ranges[@]}")
echo "semver $(cd "$work" && node -p 'require("semver/package.json").version'), semantic-version 2.10.0; does 3.10.0 satisfy it?"
for n in "${!ranges[@]}"; do
    printf '%-10s node %-8s python %s\n' "'${ranges[$n]}'" "${node[$n]}" "${python[$n]}"
done
[ "${node[*]}" = "true true true true false false true true" ] || { echo "node's behaviour changed"; exit 1; }
[ "${python[*]}" = "true refused true refused false refused true refused" ] || { echo "python's behaviour changed"; exit 1; }
