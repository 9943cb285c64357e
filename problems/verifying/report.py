"""Role: what `verify` found, a row a jury submission, and the document that it prints."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from problems.formats import LeftOut
from problems.submission import JurySubmission
from problems.verdict import SubmissionResult, Verdict
from problems.verifying.kept_reports import Document
from problems.verifying.labels import label_of
from problems.verifying.time_ranges import PackageTimes, TimeRange
from problems.verifying.timelimits import Measurement


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One jury submission.

    Attributes:
        result: None where it was skipped or the jury's own program failed.
        disagreements: What of the label does not hold.
        skipped: Why it could not be judged here (a compiler that is not installed).
        error: The jury's checker, interactor or grader failed.
        extra_time: The label holds within the format's safety margin over the time limit only.
        accepted_because: Why "accepted" holds of it although it lacks points.
        warnings: What of the package's rules on time does not hold of it.
        timed: The label or the result has to do with time: `holds_for` was asked.
        holds_for: The time limits for which the label would hold; None where there is none.
        not_tried: Why that was not asked though it has to do with time.
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
    accepted_because: str = ""
    warnings: tuple[str, ...] = ()
    timed: bool = False
    holds_for: TimeRange | None = None
    not_tried: str = ""

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
            row["waited_s"] = round(result.waited_s, 4)
            row["repeats"] = result.repeats
            row["package_verdict"] = str(result.package_verdict or result.verdict)
            row["subtasks"] = {
                subtask.subtask: {"verdict": str(subtask.verdict), "points": subtask.points}
                for subtask in result.subtasks
            }
            rejected = (Verdict.AC, Verdict.PARTIAL, Verdict.SKIPPED)
            first = next((case for case in result.testcases if case.verdict not in rejected), None)
            if first is not None:
                row["first_rejected"] = {
                    "test": first.testcase,
                    "verdict": str(first.verdict),
                    "message": first.message.splitlines()[0][:200] if first.message else "",
                }
        if self.extra_time:
            row["extra_time"] = True
        if self.accepted_because:
            row["accepted_because"] = self.accepted_because
        if self.warnings:
            row["warnings"] = list(self.warnings)
        if self.timed:
            row["holds_for"] = None if self.holds_for is None else self.holds_for.as_json()
        if self.disagreements or self.error:
            row["reason"] = self.error or "; ".join((*self.disagreements, *self._about_time()))
        return row

    def _about_time(self) -> tuple[str, ...]:
        if not self.timed:
            return (self.not_tried,) if self.not_tried else ()
        if self.holds_for is None:
            return ("no time limit would make it hold",)
        return (f"a limit of {self.holds_for} would make it hold",)


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
        left_out: By package, what lies among its submissions and is none that can be judged.
        times: The packages' time limits, and those that their labels ask for.
        notes: By package, keys and files that nothing here reads or enforces.
    """

    rows: list[Row] = field(default_factory=list)
    left_out: list[tuple[str, LeftOut]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    times: list[PackageTimes] = field(default_factory=list)
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
            ]
            + [
                {"package": package, "submission": one.name, "language": "", "reason": one.reason}
                for package, one in self.left_out
            ],
            "notes": [{"package": package, "note": note} for package, note in self.notes],
            "unreadable": [
                {"package": entry.package, "error": entry.error} for entry in self.unreadable
            ],
            "time_limits": [times.as_json() for times in self.times],
        }
        parts = [*self.kept, own]
        rows = [row for part in parts for row in part["submissions"]]
        return {
            "submissions": rows,
            "agreement": _share(rows),
            "exact_agreement": _share([row for row in rows if row["exact"]]),
            "skipped": [row for part in parts for row in part["skipped"]],
            # Reports that were kept by an older version have none.
            "notes": [row for part in parts for row in part.get("notes", [])],
            "unreadable": [row for part in parts for row in part["unreadable"]],
            "time_limits": [row for part in parts for row in part.get("time_limits", [])],
        }


def _share(rows: Sequence[Document]) -> float:
    return sum(row["agrees"] for row in rows) / len(rows) if rows else 1.0


def times_of(name: str, rows: Sequence[Row], known: Measurement | None) -> PackageTimes:
    """What a package's rows say of its time limit.

    Args:
        known: The measurement that the limit follows from; None where the package states it.
    """
    timed = [row for row in rows if row.timed]
    return PackageTimes(
        package=name,
        limit_s=rows[0].time_limit_s if rows else None,
        slowest_s=None if known is None else known.slowest_s,
        spread_s=None if known is None else known.spread_s,
        submission=None if known is None else known.submission,
        ranges=tuple(row.holds_for for row in timed if row.holds_for is not None),
        impossible=tuple(row.submission.name for row in timed if row.holds_for is None),
    )
