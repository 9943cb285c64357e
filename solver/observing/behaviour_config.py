"""Stage 5, its settings."""

from pydantic import BaseModel, ConfigDict, Field

from problems.task import Task


class BehaviourConfig(BaseModel):
    """How candidates are observed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    time_s: float = Field(default=2.0, gt=0)
    """CPU limit a run where the task states none; the task's own limit where that is smaller."""
    timeouts: int = Field(default=2, ge=1)
    """Runs over the time limit after which larger inputs are skipped."""
    probe: int = Field(default=8, ge=1)
    """Inputs that also a hopeless program runs on."""


def time_limit_of(task: Task, config: BehaviourConfig) -> float:
    """The CPU limit of an observed run."""
    return min(config.time_s, task.limits.time_s or config.time_s)
