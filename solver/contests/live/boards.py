"""The final scoreboard, and what stands beside it."""

from collections.abc import Mapping

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from solver.contests.folders.folder import ContestFolder
from solver.contests.live.words import subtasks_text
from solver.contests.people.humans import medal_text
from solver.contests.scoreboard import Scoreboard


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
