"""Readers, one file a format; each turns a package into the same `Package`.

`READERS` is tried in order and the first that recognises the contents reads them, so the more
particular formats stand before the more general ones.
"""

from problems.formats.aoi_taskyaml import AoiTaskYaml
from problems.formats.kattis_legacy import KattisLegacy
from problems.formats.reader import Package, Reader
from problems.formats.tps_cms import TpsCms

READERS: tuple[Reader, ...] = (KattisLegacy(), TpsCms(), AoiTaskYaml())

__all__ = ["READERS", "Package", "Reader"]
