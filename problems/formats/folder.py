"""Role: the only way in which a reader touches a package's files.

A package comes from a stranger. Links inside it are legitimate (Kattis packages share test files
between groups that way); a path or link that leads out of it is an attack or a broken copy, and is
refused by name before anything is opened.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from problems.errors import PackageError

TEXT_LIMIT_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Folder:
    """A package's folder, with all links of its own path resolved."""

    root: Path

    @classmethod
    def at(cls, path: Path) -> "Folder":
        """The folder at `path`.

        Raises:
            PackageError: There is no folder of that name.
        """
        try:
            root = path.resolve(strict=True)
        except (OSError, RuntimeError) as error:
            raise PackageError(path, "no such folder") from error
        if not root.is_dir():
            raise PackageError(path, "not a folder")
        return cls(root)

    def resolve(self, relative: str | Path, referrer: Path | None = None) -> Path:
        """The real path of a file or folder of the package, links followed.

        Args:
            relative: Path below the root, or an absolute path that already lies below it.
            referrer: The file that names it, for the message.

        Raises:
            PackageError: It does not exist, or leads out of the package.
        """
        named = self.root / relative
        if ".." in Path(relative).parts or not named.is_relative_to(self.root):
            reason = f"path leads out of the package: {str(relative)[:100]}"
            raise PackageError(referrer or self.root, reason)
        try:
            real = named.resolve(strict=True)
        # RuntimeError: a loop of links; ValueError: a NUL in the name. `Path.is_symlink` would
        # raise again for a name that is too long.
        except (OSError, RuntimeError, ValueError) as error:
            kind = "broken link" if os.path.islink(named) else "no such file"  # noqa: PTH114
            raise PackageError(named, f"{kind} in the package") from error
        if not real.is_relative_to(self.root):
            raise PackageError(named, "link leads out of the package")
        return real

    def has(self, relative: str | Path) -> bool:
        """Something of that name is there (a link that leads out counts, and is refused later)."""
        return os.path.lexists(self.root / relative)

    def file(self, relative: str | Path, referrer: Path | None = None) -> Path:
        """The real path of a regular file.

        Raises:
            PackageError: It is missing, leads out, or is not a regular file.
        """
        real = self.resolve(relative, referrer)
        if not stat.S_ISREG(real.stat().st_mode):
            raise PackageError(self.root / relative, "not a regular file")
        return real

    def read(self, relative: str | Path, limit_bytes: int = TEXT_LIMIT_BYTES) -> bytes:
        """Content of a regular file.

        Raises:
            PackageError: As for `file`; also when it is larger than `limit_bytes`.
        """
        real = self.file(relative)
        size = real.stat().st_size
        if size > limit_bytes:
            raise PackageError(self.root / relative, f"{size} bytes, limit is {limit_bytes}")
        try:
            return real.read_bytes()
        except OSError as error:
            reason = error.strerror or "cannot be read"
            raise PackageError(self.root / relative, reason) from error

    def text(self, relative: str | Path) -> str:
        """Content of a text file in UTF-8 (or, where it is not, in Latin-1)."""
        content = self.read(relative)
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return content.decode("latin-1")

    def entries(self, relative: str | Path = ".") -> list[Path]:
        """Paths (below the root, links not yet followed) of a folder's entries, by name.

        Dot-files are left out. An absent folder has none.

        Raises:
            PackageError: The folder leads out of the package.
        """
        if not self.has(relative):
            return []
        real = self.resolve(relative)
        if not real.is_dir():
            return []
        names = sorted(entry.name for entry in real.iterdir() if not entry.name.startswith("."))
        return [self.root / relative / name for name in names]

    def walk(self, relative: str | Path = ".") -> Iterator[Path]:
        """All regular files below a folder, depth first, by name; linked folders are left out."""
        for entry in self.entries(relative):
            if entry.is_dir() and not entry.is_symlink():
                yield from self.walk(entry)
            elif entry.is_file():
                yield entry

    def name_of(self, path: Path) -> str:
        """`path` as written below the root."""
        return path.relative_to(self.root).as_posix()
