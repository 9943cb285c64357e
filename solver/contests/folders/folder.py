"""A contest on disk: `contest.toml` with packages, a folder of packages, a CMS `contest.yaml`, or a
Contest API export. Only names, times and limits are read here; packages stay closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from problems.task import Task
from solver.contests.folders.api import export_document, is_api_export
from solver.contests.folders.cms import cms_document
from solver.contests.folders.packages import PACKAGE_MARKERS, packages_in
from solver.contests.folders.toml import ContestDocument, toml_document
from solver.contests.people.humans import medal_cut_offs
from solver.contests.people.standings import read_standings
from solver.contests.plan import ContestPlan, PlannedTask
from solver.contests.rules import rules_named
from solver.contests.rules.base import TaskSheet
from solver.errors import SolverError


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestEntry:
    """A task's place in the contest.

    Attributes:
        name: The task's name in this contest.
        path: Its package.
        day: 1-based; each day has the contest's duration.
        worth: Points of a solve under Codeforces and AtCoder rules.
        pretests: Leading test cases judged during a Codeforces round; None for all.
        model: What draws its candidates, where the contest says so.
    """

    name: str
    path: Path
    day: int
    worth: float
    pretests: int | None
    model: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestFolder:
    """A contest as it lies on the disk. None means: as the rules say.

    Attributes:
        medals: Least points of each, where they are known; else the standings give them.
        published: Who to points: what others reported of this contest.
        pools: Folder with recorded candidates, `<task>.jsonl`.
        standings: Results of people, for ranks and medals.
        format: Which reader read it.
    """

    path: Path
    title: str
    entries: tuple[ContestEntry, ...]
    format: str
    rules: str | None = None
    duration_s: float | None = None
    limit: int | None = None
    interval_s: float | None = None
    medals: Mapping[str, float] = field(default_factory=dict)
    published: Mapping[str, float] = field(default_factory=dict)
    model: str | None = None
    pools: Path | None = None
    standings: Path | None = None

    def with_recorded(self, places: Sequence[Path]) -> "ContestFolder":
        """Only the tasks whose recorded candidates lie in these places (all, where none are named):
        a replay of one task of a contest is a contest of one task."""
        if not places:
            return self
        there = tuple(
            entry
            for entry in self.entries
            if any(
                place.stem == entry.name
                if place.is_file()
                else (place / f"{entry.name}.jsonl").is_file()
                for place in places
            )
        )
        return replace(self, entries=there or self.entries)

    def cut_offs(self) -> Mapping[str, float]:
        """Medals as stated; those that the contest does not state, from its standings.

        Raises:
            SolverError: The standings cannot be read.
        """
        if self.standings is None:
            return self.medals
        return {**medal_cut_offs(read_standings(self.standings)), **self.medals}

    def plan(self, tasks: Mapping[str, Task], options: "PlanOptions") -> ContestPlan:
        """The contest as it is played.

        Args:
            tasks: Entry name to its task.
            options: What the command line says; it goes before the folder, the folder before the
                rules' own defaults.
        """
        rules = rules_named(options.rules or self.rules or "ioi")
        duration_s = _first(options.duration_s, self.duration_s, rules.duration_s)
        return ContestPlan(
            name=self.title,
            rules=rules,
            limit=options.limit or self.limit or rules.submission_limit,
            interval_s=_first(options.interval_s, self.interval_s, rules.interval_s),
            duration_s=duration_s,
            medals=self.cut_offs(),
            tasks=tuple(
                PlannedTask(
                    sheet=TaskSheet.of(
                        tasks[entry.name], worth=entry.worth, pretests=entry.pretests
                    ),
                    opens_s=(entry.day - 1) * duration_s,
                    closes_s=entry.day * duration_s,
                )
                for entry in self.entries
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """What a command line may override; None leaves it as it is."""

    rules: str | None = None
    limit: int | None = None
    interval_s: float | None = None
    duration_s: float | None = None


def _first(*values: float | None) -> float:
    return next(value for value in values if value is not None)


def read_contest(path: Path) -> ContestFolder:
    """The contest in a folder, or that a `contest.toml` or `contest.yaml` describes.

    Raises:
        SolverError: There is none, or its description is broken; names file and reason.
    """
    if path.is_file() and path.name in {"contest.toml", "contest.yaml"}:
        path = path.parent
    if not path.is_dir():
        raise SolverError(f"{path}: no such contest folder")
    if (path / "contest.toml").is_file():
        return _folder(path, "toml", toml_document(path / "contest.toml"))
    if is_api_export(path):
        return _folder(path, "contest-api", export_document(path))
    if (path / "contest.yaml").is_file():
        return _folder(path, "cms", cms_document(path / "contest.yaml"))
    packages = list(packages_in(path))
    if not packages:
        raise SolverError(
            f"{path}: no contest.toml, no contest.yaml, no contest.json, and no folder in it is a "
            f"problem package (none holds any of {', '.join(PACKAGE_MARKERS)})"
        )
    document = ContestDocument.model_validate(
        {
            "title": path.name,
            "tasks": [{"name": name, "path": place} for name, place in packages],
        }
    )
    return _folder(path, "packages", document)


def _folder(path: Path, reader: str, document: ContestDocument) -> ContestFolder:
    names = [task.name for task in document.tasks]
    doubles = {name for name in names if names.count(name) > 1}
    if doubles:
        raise SolverError(f"{path}: task {sorted(doubles)[0]} is listed twice")
    entries = []
    for task in document.tasks:
        package = path / (task.path or task.name)
        if not package.exists():
            raise SolverError(f"{path}: task {task.name}: no package at {package}")
        entries.append(
            ContestEntry(
                name=task.name,
                path=package,
                day=task.day,
                worth=task.worth,
                pretests=task.pretests,
                model=task.model,
            )
        )
    fields: dict[str, Any] = {}
    for key in ("pools", "standings"):
        value = getattr(document, key)
        if value is not None:
            fields[key] = path / value
    return ContestFolder(
        path=path,
        title=document.title or path.resolve().name,
        entries=tuple(entries),
        format=reader,
        rules=document.rules,
        duration_s=document.duration_s,
        limit=document.submission_limit,
        interval_s=document.submission_interval_s,
        medals=document.medals,
        published=document.published,
        model=document.model,
        **fields,
    )
