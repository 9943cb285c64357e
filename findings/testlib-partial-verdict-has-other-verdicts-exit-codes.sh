#!/usr/bin/env bash
# testlib.h as rbx-cp 2.3.3 ships it (Codeforces' header for checkers): a checker that gives part of the
# points with `quitf(_pc(k), ...)` ends with the exit code k and nothing added, so 0 of the points is the
# exit code of "right", 1 that of "wrong", 3 that of "the checker itself failed", 7 that of `quitp`.
#
# Guess written down before the run: a verdict of its own has exit codes of its own. The header numbers
# this one from 16 on (`_partially = 16`), so a judge that reads exit codes sees 16 + k and cannot take a
# part for anything else.
# Seen: 16 is taken off again before the program ends (PC_BASE_EXIT_CODE is 0; 50 only where TESTSYS is
# defined). A judge that goes by the exit code alone, as Polygon's documents describe it for the other
# verdicts, takes an answer that is worth nothing for a right one. Only the words on stderr differ:
# "ok", "wrong answer", "FAIL" against "partially correct (k)".
set -euo pipefail
command -v g++ >/dev/null || { echo "needs g++"; exit 3; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check --no-deps rbx-cp==2.3.3 2>/dev/null
header=$(find "$work/env" -name testlib.h -path '*predownloaded*')
cat >"$work/checker.cpp" <<'CPP'
#include "testlib.h"
int main(int argc, char* argv[]) {
    registerTestlibCmd(argc, argv);
    const std::string how = ouf.readToken();
    const int k = ouf.readInt();
    if (how == "part") quitf(_pc(k), "a part");
    if (how == "points") quitp(0.5, "half");
    if (how == "wrong") quitf(_wa, "not this");
    if (how == "broken") quitf(_fail, "the jury's answer is wrong");
    quitf(_ok, "as it should be");
}
CPP
g++ -w -I"$(dirname "$header")" -o "$work/checker" "$work/checker.cpp"
cd "$work"
echo x >in
echo x >answer
ends() { # WORD K: the exit code and the verdict's words
    echo "$1 $2" >out
    code=0
    ./checker in out answer 2>said >/dev/null || code=$?
    echo "$1 $2: exit code $code, $(sed -E 's/ (a part|half|not this|the jury.*|as it should be)//' said)"
}
echo "rbx-cp $("$work/env/bin/pip" list 2>/dev/null | awk '$1 == "rbx-cp" || $1 == "rbx.cp" {print $2}')"
for k in 0 1 3 7; do ends part $k; done | tee parts
{ ends right 0; ends wrong 0; ends broken 0; ends points 0; } | tee others
for pair in "0 right" "1 wrong" "3 broken" "7 points"; do
    read -r k word <<<"$pair"
    part=$(grep "^part $k:" parts)
    other=$(grep "^$word " others)
    [[ $part == *"exit code $k, partially correct ($k)"* && $other == *"exit code $k,"* ]] ||
        { echo "changed: $part / $other"; exit 1; }
done
echo "as written: each part of the points has the exit code of another verdict"
