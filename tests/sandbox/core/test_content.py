"""Placed content: what a packet names stays until it is sent, whatever else it names."""

import os
from pathlib import Path

import pytest

import sandbox.engine.content
from sandbox import Blob
from sandbox.engine.content import ContentStore
from sandbox.errors import SandboxError

KIB = 1024


def _content(fd: int) -> bytes:
    return os.pread(fd, 1 << 20, 0)


def _blob(letter: str, kib: int = 100) -> Blob:
    return Blob.of_bytes(letter.encode() * (kib * KIB))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> ContentStore:
    """Room for 250 KiB in 4 pieces."""
    monkeypatch.setattr(sandbox.engine.content, "CAPACITY_BYTES", 250 * KIB)
    monkeypatch.setattr(sandbox.engine.content, "CAPACITY_ITEMS", 4)
    monkeypatch.setattr(sandbox.engine.content, "MAX_TURN_ITEMS", 4)
    return ContentStore()


def test_the_same_blob_is_placed_once(small: ContentStore) -> None:
    blob = _blob("a")
    first = small.place(blob)
    small.next_turn()
    assert small.place(blob) is first
    assert _content(first.fd) == blob.read()
    small.close()


def test_the_oldest_goes_first_and_its_number_is_no_longer_its_own(small: ContentStore) -> None:
    blobs = [_blob(letter) for letter in "abc"]
    items = []
    for blob in blobs:
        small.next_turn()
        items.append(small.place(blob))
    assert small.evictions == 1
    assert small.evicted_bytes == 100 * KIB
    current = [small.is_current(item.number, item.serial) for item in items]
    assert current == [False, True, True]
    small.close()


def test_use_makes_it_young_again(small: ContentStore) -> None:
    a, b, c = (_blob(letter) for letter in "abc")
    first = small.place(a)
    second = small.place(b)
    small.next_turn()
    small.place(a)
    small.next_turn()
    small.place(c)
    assert small.is_current(first.number, first.serial)
    assert not small.is_current(second.number, second.serial)
    small.close()


def test_nothing_of_one_turn_is_let_go_in_it(small: ContentStore) -> None:
    blobs = [_blob(letter) for letter in "abcdefgh"]
    items = [small.place(blob) for blob in blobs]
    assert small.evictions == 0
    assert len({item.fd for item in items}) == len(items)
    assert [_content(item.fd)[:1] for item in items] == [bytes([code]) for code in b"abcdefgh"]
    assert small.is_full
    small.next_turn()
    small.place(_blob("i"))
    assert small.evictions > 0
    assert not small.is_full
    small.close()


def test_a_number_given_again_has_another_serial(small: ContentStore) -> None:
    seen: dict[int, int] = {}
    for index in range(40):
        small.next_turn()
        item = small.place(_blob("x", 65 + index))
        assert seen.get(item.number) != item.serial
        seen[item.number] = item.serial
    assert len(seen) < 40
    small.close()


def test_a_closed_store_holds_no_descriptor_and_takes_nothing(small: ContentStore) -> None:
    fds = [small.place(_blob(letter)).fd for letter in "ab"]
    small.close()
    for fd in fds:
        with pytest.raises(OSError):
            os.fstat(fd)
    with pytest.raises(SandboxError, match="closed"):
        small.place(_blob("c"))


def test_a_file_that_is_gone_takes_no_number(small: ContentStore, tmp_path: Path) -> None:
    path = tmp_path / "input"
    path.write_bytes(bytes(100 * KIB))
    blob = Blob.of_file(path)
    path.unlink()
    for _ in range(600):
        with pytest.raises(FileNotFoundError):
            small.place(blob)
    assert small.place(_blob("a")).number >= 0
    small.close()
