"""A run's figures as files, SVG and PNG, for papers and slides. Drawn by matplotlib."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from solver.kept.whole_files import whole_file
from solver.report.page.data import RunData, calibration_of, tokens_of
from solver.report.truths import Band

# Okabe and Ito's palette, told apart by every kind of colour vision; each line has its own dashes.
INK, BLUE, ORANGE, GREY = "#1c2127", "#0072b2", "#d55e00", "#6d7680"
_STYLE = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.grid": True,
    "grid.color": "#dde1e6",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "solver",
    "figure.dpi": 100,
    "savefig.dpi": 200,
}


def write_plots(data: RunData, folder: Path) -> list[Path]:
    """One SVG and one PNG a figure.

    Returns:
        The files, in the order written.

    Raises:
        RunFolderError: The folder cannot be written.
    """
    written: list[Path] = []
    for name, figure in _figures(data):
        for suffix in ("svg", "png"):
            file = folder / f"{name}.{suffix}"
            with whole_file(file) as partial:
                # No date in it: the same run gives the same bytes.
                about = {"Date": None} if suffix == "svg" else {"Software": None}
                figure.savefig(partial, format=suffix, metadata=about, bbox_inches="tight")
            written.append(file)
    return written


def _figures(data: RunData) -> Iterator[tuple[str, Any]]:
    with _figure() as (figure, axes):
        _contest(data, axes)
        yield "contest", figure
    for task in data.report.tasks:
        safe = task.name.replace("/", "-")
        with _figure() as (figure, axes):
            axes.step(range(len(task.curve)), task.curve, where="post", color=INK, label="this run")
            one = data.beside.get(task.name)
            if one is not None:
                marks = range(len(one.random.mean))
                _band(axes, marks, one.random, "random", GREY, "--")
                _band(axes, marks, one.strategy, "strategy", BLUE, "-")
                axes.axhline(one.oracle, color=ORANGE, linestyle=":", label="whole pool")
            _finish(axes, f"{task.name}: points against submissions", "submissions")
            axes.set_ylim(0, task.score.max_points * 1.04 or 1)
            yield f"{safe}-submissions", figure
        if task.name not in data.beside:
            continue
        one, tokens = data.beside[task.name], tokens_of(data, task)
        sampled = [tokens[mark - 1] if tokens else mark for mark in one.sampled]
        with _figure() as (figure, axes):
            _band(axes, sampled, one.pool, "best of all until then", ORANGE, ":")
            _band(axes, sampled, one.chosen, "strategy, all submissions", BLUE, "-")
            words = "tokens" if tokens else "programs"
            _finish(axes, f"{task.name}: points against {words} sampled", f"{words} sampled")
            axes.set_ylim(0, task.score.max_points * 1.04 or 1)
            yield f"{safe}-sampled", figure
    found = calibration_of(data)
    if found is not None:
        bins = [each for each in found["bins"] if each["count"]]
        with _figure() as (figure, axes):
            axes.plot([0, 1], [0, 1], color=GREY, linestyle=":", label="as it should be")
            predicted = [each["predicted"] for each in bins]
            observed = [each["observed"] for each in bins]
            axes.plot(predicted, observed, color=BLUE, marker="o", label="came true")
            _finish(axes, f"calibration, of all {found['of']}", "estimate", "share that came true")
            yield "calibration", figure


def _contest(data: RunData, axes: Any) -> None:
    events = sorted(
        (each.at_s, number, each.best_points)
        for number, task in enumerate(data.report.tasks)
        for each in task.submissions
    )
    best = [0.0] * len(data.report.tasks)
    times, sums = [0.0], [0.0]
    for at_s, number, points in events:
        best[number] = points
        times.append(at_s / 60)
        sums.append(sum(best))
    axes.step(times, sums, where="post", color=INK, label="this run")
    for medal, points in data.report.plan.medals.items():
        axes.axhline(points, color=GREY, linestyle=":", linewidth=0.8)
        axes.annotate(medal, (times[-1], points), ha="right", va="bottom", fontsize=8, color=GREY)
    _finish(axes, data.report.plan.name, "contest time, minutes")


def _band(axes: Any, x: Sequence[float], band: Band, label: str, colour: str, dashes: str) -> None:
    axes.plot(x, band.mean, color=colour, linestyle=dashes, label=label)
    axes.fill_between(x, band.low, band.high, color=colour, alpha=0.13, linewidth=0)


def _finish(axes: Any, title: str, x: str, y: str = "points") -> None:
    axes.set_title(title, loc="left", fontsize=10, fontweight="bold")
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.margins(x=0.01)
    axes.legend()


@contextmanager
def _figure() -> Iterator[tuple[Any, Any]]:
    # Imported here: a second, which a report without plots need not wait for. No display is asked
    # for, and none of matplotlib's global state is used.
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=(6.0, 3.4))
        FigureCanvasAgg(figure)
        yield figure, figure.add_subplot()
