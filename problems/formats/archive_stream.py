"""Role: a tar archive's bytes, decompressed, with no read larger than a header has a right to.

tarfile reads extended headers whole into memory, whatever length they claim; the limit here turns
such a bomb into an error. Members' own bytes are read in small pieces and never meet it.
"""

import bz2
import gzip
import io
import lzma
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from problems.errors import PackageError

MAX_READ_BYTES = 16 * 1024 * 1024


_OPENERS: dict[bytes, Callable[[Path, str], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
}


class BoundedReader(io.RawIOBase):
    """A seekable stream that refuses large reads."""

    def __init__(self, source: IO[bytes], path: Path) -> None:
        super().__init__()
        self._source = source
        self._path = path

    def read(self, size: int = -1) -> bytes:
        """As io has it.

        Raises:
            PackageError: More than `MAX_READ_BYTES` at once.
        """
        if size < 0 or size > MAX_READ_BYTES:
            raise PackageError(self._path, "not a readable archive: an oversized header")
        return self._source.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        """As io has it."""
        return self._source.seek(offset, whence)

    def tell(self) -> int:
        """As io has it."""
        return self._source.tell()

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always: compressed streams skip by decompressing."""
        return True


@contextmanager
def open_tar_stream(path: Path) -> Iterator[BoundedReader]:
    """The archive's tar bytes, whatever it is compressed with.

    Raises:
        OSError: It cannot be opened.
    """
    with path.open("rb") as file:
        start = file.read(6)
    opener = next((made for magic, made in _OPENERS.items() if start.startswith(magic)), open)
    with opener(path, "rb") as source:
        yield BoundedReader(source, path)
