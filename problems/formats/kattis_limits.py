"""Role: what a Kattis package asks for its own programs and for compilers, and time limits beside
`problem.yaml`.

Specification, "Resource guarantees": at least what is stated must be there; more may be.
"""

from dataclasses import replace

from problems.errors import PackageError
from problems.formats.domjudge import read_ini, seconds_of
from problems.formats.folder import Folder
from problems.jury.programs import JURY_LIMITS
from sandbox.compiling.compile import COMPILE_LIMITS
from sandbox.limits import MIB, Limits

_MARGIN_S = 90.0


def jury_limits(
    time_s: float | None, memory_mib: float | None, output_mib: float | None
) -> Limits | None:
    """Limits of the output validator where the package asks for more than is usual here."""
    cpu_s = max(JURY_LIMITS.cpu_s, time_s or 0.0)
    limits = replace(
        JURY_LIMITS,
        cpu_s=cpu_s,
        wall_s=max(JURY_LIMITS.wall_limit_s, cpu_s + _MARGIN_S),
        memory_bytes=max(JURY_LIMITS.memory_bytes, int((memory_mib or 0) * MIB)),
        output_bytes=max(JURY_LIMITS.output_bytes, int((output_mib or 0) * MIB)),
        disk_bytes=max(JURY_LIMITS.disk_bytes, int((output_mib or 0) * MIB)),
    )
    return None if limits == JURY_LIMITS else limits


def compilation_notes(time_s: float | None, memory_mib: float | None) -> tuple[str, ...]:
    """A note for each guarantee that compilers here do not get."""
    notes = []
    if time_s is not None and time_s > COMPILE_LIMITS.cpu_s:
        notes.append(f"limits.compilation_time: {time_s:g} s asked, {COMPILE_LIMITS.cpu_s:g} given")
    if memory_mib is not None and memory_mib * MIB > COMPILE_LIMITS.memory_bytes:
        given = COMPILE_LIMITS.memory_bytes // MIB
        notes.append(f"limits.compilation_memory: {memory_mib:g} MiB asked, {given} given")
    return tuple(notes)


def stored_time_limit(folder: Folder) -> float | None:
    """The limit (seconds) that tools and judges keep beside `problem.yaml`, None where they do not.

    DOMjudge's own file first, then `.timelimit`, which problemtools and BAPCtools write.

    Raises:
        PackageError: It is no number of seconds.
    """
    settings = read_ini(folder)
    if settings.time_limit_s is not None:
        return settings.time_limit_s
    if not folder.has(".timelimit"):
        return None
    limit = seconds_of(folder.text(".timelimit"))
    if limit is None:
        raise PackageError(folder.root / ".timelimit", "expected a number of seconds", 1)
    return limit
