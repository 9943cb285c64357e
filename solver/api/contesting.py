"""`solver.contests`: a whole contest against the simulated judge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from solver.api.tables import Tabled
from solver.contests.command import RunOptions, run_from_command_line
from solver.contests.folders.folder import read_contest


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedTask:
    """One task's line of the scoreboard."""

    task: str
    points: float
    max_points: float
    submissions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedContest(Tabled):
    """A contest that was played to its end.

    Attributes:
        medal: The best medal that the points earn; None below the last, or where none are known.
        run: The run folder: `solver report` and `solver contest audit` read it.
        head: Hash of the log's last line, for the audit.
    """

    title: str
    points: float
    max_points: float
    medal: str | None
    tasks: tuple[PlayedTask, ...]
    run: Path
    head: str

    def rows(self) -> Sequence[Mapping[str, Any]]:
        """One row a task."""
        return [
            {
                "task": one.task,
                "points": one.points,
                "max_points": one.max_points,
                "submissions": one.submissions,
            }
            for one in self.tasks
        ]


def contest(
    folder: Path | str,
    model: str | None = None,
    *,
    samples: int = 64,
    run: Path | str | None = None,
    options: RunOptions | None = None,
    console: Console | None = None,
) -> PlayedContest:
    """Plays a contest, start to scoreboard, against a judge that owns its hidden tests.

    Args:
        folder: contest.toml, a CMS contest.yaml, a Contest API export, or just packages.
        model: What draws candidates; None leaves it to the contest's folder.
        samples: Candidates a task; a recorded pool gives all that it has.
        run: Run folder ["runs/CONTEST"]; a run that was stopped goes on there.
        options: All that the command line can say; goes before the arguments above.
        console: Where progress is shown; None shows none.

    Raises:
        SolverError: The folder is no contest, the model is not there, or the run folder belongs to
            another contest.
        PackageError: A task's package cannot be read; names the file.
        SandboxError: The sandbox failed; what was run is kept.
    """
    found = read_contest(Path(folder))
    target = Path(run) if run is not None else Path("runs") / found.path.resolve().name
    if options is None:
        options = RunOptions(model=model, samples=samples, resume=target.exists())
    played = run_from_command_line(found, target, options, console or Console(quiet=True))
    return PlayedContest(
        title=found.title,
        points=played.board.total.points,
        max_points=played.board.total.max_points,
        medal=played.board.medal,
        tasks=tuple(
            PlayedTask(
                task=score.task,
                points=score.points,
                max_points=score.max_points,
                submissions=score.submissions,
            )
            for score in played.board.tasks
        ),
        run=target,
        head=played.head,
    )
