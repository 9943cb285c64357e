"""Make the test data of the bundled contests from generators, seeds and reference solutions.

    python problems/bundled/make_data.py [TASK ...]          rewrite data/ of these tasks (all)
    python problems/bundled/make_data.py --check [TASK ...]  compare instead; exit 1 on a difference

Every task has `generators/gen.py` and `generators/plan.toml`. The plan names the reference
solution, the examples, and for each secret group its points, validator flags, tests (name to
generator arguments) and the groups whose tests it includes. Included tests are relative links, so
the judge runs each of them once. Needs g++; the programs run here are our own, without a sandbox.
"""

import argparse
import shlex
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

CONTESTS = (Path(__file__).parent / "contest", Path(__file__).parent / "ladder")

GROUP_YAML = """\
on_reject: break
accept_score: {points}
range: 0 {points}
grader_flags: min
"""
SECRET_YAML = """\
on_reject: continue
range: 0 {points}
grader_flags: first_error accept_if_any_accepted
"""
TOP_YAML = """\
on_reject: continue
range: 0 {points}
grader_flags: ignore_sample
"""
SAMPLE_YAML = """\
on_reject: continue
range: 0 0
accept_score: 0
grader_flags: first_error
"""


def task_names() -> list[str]:
    """The bundled tasks that have a plan."""
    plans = [plan for contest in CONTESTS for plan in contest.glob("*/generators/plan.toml")]
    return sorted(plan.parts[-3] for plan in plans)


def folder_of(task: str) -> Path:
    """The task's package, in whichever contest it stands."""
    return next(contest / task for contest in CONTESTS if (contest / task).is_dir())


def make_task(task: str, data: Path) -> None:
    """Write one task's whole data folder.

    Args:
        task: Folder name in one of the contests.
        data: The folder to fill, new or empty.

    Raises:
        subprocess.CalledProcessError: A generator, the compiler or the reference failed.
    """
    folder = folder_of(task)
    plan = tomllib.loads((folder / "generators" / "plan.toml").read_text())
    with tempfile.TemporaryDirectory() as scratch:
        reference = _compile(folder, plan["reference"], Path(scratch))
        sample = data / "sample"
        sample.mkdir(parents=True)
        (sample / "testdata.yaml").write_text(SAMPLE_YAML)
        _write_tests(folder, reference, sample, plan["sample"])
        groups: Mapping[str, Mapping[str, Any]] = plan["secret"]
        total = sum(group["points"] for group in groups.values())
        for name, group in groups.items():
            place = data / "secret" / name
            place.mkdir(parents=True)
            yaml = GROUP_YAML.format(points=group["points"])
            if "flags" in group:
                yaml += f"input_validator_flags: {group['flags']}\n"
            (place / "testdata.yaml").write_text(yaml)
            tests = {f"{name}-{test}": words for test, words in group["tests"].items()}
            _write_tests(folder, reference, place, tests)
            for other in group.get("includes", ()):
                _link_tests(place, data / "secret" / other)
        (data / "secret" / "testdata.yaml").write_text(SECRET_YAML.format(points=total))
        (data / "testdata.yaml").write_text(TOP_YAML.format(points=total))


def _compile(folder: Path, reference: str, scratch: Path) -> Path:
    """The reference solution as a program."""
    program = scratch / "reference"
    include = folder / "include" / "cpp"
    managers = sorted(include.glob("*.cpp"))
    options = ["-O2", "-std=c++20", "-I", str(include)]
    sources = [str(folder / reference), *map(str, managers)]
    subprocess.run(["g++", *options, "-o", str(program), *sources], check=True)
    return program


def _write_tests(folder: Path, reference: Path, place: Path, tests: Mapping[str, str]) -> None:
    """Generate the inputs and answer them."""
    for name, words in tests.items():
        command = [sys.executable, str(folder / "generators" / "gen.py"), *shlex.split(words)]
        made = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        answer = subprocess.run([str(reference)], check=True, input=made, stdout=subprocess.PIPE)
        (place / f"{name}.in").write_bytes(made)
        (place / f"{name}.ans").write_bytes(answer.stdout)


def _link_tests(place: Path, other: Path) -> None:
    """Link the other group's own tests into this one."""
    for test in sorted(other.iterdir()):
        if test.suffix in (".in", ".ans") and not test.is_symlink():
            (place / test.name).symlink_to(Path("..") / other.name / test.name)


def listing(data: Path) -> dict[str, bytes]:
    """Relative path to content; a link counts as its target's name, so links are compared too.

    Where links were lost (a wheel stores copies), the copies compare as such.
    """
    found = {}
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data).as_posix()
        if path.is_symlink():
            found[name] = b"link to " + str(path.readlink()).encode()
        elif path.is_file():
            found[name] = path.read_bytes()
    return found


def differences(task: str) -> list[str]:
    """Files of the task's committed data that differ from what the plan makes."""
    with tempfile.TemporaryDirectory() as scratch:
        made_in = Path(scratch) / "data"
        make_task(task, made_in)
        made, committed = listing(made_in), listing(folder_of(task) / "data")
    return [
        f"{task}/data/{name}"
        for name in sorted(made.keys() | committed.keys())
        if made.get(name) != committed.get(name)
    ]


def remove(folder: Path) -> None:
    """Remove a data folder made by this script; links are removed, never followed."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_symlink() or path.is_file():
            path.unlink()
        else:
            path.rmdir()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tasks", nargs="*", metavar="TASK", help="default: every bundled task")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args(arguments)
    failed = False
    for task in options.tasks or task_names():
        data = folder_of(task) / "data"
        if options.check:
            wrong = differences(task)
            print("\n".join(f"differs: {name}" for name in wrong) or f"{task}: as made")
            failed |= bool(wrong)
            continue
        if data.exists():
            remove(data)
        make_task(task, data)
        size = sum(p.stat().st_size for p in data.rglob("*") if not p.is_symlink() and p.is_file())
        count = len(list(data.rglob("*.in")))
        print(f"{task}: {count} tests, {size / 1000:.0f} kB")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
