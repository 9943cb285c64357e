"""Input validator of `apples`: exit 42 when the input is valid."""

import re
import sys

match = re.fullmatch(r"(0|[1-9][0-9]*) (0|[1-9][0-9]*)\n", sys.stdin.read())
valid = match is not None and all(int(word) <= 10**9 for word in match.groups())
sys.exit(42 if valid else 43)
