"""The worker protocol's bytes: jobs packed, results unpacked. helper/protocol.h has the words."""

import errno
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from sandbox.backend import Executable, Job
from sandbox.data import Blob
from sandbox.errors import InvalidJob, SandboxError, StorageFull
from sandbox.host.cgroups import Role
from sandbox.host.rootfs import ENVIRONMENT
from sandbox.limits import LimitKind, Limits
from sandbox.result import ExitStatus, RunResult

PROTOCOL_VERSION = 2
MAX_PACKET_BYTES = 200 * 1024
MAX_PACKET_FDS = 200
NONE = 0xFFFFFFFF
INLINE_STDIN_BYTES = 4096


class Kind(IntEnum):
    """Kinds of records."""

    SETUP = 1
    PLACE = 2
    DROP = 3
    RUN = 4
    READY = 16
    FAILED = 17
    RESULT = 18
    WAITED = 19


class Step(IntEnum):
    """How far a run came."""

    STARTED = 0
    FILES = 1
    EXEC = 2
    FORK = 3
    REQUEST = 4
    OUTPUT = 5


RECORD = struct.Struct("<II")
NUMBER = struct.Struct("<I")
READY = struct.Struct("<III")
WAITED = struct.Struct("<Q")
LIMITS = struct.Struct("<QQQQQQIII")
REQUEST = struct.Struct("<IIIIIIIII")
RESULT = struct.Struct("<IIIIQQQQQQIIIIII")

_LIMIT_KINDS = (
    None,
    LimitKind.CPU,
    LimitKind.WALL,
    LimitKind.MEMORY,
    LimitKind.OUTPUT,
    LimitKind.PROCESSES,
    LimitKind.DISK,
)
_MEMORY_SOURCES = ("rusage", "cgroup-v1", "cgroup-v2")
_OURS = (errno.EAGAIN, errno.EFBIG, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM)
"""What the machine is short of, or a file of ours refuses: no job is to blame for it."""

_NOTHING = Blob(content=b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One RESULT: how far the run came, and its result if it started.

    Attributes:
        result: None where the run did not start.
        failure: The exception to raise where it did not.
        end_s: When the main process ended, on the monotonic clock.
    """

    result: RunResult | None
    failure: SandboxError | None
    end_s: float


def pack_setup(version: int, roles: Sequence[Role]) -> bytes:
    """A SETUP record; the descriptors come in the order of the roles."""
    payload = struct.pack(f"<II{len(roles)}I", version, len(roles), *roles)
    return RECORD.pack(Kind.SETUP, len(payload)) + payload


def pack_place(number: int) -> bytes:
    """A PLACE record; one descriptor goes with it."""
    return RECORD.pack(Kind.PLACE, NUMBER.size) + NUMBER.pack(number)


def pack_drop(number: int) -> bytes:
    """A DROP record."""
    return RECORD.pack(Kind.DROP, NUMBER.size) + NUMBER.pack(number)


def pack_limits(limits: Limits, program: Executable) -> bytes:
    """The part of a request that depends on limits and program alone."""
    return LIMITS.pack(
        int(limits.cpu_s * 1e9),
        int(limits.wall_limit_s * 1e9),
        int(limits.clock_limit_s * 1e9),
        limits.memory_bytes + program.extra_memory_bytes,
        limits.output_bytes,
        limits.disk_bytes,
        limits.processes + program.extra_processes,
        limits.open_files,
        limits.files,
    )


def pack_words(words: Sequence[str]) -> bytes:
    """NUL-terminated strings."""
    return b"".join(os.fsencode(word) + b"\0" for word in words)


def environment_of(program: Executable) -> list[str]:
    """The whole environment of a program."""
    return [f"{key}={value}" for key, value in {**ENVIRONMENT, **program.env}.items()]


def pack_run(
    *,
    limits: bytes,
    words: bytes,
    counts: tuple[int, int],
    program: int,
    stdin: int | bytes,
    targets: Sequence[int] = (),
    files: Sequence[int] = (),
    names: bytes = b"",
    keeps: int = 0,
    folders: int = 0,
) -> bytes:
    """A RUN record.

    Args:
        limits: From `pack_limits`.
        words: argv and environment, packed.
        counts: How many words are argv, how many environment.
        program: Number of the placed executable, or NONE.
        stdin: Number of placed content, or the content itself.
        targets: Descriptor numbers for the passed descriptors.
        files: Numbers of placed content for the work folder.
        names: Packed names: of the files, to keep, of folders.
        keeps: How many names are to be kept.
        folders: How many folders are to be made.

    Raises:
        InvalidJob: The record would be larger than a packet.
    """
    stdin_id, inline = (NONE, stdin) if isinstance(stdin, bytes) else (stdin, b"")
    request = REQUEST.pack(
        program,
        stdin_id,
        len(inline),
        len(targets),
        len(files),
        counts[0],
        counts[1],
        keeps,
        folders,
    )
    parts = [limits, request]
    if targets or files:
        parts.append(struct.pack(f"<{len(targets) + len(files)}I", *targets, *files))
    payload = b"".join((*parts, words, names, inline))
    if len(payload) > MAX_PACKET_BYTES - 4096:
        raise InvalidJob("the job's arguments and names are too long")
    return RECORD.pack(Kind.RUN, len(payload)) + payload


def unpack_result(payload: memoryview, fds: list[int], job: Job) -> Reply:
    """A RESULT record's payload as a Reply; takes its descriptors off the front of `fds`.

    Raises:
        struct.error, IndexError, OSError: It is no such payload, or a descriptor is missing.
    """
    (
        wait_status,
        limit_number,
        step,
        error,
        cpu_ns,
        wall_ns,
        waited_ns,
        end_ns,
        memory_bytes,
        _,
        source,
        inline_bytes,
        has_fd,
        stderr_bytes,
        kept_count,
        _,
    ) = RESULT.unpack_from(payload)
    if step != Step.STARTED:
        return Reply(result=None, failure=_failure(step, error, job), end_s=end_ns / 1e9)
    at = RESULT.size
    kept: dict[str, Blob] = {}
    stdout = Blob.of_fd(fds.pop(0)) if has_fd else _NOTHING
    if kept_count:
        for index in struct.unpack_from(f"<{kept_count}I", payload, at):
            kept[job.keep[index]] = Blob.of_fd(fds.pop(0))
        at += 4 * kept_count
    if inline_bytes:
        stdout = Blob(content=bytes(payload[at : at + inline_bytes]))
        at += inline_bytes
    stderr = bytes(payload[at : at + stderr_bytes]) if stderr_bytes else b""
    limit = _LIMIT_KINDS[limit_number]
    signal = wait_status & 0x7F or None
    if limit is not None:
        status, exit_code = ExitStatus.LIMIT, None
    elif signal is not None:
        status, exit_code = ExitStatus.SIGNALED, None
    else:
        status, exit_code = ExitStatus.EXITED, wait_status >> 8 & 0xFF
    result = RunResult(
        status=status,
        exit_code=exit_code,
        signal=signal,
        limit=limit,
        cpu_s=cpu_ns / 1e9,
        wall_s=wall_ns / 1e9,
        memory_bytes=memory_bytes,
        memory_source=_MEMORY_SOURCES[source],
        stdout=stdout,
        stderr=stderr,
        kept=kept,
        waited_s=waited_ns / 1e9,
    )
    return Reply(result=result, failure=None, end_s=end_ns / 1e9)


def _failure(step: int, error: int, job: Job) -> SandboxError:
    reason = os.strerror(error)
    if error in _OURS:
        return SandboxError(f"a run could not be started ({Step(step).name.lower()}): {reason}")
    if step == Step.EXEC:
        return InvalidJob(f"cannot execute {job.program.argv[0]}: {reason}")
    if step == Step.FILES and error == errno.ENOSPC:
        return StorageFull("the job's files do not fit into the work folder")
    if step == Step.FILES:
        return InvalidJob(f"the work folder cannot be prepared: {reason}")
    return SandboxError(f"a run could not be started ({Step(step).name.lower()}): {reason}")
