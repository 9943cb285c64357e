"""Input validator of `month`: exit 42 when the input is valid. Flags: long=1 (not February)."""

import re
import sys

flags = dict(word.split("=") for word in sys.argv[1:])


def valid(text: str) -> bool:
    """Whether the text is an input within the limits and the flags."""
    match = re.fullmatch(r"(0|[1-9][0-9]{0,9}) (0|[1-9][0-9]{0,9})\n", text)
    if match is None:
        return False
    m, y = map(int, match.groups())
    return 1 <= m <= 12 and 1583 <= y <= 9999 and ("long" not in flags or m != 2)


sys.exit(42 if valid(sys.stdin.read()) else 43)
