"""Stages 3 to 6, what they work with: made once for a task and handed from stage to stage."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from problems.task import Task
from problems.tasktypes.runner import Runner
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from solver.observing.behaviour_config import BehaviourConfig, time_limit_of
from solver.types import Progress

Notify = Callable[[str, int, int], None]
"""Called with (stage, done, all) while a stage works."""


def silent(stage: str, done: int, total: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One task and the tools to work on it.

    Attributes:
        compiler: Keeps what it compiled; runs its compilers in the same sandbox as programs.
        runner: Runs candidates, under the time limit of observed runs.
        run: The task's run folder: what is finished is kept there, and not made again.
        tell: Told how far a stage is.
    """

    task: Task
    compiler: Compiler
    runner: Runner
    run: Path
    tell: Notify = silent

    @classmethod
    def of(
        cls,
        task: Task,
        compiler: Compiler,
        run: Path,
        config: BehaviourConfig | None = None,
        tell: Notify = silent,
    ) -> Self:
        """A bench for a task.

        Args:
            config: Says how long an observed run may take.
        """
        runner = Runner(
            task,
            compiler.sandbox,
            compiler,
            time_s=time_limit_of(task, config or BehaviourConfig()),
        )
        return cls(task=task, compiler=compiler, runner=runner, run=run, tell=tell)

    @property
    def sandbox(self) -> Sandbox:
        """Where everything runs."""
        return self.compiler.sandbox

    def progress(self, stage: str) -> Progress:
        """Tells how far one stage is."""
        return lambda done, total: self.tell(stage, done, total)
