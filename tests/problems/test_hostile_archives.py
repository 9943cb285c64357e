"""Archives that climb out, link out, or explode: one clear error, and nothing touched outside."""

import gzip
import io
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from problems.errors import PackageError
from problems.formats import archive as archive_module
from problems.package import load_package

Member = tuple[str, bytes, str]  # name, content or link's target, kind


def make_zip(path: Path, members: list[Member]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content, kind in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            mode = {"link": stat.S_IFLNK, "fifo": stat.S_IFIFO, "device": stat.S_IFBLK}.get(kind, 0)
            info.external_attr = (mode | 0o777) << 16
            file.writestr(info, content)
    return path


def make_tar(path: Path, members: list[Member]) -> Path:
    kinds = {
        "link": tarfile.SYMTYPE,
        "hard": tarfile.LNKTYPE,
        "fifo": tarfile.FIFOTYPE,
        "device": tarfile.BLKTYPE,
    }
    with tarfile.open(path, "w:gz") as file:
        for name, content, kind in members:
            info = tarfile.TarInfo(name)
            if kind == "file":
                info.size = len(content)
                file.addfile(info, io.BytesIO(content))
            else:
                info.type = kinds[kind]
                info.linkname = content.decode()
                file.addfile(info)
    return path


def listing(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a bystander; the cache is a folder in it."""
    monkeypatch.setenv("SOLVER_CACHE", str(tmp_path / "cache"))
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text("mine")
    return tmp_path


OUT = [
    ("climbs", [("../../evil.txt", b"x", "file")]),
    ("climbs late", [("a/b/../../../evil.txt", b"x", "file")]),
    ("absolute", [("/tmp/evil-solver-test.txt", b"x", "file")]),
    ("backslash", [("..\\evil.txt", b"x", "file")]),
    ("link to /etc", [("data/secret/1.in", b"/etc/passwd", "link")]),
    ("link out", [("a", b"../../../../../outside/secret.txt", "link")]),
    ("link by a link", [("d/up", b"..", "link"), ("out", b"d/up/../../../outside", "link")]),
    (
        "file through a link",
        [("d", b"../../outside", "link"), ("d/evil.txt", b"x", "file")],
    ),
    ("fifo", [("data/pipe", b"", "fifo")]),
    ("device", [("data/disk", b"", "device")]),
    ("twice", [("problem.xml", b"x", "file"), ("problem.xml", b"y", "file")]),
    ("file as folder", [("a", b"x", "file"), ("a/b", b"y", "file")]),
]


@pytest.mark.parametrize(("name", "members"), OUT, ids=[name for name, _ in OUT])
@pytest.mark.parametrize("make", [make_zip, make_tar], ids=["zip", "tar"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_what_leads_out_is_refused(
    name: str, members: list[Member], make: Callable[[Path, list[Member]], Path], place: Path
) -> None:
    archive = make(place / ("bad.zip" if make is make_zip else "bad.tar.gz"), members)
    before = listing(place)
    with pytest.raises(PackageError) as caught:
        load_package(archive)
    assert str(archive) in str(caught.value)
    assert {path for path in listing(place) - before if not path.startswith("cache")} == set()
    assert (place / "outside/secret.txt").read_text() == "mine"
    assert not Path("/tmp/evil-solver-test.txt").exists()
    assert not list((place / "cache").rglob("*.txt"))


def test_hard_link_to_nothing_of_the_archive(place: Path) -> None:
    archive = make_tar(place / "bad.tar.gz", [("a", b"/etc/passwd", "hard")])
    with pytest.raises(PackageError, match=r"leads out|no file of the archive"):
        load_package(archive)


def test_a_bomb_stops_at_the_ratio(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "FREE_BYTES", 4 << 20)
    archive = make_zip(place / "bomb.zip", [("zeros", bytes(32 << 20), "file")])
    with pytest.raises(PackageError, match="unpacks to more than"):
        load_package(archive)
    assert not list((place / "cache").rglob("zeros"))


def test_too_many_files(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "MAX_FILES", 50)
    archive = make_tar(place / "many.tar.gz", [(f"f{i}", b"", "file") for i in range(60)])
    with pytest.raises(PackageError, match="more than 50 files"):
        load_package(archive)


def test_a_tar_header_that_claims_gigabytes(place: Path) -> None:
    header = tarfile.TarInfo("pax")
    header.type = tarfile.XHDTYPE
    header.size = 4 << 30
    archive = place / "header.tar.gz"
    with gzip.open(archive, "wb") as file:
        file.write(header.tobuf(tarfile.USTAR_FORMAT))
        file.write(bytes(1 << 20))
    with pytest.raises(PackageError, match=r"oversized header|not a readable archive"):
        load_package(archive)


@pytest.mark.parametrize("name", ["x.zip", "x.tar.gz", "x.tar", "x.tar.xz"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rubbish", b"\x1f\x8b\x08rubbish", b"BZh9xx"])
def test_rubbish_is_no_archive(name: str, content: bytes, place: Path) -> None:
    path = place / name
    path.write_bytes(content)
    with pytest.raises(PackageError, match="archive"):
        load_package(path)


def test_an_archive_cut_short(place: Path) -> None:
    whole = make_zip(place / "whole.zip", [("problem.yaml", b"name: x\n" * 1000, "file")])
    for cut in (10, 60, len(whole.read_bytes()) - 5):
        part = place / f"part{cut}.zip"
        part.write_bytes(whole.read_bytes()[:cut])
        with pytest.raises(PackageError, match="archive"):
            load_package(part)
