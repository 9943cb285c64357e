"""`solver problems`: shows a package, judges programs on it, verifies the jury's labels."""

import importlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
from click.core import ParameterSource
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from problems.jury.programs import JuryPrograms
from problems.jury.validators import InputValidators
from problems.package import Package, load_package
from problems.testset import Testcase
from problems.verifying.kept_reports import KeptReports
from problems.verifying.printing import (
    describe,
    print_package,
    print_report,
    print_result,
    result_json,
)
from problems.verifying.report import Row
from problems.verifying.verify import Verifier
from sandbox.compiling.compile import Compiler
from sandbox.data import Blob
from sandbox.opening import open_sandbox
from solver.api.judging import judge as judge_programs
from solver.cli import options
from solver.cli.app import EXIT_DOES_NOT_HOLD
from solver.cli.console import output
from solver.cli.groups import FullGroup
from solver.cli.hacking import print_hacks, verify_and_hack, write_inputs
from solver.hacking.attack import HackConfig
from solver.hacking.types import HackReport

_FETCH = "solver.cli.fetch:fetch"


class _ProblemsGroup(FullGroup):
    """The group; `fetch` lives in a module of its own and is imported when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names."""
        return sorted([*super().list_commands(ctx), "fetch"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, importing `fetch` on demand."""
        if cmd_name != "fetch":
            return super().get_command(ctx, cmd_name)
        module_name, attribute = _FETCH.split(":")
        if importlib.util.find_spec(module_name) is None:
            return None
        command = getattr(importlib.import_module(module_name), attribute)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_ProblemsGroup)
def problems() -> None:
    """Reads problem packages and judges programs as their own systems would.

    \b
    Formats are detected from the contents: Kattis legacy and 2025-09, the IOI's TPS
    export, Italian and Austrian CMS folders, Polygon, data sets.

    \b
    Examples:
      solver problems show DIR
      solver problems judge DIR solution.cpp brute.py
      solver problems verify packages/* --json > verify.json
    """


@problems.command()
@click.argument("folder", metavar="PACKAGE", type=click.Path(path_type=Path))
@click.option("--inputs", is_flag=True, help="Run the input validators on every test as well.")
@options.as_json
@options.backend
def show(folder: Path, inputs: bool, as_json: bool, backend: str) -> None:
    """Shows what a package holds: limits, subtasks, tests, checker, labels.

    PACKAGE is a folder, an archive, or a row of a data set, FILE#ID. With --inputs, exit code 1 if
    a validator rejects a test of the package.

    \b
    Examples:
      solver problems show packages/oi/elk
      solver problems show livecodebench.jsonl#abc999_a
      solver problems show packages/oi/elk --inputs
    """
    package = load_package(folder)
    invalid = _invalid_inputs(package, backend) if inputs else None
    if as_json:
        facts = describe(package)
        if invalid is not None:
            facts["invalid_inputs"] = invalid
        click.echo(json.dumps(facts, indent=1))
    else:
        console = output()
        print_package(package, console)
        for name, complaint in (invalid or {}).items():
            console.print(f"invalid: {name}: {complaint}", markup=False)
        if invalid == {}:
            said = "every test is accepted by every input validator"
            console.print(said if package.testset.validators else "the package has no validator")
    if invalid:
        raise SystemExit(EXIT_DOES_NOT_HOLD)


def _invalid_inputs(package: Package, backend: str) -> dict[str, str]:
    """Test name to the validators' first complaint, for the tests that one of them rejects."""
    found: dict[str, str] = {}
    with open_sandbox(backend) as sandbox, ThreadPoolExecutor(sandbox.slots) as pool:
        programs = JuryPrograms(sandbox, Compiler(sandbox))
        validators = InputValidators(programs, package.testset.validators)

        def complaint(case: Testcase) -> str | None:
            blob = Blob.of_file(case.input)
            return next(iter(validators.complaints(blob, case.validator_args)), None)

        every = list(package.testset.testcases.values())
        told = validators.accepted([(Blob.of_file(e.input), e.validator_args) for e in every])
        cases = [case for case, accepted in zip(every, told, strict=True) if not accepted]
        for case, said in zip(cases, pool.map(complaint, cases), strict=True):
            if said is not None:
                found[case.name] = said
    return found


@problems.command()
@click.argument("folder", metavar="PACKAGE", type=click.Path(path_type=Path))
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--time-limit", "time_s", type=options.SOME, help="CPU seconds a test, instead of its own."
)
@options.as_json
@options.backend
def judge(
    folder: Path, files: tuple[Path, ...], time_s: float | None, as_json: bool, backend: str
) -> None:
    """Judges programs on a package's hidden tests. A folder is one program of several files.

    PACKAGE is a folder, an archive, or a row of a data set, FILE#ID.

    \b
    Examples:
      solver problems judge packages/oi/elk mine.cpp
      solver problems judge livecodebench.jsonl#abc999_a mine.py
    """
    judged = judge_programs(folder, files, time_s=time_s, backend=backend)
    if as_json:
        document = {
            "task": judged.task.name,
            "time_limit_s": judged.time_limit_s,
            "max_points": judged.task.max_points,
            "submissions": [result_json(one.name, one.result) for one in judged.programs],
        }
        click.echo(json.dumps(document, indent=1))
        return
    console = output()
    for one in judged.programs:
        print_result(one.name, one.result, judged.task, console)


@problems.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--workers", type=click.IntRange(min=1), help="Runs at once; default: one a core.")
@click.option(
    "--store", type=click.Path(path_type=Path), help="Folder of measured time limits (cache)."
)
@click.option(
    "--keep",
    type=click.Path(dir_okay=False, path_type=Path),
    help="JSONL file of finished submissions and packages: after Ctrl-C or a kill the same command "
    "goes on where it stopped.",
)
@click.option(
    "--hack",
    is_flag=True,
    help="Attack the programs that the tests accept, wholly or in groups, with legal inputs.",
)
@click.option(
    "--hack-inputs",
    type=click.IntRange(min=1),
    default=HackConfig().legal,
    show_default=True,
    help="Legal inputs to try on a package.",
)
@click.option(
    "--hack-out", type=click.Path(path_type=Path), help="Folder for the inputs that break one."
)
@options.as_json
@options.backend
def verify(
    folders: tuple[Path, ...],
    workers: int | None,
    store: Path | None,
    keep: Path | None,
    hack: bool,
    hack_inputs: int,
    hack_out: Path | None,
    as_json: bool,
    backend: str,
) -> None:
    """Runs every jury submission of the packages and compares with its label.

    Exit code 1 if a label does not hold, a package was refused or --hack broke a program.
    Submissions in languages whose compiler is not installed are listed as skipped.

    With --hack the package's validators say which inputs are legal, and its accepted programs and
    its checker what is right on them.

    \b
    Examples:
      solver problems verify packages/*/ --json > verify.json
      solver problems verify packages/*/ --keep verify.jsonl   # again after Ctrl-C: goes on
      solver problems verify packages/oi/elk --hack --hack-out broken
    """
    if not hack and (_given("hack_inputs") or hack_out is not None):
        raise click.UsageError("--hack-inputs and --hack-out say how to attack: add --hack")
    if hack and keep is not None:
        raise click.UsageError("--hack needs every submission judged now: leave out --keep")
    progress = _Progress()
    hacks: list[HackReport] = []
    with open_sandbox(backend, slots=workers) as sandbox, progress.bar:
        compiler = Compiler(sandbox)
        verifier = Verifier(
            sandbox,
            compiler,
            store=store,
            keep=None if keep is None else KeptReports(keep),
            on_open=progress.opened,
            on_row=progress.finished,
        )
        if hack:
            config = HackConfig(legal=hack_inputs, tries=10 * hack_inputs)
            report, hacks = verify_and_hack(folders, verifier, compiler, config, progress.attacking)
        else:
            report = verifier.verify(folders)
    if hack_out is not None:
        write_inputs(hacks, hack_out)
    if as_json:
        more = {"hack": [one.as_json() for one in hacks]} if hack else {}
        click.echo(json.dumps(report.as_json() | more, indent=1))
    else:
        console = output()
        print_report(report, console)
        print_hacks(hacks, console)
    if not report.holds or any(one.disagreements for one in hacks):
        raise SystemExit(EXIT_DOES_NOT_HOLD)


def _given(name: str) -> bool:
    """The option stands on the command line; its default does not count."""
    return click.get_current_context().get_parameter_source(name) is ParameterSource.COMMANDLINE


class _Progress:
    """Submissions done of those known so far, on stderr."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self.bar = Progress(
            TextColumn("verify"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self.bar.add_task("", total=0)
        self._total = 0
        self._done = 0
        self._lock = threading.Lock()

    def opened(self, package: Package) -> None:
        """A package was read: its submissions are to be done."""
        with self._lock:
            self._total += len(package.submissions)
            self.bar.update(self._task, total=self._total)

    def attacking(self, folder: Path, done: int, total: int) -> None:
        """An attack on a package goes on."""
        self.bar.update(self._task, description=f"{folder.name}: attacked with {done} of {total}")

    def finished(self, row: Row) -> None:
        """A submission is done: the bar moves; where there is none, a line says so."""
        with self._lock:
            self._done += 1
            count = "" if self.bar.console.is_terminal else f"{self._done} of {self._total}: "
        said = f"{count}{row.package} {row.submission.name}: "
        if not row.agrees and not row.skipped:
            said += row.error or "; ".join(row.disagreements)
            self.bar.console.print(said, markup=False, highlight=False, soft_wrap=True)
        elif count:
            said += row.skipped or f"{row.actual} as labelled"
            self.bar.console.print(said, markup=False, highlight=False, soft_wrap=True)
        self.bar.update(self._task, advance=1, description=row.package)
