"""One run whose CPU limit decides: near the limit, what is measured alone counts."""

from dataclasses import replace

from sandbox.backend import Job, Sandbox
from sandbox.limits import LimitKind, near_s
from sandbox.result import ExitStatus, RunResult


def run_in_time(sandbox: Sandbox, job: Job) -> RunResult:
    """Runs a job; where it took a little more CPU time than it may, once more with nothing beside.

    Raises:
        SandboxError: As `Sandbox.run`.
    """
    limit_s = job.limits.cpu_s
    # Beyond the limit the run goes on for a little: else nobody knew how near it was.
    patient = replace(job, limits=replace(job.limits, cpu_s=near_s(limit_s)))
    result = sandbox.run(patient)
    if limit_s < result.cpu_s <= near_s(limit_s):
        with sandbox.alone():
            result = sandbox.run(patient)
    if result.cpu_s <= limit_s or result.limit is not None:
        return result
    return replace(result, status=ExitStatus.LIMIT, exit_code=None, limit=LimitKind.CPU)
