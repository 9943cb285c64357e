"""What ran: models, settings, versions, machine and date, as lines for people."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from solver.config import CONFIG_NAME
from solver.contests.logs.recorded import CONTEST_NAME
from solver.kept.about import about_of
from solver.report.build import Report

_SAMPLING = {
    "samples": "samples a task",
    "temperature": "temperature",
    "top_p": "top-p",
    "max_tokens": "most tokens an answer",
    "languages": "languages",
    "seed": "seed",
    "first_share": "first share",
}


def facts_of(report: Report) -> list[tuple[str, str]]:
    """Name and value, in reading order; what an older run did not write down is left out."""
    about, config = about_of(report.run), _document(report.run / CONFIG_NAME)
    sampling = config.get("sampling", {})
    recorded = bool(models_of(report.run)) and all(
        model.startswith("pool:") for model in models_of(report.run).values()
    )
    facts = [
        ("Begun", str(about.get("begun", "")).replace("T", " ").replace("+00:00", " UTC")),
        ("Model", models_text(report.run)),
        ("Strategy", report.strategy),
        ("Rules", rules_text(report)),
        ("Among people", _placing_text(report.run)),
        ("Sampling", "" if recorded else sampling_text(sampling)),
        ("Test inputs", _inputs_text(config)),
        ("Sandbox", str(config.get("backend", ""))),
        ("Versions", ", ".join(f"{k} {v}" for k, v in about.get("versions", {}).items())),
        ("Machine", machine_text(about.get("machine", {}))),
    ]
    return [(name, value) for name, value in facts if value]


def models_of(run: Path) -> dict[str, str]:
    """Task to what drew for it, as the run noted it."""
    return {
        str(task): str(model)
        for task, model in _document(run / CONTEST_NAME).get("models", {}).items()
    }


def models_text(run: Path) -> str:
    """The models, each with the tasks that it drew for where there are several."""
    models = models_of(run)
    if not models:
        return str(_document(run / CONFIG_NAME).get("model", ""))
    by_model: dict[str, list[str]] = {}
    for task, model in models.items():
        by_model.setdefault(model_text(model), []).append(task)
    if len(by_model) == 1:
        return next(iter(by_model))
    return "; ".join(f"{model} ({', '.join(tasks)})" for model, tasks in by_model.items())


def model_text(model: str) -> str:
    """A model's word without the folders of the machine that it ran on."""
    kind, _, rest = model.partition(":")
    if kind == "pool":
        return "recorded pool" if "/" in rest or not rest else f"recorded pool {rest}"
    if kind in ("gguf", "hf") and rest.startswith("/"):
        return f"{kind}:{Path(rest).name}"
    return model


def rules_text(report: Report) -> str:
    """The contest's rules in a line."""
    plan = report.plan
    parts = [plan.rules.name.upper() if len(plan.rules.name) <= 4 else plan.rules.name]
    if plan.limit:
        parts.append(f"{plan.limit} submissions a problem")
    if plan.interval_s:
        parts.append(f"{plan.interval_s:g} s apart")
    parts.append(f"{plan.duration_s / 3600:g} h")
    if report.rounds > 1:
        parts.append(f"{report.rounds} rounds")
    parts.append(f"seed {report.seed}")
    return ", ".join(parts)


def machine_text(machine: Mapping[str, Any]) -> str:
    """Processor, cores, memory, system."""
    if not machine:
        return ""
    cores = machine["cores"]
    return (
        f"{machine['processor']}, {cores} core{'s' if cores != 1 else ''}, "
        f"{machine['memory_bytes'] / 2**30:.0f} GiB, {machine['system']}"
    )


def sampling_text(sampling: Mapping[str, Any]) -> str:
    """How answers are drawn, in a line."""
    parts = []
    for name, words in _SAMPLING.items():
        value = sampling.get(name)
        if value in (None, [], "") or (name == "first_share" and value == 1):
            continue
        if isinstance(value, Sequence) and not isinstance(value, str):
            value = " and ".join(str(each) for each in value)
        parts.append(f"{words} {value}")
    return ", ".join(parts)


def _placing_text(run: Path) -> str:
    """The rank that `contest run` found in the contest's standings; empty where there are none."""
    place = _document(run / "report.json").get("placing") or {}
    if not {"rank", "people", "percentile"} <= place.keys():
        return ""
    return f"rank {place['rank']:g} of {place['people']}, percentile {place['percentile']:.1f}"


def _inputs_text(config: Mapping[str, Any]) -> str:
    count = config.get("inputs", {}).get("count")
    more = config.get("separating", {}).get("count")
    if not count:
        return ""
    return f"up to {count}" + (f", and {more} that separate programs" if more else "")


def _document(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
