"""Turns jobs into RUN records: what an executable's runs have in common is packed once."""

from dataclasses import dataclass

from sandbox.backend import Executable, Job
from sandbox.data import Blob
from sandbox.engine import wire
from sandbox.engine.content import ContentStore, Item
from sandbox.engine.jobs import check_job
from sandbox.errors import InvalidJob, SandboxError
from sandbox.limits import Limits

_GONE = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError)


@dataclass(slots=True)
class Packed:
    """What is packed once for an executable and used again by each of its runs."""

    program: Executable
    limits: Limits
    limits_bytes: bytes
    words: bytes
    counts: tuple[int, int]
    binary: Blob | None
    files: tuple[tuple[str, Blob], ...]


class Packer:
    """Turns jobs into RUN records; one for all workers of a sandbox; its lock is the engine's."""

    def __init__(self) -> None:
        self.store = ContentStore()
        self._packed: dict[tuple[int, int], Packed] = {}

    def pack(self, job: Job, targets: tuple[int, ...] = ()) -> tuple[bytes, list[Item]]:
        """The RUN record of a job, and the content that must be placed before it.

        The content stays until `next_packet`, so that all jobs of one packet have theirs.

        Raises:
            InvalidJob: The job cannot be run as it stands, or a file behind its content is gone.
            SandboxError: We lack the memory or the descriptors for its content, or are closed.
        """
        try:
            return self._pack(job, targets)
        except _GONE as error:
            raise InvalidJob(f"content of the job cannot be read: {error}") from error
        except OSError as error:
            raise SandboxError(f"content of a job cannot be held: {error}") from error

    def next_packet(self) -> None:
        """The jobs packed so far are sent or given up."""
        self.store.next_turn()

    def _pack(self, job: Job, targets: tuple[int, ...]) -> tuple[bytes, list[Item]]:
        packed = self._of_program(job)
        store = self.store
        items: list[Item] = []
        program = wire.NONE
        if packed.binary is not None:
            items.append(store.place(packed.binary))
            program = items[0].number
        stdin: int | bytes
        if isinstance(job.stdin, bytes) and len(job.stdin) <= wire.INLINE_STDIN_BYTES:
            stdin = job.stdin
        else:
            blob = job.stdin if isinstance(job.stdin, Blob) else Blob.of_bytes(job.stdin)
            if blob.size_bytes:
                items.append(store.place(blob))
                stdin = items[-1].number
            else:
                stdin = b""
        if not (packed.files or job.files or job.args or job.keep or job.folders or targets):
            record = wire.pack_run(
                limits=packed.limits_bytes,
                words=packed.words,
                counts=packed.counts,
                program=program,
                stdin=stdin,
            )
            return record, items
        files = dict(packed.files)
        for name, content in job.files.items():
            files[name] = content if isinstance(content, Blob) else Blob.of_bytes(content)
        placed = [store.place(blob) for blob in files.values()]
        argv = job.argv
        environment = wire.environment_of(job.program)
        record = wire.pack_run(
            limits=packed.limits_bytes,
            words=wire.pack_words([*argv, *environment]),
            counts=(len(argv), len(environment)),
            program=program,
            stdin=stdin,
            targets=targets,
            files=[item.number for item in placed],
            names=wire.pack_words([*files, *job.keep, *job.folders]),
            keeps=len(job.keep),
            folders=len(job.folders),
        )
        return record, items + placed

    def close(self) -> None:
        """Lets all content go."""
        self.store.close()
        self._packed.clear()

    def _of_program(self, job: Job) -> Packed:
        key = (id(job.program), id(job.limits))
        packed = self._packed.get(key)
        plain = not (job.files or job.args or job.keep or job.folders)
        if packed is not None and plain:
            return packed
        check_job(job)
        if packed is not None:
            return packed
        if len(self._packed) > 1024:
            self._packed.clear()
        program = job.program
        # argv depends on the limits alone here: arguments of one job are packed with that job.
        argv = Job(program=program, limits=job.limits).argv
        environment = wire.environment_of(program)
        binary = program.files[argv[0][2:]] if argv[0].startswith("./") else None
        files = tuple((k, v) for k, v in program.files.items() if v is not binary)
        packed = Packed(
            program=program,
            limits=job.limits,
            limits_bytes=wire.pack_limits(job.limits, program),
            words=wire.pack_words([*argv, *environment]),
            counts=(len(argv), len(environment)),
            binary=binary,
            files=files,
        )
        self._packed[key] = packed
        return packed
