"""Role: runs every jury submission of packages and compares with the jury's labels.

All cores work at once: submissions of several packages are in flight together, each judging its
tests one after the other, so that a rejected submission wastes no run. A package without a time
limit first runs its accepted submissions, which fix the limit, and then the others.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from problems.errors import JudgeError, ProblemsError
from problems.judging.judge import Judge
from problems.jury.sources import dialects
from problems.package import Package, load_package
from problems.submission import JurySubmission, Submission, TimeBound
from problems.verdict import SubmissionResult, Verdict
from problems.verifying.kept_reports import KeptReports
from problems.verifying.label_rules import tests_of
from problems.verifying.labels import actual_word, disagreements, why_accepted
from problems.verifying.report import Row, Unreadable, VerifyReport, times_of
from problems.verifying.time_ranges import TimeRange, about_time, range_of
from problems.verifying.timelimits import (
    MEASURING_LIMIT_S,
    LimitStore,
    counted_s,
    default_store,
    is_accepted,
    limited,
    measured,
    yardstick_s,
)
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from sandbox.errors import CompilerMissing, UnknownLanguage

__all__ = ["Row", "Unreadable", "Verifier", "VerifyReport"]

LONGER = 10.0
"""A label that a limit breaks is tried under one this much longer, to tell what it would take."""

LONGER_CPU_S = 40.0
LEAST_LONGER = 2.0
"""Unless tests that went over the limit would take more CPU time than that together: then under a
shorter one, and under none that is not twice the limit at least."""


class Verifier:
    """Verifies packages on all of a sandbox's slots."""

    def __init__(
        self,
        sandbox: Sandbox,
        compiler: Compiler,
        *,
        store: Path | None = None,
        keep: KeptReports | None = None,
        on_open: Callable[[Package], None] = lambda _: None,
        on_row: Callable[[Row], None] = lambda _: None,
    ) -> None:
        """Makes a verifier.

        Args:
            store: Folder of measured time limits; None means the user's cache folder.
            keep: Packages that were read and verified to the end are kept there, and taken from
                there; of others each submission that was judged.
            on_open: Called when a package was read, from any thread.
            on_row: Called when a submission is done, from any thread.
        """
        self._sandbox = sandbox
        self._compiler = compiler
        self._store = LimitStore(store or default_store())
        self._keep = keep
        self._on_open = on_open
        self._on_row = on_row

    def verify(self, paths: Sequence[Path]) -> VerifyReport:
        """Runs every jury submission of every package.

        Raises:
            SandboxError: The sandbox itself failed.
        """
        report = VerifyReport()
        if self._keep is not None:
            paths, report.kept = self._keep.take(paths)
        slots = self._sandbox.slots
        # More is in flight than there are slots, so that no slot waits while a checker's word is
        # read, or for a package's last submission or its one slow accepted one.
        with ThreadPoolExecutor(2 * slots) as work, ThreadPoolExecutor(2 * slots) as packages:
            futures = [packages.submit(self._package, path, work) for path in paths]
            try:
                for future in as_completed(futures):
                    future.result()
            except BaseException:
                packages.shutdown(wait=False, cancel_futures=True)
                work.shutdown(wait=False, cancel_futures=True)
                raise
        for future in futures:
            found = future.result()
            report.rows += found.rows
            report.unreadable += found.unreadable
            report.left_out += found.left_out
            report.notes += found.notes
            report.times += found.times
        return report

    def _package(self, path: Path, work: ThreadPoolExecutor) -> VerifyReport:
        report = VerifyReport()
        try:
            package = load_package(path)
            name = package.task.name
            report.notes = [(name, note) for note in package.notes]
            report.left_out = [(name, one) for one in package.left_out]
            self._on_open(package)
            report.rows = _in_order(package, self._rows(path, package, work))
        except ProblemsError as error:
            why = f"{type(error).__name__}: {error}"
            report.unreadable = [Unreadable(package=path.name, error=why)]
            return report
        stated = package.task.limits.time_s is not None
        known = None if stated else self._store.load(package)
        report.times = [times_of(name, report.rows, known)]
        if self._keep is not None:
            self._keep.add(path, report.as_json())
        return report

    def _rows(self, path: Path, package: Package, work: ThreadPoolExecutor) -> Iterator[Row]:
        remaining = list(package.submissions)
        first: list[tuple[JurySubmission, Future[_Outcome]]] = []
        if package.task.limits.time_s is None:
            known = self._store.load(package)
            # Those by which an earlier call measured the limit keep what came of them then.
            accepted = [
                jury
                for jury in remaining
                if is_accepted(jury)
                and (known is None or self._kept(path, jury, MEASURING_LIMIT_S) is not None)
            ]
            remaining = [jury for jury in remaining if jury not in accepted]
            judge = self._judge(package, MEASURING_LIMIT_S)
            first = [(jury, work.submit(self._run, path, judge, jury)) for jury in accepted]
            if known is None:
                outcomes = {jury.name: future.result() for jury, future in first}
                known = measured(
                    package,
                    {name: one.result for name, one in outcomes.items() if one.result is not None},
                    judge,
                    self._sandbox,
                    self._compiler,
                    errors=[
                        one.error or one.skipped for one in outcomes.values() if not one.result
                    ],
                )
                self._store.save(package, known)
            package = limited(package, known, yardstick_s(self._sandbox, self._compiler))
        time_s = package.task.limits.time_s
        assert time_s is not None
        judge = self._judge(package, time_s)
        rest = [(jury, work.submit(self._run, path, judge, jury)) for jury in remaining]
        for jury, future in [*first, *rest]:
            row = self._row(path, package, jury, future.result(), time_s)
            self._on_row(row)
            yield row

    def _judge(self, package: Package, time_s: float) -> Judge:
        return Judge(
            package.task, package.testset, self._sandbox, self._compiler, time_s=time_s, parallel=1
        )

    def _kept(self, path: Path, jury: JurySubmission, limit_s: float) -> SubmissionResult | None:
        return None if self._keep is None else self._keep.result_of(path, jury.name, limit_s)

    def _run(self, path: Path, judge: Judge, jury: JurySubmission) -> "_Outcome":
        """Judges one submission, unless an earlier call did."""
        kept = self._kept(path, jury, judge.time_s)
        if kept is not None:
            return _Outcome(result=kept)
        outcome = self._judged(judge, jury)
        if self._keep is not None and outcome.result is not None:
            self._keep.add_result(path, jury.name, judge.time_s, outcome.result)
        return outcome

    def _judged(self, judge: Judge, jury: JurySubmission) -> "_Outcome":
        """Judges one submission; one that does not compile, and should, in older dialects too."""
        submission = jury.submission
        try:
            result = judge.judge(submission, every_test=bool(jury.expected.rules))
            if result.verdict is Verdict.CE and not _may_fail_to_compile(jury):
                result = self._in_older_dialect(judge, submission) or result
        except (CompilerMissing, UnknownLanguage) as error:
            return _Outcome(skipped=str(error))
        except JudgeError as error:
            return _Outcome(error=str(error))
        return _Outcome(result=result)

    def _in_older_dialect(self, judge: Judge, submission: Submission) -> SubmissionResult | None:
        for language, sources in islice(dialects(submission.language, submission.sources), 1, None):
            older = replace(submission, language=language, sources=sources)
            result = judge.judge(older)
            if result.verdict is not Verdict.CE:
                return result
        return None

    def _row(
        self,
        path: Path,
        package: Package,
        jury: JurySubmission,
        outcome: "_Outcome",
        time_s: float,
    ) -> Row:
        row = Row(
            package=package.task.name,
            submission=jury,
            time_limit_s=time_s,
            skipped=outcome.skipped,
            error=outcome.error,
        )
        result = outcome.result
        if result is None:
            return row
        found = disagreements(package.task, result, jury.expected)
        margin = package.task.limits.safety_margin
        slow = any(case.verdict is Verdict.TLE for case in result.testcases)
        extra_time = False
        if found and slow and margin > 1.0:
            again = self._run(path, self._judge(package, time_s * margin), jury).result
            if again is not None and not disagreements(package.task, again, jury.expected):
                result, found, extra_time = again, (), True
        warnings: tuple[str, ...] = ()
        if not found:
            complaints = self._complaints_of_time(path, package, jury, result, time_s)
            # No limit fits such submissions; a stated one is the jury's own choice.
            if package.testset.jury_time_s is not None:
                found = complaints
            else:
                warnings = complaints
        timed = about_time(jury.expected, result, holds=not found)
        holds_for, not_tried = None, ""
        judged_s = time_s * margin if extra_time else time_s
        if timed:
            holds_for, not_tried = self._holds_for(path, package, jury, result, judged_s, found)
            timed = not not_tried
        return replace(
            row,
            result=result,
            timed=timed,
            holds_for=holds_for,
            not_tried=not_tried,
            actual=actual_word(package.task, result, jury.expected),
            disagreements=found,
            extra_time=extra_time,
            accepted_because="" if found else why_accepted(package.task, result, jury.expected),
            warnings=warnings,
        )

    def _complaints_of_time(
        self,
        path: Path,
        package: Package,
        jury: JurySubmission,
        result: SubmissionResult,
        time_s: float,
    ) -> tuple[str, ...]:
        """What the label says of the limit and does not hold (Kattis 2025-09, "Problem timing")."""
        limits = package.task.limits
        margin = limits.tle_multiplier
        if margin is None:
            return ()
        found = []
        # A measured limit leaves them that room, as they ran alone.
        stated = package.testset.jury_time_s is None
        counted = counted_s(jury, result) if stated and is_accepted(jury) else None
        if counted is not None and counted * limits.time_multiplier > time_s + 1e-9:
            found.append(
                f"takes {counted:.2f} s, and {limits.time_multiplier:g} times that is above the "
                f"limit (ac_to_time_limit)"
            )
        upper = [rule for rule in jury.expected.rules if rule.bound is TimeBound.UPPER]
        if upper and margin > 1.0:
            again = self._run(path, self._judge(package, time_s * margin), jury).result
            for rule in upper if again is not None else ():
                assert again is not None
                if all(case.verdict is not Verdict.TLE for case in tests_of(rule, again)):
                    found.append(
                        f"ends within {margin:g} times the limit of {time_s:g} s "
                        f"(time_limit_to_tle)"
                    )
        return tuple(found)

    def _holds_for(
        self,
        path: Path,
        package: Package,
        jury: JurySubmission,
        result: SubmissionResult,
        time_s: float,
        found: Sequence[str],
    ) -> tuple[TimeRange | None, str]:
        """The limits for which the label would hold, longer ones tried where this broke it; and why
        none was tried, where that would have taken too long."""
        holds = range_of(self._judge(package, time_s), jury, result, time_s)
        slow = sum(case.verdict is Verdict.TLE for case in result.testcases)
        if holds is not None or not (found and slow):
            return holds, ""
        times = min(LONGER, LONGER_CPU_S / (slow * time_s))
        if times < LEAST_LONGER:
            words = "1 test goes" if slow == 1 else f"{slow} tests go"
            return None, f"longer limits were not tried: {words} over this one"
        judge = self._judge(package, times * time_s)
        longer = self._run(path, judge, jury).result
        if longer is None:
            return None, ""
        return range_of(judge, jury, longer, judge.time_s), ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    result: SubmissionResult | None = None
    skipped: str = ""
    error: str = ""


def _may_fail_to_compile(jury: JurySubmission) -> bool:
    return jury.expected.verdicts is not None and Verdict.CE in jury.expected.verdicts


def _in_order(package: Package, rows: Iterator[Row]) -> list[Row]:
    position = {jury.name: index for index, jury in enumerate(package.submissions)}
    return sorted(rows, key=lambda row: position[row.submission.name])
