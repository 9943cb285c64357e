#!/usr/bin/env bash
# bapctools 2026.10.0: `bt run` in a place that may use one core of a larger machine (a container with
# --cpuset-cpus, a Slurm job, taskset) runs no submission and ends with an AssertionError.
#
# Guess written down before the run: the tool asks which cores it may use (it pins its runs to them), so
# with one allowed it judges one run after the other, as it does on a machine that has only one.
# Seen: how many runs go side by side is half of the machine's cores, allowed or not; for pinned runs
# this is then bounded by the allowed cores less one that is kept free. With one allowed that makes zero
# workers, nobody takes the runs, and what is said at the end is "Verdict of root must not be empty",
# about a package that is in order. `--jobs 0` judges it (one after the other, a way of its own).
set -euo pipefail
for need in g++ taskset; do command -v "$need" >/dev/null || { echo "needs $need"; exit 3; }; done
[ "$(getconf _NPROCESSORS_ONLN)" -ge 2 ] || { echo "needs a machine with two cores"; exit 3; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check bapctools==2026.10.0 2>/dev/null
package="$work/double"
mkdir -p "$package"/{data/sample,data/secret,statement,submissions/accepted}
cat >"$package/problem.yaml" <<'YAML'
problem_format_version: 2025-09
name: Double
uuid: 5f0c2b0e-0d55-4d0e-8f4e-7c1b8f1d2a33
YAML
echo '\problemname{Double} Print twice the number.' >"$package/statement/problem.en.tex"
for where in sample secret; do echo 21 >"$package/data/$where/1.in"; echo 42 >"$package/data/$where/1.ans"; done
echo 'print(2 * int(input()))' >"$package/submissions/accepted/double.py"
cd "$package"
core=$(taskset -cp $$ | sed -E 's/.*: ([0-9]+).*/\1/')
judged() { # NAME WORDS: how a run ends, in one line
    local code=0
    timeout 120 "${@:2}" >"$work/said" 2>&1 || code=$?
    echo "$1: exit code $code, $(grep -aoE ' AC |AssertionError: .*' "$work/said" | tail -1 | xargs)"
}
echo "bapctools $("$work/env/bin/pip" list 2>/dev/null | awk '$1 == "bapctools" {print $2}')"
judged "all cores" "$work/env/bin/bt" run | tee "$work/all"
judged "one core" taskset -c "$core" "$work/env/bin/bt" run | tee "$work/one"
judged "one core, --jobs 0" taskset -c "$core" "$work/env/bin/bt" run --jobs 0 | tee "$work/zero"
grep -q 'exit code 0, AC' "$work/all" && grep -q 'exit code 0, AC' "$work/zero" &&
    grep -q 'AssertionError: Verdict of root must not be empty' "$work/one" ||
    { echo "changed"; exit 1; }
echo "as written: a package in order is not judged where one core is allowed"
