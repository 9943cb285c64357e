"""Two headers of HTTP that judges and model servers send alike: `Date` and `Retry-After`."""

import re
from datetime import UTC
from email.utils import parsedate_to_datetime

# RFC 9110 has whole seconds; model servers send fractions as well.
_SECONDS = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?")


def date_s(value: str) -> float | None:
    """An HTTP date as Unix time; None where it is none."""
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def retry_after_s(value: str, now_s: float) -> float | None:
    """What `Retry-After` asks to wait, 0 or more; None where the header is missing or says nothing.

    How long really to wait is the caller's patience: a day is a valid answer.

    Args:
        now_s: Unix time by the clock of whoever wrote the header, for one that names a moment.
    """
    text = value.strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    moment_s = date_s(text)
    return None if moment_s is None else max(0.0, moment_s - now_s)
