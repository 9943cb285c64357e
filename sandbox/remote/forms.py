"""Jobs and results as they travel: every field checked, content by its digest."""

from pydantic import BaseModel, ConfigDict, Field

from sandbox.limits import LimitKind
from sandbox.result import ExitStatus

MOST_JOBS = 4096


class WireForm(BaseModel):
    """Root of them all."""

    model_config = ConfigDict(extra="forbid")


class ProgramForm(WireForm):
    """An `Executable`; files by digest."""

    language: str
    argv: list[str]
    files: dict[str, str]
    env: dict[str, str] = Field(default_factory=dict)
    extra_memory_bytes: int = 0
    extra_processes: int = 0


class LimitsForm(WireForm):
    """`Limits`, field by field."""

    cpu_s: float
    wall_s: float | None
    clock_s: float | None
    memory_bytes: int
    output_bytes: int
    processes: int
    open_files: int
    disk_bytes: int
    files: int


class JobForm(WireForm):
    """A `Job`; `program` and `limits` are places in the batch's lists."""

    program: int = Field(ge=0)
    limits: int = Field(ge=0)
    stdin: str
    args: list[str] = Field(default_factory=list)
    files: dict[str, str] = Field(default_factory=dict)
    keep: list[str] = Field(default_factory=list)
    folders: list[str] = Field(default_factory=list)


class LinkForm(WireForm):
    """A `Link`."""

    writer: tuple[int, int]
    reader: tuple[int, int]


class BatchForm(WireForm):
    """Jobs of one request.

    Attributes:
        joined: They run together, joined by `links`.
        alone: Each has the sandbox to itself.
        content: Digest and bytes of what follows the head, in this order.
    """

    programs: list[ProgramForm]
    limits: list[LimitsForm]
    jobs: list[JobForm] = Field(min_length=1, max_length=MOST_JOBS)
    links: list[LinkForm] = Field(default_factory=list)
    joined: bool = False
    alone: bool = False
    content: list[tuple[str, int]] = Field(default_factory=list)


class ResultForm(WireForm):
    """A `RunResult`; its output is described by places in the list of content."""

    status: ExitStatus
    exit_code: int | None
    signal: int | None
    limit: LimitKind | None
    cpu_s: float
    wall_s: float
    waited_s: float
    memory_bytes: int
    memory_source: str
    stdout: int
    stderr: int
    kept: dict[str, int]


class RepliesForm(WireForm):
    """Results of one request. `content`: bytes of each piece that follows the head."""

    results: list[ResultForm]
    first_to_end: int = 0
    content: list[int]
