"""Input validator of `ballot`: exit 42 when the input is valid. Flags: max_n=N, alone=1 (one has the most votes)."""

import re
import sys

flags = dict(word.split("=") for word in sys.argv[1:])
NUMBER = r"(?:0|[1-9][0-9]{0,9})"


def valid(text: str) -> bool:
    """Whether the text is an input within the limits and the flags."""
    if re.fullmatch(rf"{NUMBER}\n{NUMBER}(?: {NUMBER})*\n", text) is None:
        return False
    n, *numbers = map(int, text.split())
    if len(numbers) != n or n > int(flags.get("max_n", 20000)):
        return False
    votes = sorted(map(numbers.count, set(numbers))) if "alone" in flags else [0]
    if len(votes) > 1 and votes[-1] == votes[-2]:
        return False
    return min(numbers) >= 1 and max(numbers) <= 10**9


sys.exit(42 if valid(sys.stdin.read()) else 43)
