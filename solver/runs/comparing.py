"""What two runs have in common: settings, samples, and what their submissions brought."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solver.config import stated_settings
from solver.contests.logs.log import read_log
from solver.contests.run import LOG_NAME
from solver.contests.scoreboard import plan_of, scoreboard
from solver.errors import RunFolderError
from solver.kept.samples import RunFolder
from solver.runs.found import SAMPLES_NAME, is_run


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDiff:
    """Where two runs differ.

    Attributes:
        settings: Setting to its value in the first and in the second, where these differ; None
            where a run states none.
        common, first_alone, second_alone: Samples, by what they were drawn with.
        points: Task to the points that submissions brought in either; None where none was played.
    """

    settings: Mapping[str, tuple[Any, Any]]
    common: int
    first_alone: int
    second_alone: int
    points: Mapping[str, tuple[float | None, float | None]]

    @property
    def same(self) -> bool:
        """They differ in nothing that is looked at."""
        return not (
            self.settings
            or self.first_alone
            or self.second_alone
            or any(first != second for first, second in self.points.values())
        )


def compare_runs(first: Path, second: Path) -> RunDiff:
    """Compares two runs.

    Raises:
        RunFolderError, LogDamaged: One of them is no run, or damaged.
    """
    for run in (first, second):
        if not is_run(run):
            raise RunFolderError(f"{run}: no run folder")
    settings = [stated_settings(run) for run in (first, second)]
    keys = [_keys(run) for run in (first, second)]
    points = [_points(run) for run in (first, second)]
    return RunDiff(
        settings={
            name: (settings[0].get(name), settings[1].get(name))
            for name in sorted({*settings[0], *settings[1]})
            if settings[0].get(name) != settings[1].get(name)
        },
        common=len(keys[0] & keys[1]),
        first_alone=len(keys[0] - keys[1]),
        second_alone=len(keys[1] - keys[0]),
        points={
            task: (points[0].get(task), points[1].get(task))
            for task in dict.fromkeys([*points[0], *points[1]])
        },
    )


def _keys(run: Path) -> set[str]:
    if not (run / SAMPLES_NAME).is_file():
        return set()
    with RunFolder(run) as kept:
        return kept.keys()


def _points(run: Path) -> dict[str, float]:
    if not (run / LOG_NAME).is_file():
        return {}
    records = read_log(run / LOG_NAME).records
    if not records:
        return {}
    board = scoreboard(plan_of(records[0]), records)
    return {line.task: line.points for line in board.tasks}
