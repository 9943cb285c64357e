"""Where tables go: as wide as the terminal, and as wide as they are where there is none."""

import os
import sys

from rich.console import Console

PIPED_COLUMNS = 400
"""A file or another program reads the output: nothing is folded or cut to fit 80 columns."""


def output(*, highlight: bool = True) -> Console:
    """The console on stdout."""
    piped = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    return Console(highlight=highlight, width=PIPED_COLUMNS if piped else None)
