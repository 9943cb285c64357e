"""Input validator of `leap`: exit 42 when the input is valid. Flags: max_b=B."""

import re
import sys

flags = dict(word.split("=") for word in sys.argv[1:])


def valid(text: str) -> bool:
    """Whether the text is an input within the limits and the flags."""
    if re.fullmatch(r"[1-9][0-9]{0,15} [1-9][0-9]{0,15}\n", text) is None:
        return False
    a, b = map(int, text.split())
    return a <= b <= int(flags.get("max_b", 10**15))


sys.exit(42 if valid(sys.stdin.read()) else 43)
