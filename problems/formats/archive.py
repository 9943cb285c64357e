"""Role: packages in a zip or tar archive, unpacked into the cache and read as folders.

An archive comes from a stranger: names that climb out, links that lead out, devices, too many
files, too many bytes and too high a ratio are refused, and nothing is written outside the new
folder in the cache. Links are kept, for scoring packages share their tests that way; they are made
last, so that no file is ever written through one.
"""

import lzma
import os
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO

import platformdirs

from problems.errors import PackageError
from problems.formats.archive_stream import open_tar_stream
from problems.formats.reader import Package, Reader

MAX_FILES = 200_000
MAX_BYTES = 8 * 1024**3
# Test data of one repeated number does compress a thousandfold; only a big unpacked size is odd.
FREE_BYTES = 512 * 1024**2
MAX_RATIO = 200
CACHE_VARIABLE = "SOLVER_CACHE"
"""Environment variable with the folder for unpacked packages."""

_SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".kpp")
_CHUNK = 1 << 20


def cache_folder() -> Path:
    """Where unpacked packages and written-out data sets are kept."""
    named = os.environ.get(CACHE_VARIABLE)
    return (Path(named) if named else Path(platformdirs.user_cache_dir("solver"))) / "packages"


class Archive:
    """Reads an archive by the reader that recognises what is in it."""

    name = "archive"

    def __init__(self, readers: Sequence[Reader]) -> None:
        """Makes the reader. Args: readers: Those of folders, in order."""
        self._readers = tuple(readers)

    def detect(self, path: Path) -> bool:
        """A file that is a zip or tar archive by its name and its contents."""
        return path.is_file() and path.name.lower().endswith(_SUFFIXES)

    def read(self, path: Path) -> Package:
        """Unpacks it once and reads the package.

        Raises:
            PackageError: It is broken or hostile, or holds no package that is known here.
            UnsupportedTask: Nothing here can judge the task.
        """
        folder = unpack(path)
        for candidate in _roots(folder):
            for reader in self._readers:
                if reader.detect(candidate):
                    return reader.read(candidate)
        raise PackageError(path, "no package of a known format in the archive")


def _roots(folder: Path) -> Iterator[Path]:
    """The folder itself, then those in it: archives often hold one folder with everything."""
    yield folder
    inner = sorted(entry for entry in folder.iterdir() if entry.is_dir() and not entry.is_symlink())
    yield from inner
    for entry in inner[:20]:
        yield from sorted(e for e in entry.iterdir() if e.is_dir() and not e.is_symlink())


def unpack(path: Path) -> Path:
    """The archive's contents as a folder in the cache, unpacked unless that was done before.

    Raises:
        PackageError: It is broken or hostile.
    """
    try:
        with path.open("rb") as file:
            digest = sha256()
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise PackageError(path, f"cannot be read: {error.strerror}") from error
    # The last name becomes the task's, where the format takes the folder's.
    stem = path.name.split(".")[0] or "package"
    target = cache_folder() / digest.hexdigest()[:32] / stem
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        room = _Room(archive=path, root=Path(scratch) / "files", packed=path.stat().st_size)
        room.root.mkdir()
        if zipfile.is_zipfile(path):
            _unpack_zip(room)
        else:
            _unpack_tar(room)
        room.make_links()
        try:
            room.root.rename(target)
        except OSError:
            # Another process was faster; its folder has the same contents.
            if not target.is_dir():
                raise
    return target


@dataclass(slots=True)
class _Room:
    """The folder being filled, with what has been used of the limits."""

    archive: Path
    root: Path
    packed: int
    files: int = 0
    written: int = 0
    links: dict[PurePosixPath, str] = field(default_factory=dict)

    def fail(self, name: str, reason: str) -> PackageError:
        """The error for a member."""
        shown = name.encode("unicode_escape").decode()[:200]
        return PackageError(self.archive, f"{shown}: {reason}")

    def place(self, name: str) -> Path:
        """Where a member goes.

        Raises:
            PackageError: Its name leads out, is odd, or there are too many.
        """
        self.files += 1
        if self.files > MAX_FILES:
            raise self.fail(name, f"more than {MAX_FILES} files in the archive")
        pure = PurePosixPath(name)
        odd = "\0" in name or "\\" in name or len(name) > 1000 or len(pure.parts) > 60
        if odd or pure.is_absolute() or ".." in pure.parts or not pure.parts:
            raise self.fail(name, "path leads out of the package")
        return self.root / pure

    def write(self, name: str, source: IO[bytes]) -> None:
        """Copies a file's bytes, counting.

        Raises:
            PackageError: Too many bytes, or another member is in the way.
        """
        target = self.place(name)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                while chunk := source.read(_CHUNK):
                    self.written += len(chunk)
                    bomb = self.written > FREE_BYTES and self.written > MAX_RATIO * self.packed
                    if self.written > MAX_BYTES or bomb:
                        raise self.fail(name, f"unpacks to more than {self.written} bytes")
                    file.write(chunk)
        except FileExistsError as error:
            raise self.fail(name, "stands twice in the archive") from error
        except NotADirectoryError as error:
            raise self.fail(name, "a file stands where its folder should be") from error

    def make_folder(self, name: str) -> None:
        """Makes a folder."""
        if PurePosixPath(name).parts:
            try:
                self.place(name).mkdir(parents=True, exist_ok=True)
            except (FileExistsError, NotADirectoryError) as error:
                raise self.fail(name, "a file stands where a folder should be") from error

    def link(self, name: str, target: str) -> None:
        """Remembers a symbolic link."""
        self.place(name)
        if PurePosixPath(target).is_absolute() or "\0" in target or len(target) > 1000:
            raise self.fail(name, "link leads out of the package")
        self.links[PurePosixPath(name)] = target

    def make_links(self) -> None:
        """Makes all links, then checks where each really leads.

        Raises:
            PackageError: One leads out of the folder.
        """
        for name, target in self.links.items():
            place = self.root / name
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                if not place.parent.resolve().is_relative_to(self.root.resolve()):
                    raise self.fail(str(name), "link leads out of the package")
                place.symlink_to(target)
            except (FileExistsError, NotADirectoryError) as error:
                raise self.fail(str(name), "stands twice in the archive") from error
        root = self.root.resolve()
        for name in self.links:
            try:
                real = (self.root / name).resolve()
            except (OSError, RuntimeError) as error:
                raise self.fail(str(name), "links in a ring") from error
            if not real.is_relative_to(root):
                raise self.fail(str(name), "link leads out of the package")


@contextmanager
def _as_package_error(path: Path, *kinds: type[Exception]) -> Iterator[None]:
    try:
        yield
    except kinds as error:
        raise PackageError(path, f"not a readable archive: {error}") from error


def _unpack_zip(room: _Room) -> None:
    with (
        _as_package_error(
            room.archive,
            *(zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError),
            *(OSError, zlib.error),
        ),
        zipfile.ZipFile(room.archive) as archive,
    ):
        for entry in archive.infolist():
            mode = entry.external_attr >> 16
            kind = stat.S_IFMT(mode)
            if entry.is_dir():
                room.make_folder(entry.filename)
            elif kind == stat.S_IFLNK:
                if entry.file_size > 1000:
                    raise room.fail(entry.filename, "link leads out of the package")
                room.link(entry.filename, archive.read(entry).decode("utf-8", "replace"))
            elif kind in (0, stat.S_IFREG):
                with archive.open(entry) as source:
                    room.write(entry.filename, source)
            else:
                raise room.fail(entry.filename, "neither a file, a folder nor a link")


def _unpack_tar(room: _Room) -> None:
    with (
        _as_package_error(
            room.archive, lzma.LZMAError, tarfile.TarError, EOFError, OSError, zlib.error
        ),
        open_tar_stream(room.archive) as stream,
        tarfile.open(fileobj=stream, mode="r:") as archive,
    ):
        for member in archive:
            if member.isdir():
                room.make_folder(member.name)
            elif member.issym():
                room.link(member.name, member.linkname)
            elif member.islnk():
                original = room.place(member.linkname)
                if not original.is_file() or original.is_symlink():
                    raise room.fail(member.name, "hard link to no file of the archive")
                with original.open("rb") as source:
                    room.write(member.name, source)
            elif member.isreg():
                source_file = archive.extractfile(member)
                assert source_file is not None
                with source_file:
                    room.write(member.name, source_file)
            else:
                raise room.fail(member.name, "neither a file, a folder nor a link")
