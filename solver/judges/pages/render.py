"""Templates, and the words and numbers in them. Everything is escaped unless it is made here."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from problems.verdict import POINTS_TOLERANCE, Verdict
from solver.judges.pages.statement import inline_html
from solver.judges.server.accounts import Team
from solver.judges.server.app import Parts
from solver.judges.server.stored import StoredJudgement


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("solver.judges.pages", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["points"] = points_text
    environment.filters["moment"] = moment
    environment.filters["duration"] = length_text
    environment.filters["size"] = size_text
    environment.filters["inline"] = inline_html
    return environment


def points_text(points: float) -> str:
    """At most two decimals, and none that say nothing."""
    return f"{round(points, 2):g}"


def size_text(size_bytes: int) -> str:
    """In the unit that a statement would use."""
    mib = size_bytes / 2**20
    return f"{mib:g} MiB" if mib >= 1 else f"{size_bytes / 1024:g} KiB"


def length_text(seconds: float) -> str:
    """A duration: "5 h", "2 h 30 min", "45 s"."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    parts = [(hours, "h"), (minutes, "min"), (left, "s")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"


def moment(at_s: float) -> Markup:
    """A time in UTC that the browser's script shows in the reader's own zone."""
    at = datetime.fromtimestamp(at_s, tz=UTC)
    return Markup('<time datetime="{0}">{1} UTC</time>').format(
        f"{at:%Y-%m-%dT%H:%M:%SZ}", f"{at:%Y-%m-%d %H:%M:%S}"
    )


def judged(judgement: StoredJudgement | None, max_points: float | None) -> Mapping[str, Any]:
    """A judgement as people read it: its words, its points and its colour's class.

    Args:
        judgement: None while it waits.
        max_points: Of a problem with points; None for pass-fail.
    """
    if judgement is None:
        return {"words": "waiting", "kind": "wait", "points": None, "max_points": max_points}
    verdict = Verdict.of_ccs(judgement.verdict) or Verdict.SKIPPED
    points = judgement.score
    full = points is None or max_points is None or points >= max_points - POINTS_TOLERANCE
    if verdict is Verdict.AC and not full:
        verdict = Verdict.PARTIAL
    kinds = {Verdict.AC: "full", Verdict.SKIPPED: "wait"}
    kind = kinds.get(verdict, "part" if points else "none")
    return {"words": verdict.words, "kind": kind, "points": points, "max_points": max_points}


class Renderer:
    """Fills templates with what every page shows."""

    def __init__(self, parts: Parts, *, public_scoreboard: bool) -> None:
        self._parts = parts
        self._public_scoreboard = public_scoreboard

    def page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> HTMLResponse:
        """The page as an answer."""
        who: Team | None = getattr(request.state, "who", None)
        contest = self._parts.contest
        everything = {
            "who": who,
            "contest": contest,
            "base": f"/contests/{contest.id}",
            "path": request.url.path,
            "token": getattr(request.state, "token", ""),
            "sees_scoreboard": who is not None or self._public_scoreboard,
            **values,
        }
        text = _environment().get_template(template).render(everything)
        return HTMLResponse(text, status_code=status, headers=headers)
