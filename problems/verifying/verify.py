"""Role: runs every jury submission of packages and compares with the jury's labels.

All cores work at once: submissions of several packages are in flight together, each judging its
tests one after the other, so that a rejected submission wastes no run. A package without a time
limit first runs its accepted submissions, which fix the limit, and then the others.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from problems.errors import JudgeError, ProblemsError
from problems.judging.judge import Judge
from problems.package import Package, load_package
from problems.sources import dialects
from problems.submission import JurySubmission, Submission
from problems.verdict import SubmissionResult, Verdict
from problems.verifying.kept_reports import Document, KeptReports
from problems.verifying.labels import actual_word, disagreements, label_of
from problems.verifying.timelimits import (
    MEASURING_LIMIT_S,
    LimitStore,
    default_store,
    is_accepted,
    limited,
    measured,
    yardstick_s,
)
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from sandbox.errors import CompilerMissing, UnknownLanguage


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One jury submission.

    Attributes:
        result: None where it was skipped or the jury's own program failed.
        disagreements: What of the label does not hold.
        skipped: Why it could not be judged here (a compiler that is not installed).
        error: The jury's checker, interactor or grader failed.
        extra_time: The label holds within the format's safety margin over the time limit only.
    """

    package: str
    submission: JurySubmission
    time_limit_s: float
    result: SubmissionResult | None = None
    actual: Verdict | None = None
    disagreements: tuple[str, ...] = ()
    skipped: str = ""
    error: str = ""
    extra_time: bool = False

    @property
    def agrees(self) -> bool:
        """The label holds."""
        return self.result is not None and not self.disagreements

    def as_json(self) -> dict[str, Any]:
        """The row as `solver problems verify --json` prints it."""
        result = self.result
        row: dict[str, Any] = {
            "package": self.package,
            "submission": self.submission.name,
            "language": self.submission.submission.language,
            "expected": label_of(self.submission.expected),
            "exact": self.submission.expected.exact,
            "label_source": self.submission.expected.source,
            "actual": "ERROR" if self.actual is None else str(self.actual),
            "points": None if result is None else result.points,
            "cpu_s": None if result is None else round(result.cpu_s, 4),
            "time_limit_s": self.time_limit_s,
            "agrees": self.agrees,
        }
        if result is not None:
            row["package_verdict"] = str(result.package_verdict or result.verdict)
            row["subtasks"] = {
                subtask.subtask: {"verdict": str(subtask.verdict), "points": subtask.points}
                for subtask in result.subtasks
            }
        if self.extra_time:
            row["extra_time"] = True
        if self.disagreements or self.error:
            row["reason"] = self.error or "; ".join(self.disagreements)
        return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A package that was refused, with the reason."""

    package: str
    error: str


@dataclass(slots=True, kw_only=True)
class VerifyReport:
    """All rows, in the order of the packages and their submissions.

    Attributes:
        kept: Documents of packages that an earlier call verified to the end.
    """

    rows: list[Row] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    kept: list[Document] = field(default_factory=list)

    @property
    def judged(self) -> list[Row]:
        """Rows that were judged, or should have been: all but the skipped ones."""
        return [row for row in self.rows if not row.skipped]

    @property
    def agreement(self) -> float:
        """Share of the judged rows that agree; 1 where there is none."""
        agreement: float = self.as_json()["agreement"]
        return agreement

    @property
    def holds(self) -> bool:
        """Every label holds and every package was read."""
        document = self.as_json()
        return not document["unreadable"] and all(row["agrees"] for row in document["submissions"])

    def as_json(self) -> Document:
        """The document of `solver problems verify --json`."""
        own = {
            "submissions": [row.as_json() for row in self.judged],
            "skipped": [
                {
                    "package": row.package,
                    "submission": row.submission.name,
                    "language": row.submission.submission.language,
                    "reason": row.skipped,
                }
                for row in self.rows
                if row.skipped
            ],
            "unreadable": [
                {"package": entry.package, "error": entry.error} for entry in self.unreadable
            ],
        }
        parts = [*self.kept, own]
        rows = [row for part in parts for row in part["submissions"]]
        return {
            "submissions": rows,
            "agreement": _share(rows),
            "exact_agreement": _share([row for row in rows if row["exact"]]),
            "skipped": [row for part in parts for row in part["skipped"]],
            "unreadable": [row for part in parts for row in part["unreadable"]],
        }


def _share(rows: Sequence[Document]) -> float:
    return sum(row["agrees"] for row in rows) / len(rows) if rows else 1.0


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
                there.
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
            outcome = future.result()
            if isinstance(outcome, Unreadable):
                report.unreadable.append(outcome)
            else:
                report.rows += outcome
        return report

    def _package(self, path: Path, work: ThreadPoolExecutor) -> list[Row] | Unreadable:
        try:
            package = load_package(path)
        except ProblemsError as error:
            return Unreadable(package=path.name, error=f"{type(error).__name__}: {error}")
        self._on_open(package)
        try:
            rows = _in_order(package, self._rows(package, work))
        except ProblemsError as error:
            return Unreadable(package=path.name, error=f"{type(error).__name__}: {error}")
        if self._keep is not None:
            self._keep.add(path, VerifyReport(rows=rows).as_json())
        return rows

    def _rows(self, package: Package, work: ThreadPoolExecutor) -> Iterator[Row]:
        remaining = list(package.submissions)
        first: list[tuple[JurySubmission, Future[_Outcome]]] = []
        if package.task.limits.time_s is None:
            known = self._store.load(package)
            if known is None:
                accepted = [jury for jury in remaining if is_accepted(jury)]
                remaining = [jury for jury in remaining if not is_accepted(jury)]
                judge = self._judge(package, MEASURING_LIMIT_S)
                first = [(jury, work.submit(self._run, judge, jury)) for jury in accepted]
                results = {
                    jury.name: outcome.result
                    for jury, outcome in ((jury, future.result()) for jury, future in first)
                    if outcome.result is not None
                }
                known = measured(package, results, self._sandbox, self._compiler)
                self._store.save(package, known)
            package = limited(package, known.limit_s(yardstick_s(self._sandbox, self._compiler)))
        time_s = package.task.limits.time_s
        assert time_s is not None
        judge = self._judge(package, time_s)
        rest = [(jury, work.submit(self._run, judge, jury)) for jury in remaining]
        for jury, future in [*first, *rest]:
            row = self._row(package, jury, future.result(), time_s)
            self._on_row(row)
            yield row

    def _judge(self, package: Package, time_s: float) -> Judge:
        return Judge(
            package.task, package.testset, self._sandbox, self._compiler, time_s=time_s, parallel=1
        )

    def _run(self, judge: Judge, jury: JurySubmission) -> "_Outcome":
        """Judges one submission; one that does not compile, and should, in older dialects too."""
        submission = jury.submission
        try:
            result = judge.judge(submission)
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
        self, package: Package, jury: JurySubmission, outcome: "_Outcome", time_s: float
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
            again = self._run(self._judge(package, time_s * margin), jury).result
            if again is not None and not disagreements(package.task, again, jury.expected):
                result, found, extra_time = again, (), True
        return replace(
            row,
            result=result,
            actual=actual_word(package.task, result, jury.expected),
            disagreements=found,
            extra_time=extra_time,
        )


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
