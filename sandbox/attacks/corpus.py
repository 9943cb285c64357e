"""The hostile programs: real source files by class, each with its expected result beside it.

They lie inside the package, so that an installed `solver sandbox check` finds them.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.limits import MIB, Limits

PROGRAMS = Path(__file__).parent / "programs"
LANGUAGES = {".c": "c", ".cpp": "cpp20", ".py": "python3"}
CANARIES = {"c": "canary.c", "python": "canary.py", "cpp": "canary.cpp"}
HEADER = "attack.h"
HEADER_OF_BAIT = "bait.h"

CHECK_LIMITS = Limits(
    cpu_s=0.2,
    wall_s=1.5,
    memory_bytes=64 * MIB,
    output_bytes=MIB,
    processes=16,
    open_files=64,
    disk_bytes=8 * MIB,
    files=64,
)
"""Small, so that the whole check takes minutes; the wall time leaves room for a busy machine."""

BUSY_WALL_S = 12.0
"""For programs that only the CPU limit may end; an idle machine never comes near it."""

COMPILE_LIMITS = Limits(
    cpu_s=4.0,
    wall_s=12.0,
    memory_bytes=512 * MIB,
    output_bytes=MIB,
    processes=32,
    open_files=256,
    disk_bytes=64 * MIB,
    files=256,
)
"""For every program of the check; the compile class is there to run into them."""

DEFAULT_OUTCOMES = ("exit:0", "signal:SIGSYS")
"""For a program that reports by itself what was stopped, or is stopped by the filter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One hostile program.

    Attributes:
        name: The file's stem, which says the behaviour.
        attack_class: The folder: processes, memory, output, ...
        file: The source.
        language: Its language's id.
        outcomes: Allowed ends, in the words of `suite.outcome_of`.
        without_cgroup: Allowed ends where no control group counts.
        says: What must stand in stdout when the program exits by itself.
        stdout_bytes: The exact size of stdout, where that matters.
        limits: What the run may use.
        args: Arguments; `{name}` is replaced by what the check planted.
        files: Names of read-only files to place.
        keep: Names to bring back.
        folders: Folders to make before the run.
        not_kept: Names that must not come back.
        large_stdin: The input has 32 MiB.
        times: Runs in a row.
        canary: Which canary runs afterwards, a key of `CANARIES`.
    """

    name: str
    attack_class: str
    file: Path
    language: str
    outcomes: tuple[str, ...] = DEFAULT_OUTCOMES
    without_cgroup: tuple[str, ...] = ()
    says: str = ""
    stdout_bytes: int | None = None
    limits: Limits = CHECK_LIMITS
    args: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    not_kept: tuple[str, ...] = ()
    large_stdin: bool = False
    times: int = 1
    canary: str = "c"

    @property
    def source(self) -> bytes:
        """The program's text."""
        return self.file.read_bytes()

    @property
    def managers(self) -> Mapping[str, bytes]:
        """The headers that the program includes and that are the same for everybody."""
        wanted = f'"{HEADER}"'.encode() in self.source
        return {HEADER: (PROGRAMS / HEADER).read_bytes()} if wanted else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One table of an expected.toml, as it stands there."""

    outcomes: list[str] = field(default_factory=lambda: list(DEFAULT_OUTCOMES))
    without_cgroup: list[str] = field(default_factory=list)
    says: str = ""
    stdout_bytes: int | None = None
    limits: dict[str, Any] = field(default_factory=dict)
    args: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    keep: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    not_kept: list[str] = field(default_factory=list)
    stdin: str = "common"
    times: int = 1
    canary: str = "c"


@cache
def load_attacks() -> tuple[Attack, ...]:
    """All hostile programs, class by class.

    Raises:
        ValueError: A program without an expected result, or the other way round.
    """
    attacks: list[Attack] = []
    for table in sorted(PROGRAMS.glob("*/expected.toml")):
        entries = tomllib.loads(table.read_text())
        files = {path.stem: path for path in table.parent.iterdir() if path.suffix in LANGUAGES}
        if set(files) != set(entries):
            odd = ", ".join(sorted(set(files) ^ set(entries)))
            raise ValueError(f"{table}: program and expected result do not match: {odd}")
        attacks += [_attack(files[name], entry, table) for name, entry in entries.items()]
    return tuple(attacks)


def select(names: Iterable[str] | None) -> tuple[Attack, ...]:
    """The attacks of these names or classes; None means all.

    Raises:
        ValueError: A name that is neither.
    """
    attacks = load_attacks()
    if names is None:
        return attacks
    wanted = set(names)
    known = {attack.name for attack in attacks} | {attack.attack_class for attack in attacks}
    if wanted - known:
        raise ValueError(f"no such hostile program or class: {', '.join(sorted(wanted - known))}")
    return tuple(a for a in attacks if a.name in wanted or a.attack_class in wanted)


def _attack(file: Path, table: dict[str, Any], origin: Path) -> Attack:
    try:
        entry = _Entry(**table)
        limits = replace(CHECK_LIMITS, **entry.limits)
        if "limit:cpu" in entry.outcomes and not {"limit:wall", "exit:0"} & set(entry.outcomes):
            # On a machine with thirty others waiting, 0.2 s of CPU time take several on the clock.
            limits = replace(limits, wall_s=BUSY_WALL_S)
    except TypeError as error:
        raise ValueError(f"{origin}: [{file.stem}]: {error}") from error
    if entry.canary not in CANARIES or entry.stdin not in ("common", "large"):
        raise ValueError(f"{origin}: [{file.stem}]: unknown canary or stdin")
    return Attack(
        name=file.stem,
        attack_class=file.parent.name,
        file=file,
        language=LANGUAGES[file.suffix],
        outcomes=tuple(entry.outcomes),
        without_cgroup=tuple(entry.without_cgroup),
        says=entry.says,
        stdout_bytes=entry.stdout_bytes,
        limits=limits,
        args=tuple(entry.args),
        files=tuple(entry.files),
        keep=tuple(entry.keep),
        folders=tuple(entry.folders),
        not_kept=tuple(entry.not_kept),
        large_stdin=entry.stdin == "large",
        times=entry.times,
        canary=entry.canary,
    )
