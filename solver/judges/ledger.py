"""A door for scripts: everything is in `solver.judges.clients.ledger`."""

from solver.judges.clients.ledger import SCHEMA, Entry, Ledger

__all__ = [
    "SCHEMA",
    "Entry",
    "Ledger",
]
