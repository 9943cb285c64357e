"""Who looks on while a contest is played: a live table on a terminal, lines elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.live import Live
from rich.table import Table

from solver.contest.play import ContestState, TaskState, Watcher
from solver.contest.player import Phase
from solver.contest.rules.base import SubtaskScore
from solver.contest.scoreboard import Scoreboard

FULL_MARKS_TOLERANCE = 1e-9


def clock_text(now_s: float) -> str:
    """Contest time as h:mm:ss."""
    seconds = int(now_s)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def subtasks_text(subtasks: tuple[SubtaskScore, ...]) -> str:
    """Points per subtask, full marks in green."""
    cells = []
    for subtask in subtasks:
        full = subtask.points >= subtask.max_points - FULL_MARKS_TOLERANCE
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
        title=f"{clock_text(state.now_s)}  {state.event}",
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
        task.task,
        doing,
        str(task.candidates),
        str(task.clusters),
        str(task.submissions),
        "∞" if task.submissions_left is None else str(task.submissions_left),
        f"{task.score.points:g}/{task.score.max_points:g}",
        subtasks_text(task.score.subtasks),
    )


@contextmanager
def watching(console: Console) -> Iterator[Watcher]:
    """A watcher that writes to the console for as long as the context lasts."""
    if not console.is_terminal:

        def write_line(state: ContestState) -> None:
            console.print(f"{clock_text(state.now_s)} {state.event}", markup=False, highlight=False)

        yield write_line
        return
    with Live(console=console, refresh_per_second=8) as live:

        def update(state: ContestState) -> None:
            live.update(live_table(state))

        yield update


def scoreboard_table(board: Scoreboard, title: str) -> RenderableType:
    """The final scoreboard."""
    timed = any(score.penalty_s or score.failed for score in board.tasks)
    table = Table("task", "points", "submissions", title=title, title_justify="left")
    if timed:
        table.add_column("failed")
        table.add_column("penalty (min)")
    table.add_column("points per subtask")
    for score in board.tasks:
        cells = [
            score.task,
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
    table.add_row(*total, f"medal: {board.medal}" if board.medal else "")
    return table
