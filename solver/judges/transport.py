"""A door for scripts: everything is in `solver.judges.clients.transport`."""

from solver.judges.clients.transport import (
    FEED_SILENCE_S,
    SHOWN_BODY_CHARACTERS,
    Outage,
    Patience,
    Transport,
    WouldSend,
    check_may_submit,
    is_loopback,
)

__all__ = [
    "FEED_SILENCE_S",
    "SHOWN_BODY_CHARACTERS",
    "Outage",
    "Patience",
    "Transport",
    "WouldSend",
    "check_may_submit",
    "is_loopback",
]
