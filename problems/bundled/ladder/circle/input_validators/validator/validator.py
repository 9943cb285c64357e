"""Input validator of `circle`: exit 42 when the input is valid. Flags: max_n=N, two=1 (k = 2)."""

import re
import sys

flags = dict(word.split("=") for word in sys.argv[1:])


def valid(text: str) -> bool:
    """Whether the text is an input within the limits and the flags."""
    match = re.fullmatch(r"(0|[1-9][0-9]{0,9}) (0|[1-9][0-9]{0,9})\n", text)
    if match is None:
        return False
    n, k = map(int, match.groups())
    return 1 <= n <= int(flags.get("max_n", 200000)) and 1 <= k <= 10**9 and ("two" not in flags or k == 2)


sys.exit(42 if valid(sys.stdin.read()) else 43)
