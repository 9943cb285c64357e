"""The run folder's long texts: files named by the digest of their content, compressed with zstd."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import zstandard

from sandbox.data import digest_of
from solver.errors import RunFolderError
from solver.kept.disk import disk_errors, make_folder, put_in_place, sync

_FIX = "put back a copy of this file, or begin a new run with another --run"


class BlobStore:
    """Content-addressed files, compressed. The same content is kept once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keeps the content and returns its digest; on the disk, file and name, when it returns.

        Raises:
            RunFolderError: No space left.
        """
        digest = digest_of(content)
        path = self._path(digest)
        partial = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
        with disk_errors(self._folder):
            if path.exists():
                # Put there by another thread, perhaps, which has not synced the folder yet.
                sync(path.parent)
                return digest
            try:
                make_folder(path.parent)
                partial.write_bytes(zstandard.compress(content))
                put_in_place(partial, path)
            finally:
                partial.unlink(missing_ok=True)
        return digest

    def get(self, digest: str) -> bytes:
        """The content of this digest.

        Raises:
            RunFolderError: The file is missing or damaged.
        """
        path = self._path(digest)
        try:
            content = zstandard.decompress(path.read_bytes())
        except (OSError, zstandard.ZstdError) as error:
            raise RunFolderError(f"{path}: missing or damaged ({error}); {_FIX}") from error
        if digest_of(content) != digest:
            raise RunFolderError(f"{path}: damaged (not what its name says); {_FIX}")
        return content

    def files(self) -> Iterator[tuple[str | None, Path]]:
        """Every file with the digest that it is named by; None for what a killed writer left."""
        for path in sorted(self._folder.glob("??/*")):
            name = path.parent.name + path.name
            yield (name if "." not in name else None), path

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest[2:]
