"""Bytes that go into and come out of a run, held as file descriptors rather than on Python's heap.

A `Blob` is immutable and knows its digest. A test input becomes a Blob once and is then shared,
read-only, by every run that needs it; a program's output comes back as one and is hashed in place.
"""

import hashlib
import mmap
import os
import weakref
from pathlib import Path
from typing import Self

DIGEST_BYTES = 16


def digest_of(content: bytes | mmap.mmap) -> str:
    """BLAKE2b of the content, 128 bits, in hex: the identity of content throughout the project."""
    return hashlib.blake2b(content, digest_size=DIGEST_BYTES).hexdigest()


class Blob:
    """Immutable content behind a file descriptor that only this object holds.

    Not meant to be copied: pass the object. The descriptor is closed when the last reference goes.
    """

    __slots__ = ("__weakref__", "_digest", "_fd", "_finalizer", "size_bytes")

    def __init__(self, fd: int) -> None:
        """Takes ownership of `fd`, which must be seekable and must not change any more."""
        self._fd = fd
        self._finalizer = weakref.finalize(self, os.close, fd)
        self._digest: str | None = None
        self.size_bytes = os.fstat(fd).st_size

    @classmethod
    def of_bytes(cls, content: bytes, name: str = "blob") -> Self:
        """Content in memory (a memfd)."""
        fd = os.memfd_create(name, os.MFD_CLOEXEC)
        view = memoryview(content)
        while view:
            view = view[os.write(fd, view) :]
        return cls(fd)

    @classmethod
    def of_file(cls, path: Path) -> Self:
        """Content of a file that nobody writes to while the Blob lives.

        Raises:
            OSError: The file cannot be opened.
        """
        return cls(os.open(path, os.O_RDONLY | os.O_CLOEXEC))

    @property
    def digest(self) -> str:
        """`digest_of` the content, computed once, without a copy on Python's heap."""
        if self._digest is None:
            if self.size_bytes == 0:
                self._digest = digest_of(b"")
            else:
                with mmap.mmap(self._fd, self.size_bytes, prot=mmap.PROT_READ) as view:
                    self._digest = digest_of(view)
        return self._digest

    def fileno(self) -> int:
        """The descriptor, for passing on. Its offset is shared: use positioned reads."""
        return self._fd

    def open(self) -> int:
        """A fresh read-only descriptor with an offset of its own; the caller closes it."""
        return os.open(f"/proc/self/fd/{self._fd}", os.O_RDONLY | os.O_CLOEXEC)

    def read(self, limit_bytes: int | None = None) -> bytes:
        """The content, or its first `limit_bytes`."""
        wanted = self.size_bytes if limit_bytes is None else min(limit_bytes, self.size_bytes)
        parts: list[bytes] = []
        offset = 0
        while offset < wanted:
            part = os.pread(self._fd, wanted - offset, offset)
            if not part:
                break
            parts.append(part)
            offset += len(part)
        return b"".join(parts)

    def __repr__(self) -> str:
        return f"Blob({self.size_bytes} bytes)"


def as_blob(content: "Blob | bytes") -> Blob:
    """`content` itself, or a Blob of these bytes."""
    return content if isinstance(content, Blob) else Blob.of_bytes(content)
