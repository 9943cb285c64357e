"""One package, from its folder to the report of an attack: for `verify --hack` and `assess`."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from problems.errors import ProblemsError, UnsupportedTask
from problems.verifying.report import Row
from sandbox.compiling.compile import Compiler
from solver.hacking.attack import Attack, HackConfig
from solver.hacking.jury import Jury, opened, suite_quality
from solver.hacking.types import HackReport, Standing, SuiteQuality
from solver.types import Candidate, Progress


def hack(
    path: Path,
    rows: Sequence[Row],
    compiler: Compiler,
    config: HackConfig,
    progress: Progress,
    sampled: Sequence[Candidate] = (),
) -> HackReport:
    """Attacks a package's programs.

    Args:
        rows: What `verify` found of this package.
        sampled: Programs of a model that pass all tests.

    Returns:
        A report with a reason where nothing can be attacked.

    Raises:
        SandboxError: The sandbox failed, not a program.
    """
    quality, name = SuiteQuality(), path.name
    try:
        package = opened(path)
        name = package.task.name
        quality = suite_quality(package, rows)
        jury = Jury(package, compiler, time_s=rows[0].time_limit_s if rows else None)
        programs = [*jury.attacked(rows), *jury.sampled(sampled)]
        if not any(each.standing is Standing.ACCEPTED for each in programs):
            raise UnsupportedTask("no accepted program passes its tests here: nobody gives answers")
        return replace(Attack(jury, programs, config).run(progress), suite=quality)
    except ProblemsError as error:
        return HackReport(package=name, reason=str(error), suite=quality)
