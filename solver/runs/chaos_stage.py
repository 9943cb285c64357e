"""Contests that are played, hurt on their way, and held against one that was not."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import IO, Any

from sandbox.faults.traces import descendants
from solver.contests.logs.log import LogDamaged, read_log
from solver.contests.run import LOG_NAME
from solver.errors import SolverError
from solver.kept.samples import RunFolder, StoredSample
from solver.runs.chaos_around import Clock, Model
from solver.runs.chaos_faults import FAULTS, Target
from solver.runs.chaos_report import ChaosReport
from solver.runs.checking import check_run
from solver.runs.comparing import compare_runs
from solver.runs.found import SAMPLES_NAME

SEED = 2
"""With it the first programs that are handed in are wrong: a contest of several submissions."""
_SAMPLES = 12
_HANG_S = 300.0
_GONE_S = 30.0
_LEAST_S = 2.0
_FAULTS_A_RUN = 8
_LAST_WORDS = 3000


@dataclass(slots=True, kw_only=True)
class Life:
    """One process of a run.

    Attributes:
        below: Processes that it had when it was hurt.
        codes: Exit codes that it may end with.
        waiting: The fault whose exit code is not known yet.
    """

    process: "subprocess.Popen[bytes]"
    words: Path
    below: set[int] = field(default_factory=set)
    codes: set[int] = field(default_factory=lambda: {0})
    waiting: str | None = None


@dataclass(slots=True, kw_only=True)
class Stage:
    """Plays contests of one task.

    Attributes:
        package: The task's.
        limit: Submissions.
        names: Faults that can be brought about here.
    """

    disk: Path
    model: Model
    clock: Clock | None
    package: Path
    limit: int
    report: ChaosReport
    random: Random
    progress: Callable[[str], None]
    names: list[str] = field(init=False)
    _whole_s: float = field(init=False, default=0.0)
    _command: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.names = [name for name, row in self.report.rows.items() if row.skipped is None]
        contest = self.disk / "contest"
        contest.mkdir()
        (contest / "contest.toml").write_text(
            f'title = "Chaos"\nrules = "ioi"\nmodel = {json.dumps(self.model.spec)}\n'
            f"[[tasks]]\nname = {json.dumps(self.package.name)}\n"
            f"path = {json.dumps(str(self.package))}\n"
        )
        self._command = [sys.executable, "-m", "solver", "contest", "run", str(contest)]
        self._command += ["--strategy", "random", "--seed", str(SEED), "--limit", str(self.limit)]
        self._command += ["--samples", str(_SAMPLES)]

    @property
    def _whole(self) -> Path:
        return self.disk / "whole"

    def play_undisturbed(self) -> None:
        """The contest that all others are held against; the second one, since with programs that
        are compiled already it is shorter, and moments lie within it.

        Raises:
            SolverError: It failed.
        """
        for run in (self.disk / "first", self._whole):
            begun_s = time.monotonic()
            with self._started(run) as life:
                life.process.wait()
                if life.process.returncode:
                    raise SolverError(f"the undisturbed contest failed: {_last(life.words)}")
            self._whole_s = time.monotonic() - begun_s
        self.report.undisturbed_s = self._whole_s
        self.report.submissions = len(_submissions(self._whole))
        self.report.samples = len(_samples(self._whole))

    def play_hurt(self, most: int) -> None:
        """One contest to its end, with at most so many faults on its way."""
        run = self.disk / "hurt"
        said = f"run {self.report.runs + 1}"
        before: list[dict[str, Any]] = []
        left = min(most, _FAULTS_A_RUN)
        left_s = self._whole_s
        done = False
        while not done:
            is_new = not run.exists()
            brought, lived_s, done = self._one_life(run, said, left, left_s)
            left -= brought
            if is_new and not brought:  # the machine has less to do than it had
                self._whole_s = min(self._whole_s, lived_s)
            # What was done is kept: moments lie within what is left of the contest.
            left_s = max(self._whole_s / 3, left_s - lived_s / 2)
            before = self._look_back(run, before, said)
        self.report.runs += 1
        failures = len(self.report.failures)
        self._compare(run, said)
        if len(self.report.failures) == failures:
            self.report.equal += 1
            self.progress(f"{said}: as the undisturbed one")
        subprocess.run(["rm", "-rf", str(run)], check=True)

    def _one_life(self, run: Path, said: str, most: int, left_s: float) -> tuple[int, float, bool]:
        """One process until it ends, hurt so often at most; how often it was, how long it lived,
        and whether the contest is done."""
        begun_s = time.monotonic()
        brought = 0
        with self._started(run) as life:
            while brought < most:
                end_s = begun_s + left_s
                after_s = self.random.uniform(0.0, max(_LEAST_S, end_s - time.monotonic()))
                try:
                    life.process.wait(after_s)
                    break
                except subprocess.TimeoutExpired:
                    brought += 1
                    name = self.random.choice(self.names)
                    self._bring(name, life, f"{said}: {name}", time.monotonic() - begun_s)
                    if FAULTS[name].ends:
                        break
            code = self._wait(life, said)
            lived_s = time.monotonic() - begun_s
            last = _last(life.words)
        if life.waiting is not None:
            self.report.rows[life.waiting].codes[code] += 1
        if code not in life.codes:
            self._fail(f"{said}: after {life.waiting} it ended with {code}: {last}")
        # An interpreter that is interrupted while it starts says so itself.
        if "Traceback" in last and run.exists():
            self._fail(f"{said}: after {life.waiting} a traceback: {last}")
        self._all_gone(life.below, said)
        return brought, lived_s, code == 0

    def _bring(self, name: str, life: Life, said: str, at_s: float) -> None:
        fault, row = FAULTS[name], self.report.rows[name]
        if life.waiting is not None:
            self.report.rows[life.waiting].codes[0] += 1  # it went on
        row.brought += 1
        self.progress(f"[{self.report.brought}] {said} after {at_s:.1f} s")
        life.below.update(descendants(life.process.pid))
        life.codes.update(fault.codes)
        life.waiting = name
        fault.bring(self._target(life))

    def _target(self, life: Life) -> Target:
        return Target(
            pid=life.process.pid,
            disk=self.disk,
            random=self.random,
            has_ended=lambda: life.process.poll() is not None,
            model=self.model,
            clock=self.clock,
        )

    def _wait(self, life: Life, said: str) -> int:
        try:
            return life.process.wait(_HANG_S)
        except subprocess.TimeoutExpired:
            self._fail(f"{said}: it hangs after {life.waiting}: {_last(life.words)}")
            for pid in (*descendants(life.process.pid), life.process.pid):
                subprocess.run(["kill", "-9", str(pid)], check=False)
            return life.process.wait()

    def _all_gone(self, pids: set[int], said: str) -> None:
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
        drawn, kept = _samples(self._whole), _samples(run)
        if kept != drawn:
            self._fail(f"{said}: {len(kept)} samples, not the {len(drawn)}")
        difference = compare_runs(self._whole, run)
        if not difference.same:
            self._fail(f"{said}: not the undisturbed run's: {difference}")
        for problem in check_run(run).problems:
            self._fail(f"{said}: damaged: {problem}")

    def _fail(self, what: str) -> None:
        self.report.failures.append(what)
        self.progress(f"NOT HELD: {what}")

    @contextmanager
    def _started(self, run: Path) -> Iterator[Life]:
        with tempfile.NamedTemporaryFile(prefix="solver-chaos-") as words:
            command = [*self._command, "--run", str(run), *(["--resume"] if run.exists() else [])]
            process = started(
                command, words, {**os.environ, **(self.clock.environment if self.clock else {})}
            )
            try:
                yield Life(process=process, words=Path(words.name))
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGKILL)
                    process.wait()


def started(
    command: Sequence[str], words: IO[bytes], environment: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    """A driver that Ctrl-C reaches, also where we are a job in the background: such a one ignores
    it, and so would all that it starts."""
    ours = signal.getsignal(signal.SIGINT)
    if ours is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=words,
            start_new_session=True,
            env=environment,
        )
    finally:
        if ours is signal.SIG_IGN:
            signal.signal(signal.SIGINT, ours)


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


def _samples(run: Path) -> list[StoredSample]:
    """What is kept of the model's answers; how long each took is measured, and left out."""
    if not (run / SAMPLES_NAME).is_file():
        return []
    with RunFolder(run) as kept:
        return [
            replace(sample, elapsed_s=0.0)
            for task, kind in kept.kinds()
            for sample in kept.samples(task, kind)
        ]


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _last(words: Path) -> str:
    return words.read_text(errors="replace")[-_LAST_WORDS:].strip()
