"""`solver sandbox`: run programs by hand, check the isolation, measure it, serve it."""

import json
import signal
import sys
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from sandbox import Blob, ExitStatus, Job, Limits, RunResult, open_sandbox
from sandbox.compiling.compile import CompileError, Compiler
from sandbox.limits import MIB
from solver.cli import options
from solver.cli.app import EXIT_DOES_NOT_HOLD
from solver.cli.console import output
from solver.cli.groups import FullGroup
from solver.cli.sandbox_serve import serve

_SHOWN_BYTES = 64 * 1024
_files = click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)


@click.group(cls=FullGroup)
def sandbox() -> None:
    """Run programs that nobody has read.

    \b
    Examples:
      solver sandbox run fast.cpp slow.py --stdin big.txt --cpu 1
      solver sandbox check                  are the hostile programs held?
      solver sandbox check faults           what when something breaks around it?
      solver sandbox bench --json           how close to a bare fork and exec?
      solver sandbox image build            the image for --backend docker
      solver sandbox serve                  all of it over HTTP, for trainers and evaluators
    """


sandbox.add_command(serve)


@sandbox.command()
@_files
@click.option(
    "--stdin",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File that each program reads; empty by default.",
)
@click.option("--language", help="Language id for all files; by default from the file's ending.")
@click.option("--cpu", type=click.FloatRange(min=0.001), default=2.0, show_default=True, help="s")
@click.option("--wall", type=click.FloatRange(min=0.001), help="s; by default 2 x cpu + 1")
@click.option("--memory", type=click.IntRange(min=1), default=256, show_default=True, help="MiB")
@options.backend
@options.as_json
def run(
    files: tuple[Path, ...],
    stdin: Path | None,
    language: str | None,
    cpu: float,
    wall: float | None,
    memory: int,
    backend: str,
    as_json: bool,
) -> None:
    """Compile and run programs one after the other in one worker, and print each result.

    \b
    Examples:
      solver sandbox run hello.py
      solver sandbox run fast.cpp slow.cpp --stdin in.txt --cpu 1 --memory 64 --json
    """
    limits = Limits(cpu_s=cpu, wall_s=wall, memory_bytes=memory * MIB)
    text = Blob.of_file(stdin) if stdin else b""
    results: list[dict[str, Any]] = []
    with open_sandbox(backend, slots=1) as opened:
        compiler = Compiler(opened)
        for path in files:
            chosen = language or compiler.languages.of_file(path.name).id
            built = compiler.compile({path.name: path.read_bytes()}, chosen)
            row: dict[str, Any] = {"file": str(path), "language": chosen}
            if isinstance(built, CompileError):
                messages = built.messages.decode(errors="replace")
                row |= {"compiled": False, "reason": built.reason, "messages": messages}
            else:
                result = opened.run(Job(program=built, limits=limits, stdin=text))
                row |= {"compiled": True, **_result_json(result)}
            results.append(row)
            if not as_json:
                _show(row)
    if as_json:
        click.echo(json.dumps({"backend": backend, "results": results}, indent=1))


@sandbox.command()
@click.argument("names", nargs=-1)
@click.option("--rounds", type=click.IntRange(min=1), help="faults: rounds in all; 200 by default.")
@click.option("--seed", type=int, help="faults: of the first round; drawn and printed by default.")
@click.option("--only", multiple=True, help="faults: this fault alone; may be given several times.")
@options.backend
@options.as_json
def check(
    names: tuple[str, ...],
    rounds: int | None,
    seed: int | None,
    only: tuple[str, ...],
    backend: str,
    as_json: bool,
) -> None:
    """Run the hostile programs against a backend; exit code 1 if one is not held.

    NAMES are programs or classes of them (compile, files, kernel, leaks, memory, network, output,
    processes, tampering, timing); all by default.

    With the name `faults` it breaks what is around the sandbox instead, for real and at random
    moments, while programs run: descriptors, memory, processes and disk run out, workers are
    stopped and killed, control groups refuse, another thread closes it. Nothing may hang, answer
    wrongly, or be left behind.

    \b
    Examples:
      solver sandbox check --json > check.json
      solver sandbox check memory network --backend docker
      solver sandbox check faults --rounds 50
      solver sandbox check faults --only killed --only close --seed 7 --json
    """
    if "faults" in names:
        from solver.cli.faults import run_faults

        if len(names) > 1 or backend != "namespaces":
            raise click.UsageError("faults stands alone, and is for the backend namespaces")
        run_faults(rounds, seed, only, as_json)
        return
    if rounds is not None or seed is not None or only:
        raise click.UsageError("--rounds, --seed and --only are for: solver sandbox check faults")
    from sandbox.attacks import check as check_backend

    with open_sandbox(backend, slots=1) as opened:
        try:
            report = check_backend(opened, names or None)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(report.to_json(), indent=1))
    else:
        table = Table("", "class", "program", "expected", "actual", "s")
        for row in report.rows:
            mark = "[green]held[/]" if row.held else "[red]NOT HELD[/]"
            words = (row.attack_class, row.name, row.expected, row.actual)
            table.add_row(mark, *words, f"{row.wall_s:.2f}")
        output().print(table)
        for change in report.host_changes:
            click.echo(f"host changed: {change}")
        held = sum(row.held for row in report.rows)
        click.echo(f"{held} of {len(report.rows)} held by {report.backend}")
    if not report.held:
        sys.exit(EXIT_DOES_NOT_HOLD)


@sandbox.command()
@click.option("--runs", type=click.IntRange(min=10), default=250, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=15, show_default=True)
@options.as_json
def bench(runs: int, rounds: int, as_json: bool) -> None:
    """Measure runs per second against the bare floor (a C loop of posix_spawn), interleaved.

    \b
    Examples:
      solver sandbox bench
      solver sandbox bench --rounds 9 --json > bench.json
    """
    from sandbox.bench import bench as measure

    report = measure(runs=runs, rounds=rounds, progress=lambda text: click.echo(text, err=True))
    if as_json:
        click.echo(json.dumps(report.to_json(), indent=1))
        return
    table = Table("", "workers", "runs/s", "of floor", "CPU ms a run")
    for row in report.rows:
        cpu_ms = "" if row.cpu_ms_per_run is None else f"{row.cpu_ms_per_run:.2f}"
        rates = (f"{row.runs_per_s:.0f}", f"{row.of_floor:.2f}", cpu_ms)
        table.add_row(row.name, str(row.workers), *rates)
    output().print(table)
    for name, reason in report.skipped.items():
        click.echo(f"without {name}: {reason}")


@sandbox.group()
def image() -> None:
    """The image for the docker backend."""


@image.command()
@click.option(
    "--from",
    "source",
    type=click.Choice(["host", "debian", "dockerfile"]),
    default="host",
    show_default=True,
    help="host: this machine's compilers, shown read-only; no registry needed for host and debian.",
)
@click.option("--name", help="Name and tag of the image.")
def build(source: str, name: str | None) -> None:
    """Make the image that --backend docker runs its workers in.

    \b
    Examples:
      solver sandbox image build
      solver sandbox image build --from debian
    """
    from sandbox.image import IMAGE, Source, build_image

    made = build_image(
        Source(source),
        name=name or IMAGE,
        progress=lambda line: click.echo(line, err=True),
    )
    click.echo(made)


def _result_json(result: RunResult) -> dict[str, Any]:
    stdout = result.stdout.read(_SHOWN_BYTES)
    return {
        "status": str(result.status),
        "exit_code": result.exit_code,
        "signal": result.signal,
        "limit": None if result.limit is None else str(result.limit),
        "cpu_s": round(result.cpu_s, 6),
        "wall_s": round(result.wall_s, 6),
        "waited_s": round(result.waited_s, 6),
        "memory_bytes": result.memory_bytes,
        "memory_source": result.memory_source,
        "stdout": stdout.decode(errors="replace"),
        "stdout_bytes": result.stdout.size_bytes,
        "stdout_digest": result.stdout.digest,
        "stderr": result.stderr.decode(errors="replace"),
    }


def _show(row: dict[str, Any]) -> None:
    click.echo(f"{row['file']} ({row['language']})")
    if not row["compiled"]:
        click.echo(f"  does not compile: {row['reason']}")
        click.echo("  " + row["messages"].rstrip().replace("\n", "\n  "))
        return
    if row["status"] == ExitStatus.LIMIT:
        end = f"ended by its {row['limit']} limit"
    elif row["status"] == ExitStatus.SIGNALED:
        end = f"ended by {signal.Signals(row['signal']).name}"
    else:
        end = f"exit code {row['exit_code']}"
    used = f"CPU {row['cpu_s']:.3f} s, wall {row['wall_s']:.3f} s, waited {row['waited_s']:.3f} s"
    memory = f"{row['memory_bytes'] / MIB:.1f} MiB ({row['memory_source']})"
    click.echo(f"  {end}; {used}, {memory}; {row['stdout_bytes']} bytes of output")
    for stream in ("stdout", "stderr"):
        if row[stream]:
            click.echo(f"  {stream}: " + row[stream].rstrip().replace("\n", "\n    "))
