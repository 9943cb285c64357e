"""Who looks on while a contest is played: a live table on a terminal, lines elsewhere."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

from rich.console import Console, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from problems.verdict import POINTS_TOLERANCE
from solver.contests.folders.folder import ContestFolder
from solver.contests.people.humans import medal_text
from solver.contests.play import ContestState, TaskState
from solver.contests.rules.base import SubtaskScore
from solver.contests.scoreboard import Scoreboard
from solver.contests.settings import Phase


def clock_text(now_s: float) -> str:
    """Contest time as h:mm:ss."""
    seconds = int(now_s)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def subtasks_text(subtasks: tuple[SubtaskScore, ...]) -> str:
    """Points per subtask, full marks in green."""
    cells = []
    for subtask in subtasks:
        full = subtask.points >= subtask.max_points - POINTS_TOLERANCE
        style = "green" if full else "yellow" if subtask.points > 0 else "dim"
        cells.append(f"[{style}]{subtask.points:g}[/]/{subtask.max_points:g}")
    return "  ".join(cells)


def live_table(state: ContestState) -> RenderableType:
    """The table at one moment."""
    table = Table(
        "task",
        "state",
        "samples",
        "clusters",
        "submitted",
        "left",
        "points",
        "points per subtask",
        # Events and names may hold brackets, which are no markup.
        title=Text(f"{clock_text(state.now_s)}  {state.event}"),
        title_justify="left",
    )
    for task in state.tasks:
        table.add_row(*_row(task))
    return table


def _row(task: TaskState) -> tuple[str, ...]:
    doing = task.note if task.phase is Phase.LEFT else str(task.phase)
    if task.round > 1 and task.phase is not Phase.LEFT:
        doing += f" (round {task.round})"
    return (
        escape(task.task),
        escape(doing),
        str(task.candidates),
        str(task.clusters),
        str(task.submissions),
        "∞" if task.submissions_left is None else str(task.submissions_left),
        f"{task.score.points:g}/{task.score.max_points:g}",
        subtasks_text(task.score.subtasks),
    )


class Onlooker(Protocol):
    """A watcher that also hears of the stages while a task is prepared."""

    def __call__(self, state: ContestState) -> None:
        """Called after every step of the contest."""

    def stage(self, task: str, stage: str, done: int, total: int) -> None:
        """Called while a stage of the pipeline works."""


class LineOnlooker:
    """One line an event; one line a stage, when it begins."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._stage = ("", "")

    def __call__(self, state: ContestState) -> None:
        """Writes the event."""
        self._write(f"{clock_text(state.now_s)} {state.event}")

    def stage(self, task: str, stage: str, done: int, total: int) -> None:
        """Writes a stage when it is another one than before."""
        if (task, stage) != self._stage:
            self._stage = (task, stage)
            self._write(f"{task}: {stage} ({total})")

    def _write(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


class LiveOnlooker:
    """The live table, its title the last event or stage."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._state: ContestState | None = None

    def __call__(self, state: ContestState) -> None:
        """Draws the table."""
        self._state = state
        self._live.update(live_table(state))

    def stage(self, task: str, stage: str, done: int, total: int) -> None:
        """Puts the stage into the title."""
        line = f"{task}: {stage} {done}/{total}"
        if self._state is None:
            self._live.update(Text(line))
        else:
            self._live.update(live_table(replace(self._state, event=line)))


@contextmanager
def watching(console: Console) -> Iterator[Onlooker]:
    """An onlooker that writes to the console for as long as the context lasts."""
    if not console.is_terminal:
        yield LineOnlooker(console)
        return
    with Live(console=console, refresh_per_second=8) as live:
        yield LiveOnlooker(live)


def scoreboard_table(
    board: Scoreboard, title: str, medals: Mapping[str, float] | None = None
) -> RenderableType:
    """The final scoreboard.

    Args:
        medals: The contest's cut-offs, where the medal is to be said in words.
    """
    medal = medal_text(board.total.points, medals) if medals else board.medal
    timed = any(score.penalty_s or score.failed for score in board.tasks)
    table = Table("task", "points", "submissions", title=Text(title), title_justify="left")
    if timed:
        table.add_column("failed")
        table.add_column("penalty (min)")
    table.add_column("points per subtask")
    for score in board.tasks:
        cells = [
            escape(score.task),
            f"{score.points:g}/{score.max_points:g}",
            str(score.submissions),
        ]
        if timed:
            cells += [str(score.failed), f"{score.penalty_s / 60:g}"]
        table.add_row(*cells, subtasks_text(score.subtasks))
    total = [
        "total",
        f"{board.total.points:g}/{board.total.max_points:g}",
        str(sum(score.submissions for score in board.tasks)),
    ]
    if timed:
        total += ["", f"{board.total.penalty_s / 60:g}"]
    table.add_section()
    table.add_row(*total, f"medal: {medal}" if medal else "")
    return table


def beside_table(board: Scoreboard, folder: ContestFolder) -> RenderableType | None:
    """This run among what others reported and the medals' cut-offs, most points first.

    None where the contest's description has neither.
    """
    lines = [(points, f"{medal} from") for medal, points in folder.cut_offs().items()]
    lines += [(points, who) for who, points in folder.published.items()]
    if not lines:
        return None
    table = Table("points", "who", title=Text("beside it"), title_justify="left")
    for points, who in sorted(
        [*lines, (board.total.points, "this run")], key=lambda line: -line[0]
    ):
        style = "bold" if who == "this run" else None
        table.add_row(f"{points:g}", escape(who), style=style)
    return table
