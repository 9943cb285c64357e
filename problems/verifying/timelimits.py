"""Role: time limits for packages that state none, measured on this machine and kept on disk.

As Kattis does: the slowest accepted jury submission times the package's multiplier, rounded up to
whole seconds (2025-09: to a multiple of `time_resolution`), at least one. The measurement is stored
with the machine's speed (CPU time of a fixed program), so that another or slower machine scales it
instead of measuring again.
"""

import json
import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs
from pydantic import BaseModel, ConfigDict, ValidationError

from problems.errors import JudgeError
from problems.formats import Package
from problems.judging.judge import Judge
from problems.jury.sources import dialects
from problems.submission import JurySubmission, Submission, TimeBound
from problems.verdict import SubmissionResult, Verdict
from problems.verifying.label_rules import tests_of
from sandbox.backend import Executable, Job, Sandbox
from sandbox.compiling.compile import CompileError, Compiler
from sandbox.data import digest_of
from sandbox.errors import CompilerMissing, UnknownLanguage
from sandbox.limits import Limits, near_s

MEASURING_LIMIT_S = 60.0
"""CPU limit of one test while the real limit is not known yet."""

MOST_CLOSE = 3
"""How many submissions that may be the slowest are measured alone."""

MOST_RUNS = 4
ALIKE = 1.02
ALIKE_S = 0.002
"""Two measurements are alike within 2 % and 2 ms: one run by itself is that steady here."""

# Integer arithmetic, unpredictable branches and cache misses, about 0.3 s on a 2020s machine.
_YARDSTICK = rb"""
#include <cstdio>
#include <vector>
int main() {
    std::vector<unsigned> a(1u << 20);
    unsigned x = 12345, s = 0;
    for (unsigned i = 0; i < a.size(); ++i) a[i] = x = x * 1664525u + 1013904223u;
    for (int round = 0; round < 400; ++round)
        for (unsigned i = 0; i < 1u << 18; ++i) {
            unsigned v = a[x & (a.size() - 1)];
            if (v & 64) s += v % 1000003u; else s ^= v / 7u;
            x = x * 1664525u + v;
        }
    std::printf("%u\n", s);
}
"""
_YARDSTICK_RUNS = 3
_speeds: dict[int, float] = {}
_speed_lock = threading.Lock()


class Measurement(BaseModel):
    """What is kept on disk of one package.

    Attributes:
        slowest_s: CPU time of the slowest accepted submission's slowest test, with no other run of
            ours beside it: the least of several measurements, since what disturbs one adds to it.
        spread_s: How far those measurements lay apart.
        runs: How many they were.
        submission: Its name.
        yardstick_s: CPU time of the fixed program on the machine that measured.
        multiplier: The package's factor.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    slowest_s: float
    spread_s: float
    runs: int
    submission: str
    yardstick_s: float
    multiplier: float

    def limit_s(self, yardstick_s: float, resolution_s: float = 1.0) -> float:
        """The limit on a machine whose yardstick takes `yardstick_s`, a multiple of the resolution.

        Args:
            resolution_s: Seconds.
        """
        slowest_s = self.slowest_s * (yardstick_s / self.yardstick_s)
        # Rounded first, so that 0.2 s x 5 is one second and not 1.0000000001 -> 2.
        steps = math.ceil(round(slowest_s * self.multiplier / resolution_s, 6))
        return round(max(1, steps) * resolution_s, 9)


def yardstick_s(sandbox: Sandbox, compiler: Compiler) -> float:
    """CPU time of the fixed program here, the best of three; asked once a sandbox.

    Raises:
        JudgeError: It does not compile or does not run.
    """
    with _speed_lock:
        known = _speeds.get(id(sandbox))
        if known is None:
            made = compiler.compile({"yardstick.cpp": _YARDSTICK}, "cpp17")
            if isinstance(made, CompileError):
                raise JudgeError(f"the yardstick program does not compile: {made.reason}")
            job = Job(program=made, limits=Limits(cpu_s=30.0))
            results = []
            for _ in range(_YARDSTICK_RUNS):
                with sandbox.alone():
                    results.append(sandbox.run(job))
            if not all(result.ok for result in results):
                raise JudgeError("the yardstick program does not run in the sandbox")
            known = max(min(result.cpu_s for result in results), 1e-3)
            _speeds[id(sandbox)] = known
        return known


def default_store() -> Path:
    """Where measurements are kept unless told otherwise."""
    return Path(platformdirs.user_cache_dir("solver")) / "time_limits"


@dataclass(frozen=True, slots=True)
class LimitStore:
    """Measurements on disk, one small file a package."""

    folder: Path

    def load(self, package: Package) -> Measurement | None:
        """The measurement of this package as it is now, or None."""
        try:
            return Measurement.model_validate_json(self._path(package).read_bytes())
        except (OSError, ValidationError):
            return None

    def save(self, package: Package, measurement: Measurement) -> None:
        """Keeps a measurement, replacing an older one in one step."""
        path = self._path(package)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{threading.get_ident()}")
        draft.write_text(json.dumps(measurement.model_dump(), indent=1))
        draft.replace(path)

    def _path(self, package: Package) -> Path:
        return self.folder / f"{package.task.name[:40]}-{_identity(package)}.json"


def _identity(package: Package) -> str:
    """Changes when the tests, the accepted programs or the multiplier do."""
    parts = [digest_of(_YARDSTICK), f"{package.task.limits.time_multiplier}"]
    for name, case in sorted(package.testset.testcases.items()):
        parts.append(f"{name} {case.input.stat().st_size}")
    for jury in package.submissions:
        if is_accepted(jury):
            parts += [f"{jury.name} {digest_of(body)}" for body in jury.submission.sources.values()]
    return digest_of("\n".join(parts).encode())


def is_accepted(jury: JurySubmission) -> bool:
    """The label says that this submission's time counts for the limit, from below.

    Where there are rules for tests they say so; else it is a submission that is right.
    """
    expected = jury.expected
    if expected.rules:
        return any(rule.bound is TimeBound.LOWER for rule in expected.rules)
    if expected.verdicts is not None:
        return expected.verdicts == {Verdict.AC}
    if expected.subtasks is not None:
        return all(verdicts == {Verdict.AC} for verdicts in expected.subtasks.values())
    return False


def counted_s(jury: JurySubmission, result: SubmissionResult) -> float | None:
    """CPU time that a submission asks a limit for, or None where it was not what its label says."""
    if result.verdict is Verdict.CE:
        return None
    if not jury.expected.rules:
        accepted = (result.package_verdict or result.verdict) is Verdict.AC
        return result.cpu_s if accepted else None
    cases = [
        case
        for rule in jury.expected.rules
        if rule.bound is TimeBound.LOWER
        for case in tests_of(rule, result)
    ]
    if any(case.verdict is Verdict.TLE for case in cases):
        return None
    return max((case.cpu_s for case in cases), default=None)


def measured(
    package: Package,
    results: Mapping[str, SubmissionResult],
    judge: Judge,
    sandbox: Sandbox,
    compiler: Compiler,
    *,
    errors: Sequence[str] = (),
) -> Measurement:
    """The measurement that follows from the accepted submissions' results: those that may be the
    slowest are measured again, alone.

    Args:
        results: By name of the submission, judged with `MEASURING_LIMIT_S`.
        judge: The judge that did it.
        errors: Why other accepted submissions have no result.

    Raises:
        JudgeError: None of them was accepted: there is nothing to measure by.
    """
    times_s: dict[str, float] = {}
    for jury in package.submissions:
        if jury.name in results:
            time_s = counted_s(jury, results[jury.name])
            if time_s is not None:
                times_s[jury.name] = time_s
    if not times_s:
        why = f": {errors[0]}" if errors else ""
        raise JudgeError(
            f"{package.task.name}: no time limit is stated, and no accepted submission ran "
            f"here{why}"
        )
    longest_s = max(times_s.values())
    close = [name for name in times_s if near_s(times_s[name]) >= longest_s]
    close = sorted(close, key=lambda name: -times_s[name])[:MOST_CLOSE]
    juries = {jury.name: jury for jury in package.submissions}
    alone_s = {
        name: _steady(judge, juries[name].submission, results[name], times_s[name])
        for name in close
    }
    slowest = max(close, key=lambda name: min(alone_s[name]))
    runs_s = alone_s[slowest]
    return Measurement(
        slowest_s=min(runs_s),
        spread_s=max(runs_s) - min(runs_s),
        runs=len(runs_s),
        submission=slowest,
        yardstick_s=yardstick_s(sandbox, compiler),
        multiplier=package.task.limits.time_multiplier,
    )


def _steady(
    judge: Judge, submission: Submission, result: SubmissionResult, counted_s: float
) -> list[float]:
    """CPU times of the test that counts, the slowest, alone, until the two least are alike."""
    slowest = next((case for case in result.testcases if case.cpu_s == counted_s), None)
    if slowest is None:  # a package without tests
        return [counted_s]
    made: Executable | CompileError | None = None
    for language, sources in dialects(submission.language, submission.sources):
        made = judge.runner.build(replace(submission, language=language, sources=sources))
        if not isinstance(made, CompileError):
            break
    if not isinstance(made, Executable):
        return [slowest.cpu_s]
    times_s: list[float] = []
    while len(times_s) < MOST_RUNS:
        times_s = sorted([*times_s, judge.alone_s(made, slowest.testcase)])
        if len(times_s) > 1 and times_s[1] <= ALIKE * times_s[0] + ALIKE_S:
            break
    return times_s


def with_time_limit(
    package: Package, sandbox: Sandbox, compiler: Compiler, *, store: Path | None = None
) -> Package:
    """The package with a time limit: stated, stored from an earlier measurement, or measured now.

    Args:
        store: Folder of the measurements; None means the user's cache folder.

    Raises:
        JudgeError: No limit is stated and no accepted submission can be run here.
    """
    if package.task.limits.time_s is not None:
        return package
    limits = LimitStore(store or default_store())
    found = limits.load(package)
    if found is None:
        judge = Judge(package.task, package.testset, sandbox, compiler, time_s=MEASURING_LIMIT_S)
        results: dict[str, SubmissionResult] = {}
        errors: list[str] = []
        for jury in filter(is_accepted, package.submissions):
            try:
                results[jury.name] = judge.judge(
                    jury.submission, every_test=bool(jury.expected.rules)
                )
            except (CompilerMissing, UnknownLanguage, JudgeError) as error:
                errors.append(str(error))
        found = measured(package, results, judge, sandbox, compiler, errors=errors)
        limits.save(package, found)
    return limited(package, found, yardstick_s(sandbox, compiler))


def limited(package: Package, found: Measurement, yardstick_s: float) -> Package:
    """The package with its measured limit in its task and its test set."""
    time_s = found.limit_s(yardstick_s, package.task.limits.time_resolution_s)
    task = replace(package.task, limits=replace(package.task.limits, time_s=time_s))
    return replace(package, task=task, testset=replace(package.testset, jury_time_s=time_s))
