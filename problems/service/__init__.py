"""Judging for other processes: packages and test sets that were handed over once, and are named by
their id from then on. Nothing here gives a test away again."""
