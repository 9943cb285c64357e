"""What every backend checks of a job before it runs it."""

import os
from collections.abc import Iterable, Sequence

from sandbox.backend import Job, Link
from sandbox.errors import InvalidJob
from sandbox.host.rootfs import ENVIRONMENT

MAX_NAME_BYTES = 255
MAX_COMMAND_BYTES = 96 * 1024
"""argv and environment together; the kernel's own limit (2 MiB) is far above what a job needs."""

MAX_JOB_FILES = 64
MAX_KEPT = 64
MAX_FOLDERS = 64
MAX_PIPES = 128
MAX_ARGUMENTS = 4095
MAX_VARIABLES = 511
"""The helper's own tables (helper.h); a job that needs more is told so before it is sent."""

_LARGEST = (1 << 63) - 1
_LARGEST_COUNT = (1 << 31) - 1
_LONGEST_S = 1e9


def check_job(job: Job) -> None:
    """Raises InvalidJob with the reason if no backend could run this job."""
    command = job.program.argv
    if not command:
        raise InvalidJob("the program has no argv")
    variables = {**ENVIRONMENT, **job.program.env}
    words = [*command, *job.args, *(f"{key}={value}" for key, value in variables.items())]
    if sum(_bytes_of(word, "argument") + 1 for word in words) > MAX_COMMAND_BYTES:
        raise InvalidJob(f"arguments and environment are over {MAX_COMMAND_BYTES} bytes")
    _check_count("arguments", len(command) + len(job.args), MAX_ARGUMENTS)
    _check_count("environment variables", len(variables), MAX_VARIABLES)
    _check_count("files to keep", len(job.keep), MAX_KEPT)
    _check_count("folders", len(job.folders), MAX_FOLDERS)
    _check_count("files", len(job.program.files) + len(job.files), MAX_JOB_FILES)
    if command[0].startswith("./"):
        if command[0][2:] not in job.program.files:
            raise InvalidJob(f"{command[0]} is not one of the program's files")
    elif not command[0].startswith("/"):
        raise InvalidJob(f"argv[0] must be ./name or an absolute path, not {command[0]!r}")
    _check_names((*job.program.files, *job.files, *job.folders), depth=1)
    _check_names(job.keep, depth=2)
    _check_limits(job)


def _check_limits(job: Job) -> None:
    limits = job.limits
    clock_s = 1.0 if limits.clock_s is None else limits.clock_s
    times_s = (limits.cpu_s, limits.wall_limit_s, clock_s)
    if not all(0 < time_s <= _LONGEST_S for time_s in times_s):
        raise InvalidJob(f"time limits must be above zero and at most {_LONGEST_S:.0e} s")
    if limits.memory_bytes <= 0 or limits.processes < 1 or limits.open_files < 4:
        raise InvalidJob("memory, processes and open files must allow the program to start")
    if min(limits.output_bytes, limits.disk_bytes, limits.files) < 0:
        raise InvalidJob("limits cannot be negative")
    memory_bytes = limits.memory_bytes + job.program.extra_memory_bytes
    if max(memory_bytes, limits.output_bytes, limits.disk_bytes) > _LARGEST:
        raise InvalidJob(f"a limit is over {_LARGEST} bytes")
    processes = limits.processes + job.program.extra_processes
    if max(processes, limits.open_files, limits.files) > _LARGEST_COUNT:
        raise InvalidJob(f"a limit of processes or files is over {_LARGEST_COUNT}")


def check_links(jobs: Sequence[Job], links: Sequence[Link]) -> None:
    """Raises InvalidJob if a pipe's end names no job or one descriptor twice."""
    ends = [end for link in links for end in (link.writer, link.reader)]
    for index, descriptor in ends:
        if not 0 <= index < len(jobs):
            raise InvalidJob(f"a link names job {index} of {len(jobs)}")
        if descriptor < 0 or descriptor >= jobs[index].limits.open_files or descriptor == 2:
            raise InvalidJob(f"a link names descriptor {descriptor}")
    if len(set(ends)) != len(ends):
        raise InvalidJob("a descriptor stands at the end of two links")
    for index, _ in ends:
        _check_count("pipes of one job", sum(end[0] == index for end in ends), MAX_PIPES)


def _check_names(names: Iterable[str], *, depth: int) -> None:
    for name in names:
        parts = name.split("/")
        if len(parts) > depth or any(part in ("", ".", "..") for part in parts):
            raise InvalidJob(f"not a plain file name: {name!r}")
        if any(_bytes_of(part, "file name") > MAX_NAME_BYTES for part in parts):
            raise InvalidJob(f"not a file name: {name[:80]!r}")


def _check_count(what: str, count: int, most: int) -> None:
    if count > most:
        raise InvalidJob(f"{count} {what}, more than the {most} that a job may have")


def _bytes_of(word: str, what: str) -> int:
    """Length of a word as a program gets it."""
    if "\0" in word:
        raise InvalidJob(f"NUL byte in {what} {word[:80]!r}")
    try:
        return len(os.fsencode(word))
    except UnicodeEncodeError:
        raise InvalidJob(f"{what} {word[:80]!r} cannot be encoded") from None
