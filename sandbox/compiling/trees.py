"""Programs whose files lie in folders: packed into one file, unpacked inside the sandbox.

A job's files have plain names, so a program with inner folders (or with very many files) travels
as one archive. Its compiler, and its run where the sources themselves are what runs, begin with a
line of shell that unpacks it into the work folder.
"""

import io
import tarfile
from collections.abc import Mapping
from pathlib import PurePosixPath

from sandbox.errors import InvalidJob

ARCHIVE = "program.tar"
MAX_PLAIN_FILES = 40
"""More files than this travel as an archive, though none lies in a folder."""

_SCRIPT = f'tar -xmf {ARCHIVE} --no-same-owner && exec "$@"'


def is_tree(files: Mapping[str, bytes]) -> bool:
    """Whether these files cannot lie in a work folder one by one."""
    return len(files) > MAX_PLAIN_FILES or any("/" in name for name in files)


def packed(files: Mapping[str, bytes]) -> bytes:
    """The archive; equal files give equal bytes. A file with a `#!` line may be executed.

    Raises:
        InvalidJob: A name that leads out, or that names a folder of another file.
    """
    target = io.BytesIO()
    folders = {str(above) for name in files for above in PurePosixPath(name).parents}
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in sorted(files.items()):
            parts = name.split("/")
            if any(part in ("", ".", "..") for part in parts) or "\0" in name or name in folders:
                raise InvalidJob(f"not a file name: {name[:80]!r}")
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            entry.mode = 0o755 if content.startswith(b"#!") else 0o644
            archive.addfile(entry, io.BytesIO(content))
    return target.getvalue()


def unpacking(argv: tuple[str, ...]) -> tuple[str, ...]:
    """The command, begun once the archive beside it is unpacked."""
    return ("/bin/sh", "-c", _SCRIPT, "sh", *argv)
