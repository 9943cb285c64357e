"""Role: a multi-pass validator's feedback folder, carried from one pass to the next.

Kattis 2025-09: "All other files inside the feedback directory are guaranteed to persist between
passes." A sandboxed run brings back named files only, so the validator runs under a line of shell
that unpacks the folder before it and packs it after it, inside the sandbox both times.
"""

from dataclasses import replace

from sandbox.backend import Job
from sandbox.data import Blob

STATE = "feedback.tar"
_BEFORE = "feedback-before.tar"
_SCRIPT = (
    f"[ ! -s {_BEFORE} ] || tar -xmf {_BEFORE} --no-same-owner --no-same-permissions; "
    'rm -f feedback/nextpass.in; "$@"; code=$?; '
    f"tar -cf {STATE} feedback; exit $code"
)


def with_state(job: Job, state: Blob) -> Job:
    """The validator's job with the folder's files of the last pass; empty for the first pass.

    Its result keeps `STATE`, the folder after the run.
    """
    program = job.program
    wrapped = replace(program, argv=("/bin/sh", "-c", _SCRIPT, "sh", *program.argv))
    return replace(
        job,
        program=wrapped,
        files={**job.files, _BEFORE: state},
        keep=(*job.keep, STATE),
    )
