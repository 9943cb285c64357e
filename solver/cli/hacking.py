"""`--hack`: jury packages verified and attacked one after the other, and the report for people."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path

from rich.console import Console

from problems.verifying.report import VerifyReport
from problems.verifying.verify import Verifier
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from solver.hacking.attack import HackConfig
from solver.hacking.package import hack
from solver.hacking.types import SHOWN_BYTES, Disagreement, HackReport
from solver.observing.bench import Notify
from solver.types import Candidate


def verify_and_hack(
    folders: Sequence[Path],
    verifier: Verifier,
    compiler: Compiler,
    config: HackConfig,
    tell: Callable[[Path, int, int], None],
) -> tuple[VerifyReport, list[HackReport]]:
    """Runs every jury submission, then attacks those that the tests accept.

    Args:
        tell: Called with (package, inputs tried, all) during an attack.

    Raises:
        SandboxError: The sandbox failed, not a program.
    """
    whole, found = VerifyReport(), []
    for folder in folders:
        report = verifier.verify([folder])
        for each in fields(VerifyReport):
            getattr(whole, each.name).extend(getattr(report, each.name))
        if not report.unreadable:
            found.append(
                hack(
                    folder,
                    report.rows,
                    compiler,
                    config,
                    lambda done, total, folder=folder: tell(folder, done, total),  # type: ignore[misc]
                )
            )
    return whole, found


def hack_sampled(
    package: Path, sampled: Sequence[Candidate], sandbox: Sandbox, notify: Notify
) -> HackReport:
    """The jury's accepted programs and sampled ones that pass all tests, attacked together.

    Args:
        notify: Called with ("attacking", inputs tried, all).

    Raises:
        SandboxError: The sandbox failed, not a program.
    """
    compiler = Compiler(sandbox)
    rows = Verifier(sandbox, compiler).verify([package]).rows
    return hack(
        package,
        rows,
        compiler,
        HackConfig(),
        lambda done, total: notify("attacking", done, total),
        sampled,
    )


def write_inputs(found: Sequence[HackReport], out: Path) -> None:
    """The breaking inputs, whole: OUT/PACKAGE/PROGRAM.in."""
    for report in found:
        for one in report.disagreements:
            folder = out / report.package
            folder.mkdir(parents=True, exist_ok=True)
            safe = one.program.replace("/", "-")
            (folder / f"{safe}.in").write_bytes(one.input)


def print_hacks(found: Sequence[HackReport], console: Console) -> None:
    """What `verify --hack` and `assess --hack` print for a committee."""

    def line(text: str) -> None:
        console.print(text, markup=False, highlight=False, soft_wrap=True)

    for report in found:
        suite = report.suite
        line(
            f"{report.package}: its tests pass {suite.accepted_pass} of {suite.accepted} programs "
            f"that are labelled right and fail {suite.rejected_fail} of {suite.rejected} labelled "
            "wrong"
        )
        if report.reason:
            line(f"{report.package}: not attacked: {report.reason}")
            continue
        line(
            f"{report.package}: {len(report.disagreements)} of {len(report.programs)} programs "
            f"broken by {report.legal} legal inputs ({report.tries} made)"
        )
        for one in report.disagreements:
            _print_one(one, line)


def _print_one(one: Disagreement, line: Callable[[str], None]) -> None:
    who = "nobody knows who is right" if one.undecided else f"{len(one.supporters)} agree"
    line(
        f"  {one.program} ({one.standing.value}): {one.fault.value} on an input of "
        f"{len(one.input)} bytes, legal as {one.group}; {who}"
    )
    shown = one.input[:SHOWN_BYTES].decode("utf-8", "replace").rstrip("\n")
    for each in shown.split("\n")[:12]:
        line(f"    | {each[:120]}")
    if one.printed is not None:
        line(f"    it prints   {_short(one.printed)}")
    if one.expected is not None:
        line(f"    the others  {_short(one.expected)}  ({', '.join(one.supporters)})")


def _short(output: bytes) -> str:
    return (
        " / ".join(output.decode("utf-8", "replace").split("\n"))[:200].strip(" /") or "(nothing)"
    )
