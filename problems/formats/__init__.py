"""Readers, one file a format; each turns a package into the same `Package`.

`READERS` is tried in order and the first that recognises the contents reads them, so the more
particular formats stand before the more general ones.
"""

from problems.formats.kattis_legacy import KattisLegacy
from problems.formats.reader import Package, Reader

READERS: tuple[Reader, ...] = (KattisLegacy(),)

__all__ = ["READERS", "Package", "Reader"]
