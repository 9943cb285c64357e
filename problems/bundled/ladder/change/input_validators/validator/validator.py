"""Input validator of `change`: exit 42 when the input is valid. Flag: max_n=N."""

import re
import sys

flags = dict(word.split("=") for word in sys.argv[1:])
NUMBER = r"(?:0|-?[1-9][0-9]{0,9})"


def valid(text: str) -> bool:
    """Whether the text is an input within the limits and the flags."""
    if re.fullmatch(rf"{NUMBER} {NUMBER}\n{NUMBER}(?: {NUMBER})*\n", text) is None:
        return False
    n, k, *numbers = map(int, text.split())
    if len(numbers) != n or n > int(flags.get("max_n", 10)):
        return False
    return n <= 10 and 1 <= k <= 20000 and min(numbers) >= 1 and max(numbers) <= 1000 and ("money" not in flags or set(numbers) <= {1, 2, 5, 10, 20, 50, 100} and 1 in numbers)


sys.exit(42 if valid(sys.stdin.read()) else 43)
