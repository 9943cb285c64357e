"""All rounds, one after the other, each in a process of its own and under a watchdog."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.errors import BackendUnavailable
from sandbox.faults.kinds import FAULTS
from sandbox.faults.traces import KINDS, descendants

ROUNDS = 200
HANG_S = 60.0
"""How long a round may take; one takes a second or two on an idle machine."""

_SOURCE = Path(__file__).parent / "subject.c"
_LAST_WORDS = 6000


@dataclass(slots=True, kw_only=True)
class FaultRow:
    """What came of all rounds of one fault.

    Attributes:
        name: The fault.
        says: What happens.
        rounds: How often it was brought about.
        held: In how many of these everything held.
        right: Right results of runs.
        errors: Errors of ours that runs ended with meanwhile, by type.
        wrong: Wrong results and exceptions that are none of ours.
        hangs: Rounds that did not come to an end.
        died: Rounds whose process ended without a report.
        left: What was left behind, counted by kind: process, mount, cgroup, descriptor.
        skipped: Why it cannot be brought about here; None where it was.
    """

    name: str
    says: str
    rounds: int = 0
    held: int = 0
    right: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    wrong: int = 0
    hangs: int = 0
    died: int = 0
    left: Counter[str] = field(default_factory=Counter)
    skipped: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As in `docs/schemas/sandbox_faults.schema.json`."""
        return {
            "fault": self.name,
            "says": self.says,
            "rounds": self.rounds,
            "held": self.held,
            "right_results": self.right,
            "errors": dict(sorted(self.errors.items())),
            "wrong": self.wrong,
            "hangs": self.hangs,
            "died": self.died,
            "left": {kind: self.left[kind] for kind in KINDS},
            "skipped": self.skipped,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultsReport:
    """The whole check.

    Attributes:
        seed: Round n of it used seed + n.
        rows: One a fault.
        failures: Each round that did not hold: fault, seed, and what was wrong, in words.
        elapsed_s: How long it took.
    """

    seed: int
    rows: tuple[FaultRow, ...]
    failures: tuple[tuple[str, int, str], ...]
    elapsed_s: float

    @property
    def held(self) -> bool:
        """Nothing hung, lied or was left behind."""
        return not self.failures

    def to_json(self) -> dict[str, Any]:
        """As in `docs/schemas/sandbox_faults.schema.json`."""
        return {
            "seed": self.seed,
            "rounds": sum(row.rounds for row in self.rows),
            "held": self.held,
            "faults": [row.to_json() for row in self.rows],
            "failures": [
                {"fault": fault, "seed": seed, "what": what} for fault, seed, what in self.failures
            ],
            "elapsed_s": round(self.elapsed_s, 1),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What a process came to that was started under a watchdog.

    Attributes:
        stdout: What it printed; empty where it hung.
        last_words: What it wrote to stderr: its threads' stacks where it hung.
        hung: It had to be ended.
    """

    stdout: str
    last_words: str
    hung: bool


def check_faults(
    *,
    rounds: int = ROUNDS,
    seed: int | None = None,
    only: Sequence[str] = (),
    hang_s: float = HANG_S,
    progress: Callable[[str], None] = lambda _: None,
) -> FaultsReport:
    """Brings faults about under load, in turn, at random moments.

    Args:
        rounds: How many rounds in all.
        seed: Of the first round; the next one's is one more. None draws one.
        only: Names of faults; all by default.
        hang_s: How long a round may take before it counts as hanging.
        progress: Told of each round before it starts.

    Raises:
        ValueError: An unknown fault, or no round.
        BackendUnavailable: There is no C compiler for the program that the rounds run.
    """
    unknown = set(only) - FAULTS.keys()
    if unknown or rounds < 1:
        raise ValueError(
            f"no fault is called {', '.join(sorted(unknown))}; one of {', '.join(FAULTS)}"
        )
    names = list(only or FAULTS)
    first = secrets.randbelow(10**6) if seed is None else seed
    rows = {name: FaultRow(name=name, says=FAULTS[name].says) for name in names}
    failures: list[tuple[str, int, str]] = []
    start_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="solver-faults-") as folder:
        program = _build(Path(folder) / "subject")
        for number in range(rounds):
            open_names = [name for name in names if rows[name].skipped is None]
            if not open_names:
                break
            row = rows[open_names[number % len(open_names)]]
            progress(f"[{number + 1}/{rounds}] {row.name}, seed {first + number}")
            what = _play(row, first + number, program, hang_s)
            failures += [(row.name, first + number, line) for line in what]
    return FaultsReport(
        seed=first,
        rows=tuple(rows.values()),
        failures=tuple(failures),
        elapsed_s=time.monotonic() - start_s,
    )


def watched(command: Sequence[str], limit_s: float) -> Watched:
    """Runs a command; one that is not done in time is asked for its stacks and ended with all."""
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=words)
        hung = False
        try:
            stdout = process.communicate(timeout=limit_s)[0]
        except subprocess.TimeoutExpired:
            hung, stdout = True, b""
            process.send_signal(signal.SIGUSR1)
            time.sleep(1)
            _end([*descendants(process.pid), process.pid])
            process.communicate()
        except BaseException:
            _end([*descendants(process.pid), process.pid])
            process.communicate()
            raise
        words.seek(0)
        last = words.read().decode(errors="replace")[-_LAST_WORDS:]
    return Watched(stdout=stdout.decode(errors="replace"), last_words=last, hung=hung)


def _play(row: FaultRow, seed: int, program: Path, hang_s: float) -> list[str]:
    """One round, added to its row; what was wrong with it, in words."""
    command = [sys.executable, "-m", "sandbox.faults.round", row.name, str(seed), str(program)]
    came = watched(command, hang_s)
    row.rounds += 1
    if came.hung:
        row.hangs += 1
        return [f"hangs:\n{came.last_words}"]
    try:
        found = json.loads(came.stdout)
    except ValueError:
        row.died += 1
        return [f"ended without a report:\n{came.last_words}"]
    if "skipped" in found:
        row.rounds -= 1
        row.skipped = found["skipped"]
        return []
    row.right += found["right"]
    row.errors.update(found["errors"])
    row.wrong += len(found["wrong"])
    row.left.update({kind: len(lines) for kind, lines in found["left"].items()})
    what = [f"wrong ({found['done']}): {line}" for line in found["wrong"]]
    for kind, lines in found["left"].items():
        what += [f"left behind ({found['done']}): {kind} {line}" for line in lines]
    if came.last_words.strip():
        what.append(f"said on its way:\n{came.last_words}")
    row.held += not what
    return what


def _end(pids: Iterable[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _build(target: Path) -> Path:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise BackendUnavailable(
            "no C compiler for the program to run", "apt install gcc libc6-dev"
        )
    command = [compiler, "-O1", "-static", "-o", str(target), str(_SOURCE)]
    subprocess.run(command, check=True, capture_output=True)
    return target
