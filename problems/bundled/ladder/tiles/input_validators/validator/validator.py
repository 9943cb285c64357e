"""Input validator of `tiles`: exit 42 when the input is valid. Flags: max_n=N."""

import re
import sys

flags = dict(word.split("=") for word in sys.argv[1:])


def valid(text: str) -> bool:
    """Whether the text is an input within the limits and the flags."""
    if re.fullmatch(r"[1-9][0-9]{0,12}\n", text) is None:
        return False
    (n,) = map(int, text.split())
    return n <= int(flags.get("max_n", 10**12))


sys.exit(42 if valid(sys.stdin.read()) else 43)
