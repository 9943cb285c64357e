import fcntl
import gc
import mmap
import os
import threading
from pathlib import Path

import pytest

from sandbox.data import SEALS, SMALL_BYTES, Blob, as_blob, digest_of

LARGE = os.urandom(1024) * 200


def _open_descriptors() -> int:
    gc.collect()  # What earlier tests left to the collector closes now, not between two counts.
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.mark.parametrize("content", [b"", b"abc", LARGE])
def test_a_blob_gives_back_what_went_in(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    for blob in (Blob.of_bytes(content), Blob.of_file(path)):
        assert blob.read() == content
        assert blob.read(2) == content[:2]
        assert blob.size_bytes == len(content)
        assert blob.digest == digest_of(content)


def test_large_content_is_sealed_against_everybody() -> None:
    blob = Blob.of_bytes(LARGE)
    fd = blob.seal()
    try:
        assert fcntl.fcntl(fd, fcntl.F_GET_SEALS) & SEALS == SEALS
        # Whoever reopens it by its path cannot write either, root included.
        with pytest.raises(OSError):
            again = os.open(f"/proc/self/fd/{fd}", os.O_RDWR)
            os.write(again, b"x")
    finally:
        os.close(fd)


def test_a_file_is_copied_before_it_is_shared(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(LARGE)
    fd = Blob.of_file(path).seal()
    path.write_bytes(b"changed")
    try:
        assert os.pread(fd, len(LARGE), 0) == LARGE
    finally:
        os.close(fd)


def test_descriptors_of_one_blob_do_not_share_an_offset() -> None:
    blob = Blob.of_bytes(LARGE)
    first, second = blob.open(), blob.open()
    try:
        os.read(first, 100)
        assert os.read(second, 10) == LARGE[:10]
    finally:
        os.close(first)
        os.close(second)


def test_many_small_blobs_hold_no_descriptors() -> None:
    before = _open_descriptors()
    blobs = [Blob.of_bytes(b"x" * SMALL_BYTES) for _ in range(200)]
    assert _open_descriptors() == before
    assert len({blob.digest for blob in blobs}) == 1


def test_a_large_blob_closes_its_descriptor() -> None:
    before = _open_descriptors()
    blob = Blob.of_bytes(LARGE)
    assert _open_descriptors() == before + 1
    del blob
    assert _open_descriptors() == before


def test_as_blob_keeps_identity() -> None:
    blob = Blob.of_bytes(b"a")
    assert as_blob(blob) is blob
    assert as_blob(b"a").digest == blob.digest


def test_content_whose_pages_are_held_for_a_moment_is_sealed_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The kernel refuses with EBUSY while anybody, it itself included, holds a page for writing."""
    add_seals, held = fcntl.fcntl, []

    def hold_then_add(fd: int, command: int, argument: int = 0) -> int:
        if command == fcntl.F_ADD_SEALS and not held:
            held.append(mmap.mmap(fd, 4096, mmap.MAP_SHARED, mmap.PROT_WRITE))
            threading.Timer(0.1, held[0].close).start()
        return add_seals(fd, command, argument)

    monkeypatch.setattr(fcntl, "fcntl", hold_then_add)
    fd = Blob.of_bytes(LARGE).seal()
    try:
        assert held and add_seals(fd, fcntl.F_GET_SEALS) & SEALS == SEALS
    finally:
        os.close(fd)
