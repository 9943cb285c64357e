"""The table to watch for hours: a row a task, and one a subtask below it."""

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from solver.contests.live.words import clock_text, points_text
from solver.contests.play import ContestState, TaskState
from solver.contests.settings import Phase
from solver.prepared import SubtaskNumbers
from solver.sampling.tally import refused_words

COLUMNS = (
    "task",
    "state",
    "drawn",
    "refused",
    "distinct",
    "compiled",
    "passing",
    "clusters",
    "best",
    "sent",
    "left",
    "points",
)
NUMBERS = frozenset(COLUMNS[2:])


def live_table(state: ContestState, doing: str = "", spent: str = "") -> RenderableType:
    """The table at one moment.

    Args:
        state: After the last event.
        doing: The stage that works now; "" shows the event.
        spent: What the model has taken.
    """
    table = Table(
        # Events and names may hold brackets, which are no markup.
        title=Text(f"{clock_text(state.now_s)}  {doing or state.event}"),
        title_justify="left",
        caption=Text("\n".join([*_refused(state), *_last_line(spent, state)])),
        caption_justify="left",
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        header_style="bold underline",
    )
    for column in COLUMNS:
        counts = column in NUMBERS
        table.add_column(column, justify="right" if counts else "left", no_wrap=counts)
    for task in state.tasks:
        table.add_row(*_row(task))
        if len(task.score.subtasks) > 1:
            for number, _ in enumerate(task.score.subtasks):
                table.add_row(*_subtask_row(task, number), style="dim")
    total = sum(task.score.points for task in state.tasks)
    most = sum(task.score.max_points for task in state.tasks)
    table.add_section()
    handed = sum(task.submissions for task in state.tasks)
    table.add_row("all", *[""] * 8, str(handed), "", f"{total:g}/{most:g}", style="bold")
    return table


def _refused(state: ContestState) -> list[str]:
    """Why answers were lost, a line a task that lost some."""
    return [
        f"{task.task}: refused {refused_words(task.numbers.refused)}"
        for task in state.tasks
        if task.numbers is not None and any(task.numbers.refused.values())
    ]


def _last_line(spent: str, state: ContestState) -> list[str]:
    line = "  ".join(each for each in (spent, _left(state)) if each)
    return [line] if line else []


def _left(state: ContestState) -> str:
    left_s = state.ends_s - state.now_s
    return f"{clock_text(left_s)} of the contest left" if left_s > 0 else ""


def _row(task: TaskState) -> tuple[str, ...]:
    doing = task.note if task.phase is Phase.LEFT else str(task.phase)
    if task.round > 1 and task.phase is not Phase.LEFT:
        doing += f" (round {task.round})"
    numbers = task.numbers
    seen = ("", "", "", "", "", "", "")
    if numbers is not None:
        best = max((each.best for each in numbers.subtasks), default=0.0)
        seen = (
            str(numbers.drawn),
            str(sum(numbers.refused.values()) or ""),
            str(numbers.distinct),
            str(numbers.compiled),
            str(numbers.passing),
            str(task.clusters),
            "" if len(numbers.subtasks) > 1 else f"{best:.2f}",
        )
    return (
        f"[bold]{escape(task.task)}[/]",
        escape(doing),
        *seen,
        str(task.submissions),
        "∞" if task.submissions_left is None else str(task.submissions_left),
        f"{task.score.points:g}/{task.score.max_points:g}",
    )


def _subtask_row(task: TaskState, number: int) -> tuple[str, ...]:
    score = task.score.subtasks[number]
    known: SubtaskNumbers | None = None
    if task.numbers is not None:
        known = next((each for each in task.numbers.subtasks if each.name == score.name), None)
    seen = ("", "", "")
    if known is not None:
        seen = (str(known.drawn) if known.drawn else "", str(known.clusters), f"{known.best:.2f}")
    drawn, clusters, best = seen
    aimed = task.aimed.get(score.name, 0)
    return (
        f"  {escape(score.name)}",
        "",
        drawn,
        "",
        "",
        "",
        "",
        clusters,
        best,
        str(aimed) if aimed else "",
        "",
        points_text(score),
    )
