"""Readers, one file a format; each turns a package into the same `Package`.

`READERS` is tried in order and the first that recognises the contents reads them, so the more
particular formats stand before the more general ones.
"""

from problems.formats.aoi_taskyaml import AoiTaskYaml
from problems.formats.archive import Archive
from problems.formats.datasets import Datasets
from problems.formats.dmoj import Dmoj
from problems.formats.italian import Italian
from problems.formats.kattis2025 import Kattis2025
from problems.formats.kattis_legacy import KattisLegacy
from problems.formats.lightcp import LightCp
from problems.formats.polygon import Polygon
from problems.formats.reader import LeftOut, Package, Reader
from problems.formats.tps import Tps
from problems.formats.tps_cms import TpsCms

_FOLDERS: tuple[Reader, ...] = (
    KattisLegacy(),
    Kattis2025(),
    Tps(),
    TpsCms(),
    AoiTaskYaml(),
    Italian(),
    Polygon(),
    LightCp(),
    Dmoj(),
)
READERS: tuple[Reader, ...] = (*_FOLDERS, Archive(_FOLDERS), Datasets())

__all__ = ["READERS", "LeftOut", "Package", "Reader"]
