"""A Contest API export (ccs-specs, contest package): `contest.json` and `problems.json` as the
endpoints give them, or `contest.yaml` with `problems.yaml`; packages under `problems/` or beside.
"""

import json
import re
from pathlib import Path
from typing import Any

from solver.contests.folders.toml import ContestDocument, checked_document
from solver.contests.folders.yaml_file import yaml_mapping, yaml_value
from solver.errors import SolverError

DURATION = re.compile(r"^(-?)(\d+):(\d{2}):(\d{2})(\.\d+)?$")


def is_api_export(path: Path) -> bool:
    """The folder holds a contest and its problems in the Contest API's layout."""
    return any((path / f"problems.{ext}").is_file() for ext in ("json", "yaml"))


def export_document(path: Path) -> ContestDocument:
    """Reads the folder.

    Raises:
        SolverError: A file is missing or broken; names it.
    """
    contest_path = _existing(path, "contest")
    contest = _mapping(contest_path)
    problems_path = _existing(path, "problems")
    tasks = []
    for problem in sorted(_problems(problems_path), key=lambda item: item.get("ordinal", 0)):
        identifier = str(problem.get("id") or problem.get("short-name") or problem.get("label"))
        tasks.append({"name": identifier, "path": _package(path, identifier, problem.get("label"))})
    scores = contest.get("scoreboard_type") == "score"
    document = {
        "title": str(contest.get("formal_name") or contest.get("name") or contest.get("id") or ""),
        "rules": "ioi" if scores else "icpc",
        "duration_s": duration_s(contest_path, contest.get("duration")),
        "tasks": tasks,
    }
    return checked_document(path, {k: v for k, v in document.items() if v is not None})


def duration_s(path: Path, value: object) -> float | None:
    """Seconds of a RELTIME ("5:00:00.000"), None where nothing is said.

    Raises:
        SolverError: It is no RELTIME.
    """
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        # YAML reads 5:00:00 without quotes as a number to base 60: seconds already.
        return float(value)
    match = DURATION.match(str(value))
    if match is None:
        raise SolverError(f"{path}: duration: {value!r} is not h:mm:ss")
    sign, hours, minutes, seconds, fraction = match.groups()
    total = int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(fraction or 0)
    return -total if sign else total


def _existing(path: Path, stem: str) -> Path:
    for extension in ("json", "yaml"):
        candidate = path / f"{stem}.{extension}"
        if candidate.is_file():
            return candidate
    raise SolverError(f"{path}: a Contest API export without {stem}.json")


def _mapping(path: Path) -> dict[str, Any]:
    if path.suffix == ".yaml":
        return yaml_mapping(path)
    content = _json(path)
    if not isinstance(content, dict):
        raise SolverError(f"{path}: not an object")
    return content


def _problems(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".yaml":
        content = yaml_value(path)
        if isinstance(content, dict):
            content = content.get("problems")
    else:
        content = _json(path)
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        raise SolverError(f"{path}: not a list of problems")
    return content


def _json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SolverError(f"{path}: {error}") from error


def _package(path: Path, identifier: str, label: object) -> str:
    names = [identifier] if label is None else [identifier, str(label)]
    for name in names:
        for place in (f"problems/{name}", name):
            if (path / place).exists():
                return place
    return f"problems/{identifier}"
