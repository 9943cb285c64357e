"""The command line: one click command a file, each loaded only when it is called."""

from solver.cli.app import main

__all__ = ["main"]
