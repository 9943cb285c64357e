"""A real contest on a bundled task, hurt at random moments and gone on with: what it ends with is
what an undisturbed one ends with.

Candidates are those of the recorded pool; they are compiled, run, clustered, estimated and handed
in, and the simulated judge runs the hidden tests. Who hands in is `random`: its choice depends on
its seed, and not on the run times that are measured anew when a run goes on.
"""

import json
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from typing import Any

from sandbox.faults.kinds import small_disk
from sandbox.faults.traces import descendants
from solver.contests.logs.log import LogDamaged, read_log
from solver.contests.run import LOG_NAME
from solver.errors import SolverError
from solver.kept.samples import RunFolder
from solver.runs.chaos_faults import FAULTS, Target
from solver.runs.chaos_report import ChaosReport, ChaosRow
from solver.runs.checking import check_run
from solver.runs.comparing import compare_runs
from solver.runs.found import SAMPLES_NAME

FAULTS_IN_ALL = 100
TASK = "warmest"
SEED = 2648
"""With it the first programs that are handed in are wrong: a contest of several submissions."""
_BUNDLED = Path(__file__).parents[2] / "problems" / "bundled"
_DISK_BYTES = 96 << 20
_HANG_S = 300.0
_GONE_S = 30.0
_FAULTS_A_RUN = 12
_LAST_WORDS = 3000


def chaos(
    *,
    faults: int = FAULTS_IN_ALL,
    seed: int | None = None,
    only: Sequence[str] = (),
    task: str = TASK,
    limit: int = 8,
    progress: Callable[[str], None] = lambda _: None,
) -> ChaosReport:
    """Plays contests until so many faults were brought about.

    Args:
        seed: Of the moments and the order of faults; None draws one.
        only: Names of faults; all by default.
        task: One of the bundled contest's.
        limit: Submissions.
        progress: Told of each fault.

    Raises:
        ValueError: There is no fault of such a name.
        SolverError: The undisturbed contest failed.
    """
    unknown = set(only) - FAULTS.keys()
    if unknown:
        raise ValueError(f"no fault is called {', '.join(sorted(unknown))}: {', '.join(FAULTS)}")
    seed = secrets.randbelow(10**6) if seed is None else seed
    rows = {name: ChaosRow(says=FAULTS[name].says) for name in only or FAULTS}
    report = ChaosReport(seed=seed, rows=rows)
    begun_s = time.monotonic()
    with _disk() as (disk, is_small):
        if not is_small:
            for name in rows.keys() & {name for name, one in FAULTS.items() if one.needs_disk}:
                rows[name].skipped = "mounting a small disk needs root"
        stage = _Stage(disk, report, Random(seed), task, limit, progress)
        stage.play_undisturbed()
        while report.brought < faults and stage.names:
            stage.play_hurt(faults - report.brought)
    report.elapsed_s = time.monotonic() - begun_s
    return report


@contextmanager
def _disk() -> Iterator[tuple[Path, bool]]:
    """Where the runs lie, and whether it is a small disk of its own."""
    with ExitStack() as stack:
        try:
            folder, is_small = stack.enter_context(small_disk(_DISK_BYTES)), True
        except PermissionError:
            name = stack.enter_context(tempfile.TemporaryDirectory(prefix="solver-chaos-"))
            folder, is_small = Path(name), False
        yield folder, is_small


class _Stage:
    """Plays contests of one task."""

    def __init__(
        self,
        disk: Path,
        report: ChaosReport,
        random: Random,
        task: str,
        limit: int,
        progress: Callable[[str], None],
    ) -> None:
        self._disk = disk
        self._report = report
        self._random = random
        self._progress = progress
        self.names = [name for name, row in report.rows.items() if row.skipped is None]
        self._whole = disk / "whole"
        self._whole_s = 0.0
        contest = disk / "contest"
        contest.mkdir()
        (contest / "contest.toml").write_text(
            f'title = "Chaos"\nrules = "ioi"\npools = {json.dumps(str(_BUNDLED / "pools"))}\n'
            f"[[tasks]]\nname = {json.dumps(task)}\n"
            f"path = {json.dumps(str(_BUNDLED / 'contest' / task))}\n"
        )
        self._command = [sys.executable, "-m", "solver", "contest", "run", str(contest)]
        self._command += ["--strategy", "random", "--seed", str(SEED), "--limit", str(limit)]

    def play_undisturbed(self) -> None:
        """The contest that all others are held against.

        Raises:
            SolverError: It failed.
        """
        begun_s = time.monotonic()
        with self._started(self._whole) as (process, words):
            process.wait()
            if process.returncode:
                raise SolverError(f"the undisturbed contest failed: {_last(words)}")
        self._report.undisturbed_s = self._whole_s = time.monotonic() - begun_s
        self._report.submissions = len(_submissions(self._whole))
        self._report.samples = len(_samples(self._whole))

    def play_hurt(self, most: int) -> None:
        """One contest to its end, with at most so many faults on its way."""
        run = self._disk / "hurt"
        said = f"run {self._report.runs + 1}"
        before: list[dict[str, Any]] = []
        for _ in range(min(most, _FAULTS_A_RUN)):
            done = self._one_life(run, said)
            before = self._look_back(run, before, said)
            if done:
                break
        else:
            self._one_life(run, said, hurt=False)
        self._report.runs += 1
        failures = len(self._report.failures)
        self._compare(run, said)
        if len(self._report.failures) == failures:
            self._report.equal += 1
            self._progress(f"{said}: as the undisturbed one")
        subprocess.run(["rm", "-rf", str(run)], check=True)

    def _one_life(self, run: Path, said: str, *, hurt: bool = True) -> bool:
        """One process until it ends, hurt once unless it is done before; whether it is done."""
        name = self._random.choice(self.names)
        fault, row = FAULTS[name], self._report.rows[name]
        after_s = self._random.uniform(0.0, self._whole_s)
        is_new, begun_s = not run.exists(), time.monotonic()
        with self._started(run) as (process, words):
            below: list[int] = []
            brought = False
            try:
                process.wait(after_s if hurt else _HANG_S)
            except subprocess.TimeoutExpired:
                if hurt:
                    brought = True
                    row.brought += 1
                    done, most = self._report.brought, f"{name} after {after_s:.1f} s"
                    self._progress(f"[{done}] {said}: {most}")
                    below = descendants(process.pid)
                    ended = lambda: process.poll() is not None  # noqa: E731
                    fault.bring(
                        Target(
                            pid=process.pid,
                            disk=self._disk,
                            random=self._random,
                            has_ended=ended,
                        )
                    )
            code = self._wait(process, words, f"{said}, {name}")
            last = _last(words)
        if brought:
            row.codes[code] += 1
        elif is_new:  # with programs that are compiled already it is shorter than the first one
            self._whole_s = min(self._whole_s, time.monotonic() - begun_s)
        if code not in (fault.codes if brought else (0,)):
            self._fail(f"{said}: {name if brought else 'nothing'} ended it with {code}: {last}")
        # An interpreter that is interrupted while it starts says so itself.
        if "Traceback" in last and run.exists():
            self._fail(f"{said}: {name} left a traceback: {last}")
        self._all_gone(below, f"{said}, {name}")
        return code == 0

    def _wait(self, process: "subprocess.Popen[bytes]", words: Path, said: str) -> int:
        try:
            return process.wait(_HANG_S)
        except subprocess.TimeoutExpired:
            self._fail(f"{said}: it hangs: {_last(words)}")
            for pid in (*descendants(process.pid), process.pid):
                subprocess.run(["kill", "-9", str(pid)], check=False)
            return process.wait()

    def _all_gone(self, pids: Sequence[int], said: str) -> None:
        """Nothing outlives its driver for long."""
        until_s = time.monotonic() + _GONE_S
        while left := [pid for pid in pids if _lives(pid)]:
            if time.monotonic() > until_s:
                self._fail(f"{said}: processes were left behind: {left}")
                return
            time.sleep(0.05)

    def _look_back(
        self, run: Path, before: list[dict[str, Any]], said: str
    ) -> list[dict[str, Any]]:
        """What the log held is still there; what it holds now."""
        try:
            now = _submissions(run)
        except LogDamaged as damage:
            self._fail(f"{said}: {damage}")
            return before
        for then, is_now in zip(before, [*now, *({} for _ in before)], strict=False):
            if not then.items() <= is_now.items():
                self._fail(f"{said}: {then} stood in the log, and now {is_now}")
        return now

    def _compare(self, run: Path, said: str) -> None:
        wanted, found = _submissions(self._whole), _submissions(run)
        if found != wanted:
            self._fail(f"{said}: {len(found)} submissions and verdicts, not the {len(wanted)}")
        twice = [key for key, times in Counter(one["key"] for one in found).items() if times > 1]
        if twice:
            self._fail(f"{said}: handed in twice: {twice}")
        difference = compare_runs(self._whole, run)
        if not difference.same:
            self._fail(f"{said}: not the undisturbed run's: {difference}")
        for problem in check_run(run).problems:
            self._fail(f"{said}: damaged: {problem}")

    def _fail(self, what: str) -> None:
        self._report.failures.append(what)
        self._progress(f"NOT HELD: {what}")

    @contextmanager
    def _started(self, run: Path) -> Iterator[tuple["subprocess.Popen[bytes]", Path]]:
        with tempfile.NamedTemporaryFile(prefix="solver-chaos-") as words:
            command = [*self._command, "--run", str(run), *(["--resume"] if run.exists() else [])]
            process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=words, start_new_session=True
            )
            try:
                yield process, Path(words.name)
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGKILL)
                    process.wait()


def _submissions(run: Path) -> list[dict[str, Any]]:
    """What was handed in and what came of it, in order; times are measured, and left out."""
    log = run / LOG_NAME
    if not log.is_file():
        return []
    records = read_log(log).records
    came = {one["id"]: one for one in records if one["kind"] == "judgement"}
    return [
        {"key": one["key"], "task": one["task"], "source": one["source_sha256"]}
        | {name: came[one["id"]][name] for name in ("verdict", "points") if one["id"] in came}
        for one in records
        if one["kind"] == "submission"
    ]


def _samples(run: Path) -> set[str]:
    if not (run / SAMPLES_NAME).is_file():
        return set()
    with RunFolder(run) as kept:
        return kept.keys()


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _last(words: Path) -> str:
    return words.read_text(errors="replace")[-_LAST_WORDS:].strip()
