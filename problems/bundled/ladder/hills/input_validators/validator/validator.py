"""Input validator of `hills`: exit 42 when the input is valid. Flags: steep=1 (neighbours differ)."""

import re
import sys

flags = dict(word.split("=") for word in sys.argv[1:])
NUMBER = r"(?:0|[1-9][0-9]{0,9})"


def valid(text: str) -> bool:
    """Whether the text is an input within the limits and the flags."""
    if re.fullmatch(rf"{NUMBER}\n{NUMBER}(?: {NUMBER})*\n", text) is None:
        return False
    n, *numbers = map(int, text.split())
    if len(numbers) != n or n > 20000:
        return False
    if "steep" in flags and any(a == b for a, b in zip(numbers, numbers[1:], strict=False)):
        return False
    return max(numbers) <= 10**9


sys.exit(42 if valid(sys.stdin.read()) else 43)
