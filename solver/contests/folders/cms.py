"""The `contest.yaml` of the Italian and Austrian CMS loaders.

Keys: `name`/`nome_breve`, `description`/`nome`, `tasks`/`problemi`, `start`/`inizio`, `stop`/`fine`
(Unix time), `per_user_time` (s), `max_submission_number`, `min_submission_interval` (s). Its limits
are those of the whole contest; the tasks' own stand in their packages.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from solver.contests.folders.toml import ContestDocument, checked_document
from solver.contests.folders.yaml_file import yaml_mapping


def cms_document(path: Path) -> ContestDocument:
    """Reads the file.

    Raises:
        SolverError: It is broken; names file and key.
    """
    content = yaml_mapping(path)
    names = content.get("tasks", content.get("problemi"))
    document: dict[str, Any] = {
        "title": content.get("description") or content.get("nome") or content.get("name") or "",
        "rules": "ioi",
        "duration_s": _duration_s(content),
        "tasks": [{"name": str(name)} for name in names] if isinstance(names, list) else names,
    }
    return checked_document(path, {k: v for k, v in document.items() if v is not None})


def _duration_s(content: dict[str, Any]) -> float | None:
    if "per_user_time" in content:
        return float(content["per_user_time"])
    start = _seconds(content.get("start", content.get("inizio")))
    stop = _seconds(content.get("stop", content.get("fine")))
    if start is None or stop is None or stop <= start:
        return None
    return stop - start


def _seconds(value: object) -> float | None:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return None
