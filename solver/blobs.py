"""The run folder's long texts: files named by the digest of their content, compressed with zstd."""

import errno
import os
import threading
from pathlib import Path

import zstandard

from sandbox.data import digest_of
from solver.errors import RunFolderError


class BlobStore:
    """Content-addressed files, compressed. The same content is kept once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keeps the content and returns its digest.

        Raises:
            RunFolderError: No space left.
        """
        digest = digest_of(content)
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
        try:
            with partial.open("wb") as stream:
                stream.write(zstandard.compress(content))
                stream.flush()
                os.fsync(stream.fileno())
            partial.replace(path)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise disk_error(self._folder, error) from error
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
            raise RunFolderError(f"{path}: missing or damaged ({error})") from error
        if digest_of(content) != digest:
            raise RunFolderError(f"{path}: the content is not what its name says")
        return content

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest[2:]


def disk_error(where: Path, error: OSError) -> RunFolderError:
    """An error of ours for a failed write: a full disk is said to be one."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return RunFolderError(
            f"{where}: no space left on the disk; free some and run again with the same --run: "
            "what was finished is kept"
        )
    return RunFolderError(f"{where}: {error.strerror or error}")
