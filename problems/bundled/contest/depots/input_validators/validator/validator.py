"""Input validator of `depots`: exit 42 when the input is valid.

Flags: max_n=N, calm=1 (a = b and all weights 1).
"""

import re
import sys

flags = dict(word.split("=") for word in sys.argv[1:])
NUMBER = r"(?:0|[1-9][0-9]{0,9})"


def valid(text: str) -> bool:
    """Whether the text is an input within the limits and the flags."""
    if re.fullmatch(f"{NUMBER} {NUMBER} {NUMBER}\n(?:{NUMBER} {NUMBER}\n)+", text) is None:
        return False
    n, a, b, *rest = map(int, text.split())
    places, weights = rest[::2], rest[1::2]
    if len(places) != n or n > int(flags.get("max_n", 100_000)):
        return False
    if not (1 <= a <= 10 and 1 <= b <= 10):
        return False
    if "calm" in flags and (a != b or max(weights) > 1):
        return False
    return max(places) <= 10**9 and min(weights) >= 1 and max(weights) <= 100


sys.exit(42 if valid(sys.stdin.read()) else 43)
