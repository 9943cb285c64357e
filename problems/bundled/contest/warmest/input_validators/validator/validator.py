"""Input validator of `warmest`: exit 42 when the input is valid."""

import re
import sys

NUMBER = r"(0|-?[1-9][0-9]*)"
match = re.fullmatch(f"{NUMBER} {NUMBER} {NUMBER}\n", sys.stdin.read())
valid = match is not None and all(abs(int(word)) <= 1000 for word in match.groups())
sys.exit(42 if valid else 43)
