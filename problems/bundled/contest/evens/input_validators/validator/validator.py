"""Input validator of `evens`: exit 42 when the input is valid."""

import re
import sys

text = sys.stdin.read()
match = re.fullmatch(r"([1-9][0-9]*)\n([1-9][0-9]*(?: [1-9][0-9]*)*)\n", text)
valid = False
if match is not None:
    numbers = [int(word) for word in match[2].split()]
    valid = len(numbers) == int(match[1]) <= 1000 and max(numbers) <= 10**6
sys.exit(42 if valid else 43)
