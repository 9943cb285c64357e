"""What the backends of long-lived workers share: jobs go to an engine, joined ones beside it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from sandbox.backend import Job, JoinedResult, Link
from sandbox.engine.engine import Engine
from sandbox.engine.joint import JointRunner
from sandbox.result import RunResult


class ClosedAtExit(ABC):
    """`with` closes it."""

    @abstractmethod
    def close(self) -> None:
        """Ends all workers. Nothing of them is left on the host."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class EngineSandbox(ClosedAtExit):
    """Runs jobs by an engine; the backend makes `_engine` and `_joint` when it opens."""

    _engine: Engine
    _joint: JointRunner

    def run(self, job: Job) -> RunResult:
        """Runs one job; see `Sandbox.run`."""
        return self._engine.run(job)

    def run_many(self, jobs: Iterable[Job]) -> Iterator[RunResult]:
        """Runs jobs on all slots; see `Sandbox.run_many`."""
        return self._engine.run_many(jobs)

    def run_joined(self, jobs: Sequence[Job], links: Sequence[Link]) -> JoinedResult:
        """Runs jobs joined by pipes; see `Sandbox.run_joined`."""
        return self._joint.run(jobs, links)

    def alone(self) -> AbstractContextManager[None]:
        """Has the sandbox to itself; see `Sandbox.alone`."""
        return self._engine.alone()

    def workers_cpu_s(self) -> float:
        """CPU time of all workers so far, our own part in them included; 0 without cgroups."""
        return self._engine.workers_cpu_s()

    def close(self) -> None:
        """Ends all workers."""
        self._joint.close()
        self._engine.close()
