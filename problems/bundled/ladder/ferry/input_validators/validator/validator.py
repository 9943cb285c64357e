"""Input validator of `ferry`: exit 42 when the input is valid. Flags: max_n=N, max_t=T."""

import re
import sys

flags = dict(word.split("=") for word in sys.argv[1:])


def valid(text: str) -> bool:
    """Whether the text is an input within the limits and the flags."""
    if re.fullmatch(r"[1-9][0-9]{0,4}\n(?:[1-9][0-9]{0,9} [1-9][0-9]{0,9}\n)+", text) is None:
        return False
    n, *rest = map(int, text.split())
    starts, ends = rest[::2], rest[1::2]
    if len(starts) != n or n > int(flags.get("max_n", 10000)):
        return False
    return max(ends) <= int(flags.get("max_t", 10**9)) and all(map(int.__le__, starts, ends))


sys.exit(42 if valid(sys.stdin.read()) else 43)
