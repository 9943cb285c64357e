"""Objects of the Contest API as JSON (CCS specification, JSON_Format.md, draft of 2026)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from problems.task import Task
from problems.verdict import Verdict
from sandbox.compiling.languages import extensions_of
from solver.judges.server.accounts import Team
from solver.judges.server.stored import StoredJudgement, StoredSubmission

MIB = 1024 * 1024
API_VERSION = {
    "version": "draft",
    "version_url": "https://ccs-specs.icpc.io/draft/contest_api",
    "provider": {"name": "solver judge"},
}
JUDGEMENT_TYPES: tuple[Mapping[str, object], ...] = (
    *(
        {
            "id": verdict.ccs,
            "name": verdict.words,
            "penalty": verdict not in (Verdict.AC, Verdict.CE),
            "solved": verdict is Verdict.AC,
        }
        for verdict in Verdict
        if verdict not in (Verdict.PARTIAL, Verdict.SKIPPED)
    ),
    {"id": Verdict.SKIPPED.ccs, "name": "judging error", "penalty": False, "solved": False},
)
# What a team sees of each kind of object; also the answer of /access.
ENDPOINTS: Mapping[str, tuple[str, ...]] = {
    "contest": ("id", "name", "start_time", "duration", "scoreboard_type", "penalty_time"),
    "judgement-types": ("id", "name", "penalty", "solved"),
    "languages": ("id", "name", "entry_point_required", "entry_point_name", "extensions"),
    "problems": (
        "id",
        "label",
        "name",
        "ordinal",
        "time_limit",
        "memory_limit",
        "output_limit",
        "code_limit",
        "test_data_count",
        "max_score",
        "statement",
    ),
    "teams": ("id", "name", "label"),
    "scoreboard": ("time", "contest_time", "state", "rows"),
    "state": ("started", "frozen", "ended", "thawed", "finalized", "end_of_updates"),
    "submissions": (
        "id",
        "language_id",
        "problem_id",
        "team_id",
        "time",
        "contest_time",
        "entry_point",
        "files",
    ),
    "judgements": (
        "id",
        "submission_id",
        "judgement_type_id",
        "score",
        "current",
        "start_time",
        "start_contest_time",
        "end_time",
        "end_contest_time",
        "max_run_time",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When the contest runs: Unix times."""

    start_s: float
    end_s: float


def absolute(at_s: float) -> str:
    """An absolute time with milliseconds, in UTC."""
    moment = datetime.fromtimestamp(at_s, tz=UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+00:00"


def relative(seconds: float) -> str:
    """A duration "h:mm:ss.uuu"; negative before the start."""
    sign, milliseconds = ("-" if seconds < 0 else ""), round(abs(seconds) * 1000)
    whole, milliseconds = divmod(milliseconds, 1000)
    hours, rest = divmod(whole, 3600)
    return f"{sign}{hours}:{rest // 60:02d}:{rest % 60:02d}.{milliseconds:03d}"


def contest(
    contest_id: str,
    title: str,
    window: Window,
    *,
    scored: bool,
    freeze_last_s: float | None = None,
) -> dict[str, Any]:
    """The contest object."""
    shown: dict[str, Any] = {
        "id": contest_id,
        "name": title,
        "formal_name": title,
        "start_time": absolute(window.start_s),
        "duration": relative(window.end_s - window.start_s),
        "scoreboard_type": "score" if scored else "pass-fail",
    }
    if not scored:
        shown["penalty_time"] = relative(20 * 60)
    if freeze_last_s is not None:
        shown["scoreboard_freeze_duration"] = relative(
            min(freeze_last_s, window.end_s - window.start_s)
        )
    return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Ice:
    """When the scoreboard was frozen and thawed, Unix times; None: it was not.

    Results of what is handed in from `frozen_s` on are hidden until it is thawed.
    """

    frozen_s: float | None = None
    thawed_s: float | None = None

    @property
    def hides_from_s(self) -> float | None:
        """Submissions from this time on show no result; None: all show theirs."""
        return self.frozen_s if self.thawed_s is None else None


NO_ICE = Ice()


def state(window: Window, now_s: float, ice: Ice = NO_ICE) -> dict[str, Any]:
    """The contest's state: final as soon as it has ended and nothing is hidden any more."""
    ended = absolute(window.end_s) if now_s >= window.end_s else None
    frozen_s = ice.frozen_s if ice.frozen_s is not None and ice.frozen_s <= now_s else None
    thawed = absolute(ice.thawed_s) if frozen_s is not None and ice.thawed_s is not None else None
    final_s = window.end_s if ice.thawed_s is None else max(window.end_s, ice.thawed_s)
    final = absolute(final_s) if now_s >= final_s and (frozen_s is None or thawed) else None
    return {
        "started": absolute(window.start_s) if now_s >= window.start_s else None,
        "frozen": None if frozen_s is None else absolute(frozen_s),
        "ended": ended,
        "thawed": thawed,
        "finalized": final,
        "end_of_updates": final,
    }


def access() -> dict[str, Any]:
    """What a team may do and see."""
    return {
        "capabilities": ["team_submit"],
        "endpoints": [
            {"type": kind, "properties": list(properties)} for kind, properties in ENDPOINTS.items()
        ],
    }


def language(language_id: str, name: str) -> dict[str, Any]:
    """A language; Java wants its main class as entry point."""
    shown: dict[str, Any] = {
        "id": language_id,
        "name": name,
        "entry_point_required": language_id == "java",
        "extensions": [suffix.removeprefix(".") for suffix in extensions_of(language_id)],
    }
    if language_id == "java":
        shown["entry_point_name"] = "Main class"
    return shown


def problem(contest_id: str, task: Task, ordinal: int, *, tests: int) -> dict[str, Any]:
    """A problem. The number of hidden tests is shown, as the specification asks; no test is."""
    shown: dict[str, Any] = {
        "id": task.name,
        "label": _label(ordinal),
        "name": task.title,
        "ordinal": ordinal,
        "memory_limit": max(1, task.limits.memory_bytes // MIB),
        "output_limit": max(1, task.limits.output_bytes // MIB),
        "code_limit": max(1, task.limits.code_bytes // 1024),
        "test_data_count": tests,
        "statement": [
            {
                "href": f"contests/{contest_id}/problems/{task.name}/statement",
                "filename": f"{task.name}.md",
                "mime": "text/markdown",
            }
        ],
    }
    if task.limits.time_s is not None:
        shown["time_limit"] = round(task.limits.time_s, 3)
    if task.scored:
        shown["max_score"] = task.max_points
    return shown


def _label(ordinal: int) -> str:
    """A, B, ..., Z, AA, AB, ..."""
    label, left = "", ordinal + 1
    while left:
        left, letter = divmod(left - 1, 26)
        label = chr(ord("A") + letter) + label
    return label


def team(team_: Team) -> dict[str, Any]:
    """A team."""
    return {"id": team_.id, "name": team_.name, "label": team_.id}


def submission(contest_id: str, stored: StoredSubmission, window: Window) -> dict[str, Any]:
    """A submission; its files only as a reference."""
    shown: dict[str, Any] = {
        "id": str(stored.id),
        "language_id": stored.language,
        "problem_id": stored.problem,
        "team_id": stored.team,
        "time": absolute(stored.at_s),
        "contest_time": relative(stored.at_s - window.start_s),
        "files": [
            {
                "href": f"contests/{contest_id}/submissions/{stored.id}/files",
                "filename": "files.zip",
                "mime": "application/zip",
            }
        ],
    }
    if stored.entry_point is not None:
        shown["entry_point"] = stored.entry_point
    return shown


def judgement(stored: StoredJudgement, window: Window) -> dict[str, Any]:
    """A judgement that is decided; one that is pending is not shown."""
    number = "" if stored.number == 1 else f"-{stored.number}"
    shown: dict[str, Any] = {
        "id": f"j{stored.submission}{number}",
        "submission_id": str(stored.submission),
        "judgement_type_id": stored.verdict,
        "current": stored.current,
        "start_time": absolute(stored.start_s),
        "start_contest_time": relative(stored.start_s - window.start_s),
        "end_time": absolute(stored.end_s),
        "end_contest_time": relative(stored.end_s - window.start_s),
        "max_run_time": round(stored.max_run_s, 3),
    }
    if stored.score is not None:
        shown["score"] = stored.score
    return shown
