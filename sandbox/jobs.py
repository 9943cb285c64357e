"""What every backend checks of a job before it runs it."""

from collections.abc import Iterable, Sequence

from sandbox.backend import Job, Link
from sandbox.errors import InvalidJob

MAX_NAME_BYTES = 255
MAX_COMMAND_BYTES = 96 * 1024
"""argv and environment together; the kernel's own limit (2 MiB) is far above what a job needs."""

MAX_JOB_FILES = 64


def check_job(job: Job) -> None:
    """Raises InvalidJob with the reason if no backend could run this job."""
    command = job.program.argv
    if not command:
        raise InvalidJob("the program has no argv")
    words = [*command, *job.args]
    words += [f"{key}={value}" for key, value in job.program.env.items()]
    for word in words:
        if "\0" in word:
            raise InvalidJob(f"NUL byte in argument {word!r}")
    if sum(len(word.encode(errors="surrogateescape")) + 1 for word in words) > MAX_COMMAND_BYTES:
        raise InvalidJob(f"arguments and environment are over {MAX_COMMAND_BYTES} bytes")
    if command[0].startswith("./"):
        if command[0][2:] not in job.program.files:
            raise InvalidJob(f"{command[0]} is not one of the program's files")
    elif not command[0].startswith("/"):
        raise InvalidJob(f"argv[0] must be ./name or an absolute path, not {command[0]!r}")
    _check_names((*job.program.files, *job.files, *job.folders), depth=1)
    _check_names(job.keep, depth=2)
    if len(job.program.files) + len(job.files) > MAX_JOB_FILES:
        raise InvalidJob(f"more than {MAX_JOB_FILES} files")
    limits = job.limits
    if min(limits.cpu_s, limits.wall_limit_s) <= 0:
        raise InvalidJob("time limits must be above zero")
    if limits.memory_bytes <= 0 or limits.processes < 1 or limits.open_files < 4:
        raise InvalidJob("memory, processes and open files must allow the program to start")
    if min(limits.output_bytes, limits.disk_bytes, limits.files) < 0:
        raise InvalidJob("limits cannot be negative")


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


def _check_names(names: Iterable[str], *, depth: int) -> None:
    for name in names:
        parts = name.split("/")
        if len(parts) > depth or any(part in ("", ".", "..") for part in parts):
            raise InvalidJob(f"not a plain file name: {name!r}")
        if "\0" in name or any(len(part.encode()) > MAX_NAME_BYTES for part in parts):
            raise InvalidJob(f"not a file name: {name[:80]!r}")
