"""Does a run folder hold what was kept: samples and their texts, answers, observations, inputs, the
log with its programs. Reads everything; writes nothing."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from solver.config import CONFIG_NAME, known_model
from solver.contests.logs.audit import audit
from solver.contests.run import LOG_NAME
from solver.errors import RunFolderError, SolverError
from solver.kept.answers import KeptAnswers
from solver.kept.inputs import load_inputs
from solver.kept.observations import ObservationStore
from solver.kept.samples import RunFolder
from solver.runs.found import SAMPLES_NAME, is_run


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCheck:
    """What was looked at, and what is wrong with it.

    Attributes:
        checked: Kind of thing to how many of it were read.
        problems: One line each, with the file's name and the remedy; empty where all holds.
        notes: What is made again by itself, and may be no damage.
    """

    checked: dict[str, int]
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()


def check_run(run: Path) -> RunCheck:
    """Reads all that a run keeps.

    Raises:
        RunFolderError: There is no run.
    """
    if not is_run(run):
        raise RunFolderError(f"{run}: no run folder")
    checked: dict[str, int] = {}
    problems: list[str] = []
    notes: list[str] = []

    def look(what: str, count: Callable[[], int]) -> None:
        try:
            checked[what] = checked.get(what, 0) + count()
        except (SolverError, sqlite3.Error) as error:
            problems.append(str(error))

    if (run / CONFIG_NAME).is_file():
        look("settings", lambda: int(known_model(run) is not None))
    if (run / SAMPLES_NAME).is_file():
        look("samples", lambda: _samples(run))
    for file in sorted(run.rglob("observations.sqlite")):
        look("observed programs", partial(_observations, file))
    for file in sorted(run.rglob("answers.sqlite")):
        look("answers", partial(_answers, file.parent))
    for file in sorted(run.rglob("inputs-*.jsonl")):
        if file.stat().st_size == 0:
            # An older version's file of no inputs, or what a power cut has left.
            notes.append(f"{file}: empty; a run that goes on makes it again")
            continue
        look("input files", partial(_inputs, file))
    if (run / LOG_NAME).is_file():
        found = audit(run / LOG_NAME)
        checked["submissions"] = found.submissions
        checked["submitted programs"] = found.sources_checked
        problems += found.problems
    return RunCheck(checked=checked, problems=tuple(problems), notes=tuple(notes))


def _samples(run: Path) -> int:
    """Rows are read when the folder is opened; here their texts are, each against its digest."""
    with RunFolder(run) as kept:
        return sum(len(kept.samples(task, kind)) for task, kind in kept.kinds())


def _observations(file: Path) -> int:
    with closing(ObservationStore(file)) as store:
        return store.check()


def _answers(folder: Path) -> int:
    with KeptAnswers(folder) as answers:
        return answers.check()


def _inputs(file: Path) -> int:
    key = file.name.removeprefix("inputs-").removesuffix(".jsonl")
    if load_inputs(file.parent, key) is None:
        raise RunFolderError(f"{file}: damaged; remove it and run again: inputs are made anew")
    return 1
