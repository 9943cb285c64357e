"""A batch of jobs as bytes and back: a head in JSON, then content that the other end lacks."""

import struct
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from sandbox.backend import Executable, Job, JoinedResult, Link
from sandbox.data import Blob, as_blob, digest_of
from sandbox.errors import InvalidJob
from sandbox.limits import Limits
from sandbox.remote.forms import (
    BatchForm,
    JobForm,
    LimitsForm,
    LinkForm,
    ProgramForm,
    RepliesForm,
    ResultForm,
)
from sandbox.result import RunResult

CONTENT_TYPE = "application/x-solver-jobs"
_HEAD = struct.Struct(">4sI")
_JOBS, _RESULTS = b"SJB1", b"SRS1"
F = TypeVar("F", bound=BaseModel)
_LIMITS = tuple(field.name for field in fields(Limits))


class MissingContent(Exception):
    """The batch names content that neither came along nor is kept.

    Attributes:
        digests: What to send.
    """

    def __init__(self, digests: Sequence[str]) -> None:
        super().__init__(f"{len(digests)} pieces of content are missing")
        self.digests = tuple(digests)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Jobs of one request; see `BatchForm`."""

    jobs: tuple[Job, ...]
    links: tuple[Link, ...] = ()
    joined: bool = False
    alone: bool = False


def blobs_of(jobs: Sequence[Job]) -> dict[str, Blob]:
    """All content that jobs name, by digest."""
    found: dict[str, Blob] = {}
    for job in jobs:
        for content in (job.stdin, *job.files.values(), *job.program.files.values()):
            blob = as_blob(content)
            found[blob.digest] = blob
    return found


def encode(batch: Batch, blobs: Mapping[str, Blob], known: Collection[str]) -> bytes:
    """The batch; content that the other end is thought to know is left out."""
    programs: dict[int, int] = {}
    limits: dict[Limits, int] = {}
    program_forms: list[ProgramForm] = []
    jobs: list[JobForm] = []
    for job in batch.jobs:
        if id(job.program) not in programs:
            programs[id(job.program)] = len(program_forms)
            program_forms.append(_program_form(job.program))
        jobs.append(
            JobForm(
                program=programs[id(job.program)],
                limits=limits.setdefault(job.limits, len(limits)),
                stdin=as_blob(job.stdin).digest,
                args=list(job.args),
                files={name: as_blob(blob).digest for name, blob in job.files.items()},
                keep=list(job.keep),
                folders=list(job.folders),
            )
        )
    sent = [digest for digest in blobs if digest not in known]
    form = BatchForm(
        programs=program_forms,
        limits=[LimitsForm(**{name: getattr(limit, name) for name in _LIMITS}) for limit in limits],
        jobs=jobs,
        links=[LinkForm(writer=link.writer, reader=link.reader) for link in batch.links],
        joined=batch.joined,
        alone=batch.alone,
        content=[(digest, blobs[digest].size_bytes) for digest in sent],
    )
    return _packed(_JOBS, form, [blobs[digest].read() for digest in sent])


def decode(
    message: bytes, kept: Callable[[str], Blob | None], keep: Callable[[Blob], None]
) -> Batch:
    """The batch.

    Args:
        kept: Content that came earlier, by digest.
        keep: Told what came along.

    Raises:
        InvalidJob: It is none.
        MissingContent: It names content that is not here.
    """
    form, rest = _unpacked(_JOBS, BatchForm, message)
    came: dict[str, Blob] = {}
    for (_, size_bytes), content in zip(
        form.content, _pieces([size for _, size in form.content], rest), strict=True
    ):
        assert len(content) == size_bytes
        # What it is called is our word, not the sender's.
        came[digest_of(content)] = Blob.of_bytes(content)
    for blob in came.values():
        keep(blob)
    missing: list[str] = []
    nothing = Blob.of_bytes(b"")

    def blob_of(digest: str) -> Blob:
        found = came.get(digest) or kept(digest)
        if found is None:
            missing.append(digest)
            return nothing
        return found

    programs = [
        Executable(
            language=program.language,
            argv=tuple(program.argv),
            files={name: blob_of(digest) for name, digest in program.files.items()},
            env=program.env,
            extra_memory_bytes=program.extra_memory_bytes,
            extra_processes=program.extra_processes,
        )
        for program in form.programs
    ]
    limits = [Limits(**limit.model_dump()) for limit in form.limits]
    try:
        jobs = tuple(
            Job(
                program=programs[job.program],
                limits=limits[job.limits],
                stdin=blob_of(job.stdin),
                args=tuple(job.args),
                files={name: blob_of(digest) for name, digest in job.files.items()},
                keep=tuple(job.keep),
                folders=tuple(job.folders),
            )
            for job in form.jobs
        )
    except IndexError:
        raise InvalidJob("a job names a program or limits that are not in the batch") from None
    if missing:
        raise MissingContent(list(dict.fromkeys(missing)))
    links = tuple(Link(writer=link.writer, reader=link.reader) for link in form.links)
    return Batch(jobs=jobs, links=links, joined=form.joined, alone=form.alone)


def encode_results(results: Sequence[RunResult], first_to_end: int = 0) -> bytes:
    """Results, their output with them."""
    content: list[bytes] = []

    def place(piece: bytes) -> int:
        content.append(piece)
        return len(content) - 1

    rows = [
        ResultForm(
            status=result.status,
            exit_code=result.exit_code,
            signal=result.signal,
            limit=result.limit,
            cpu_s=result.cpu_s,
            wall_s=result.wall_s,
            waited_s=result.waited_s,
            memory_bytes=result.memory_bytes,
            memory_source=result.memory_source,
            stdout=place(result.stdout.read()),
            stderr=place(result.stderr),
            kept={name: place(blob.read()) for name, blob in result.kept.items()},
        )
        for result in results
    ]
    form = RepliesForm(results=rows, first_to_end=first_to_end, content=[*map(len, content)])
    return _packed(_RESULTS, form, content)


def decode_results(message: bytes) -> JoinedResult:
    """Results of a batch, in the order of its jobs.

    Raises:
        InvalidJob: The message is none.
    """
    form, rest = _unpacked(_RESULTS, RepliesForm, message)
    content = list(_pieces(form.content, rest))
    try:
        results = tuple(_result(row, content) for row in form.results)
    except IndexError:
        raise InvalidJob("a result names content that is not there") from None
    return JoinedResult(results=results, first_to_end=form.first_to_end)


def _result(row: ResultForm, content: Sequence[bytes]) -> RunResult:
    return RunResult(
        status=row.status,
        exit_code=row.exit_code,
        signal=row.signal,
        limit=row.limit,
        cpu_s=row.cpu_s,
        wall_s=row.wall_s,
        waited_s=row.waited_s,
        memory_bytes=row.memory_bytes,
        memory_source=row.memory_source,
        stdout=Blob.of_bytes(content[row.stdout]),
        stderr=content[row.stderr],
        kept={name: Blob.of_bytes(content[place]) for name, place in row.kept.items()},
    )


def _program_form(program: Executable) -> ProgramForm:
    return ProgramForm(
        language=program.language,
        argv=list(program.argv),
        files={name: blob.digest for name, blob in program.files.items()},
        env=dict(program.env),
        extra_memory_bytes=program.extra_memory_bytes,
        extra_processes=program.extra_processes,
    )


def _packed(magic: bytes, form: BaseModel, content: Sequence[bytes]) -> bytes:
    head = form.model_dump_json().encode()
    return b"".join((_HEAD.pack(magic, len(head)), head, *content))


def _unpacked(magic: bytes, kind: type[F], message: bytes) -> tuple[F, memoryview]:
    view = memoryview(message)
    if len(view) < _HEAD.size:
        raise InvalidJob("the message is too short")
    found, size_bytes = _HEAD.unpack(view[: _HEAD.size])
    if found != magic or len(view) < _HEAD.size + size_bytes:
        raise InvalidJob("this is no batch of jobs")
    end = _HEAD.size + size_bytes
    try:
        form = kind.model_validate_json(bytes(view[_HEAD.size : end]))
    except ValidationError as error:
        raise InvalidJob(f"this is no batch of jobs: {error.errors()[0]['msg']}") from None
    return form, view[end:]


def _pieces(sizes: Sequence[int], rest: memoryview) -> Iterator[bytes]:
    if any(size < 0 for size in sizes) or sum(sizes) != len(rest):
        raise InvalidJob("the content is not as long as it is said to be")
    at = 0
    for size in sizes:
        yield bytes(rest[at : at + size])
        at += size
