"""Bytes that go into and come out of a run.

A `Blob` is immutable and knows its digest. A test input becomes a Blob once and is then shared,
read-only, by every run that needs it; a program's output comes back as one and is hashed in place.
Small content lives on Python's heap, large content behind a file descriptor or a path.

Programs never get a descriptor of a file of the host: what a run may see is copied once into a
*sealed* memfd (`Blob.seal`), which nobody can write to, not even through /proc/self/fd.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Self

DIGEST_BYTES = 16
SMALL_BYTES = 64 * 1024
"""Content up to this size stays on the heap: thousands of results must not use up descriptors."""

_SEALING_S = 10.0
SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
_COPY_BYTES = 1 << 30
_HASH_BYTES = 1 << 20
_MFD_EXEC = 0x10


def digest_of(content: bytes) -> str:
    """BLAKE2b of the content, 128 bits, in hex: the identity of content throughout the project."""
    return hashlib.blake2b(content, digest_size=DIGEST_BYTES).hexdigest()


class Blob:
    """Immutable content: bytes, a descriptor that only this object holds, or a file's path.

    Not meant to be copied: pass the object. A descriptor is closed when the last reference goes.
    """

    __slots__ = ("__weakref__", "_content", "_digest", "_fd", "_path", "size_bytes")

    def __init__(self, fd: int | None = None, *, content: bytes = b"") -> None:
        """Takes ownership of `fd`, which must be seekable and must not change any more."""
        self._fd = fd
        self._path: Path | None = None
        self._digest: str | None = None
        self._content: bytes | None = None
        if fd is None:
            self._content = content
            self.size_bytes = len(content)
        else:
            weakref.finalize(self, os.close, fd).atexit = False
            self.size_bytes = os.fstat(fd).st_size

    @classmethod
    def of_bytes(cls, content: bytes | memoryview, name: str = "blob") -> Self:
        """Content in memory: on the heap if it is small, else in a sealed memfd."""
        if len(content) <= SMALL_BYTES:
            return cls(content=bytes(content))
        return cls(_sealed(content, name))

    @classmethod
    def of_fd(cls, fd: int) -> Self:
        """Content of a file that does not change any more; takes ownership of `fd`.

        Small content is read onto the heap at once, so that it holds no descriptor.

        Raises:
            OSError: The content cannot be read; `fd` is closed.
        """
        try:
            size_bytes = os.fstat(fd).st_size
            if size_bytes > SMALL_BYTES:
                return cls(fd)
            content = os.pread(fd, size_bytes, 0)
        except BaseException:
            os.close(fd)
            raise
        os.close(fd)
        return cls(content=content)

    @classmethod
    def of_file(cls, path: Path) -> Self:
        """Content of a file that nobody writes to while the Blob lives; no descriptor is held.

        Raises:
            OSError: The file cannot be read.
        """
        with path.open("rb") as stream:
            size_bytes = os.fstat(stream.fileno()).st_size
            if size_bytes <= SMALL_BYTES:
                return cls(content=stream.read())
        blob = cls()
        blob._content = None
        blob._path = path
        blob.size_bytes = size_bytes
        return blob

    @property
    def digest(self) -> str:
        """`digest_of` the content, computed once, without a copy of it on Python's heap."""
        if self._digest is None:
            if self._content is not None:
                self._digest = digest_of(self._content)
            else:
                with self._readable() as fd:
                    self._digest = _digest_of_file(fd, self.size_bytes)
        return self._digest

    def open(self) -> int:
        """A fresh read-only descriptor with an offset of its own; the caller closes it."""
        if self._fd is not None:
            return os.open(f"/proc/self/fd/{self._fd}", os.O_RDONLY | os.O_CLOEXEC)
        if self._path is not None:
            return os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        return self.seal()

    def seal(self) -> int:
        """A descriptor of a sealed memfd with this content; the caller closes it.

        Raises:
            OSError: No memory, or the file behind the Blob is gone.
        """
        if self._content is not None:
            return _sealed(self._content, "blob")
        if self._fd is not None and _is_sealed(self._fd):
            return os.dup(self._fd)
        with self._readable() as source:
            return _sealed_copy(source, self.size_bytes)

    def read(self, limit_bytes: int | None = None) -> bytes:
        """The content, or its first `limit_bytes`."""
        wanted = self.size_bytes if limit_bytes is None else min(limit_bytes, self.size_bytes)
        if self._content is not None:
            return self._content if wanted == self.size_bytes else self._content[:wanted]
        with self._readable() as fd:
            parts: list[bytes] = []
            done = 0
            while done < wanted and (part := os.pread(fd, wanted - done, done)):
                parts.append(part)
                done += len(part)
            return b"".join(parts)

    @contextlib.contextmanager
    def _readable(self) -> Iterator[int]:
        """A descriptor for pread: our own where there is one, so that reading takes up none."""
        if self._fd is not None:
            yield self._fd
            return
        fd = self.open()
        try:
            yield fd
        finally:
            os.close(fd)

    def __repr__(self) -> str:
        return f"Blob({self.size_bytes} bytes)"


def as_blob(content: "Blob | bytes") -> Blob:
    """`content` itself, or a Blob of these bytes."""
    return content if isinstance(content, Blob) else Blob.of_bytes(content)


def _digest_of_file(fd: int, size_bytes: int) -> str:
    state = hashlib.blake2b(digest_size=DIGEST_BYTES)
    view = memoryview(bytearray(min(size_bytes, _HASH_BYTES)))
    done = 0
    while done < size_bytes and (got := os.preadv(fd, [view], done)):
        state.update(view[: min(got, size_bytes - done)])
        done += got
    return state.hexdigest()


def _new_memfd(name: str) -> int:
    flags = os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING
    with contextlib.suppress(OSError):  # EINVAL: a kernel before 6.3, which needs no such word
        return os.memfd_create(name, flags | _MFD_EXEC)
    return os.memfd_create(name, flags)


def _sealed(content: bytes | memoryview, name: str) -> int:
    fd = _new_memfd(name)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(fd, view) :]
        return _finish(fd)
    except BaseException:
        os.close(fd)
        raise


def _sealed_copy(source: int, size_bytes: int) -> int:
    fd = _new_memfd("blob")
    try:
        offset = 0
        while offset < size_bytes:
            copied = os.sendfile(fd, source, offset, min(size_bytes - offset, _COPY_BYTES))
            if copied == 0:
                raise OSError(errno.EIO, "the file has become shorter")
            offset += copied
        return _finish(fd)
    except BaseException:
        os.close(fd)
        raise


def _finish(fd: int) -> int:
    os.fchmod(fd, 0o555)
    os.lseek(fd, 0, os.SEEK_SET)
    until_s = time.monotonic() + _SEALING_S
    while True:
        try:
            fcntl.fcntl(fd, fcntl.F_ADD_SEALS, SEALS)
            return fd
        except OSError as error:
            # EBUSY: somebody holds a page, be it the kernel that moves it: it lets go soon.
            if error.errno != errno.EBUSY or time.monotonic() > until_s:
                raise
            time.sleep(0.005)


def _is_sealed(fd: int) -> bool:
    try:
        return fcntl.fcntl(fd, fcntl.F_GET_SEALS) & SEALS == SEALS
    except OSError:  # EINVAL: not a memfd
        return False
