"""Input validator of `ponds`: exit 42 when the input is valid. Flag: row=1 (one row)."""

import re
import sys

flags = dict(word.split("=") for word in sys.argv[1:])


def valid(text: str) -> bool:
    """Whether the text is an input within the limits and the flags."""
    if re.fullmatch(r"[1-9][0-9]* [1-9][0-9]*\n(?:[.#]+\n)+", text) is None:
        return False
    size, *rows = text.splitlines()
    h, w = map(int, size.split())
    if len(rows) != h or {len(row) for row in rows} != {w} or max(h, w) > 60:
        return False
    return "row" not in flags or h == 1


sys.exit(42 if valid(sys.stdin.read()) else 43)
