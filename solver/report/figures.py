"""The coordinates of the report's figures; the template draws them as SVG."""

from dataclasses import dataclass

from solver.report.build import ReportedTask

WIDTH, HEIGHT = 760.0, 180.0
CELL_HEIGHT = 22.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A submission that gained points."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Points against submissions, as steps.

    Attributes:
        path: SVG path data.
    """

    width: float
    height: float
    path: str
    dots: tuple[Dot, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One submission's share of a subtask's points, 0 to 1."""

    x: float
    y: float
    share: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """Subtasks (rows) by submissions (columns, below the curve's steps)."""

    width: float
    height: float
    cell_width: float
    cells: tuple[Cell, ...]
    rows: tuple[Tick, ...]


def curve_figure(task: ReportedTask) -> Curve:
    """The step curve of one task."""
    submissions = max(len(task.curve) - 1, 1)
    top = task.score.max_points or 1.0

    def x_of(number: float) -> float:
        return round(number / submissions * WIDTH, 2)

    def y_of(points: float) -> float:
        return round(HEIGHT - points / top * HEIGHT, 2)

    steps = [f"M0 {y_of(task.curve[0])}"]
    for number, points in enumerate(task.curve[1:], start=1):
        steps.append(f"H{x_of(number)}V{y_of(points)}")
    return Curve(
        width=WIDTH,
        height=HEIGHT,
        path="".join(steps),
        dots=tuple(
            Dot(
                x=x_of(submission.number),
                y=y_of(submission.best_points),
                label=f"{submission.number}: {submission.candidate}, "
                f"+{submission.gained_points:g} points",
            )
            for submission in task.submissions
            if submission.gained_points > 0
        ),
        x_ticks=tuple(Tick(at=x_of(n), label=str(n)) for n in _round_steps(submissions)),
        y_ticks=tuple(
            Tick(at=y_of(top * quarter / 4), label=f"{top * quarter / 4:g}") for quarter in range(5)
        ),
    )


def _round_steps(last: int) -> list[int]:
    """0, the last, and a few round numbers between that leave room for their labels."""
    step = next((s for s in (1, 2, 5, 10, 20, 50, 100) if last / s <= 10), max(1, last // 10))
    marks = list(range(0, last + 1, step))
    if marks[-1] != last:
        if last - marks[-1] < step / 2:
            marks.pop()
        marks.append(last)
    return marks


def heat_map(task: ReportedTask) -> HeatMap | None:
    """The heat map of one task; None where the judge tells no points per subtask."""
    if not any(submission.points for submission in task.submissions):
        return None
    subtasks = [subtask for subtask in task.score.subtasks if subtask.max_points > 0]
    column = WIDTH / len(task.submissions)
    cells = [
        Cell(
            x=round((submission.number - 1) * column, 2),
            y=row * CELL_HEIGHT,
            share=round(min(1.0, submission.points.get(subtask.name, 0.0) / subtask.max_points), 4),
            label=f"submission {submission.number}, {subtask.name}: "
            f"{submission.points.get(subtask.name, 0.0):g} of {subtask.max_points:g}",
        )
        for row, subtask in enumerate(subtasks)
        for submission in task.submissions
    ]
    return HeatMap(
        width=WIDTH,
        cell_width=round(max(column - 1, column * 0.9), 2),
        height=len(subtasks) * CELL_HEIGHT,
        cells=tuple(cells),
        rows=tuple(
            Tick(at=row * CELL_HEIGHT + CELL_HEIGHT / 2, label=subtask.name)
            for row, subtask in enumerate(subtasks)
        ),
    )
