"""A real contest on a bundled task, hurt at random moments and gone on with: what it ends with is
what an undisturbed one ends with.

Candidates are drawn from a model server that answers out of the recorded pool; they are compiled,
run, clustered, estimated and handed in, and the simulated judge runs the hidden tests. Who hands in
is `random`: its choice depends on its seed, and not on the run times that are measured anew when a
run goes on.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from solver.runs import chaos_around as around
from solver.runs.chaos_faults import FAULTS
from solver.runs.chaos_report import ChaosReport, ChaosRow
from solver.runs.chaos_stage import Stage

FAULTS_IN_ALL = 100
TASK = "warmest"
BUNDLED = Path(__file__).parents[2] / "problems" / "bundled"
_LACKS = {
    "disk": "mounting a small disk needs root",
    "clock": "moving the clock needs a C compiler (cc)",
}


def chaos(
    *,
    faults: int = FAULTS_IN_ALL,
    seed: int | None = None,
    only: Sequence[str] = (),
    task: str = TASK,
    limit: int = 8,
    progress: Callable[[str], None] = lambda _: None,
) -> ChaosReport:
    """Plays contests until so many faults were brought about.

    Args:
        seed: Of the moments and the order of faults; None draws one.
        only: Names of faults; all by default.
        task: One of the bundled contest's.
        limit: Submissions.
        progress: Told of each fault.

    Raises:
        ValueError: There is no fault of such a name.
        SolverError: The undisturbed contest failed.
    """
    unknown = set(only) - FAULTS.keys()
    if unknown:
        raise ValueError(f"no fault is called {', '.join(sorted(unknown))}: {', '.join(FAULTS)}")
    seed = secrets.randbelow(10**6) if seed is None else seed
    rows = {name: ChaosRow(says=FAULTS[name].says) for name in only or FAULTS}
    report = ChaosReport(seed=seed, rows=rows)
    begun_s = time.monotonic()
    pool = BUNDLED / "pools" / f"{task}.jsonl"
    with around.disk() as (disk, is_small), around.clock() as clock, around.model(pool) as model:
        there = {None, *(["disk"] if is_small else []), *(["clock"] if clock else [])}
        for name, row in rows.items():
            needed = FAULTS[name].needs
            if needed is not None and needed not in there:
                row.skipped = _LACKS[needed]
        stage = Stage(
            disk=disk,
            model=model,
            clock=clock,
            package=BUNDLED / "contest" / task,
            limit=limit,
            report=report,
            random=Random(seed),
            progress=progress,
        )
        stage.play_undisturbed()
        while report.brought < faults and stage.names:
            stage.play_hurt(faults - report.brought)
    report.elapsed_s = time.monotonic() - begun_s
    return report
