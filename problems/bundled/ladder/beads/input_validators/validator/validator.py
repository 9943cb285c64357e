"""Input validator of `beads`: exit 42 when the input is valid. Flags: distinct=1 (the longest run is alone)."""

import re
import sys

flags = dict(word.split("=") for word in sys.argv[1:])
text = sys.stdin.read()
fits = re.fullmatch(r"[a-z]{1,1000}\n", text) is not None
fits = fits and len(text) - 1 <= int(flags.get("max_n", 1000))
if fits and "distinct" in flags:
    runs = [len(run[0]) for run in re.finditer(r"(.)\1*", text.strip())]
    fits = runs.count(max(runs)) == 1
sys.exit(42 if fits else 43)
