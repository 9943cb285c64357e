"""Which runs lie below a folder, and what each holds, read without disturbing who drives it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solver.config import CONFIG_NAME, known_model
from solver.contests.logs.log import LogDamaged, read_log
from solver.contests.run import LOG_NAME
from solver.errors import RunFolderError
from solver.kept.about import about_of
from solver.kept.driver import driven_by
from solver.kept.samples import RunFolder

SAMPLES_NAME = "samples.sqlite"
_MARKS = (SAMPLES_NAME, CONFIG_NAME, LOG_NAME)
_DEPTH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSamples:
    """What was drawn for one task."""

    task: str
    samples: int
    tokens: int
    prompt_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """One run.

    Attributes:
        begun: When, in ISO 8601; None for a run of an older version.
        driver: Who drives it now; None where nobody does.
        state: "played" (a contest, to its end), "begun" (a contest), "drawn", or "damaged".
        problem: Why it is damaged.
        size_bytes: On the disk, all files together.
    """

    path: Path
    state: str
    size_bytes: int
    begun: str | None = None
    model: str | None = None
    driver: str | None = None
    submissions: int = 0
    tasks: tuple[TaskSamples, ...] = ()
    problem: str = ""

    @property
    def samples(self) -> int:
        """All tasks' together."""
        return sum(one.samples for one in self.tasks)

    def as_record(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {
            "run": str(self.path),
            "state": self.state,
            "begun": self.begun,
            "model": self.model,
            "driver": self.driver,
            "samples": self.samples,
            "submissions": self.submissions,
            "size_bytes": self.size_bytes,
            "problem": self.problem or None,
            "tasks": [
                {
                    "task": one.task,
                    "samples": one.samples,
                    "tokens": one.tokens,
                    "prompt_tokens": one.prompt_tokens,
                }
                for one in self.tasks
            ],
        }


def is_run(path: Path) -> bool:
    """Something that a run keeps lies there."""
    return path.is_dir() and any((path / mark).is_file() for mark in _MARKS)


def runs_below(folder: Path, depth: int = _DEPTH) -> Iterator[Path]:
    """The run folders at or below a folder; a run's own folders are not looked into.

    Raises:
        RunFolderError: There is no such folder.
    """
    if not folder.is_dir():
        raise RunFolderError(f"{folder}: no such folder")
    if is_run(folder):
        yield folder
    elif depth:
        for inner in sorted(folder.iterdir()):
            if inner.is_dir() and not inner.is_symlink():
                yield from runs_below(inner, depth - 1)


def summary_of(run: Path) -> RunSummary:
    """What a run holds; damage is told, not raised.

    Raises:
        RunFolderError: There is no run.
    """
    if not is_run(run):
        raise RunFolderError(f"{run}: no run folder (none of {', '.join(_MARKS)} is there)")
    about: Mapping[str, Any] = about_of(run)
    size_bytes = sum(path.lstat().st_size for path in run.rglob("*") if path.is_file())
    begun = about.get("begun")
    state, submissions, problem = "drawn", 0, ""
    tasks: tuple[TaskSamples, ...] = ()
    model: str | None = None
    try:
        model = known_model(run)
        if (run / SAMPLES_NAME).is_file():
            with RunFolder(run) as kept:
                tasks = _by_task(kept)
        if (run / LOG_NAME).is_file():
            records = read_log(run / LOG_NAME).records
            kinds = [record["kind"] for record in records]
            submissions = kinds.count("submission")
            state = "played" if "end" in kinds else "begun"
    except (RunFolderError, LogDamaged) as error:
        state, problem = "damaged", str(error)
    return RunSummary(
        path=run,
        state=state,
        size_bytes=size_bytes,
        begun=begun if isinstance(begun, str) else None,
        model=model,
        driver=driven_by(run),
        submissions=submissions,
        tasks=tasks,
        problem=problem,
    )


def _by_task(kept: RunFolder) -> tuple[TaskSamples, ...]:
    sums: dict[str, list[int]] = {}
    for one in kept.usage():
        found = sums.setdefault(one.task, [0, 0, 0])
        for place, value in enumerate((one.samples, one.tokens, one.prompt_tokens)):
            found[place] += value
    return tuple(
        TaskSamples(task=task, samples=count, tokens=tokens, prompt_tokens=prompt)
        for task, (count, tokens, prompt) in sums.items()
    )
