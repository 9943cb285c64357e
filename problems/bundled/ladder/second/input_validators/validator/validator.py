"""Input validator of `second`: exit 42 when the input is valid. Flag: max_n=N."""

import re
import sys

flags = dict(word.split("=") for word in sys.argv[1:])
NUMBER = r"(?:0|-?[1-9][0-9]{0,9})"


def valid(text: str) -> bool:
    """Whether the text is an input within the limits and the flags."""
    if re.fullmatch(rf"{NUMBER}\n{NUMBER}(?: {NUMBER})*\n", text) is None:
        return False
    n, *numbers = map(int, text.split())
    if len(numbers) != n or n > int(flags.get("max_n", 1000)):
        return False
    return min(numbers) >= 1 and max(numbers) <= 10**9 and ("distinct" not in flags or n > 1 and len(set(numbers)) == n)


sys.exit(42 if valid(sys.stdin.read()) else 43)
