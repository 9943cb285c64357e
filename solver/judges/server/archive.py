"""The zip archive of a submission, read in memory and by rule: no path ever reaches the disk."""

import base64
import binascii
import io
import re
import zipfile
from collections.abc import Mapping

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}")
MAX_FILES = 100
READ_BYTES = 64 * 1024


class BadArchive(Exception):
    """The archive is refused; the message says why, for the team. `too_large` means 413."""

    def __init__(self, reason: str, *, too_large: bool = False) -> None:
        super().__init__(reason)
        self.too_large = too_large


def unpack(data: str, *, limit_bytes: int) -> Mapping[str, bytes]:
    """The files of a base64 zip archive.

    Args:
        limit_bytes: For all files together, unpacked; counted while unpacking, since the sizes in
            an archive's directory are only its maker's word.

    Raises:
        BadArchive: Not base64, no zip, names with folders, links, too many or too large files.
    """
    try:
        raw = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise BadArchive("files[0].data is not base64") from None
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return _files(archive, limit_bytes)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise BadArchive(f"files[0].data is no readable zip archive ({error})") from None
    except zipfile.LargeZipFile:
        raise BadArchive("the archive is too large", too_large=True) from None


def check_files(files: Mapping[str, bytes], *, limit_bytes: int) -> None:
    """The same rules for files that came without an archive.

    Raises:
        BadArchive: None, too many, too large, or not plainly named.
    """
    if not files:
        raise BadArchive("there is no file")
    if len(files) > MAX_FILES:
        raise BadArchive(f"more than {MAX_FILES} files", too_large=True)
    for name in files:
        if not NAME.fullmatch(name):
            raise BadArchive(f"not a plain file name: {name[:100]!r}")
    if sum(map(len, files.values())) > limit_bytes:
        raise BadArchive("the files are larger than the code limit", too_large=True)


def _files(archive: zipfile.ZipFile, limit_bytes: int) -> Mapping[str, bytes]:
    infos = archive.infolist()
    if not infos:
        raise BadArchive("the archive is empty")
    if len(infos) > MAX_FILES:
        raise BadArchive(f"more than {MAX_FILES} files", too_large=True)
    files: dict[str, bytes] = {}
    left = limit_bytes
    for info in infos:
        name = info.filename
        if not NAME.fullmatch(name):
            raise BadArchive(f"not a plain file name: {name[:100]!r}")
        if name in files:
            raise BadArchive(f"two files are named {name!r}")
        kind = (info.external_attr >> 28) & 0xF
        if kind not in (0, 0o10):
            raise BadArchive(f"{name!r} is not a regular file")
        content = _read(archive, info, left)
        left -= len(content)
        files[name] = content
    return files


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit_bytes: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    with archive.open(info) as stream:
        while part := stream.read(READ_BYTES):
            size += len(part)
            if size > limit_bytes:
                raise BadArchive("the files are larger than the code limit", too_large=True)
            parts.append(part)
    return b"".join(parts)


def pack_files(files: Mapping[str, bytes]) -> bytes:
    """A zip archive of the files; the same files are the same bytes (no dates in it)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def read_archive(archive: bytes) -> Mapping[str, bytes]:
    """The files of an archive that `pack_files` made."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {info.filename: opened.read(info) for info in opened.infolist()}
