"""Stage 7: torch on one thread, for as long as a block lasts."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def one_thread() -> Iterator[None]:
    """One thread for small matrices, which gain nothing from more and lose much on a busy machine.

    The number is put back afterwards: a model that samples in this process needs all of them.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
