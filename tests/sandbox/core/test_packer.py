"""Jobs as records: read back by the layout that helper/protocol.h gives."""

from pathlib import Path

import pytest

from sandbox import Blob, Executable, Job, Limits
from sandbox.engine import wire
from sandbox.engine.packer import Packer
from sandbox.errors import InvalidJob, SandboxError
from tests.sandbox.core.shortage import descriptors_left

BINARY = Blob.of_bytes(b"\x7fELF" + bytes(100_000))
PROGRAM = Executable(language="c", argv=("./main",), files={"main": BINARY}, env={"A": "b"})
LIMITS = Limits(cpu_s=1.5)


@pytest.fixture
def packer():
    packer = Packer()
    yield packer
    packer.close()


def _request(record: bytes) -> tuple[int, ...]:
    kind, size = wire.RECORD.unpack_from(record)
    assert kind == wire.Kind.RUN
    assert len(record) == wire.RECORD.size + size
    return wire.REQUEST.unpack_from(record, wire.RECORD.size + wire.LIMITS.size)


def _tail(record: bytes) -> bytes:
    return record[wire.RECORD.size + wire.LIMITS.size + wire.REQUEST.size :]


def test_a_short_input_travels_in_the_record(packer: Packer) -> None:
    record, items = packer.pack(Job(program=PROGRAM, limits=LIMITS, stdin=b"hello"))
    assert [item.blob for item in items] == [BINARY]
    program, stdin, stdin_bytes, *_ = _request(record)
    assert (program, stdin, stdin_bytes) == (items[0].number, wire.NONE, 5)
    assert record.endswith(b"hello")


def test_a_long_input_is_placed_and_named(packer: Packer) -> None:
    stdin = Blob.of_bytes(b"x" * (wire.INLINE_STDIN_BYTES + 1))
    record, items = packer.pack(Job(program=PROGRAM, limits=LIMITS, stdin=stdin))
    assert items[1].blob is stdin
    assert _request(record)[1:3] == (items[1].number, 0)


def test_names_come_in_the_order_of_the_protocol(packer: Packer) -> None:
    job = Job(
        program=PROGRAM,
        limits=LIMITS,
        args=("one", ""),
        files={"in": b"1", "more": b"2"},
        keep=("out", "d/e"),
        folders=("d",),
    )
    record, items = packer.pack(job, targets=(7, 9))
    *_, fds, files, argc, envc, keeps, folders = _request(record)
    assert (fds, files, argc, keeps, folders) == (2, 2, 3, 2, 1)
    numbers = memoryview(_tail(record)[: 4 * 4]).cast("I")
    assert list(numbers) == [7, 9, *(item.number for item in items[1:])]
    words = _tail(record)[16:].split(b"\0")
    assert words[:3] == [b"./main", b"one", b""]
    assert b"A=b" in words[3 : 3 + envc]
    assert words[3 + envc :] == [b"in", b"more", b"out", b"d/e", b"d", b""]


def test_what_runs_have_in_common_is_packed_once_and_alike(packer: Packer) -> None:
    job = Job(program=PROGRAM, limits=LIMITS, stdin=b"1")
    first, _ = packer.pack(job)
    packer.next_packet()
    again, _ = packer.pack(Job(program=PROGRAM, limits=LIMITS, stdin=b"1"))
    fresh, _ = Packer().pack(Job(program=PROGRAM, limits=Limits(cpu_s=1.5), stdin=b"1"))
    assert first == again == fresh


def test_all_jobs_of_a_packet_keep_their_content(
    packer: Packer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.engine.content.CAPACITY_BYTES", 300_000)
    packer.next_packet()
    inputs = [Blob.of_bytes(bytes([65 + i]) * 200_000) for i in range(6)]
    placed = [packer.pack(Job(program=PROGRAM, limits=LIMITS, stdin=b))[1][1] for b in inputs]
    assert all(packer.store.is_current(item.number, item.serial) for item in placed)
    assert len({item.number for item in placed}) == len(inputs)
    packer.next_packet()
    packer.pack(Job(program=PROGRAM, limits=LIMITS, stdin=Blob.of_bytes(bytes(200_000))))
    assert not packer.store.is_current(placed[0].number, placed[0].serial)


def test_a_file_that_is_gone_is_the_jobs_fault(packer: Packer, tmp_path: Path) -> None:
    path = tmp_path / "input"
    path.write_bytes(bytes(100_000))
    blob = Blob.of_file(path)
    path.unlink()
    with pytest.raises(InvalidJob, match="input"):
        packer.pack(Job(program=PROGRAM, limits=LIMITS, stdin=blob))


def test_a_machine_without_descriptors_is_not(packer: Packer) -> None:
    packer.pack(Job(program=PROGRAM, limits=LIMITS))
    job = Job(program=PROGRAM, limits=LIMITS, stdin=Blob.of_bytes(bytes(5000)))
    with descriptors_left(0), pytest.raises(SandboxError, match="held") as caught:
        packer.pack(job)
    assert not isinstance(caught.value, InvalidJob)
    assert packer.pack(job)[1][1].blob is job.stdin


def test_a_closed_packer_places_nothing() -> None:
    packer = Packer()
    packer.close()
    with pytest.raises(SandboxError, match="closed"):
        packer.pack(Job(program=PROGRAM, limits=LIMITS))
