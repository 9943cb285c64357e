"""A prepared task, kept whole in its run folder: what a report shows and a replay of the run needs.

`view-ROUND.npz` holds the arrays, and as JSON the programs, helpers and tally. It is made anew
whenever the task is prepared, and decides nothing: a run is gone on with without it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from problems.task import Statement, Subtask, Task, TaskLimits, TaskType
from solver.errors import RunFolderError
from solver.kept.whole_files import whole_file
from solver.strategies.base import View
from solver.types import (
    Behaviour,
    Candidate,
    Clusters,
    Estimate,
    FeedbackMode,
    HelperKind,
    HelperProgram,
)

_VERSION = 1
_NAME = re.compile(r"view-(\d+)\.npz")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptView:
    """What was prepared for one task and round.

    Attributes:
        view: Its task has no statement and no examples.
        programs: Length P: which candidates are one program; None where it does not compile.
        errors: Candidate id to the reason why it does not compile.
        tokens: Sampled for this round.
        cpu_s: Of the programs run for it.
        tally: `Tally.as_record`; None where nobody counted.
    """

    round: int
    view: View
    programs: tuple[str | None, ...]
    errors: Mapping[str, str]
    helpers: tuple[HelperProgram, ...]
    tokens: int
    cpu_s: float
    tally: Mapping[str, Any] | None


def keep_view(folder: Path, kept: KeptView) -> None:
    """Writes it into a task's run folder.

    Raises:
        RunFolderError: The disk is full.
    """
    view, behaviour = kept.view, kept.view.behaviour
    about = {
        "version": _VERSION,
        "task": view.task.name,
        "title": view.task.title,
        "type": str(view.task.type),
        "scored": view.task.scored,
        "precision": view.task.score_precision,
        "subtasks": [[s.name, s.max_points, list(s.includes)] for s in view.task.subtasks],
        "time_s": view.task.limits.time_s,
        "memory_bytes": view.task.limits.memory_bytes,
        "feedback": str(view.feedback_mode),
        "limit": view.limit,
        "candidates": [asdict(candidate) for candidate in view.candidates],
        "helpers": [asdict(helper) for helper in kept.helpers],
        "programs": list(kept.programs),
        "errors": dict(kept.errors),
        "inputs": list(behaviour.input_ids),
        "tokens": kept.tokens,
        "cpu_s": kept.cpu_s,
        "tally": None if kept.tally is None else dict(kept.tally),
    }
    with whole_file(folder / f"view-{kept.round}.npz") as partial:
        np.savez_compressed(
            partial,
            about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
            status=behaviour.status,
            digest=behaviour.digest,
            cpu_s=behaviour.cpu_s,
            in_subtask=behaviour.in_subtask,
            expected=behaviour.expected,
            label=view.clusters.label,
            near=view.clusters.near,
            probability=view.estimate.probability,
            features=view.estimate.features,
        )


def kept_views(folder: Path) -> Sequence[KeptView]:
    """The rounds that a task's run folder keeps, in order; none in a run of an older version.

    Raises:
        RunFolderError: A file is damaged.
    """
    found = [
        (int(name[1]), file)
        for file in folder.glob("view-*.npz")
        if (name := _NAME.fullmatch(file.name))
    ]
    return [_read(file, round) for round, file in sorted(found)]


def _read(file: Path, round: int) -> KeptView:
    try:
        with file.open("rb") as opened, np.load(opened) as held:
            arrays = {name: held[name] for name in held.files}
        about = json.loads(arrays["about"].tobytes())
        if about["version"] != _VERSION:
            raise ValueError(f"version {about['version']}, this is {_VERSION}")
        candidates = tuple(Candidate(**row) for row in about["candidates"])
        task = Task(
            name=about["task"],
            title=about["title"],
            type=TaskType(about["type"]),
            statement=Statement(text=""),
            subtasks=tuple(
                Subtask(name=name, max_points=points, includes=tuple(includes))
                for name, points, includes in about["subtasks"]
            ),
            examples=(),
            limits=TaskLimits(time_s=about["time_s"], memory_bytes=about["memory_bytes"]),
            scored=about["scored"],
            score_precision=about["precision"],
        )
        return KeptView(
            round=round,
            view=View(
                task=task,
                candidates=candidates,
                behaviour=Behaviour(
                    candidate_ids=tuple(candidate.id for candidate in candidates),
                    input_ids=tuple(about["inputs"]),
                    status=arrays["status"],
                    digest=arrays["digest"],
                    cpu_s=arrays["cpu_s"],
                    in_subtask=arrays["in_subtask"],
                    expected=arrays["expected"],
                    subtasks=tuple(subtask.name for subtask in task.subtasks),
                ),
                clusters=Clusters(label=arrays["label"], near=arrays["near"]),
                estimate=Estimate(probability=arrays["probability"], features=arrays["features"]),
                feedback_mode=FeedbackMode(about["feedback"]),
                limit=about["limit"],
            ),
            programs=tuple(about["programs"]),
            errors=about["errors"],
            helpers=tuple(
                HelperProgram(**row | {"kind": HelperKind(row["kind"])}) for row in about["helpers"]
            ),
            tokens=about["tokens"],
            cpu_s=about["cpu_s"],
            tally=about["tally"],
        )
    except (KeyError, TypeError, ValueError, OSError, EOFError, BadZipFile) as error:
        raise RunFolderError(
            f"{file}: damaged ({error}); remove it, and go on with the run: it is made anew"
        ) from error
