"""Input validator of `nightbus`: exit 42 when the input is valid. Flags: day=1 (the bus arrives on the same day)."""

import re
import sys

flags = dict(word.split("=") for word in sys.argv[1:])


def valid(text: str) -> bool:
    """Whether the text is an input within the limits and the flags."""
    match = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9]) (0|[1-9][0-9]{0,6})\n", text)
    if match is None:
        return False
    h, m, d = map(int, match.groups())
    return d <= 10**6 and ("day" not in flags or h * 60 + m + d < 1440)


sys.exit(42 if valid(sys.stdin.read()) else 43)
