"""What every candidate of a run is worth on the hidden tests: the jury's view of a run."""

from collections.abc import Callable
from pathlib import Path

from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from solver.contests.logs.recorded import contest_of, is_run
from solver.errors import PoolError
from solver.replays.truth import Labeller
from solver.report.build import Report
from solver.report.truths import TRUTH_NAME
from solver.strategies.views import kept_views


def label_run(
    report: Report, sandbox: Sandbox, notify: Callable[[str, str, int, int], None]
) -> dict[str, int]:
    """Judges all candidates of all tasks, and keeps the tables in the run folder.

    What was judged before is known to the sandbox's cache of verdicts; a second call is quick.

    Args:
        notify: Called with (task, stage, done, all).

    Returns:
        Task to candidates that could not be judged: such a task has no table.

    Raises:
        PoolError: The run is no contest of a folder, or none of its tasks could be labelled.
        RunFolderError: The packages are not where they were.
        SandboxError: The sandbox failed, not a program.
    """
    if not is_run(report.run):
        raise PoolError(
            f"{report.run}: played on a judge, or by an older version: its packages are not known; "
            "label the tasks with `solver pool label` and name the folder with --truths"
        )
    places = {entry.name: entry.path for entry in contest_of(report.run).entries}
    compiler = Compiler(sandbox)
    failed: dict[str, int] = {}
    for task in report.tasks:
        folder: Path = report.run / task.name
        kept = kept_views(folder)
        if not kept or task.name not in places:
            continue

        def told(done: int, total: int, name: str = task.name) -> None:
            notify(name, "labelling", done, total)

        labeller = Labeller(places[task.name], sandbox, compiler)
        truth = labeller.truth(kept[-1].view.candidates, told)
        if labeller.failures:
            failed[task.name] = len(labeller.failures)
        else:
            truth.write(folder / TRUTH_NAME)
    if not any((report.run / task.name / TRUTH_NAME).is_file() for task in report.tasks):
        raise PoolError(f"{report.run}: no task of this run could be labelled")
    return failed
