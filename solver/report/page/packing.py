"""Data in a page: JSON, compressed, as text that a browser's `DecompressionStream` takes back."""

import base64
import gzip
import json
from collections.abc import Sequence
from typing import Any

BLOCK = 200
"""Programs whose texts are unpacked together: opening one costs a few milliseconds."""


def packed(value: Any) -> str:
    """Base64 of gzip of JSON. The same value gives the same text."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode(), compresslevel=9, mtime=0)).decode()


def blocks(rows: Sequence[Any], size: int = BLOCK) -> list[str]:
    """Rows in packed blocks of `size`."""
    return [packed(list(rows[at : at + size])) for at in range(0, len(rows), size)]
