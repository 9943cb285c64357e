#!/usr/bin/env bash
# dmoj 4.1.0 (the judge of DMOJ), `checker: easy` of a package's init.yml: the answer is right if it has
# the same characters, each as often, in any order; case, blanks and line ends do not count.
#
# Guess written down before the run: `easy` is `standard` for lazy authors, words compared one after the
# other without regard to case and spacing (as Kattis' default or testlib's wcmp with case left out).
# Seen: 21 is right where 12 is wanted, "5 4 3" where "3 45" is, and "on" where "NO" is. Whoever converts
# such packages to another judge, or rewards a model by them, has a different checker after a plain reading
# of the name: a program that prints the digits of its numbers in the wrong order is right at DMOJ alone.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check setuptools==80.9.0 Cython==3.1.4 2>/dev/null
# Its sources: the wheel would be built with the parts that trace system calls, which nothing here needs.
"$work/env/bin/pip" download --quiet --disable-pip-version-check --no-deps --no-binary :all: \
    --no-build-isolation --dest "$work" dmoj==4.1.0 2>/dev/null
tar -xzf "$work"/dmoj-4.1.0.tar.gz -C "$work"
cd "$work/dmoj-4.1.0"
"$work/env/bin/python" - <<'PY'
from importlib.util import module_from_spec, spec_from_file_location

# The file by itself: the package around it imports the whole judge.
spec = spec_from_file_location("easy", "dmoj/checkers/easy.py")
easy = module_from_spec(spec)
spec.loader.exec_module(easy)
print("dmoj 4.1.0, easy:")
seen = {}
for printed, wanted in [(b"3 45", b"5 4 3"), (b"21", b"12"), (b"on", b"NO"), (b"112", b"12"), (b"13", b"12")]:
    seen[printed] = bool(easy.check(printed, wanted))
    print(f"  printed {printed.decode()!r}, wanted {wanted.decode()!r}: {'right' if seen[printed] else 'wrong'}")
if seen != {b"3 45": True, b"21": True, b"on": True, b"112": False, b"13": False}:
    raise SystemExit("changed")
print("as written: the characters are counted, nothing is compared in order")
PY
