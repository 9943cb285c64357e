"""The faults are brought about for real, and what they would find is found."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from sandbox import Executable, Job, LimitKind, Limits
from sandbox.backends.namespaces import NamespacesSandbox
from sandbox.errors import InvalidJob, SandboxError
from sandbox.faults import FAULTS, FaultRow, FaultsReport, check_faults
from sandbox.faults.suite import watched
from sandbox.faults.traces import descendants, left_since, look
from sandbox.faults.work import Tally, Task
from solver.cli.app import cli

SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "sandbox_faults.schema.json"
ROUNDS = len(FAULTS)

SABOTAGED = """
import json, sys
from pathlib import Path
import sandbox.engine.engine, sandbox.engine.joint, sandbox.engine.wire
from sandbox.faults.round import play
{change}
print(json.dumps(play("killed", 3, Path(sys.argv[1]))))
"""


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("faults") / "subject"
    source = Path(sys.modules["sandbox.faults"].__path__[0]) / "subject.c"
    subprocess.run(["gcc", "-O1", "-static", "-o", target, source], check=True)
    return target


def test_every_fault_holds() -> None:
    """What `make chaos` does at length; the seed is fixed, the machine's own timing is not."""
    words = ["sandbox", "check", "faults", "--rounds", str(ROUNDS), "--seed", "41", "--json"]
    result = CliRunner().invoke(cli, words)
    document = json.loads(result.stdout)
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    assert document["failures"] == []
    assert (result.exit_code, document["held"], document["seed"]) == (0, True, 41)
    assert [row["fault"] for row in document["faults"]] == list(FAULTS)
    brought = [row for row in document["faults"] if row["skipped"] is None]
    assert sum(row["rounds"] for row in brought) == ROUNDS
    assert all(row["held"] == row["rounds"] and row["right_results"] > 0 for row in brought)
    # Honest errors are part of it: a shortage that nobody notices is none.
    assert sum(sum(row["errors"].values()) for row in brought) > 0


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("sandbox.engine.engine.Engine.close = lambda self: None", ("left", "cgroup")),
        ("sandbox.engine.joint.JointRunner.close = lambda self: None", ("left", "cgroup")),
        (
            "unpack = sandbox.engine.wire.unpack_result\n"
            "def other(payload, fds, job):\n"
            "    from dataclasses import replace\n"
            "    from sandbox import Blob\n"
            "    reply = unpack(payload, fds, job)\n"
            "    if reply.result is None or reply.result.stdout.size_bytes != 66000: return reply\n"
            "    swapped = replace(reply.result, stdout=Blob(content=b'another run'))\n"
            "    return replace(reply, result=swapped)\n"
            "sandbox.engine.wire.unpack_result = other",
            ("wrong", "print"),
        ),
    ],
)
def test_a_broken_sandbox_does_not_pass(subject: Path, change: str, found: tuple[str, str]) -> None:
    came = watched([sys.executable, "-c", SABOTAGED.format(change=change), str(subject)], 120)
    where, what = found
    assert came.stdout, came.last_words
    report = json.loads(came.stdout)
    if where == "left":
        assert report["left"][what]
    else:
        assert any(what in line for line in report["wrong"])


def test_a_hang_is_a_hang_and_shows_where() -> None:
    code = (
        "import faulthandler, signal, subprocess, time\n"
        "faulthandler.register(signal.SIGUSR1, all_threads=True)\n"
        "child = subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        "def stuck():\n"
        "    print(child.pid, file=__import__('sys').stderr, flush=True)\n"
        "    time.sleep(600)\n"
        "stuck()\n"
    )
    came = watched([sys.executable, "-c", code], 3)
    assert came.hung
    assert "in stuck" in came.last_words
    child = Path("/proc", came.last_words.split()[0], "stat")
    assert not child.exists() or child.read_text().rpartition(")")[2].split()[0] in "ZX"


def test_what_is_left_behind_is_found() -> None:
    before = look()
    assert not any(left_since(before).values())
    opened = os.open("/dev/null", os.O_RDONLY)
    child = subprocess.Popen(["sleep", "600"])
    try:
        left = look().beyond(before)
        assert [line.split()[1] for line in left["descriptor"]] == ["/dev/null"]
        assert [line.split()[1] for line in left["process"]] == ["sleep"]
    finally:
        os.close(opened)
        child.kill()
        child.wait()
    assert not any(look().beyond(before).values())


def test_processes_that_end_while_they_are_looked_for_are_no_error() -> None:
    """With the list read in two steps about one look in a hundred failed here."""
    many = "while :; do for i in 1 2 3 4 5 6 7 8; do /bin/true & done; wait; done"
    shell = subprocess.Popen(["/bin/sh", "-c", many])
    try:
        for _ in range(3000):
            descendants(shell.pid)
    finally:
        shell.kill()
        shell.wait()


def test_a_workers_group_is_seen(sandbox: NamespacesSandbox) -> None:
    # The session's sandbox is open: without control groups here there is nothing to see.
    worker = sandbox._engine._cores[0].workers.popitem()
    sandbox._engine._cores[0].workers[worker[0]] = worker[1]
    seen = look().found["cgroup"]
    assert bool(seen) == (worker[1].process.group is not None)


def test_only_the_known_end_is_right(sandbox: NamespacesSandbox) -> None:
    true = Executable(language="c", argv=("/bin/sh", "-c"), files={})
    job = Job(program=true, limits=Limits(wall_s=20), args=("printf hello; exit 3",))
    result = sandbox.run(job)
    right = Task(job=job, exit_code=3, stdout=b"hello")
    assert right.fault_of(result) is None
    for wrong in (
        replace(right, exit_code=0),
        replace(right, stdout=b"hell"),
        replace(right, limit=LimitKind.WALL),
        replace(right, kept=5),
        replace(right, exit_code=None, signal=6),
    ):
        assert wrong.fault_of(result) is not None


def test_an_error_is_honest_only_where_it_is_ours() -> None:
    tally = Tally()
    tally.note_error(SandboxError("the sandbox was closed"))
    assert (tally.errors["SandboxError"], tally.wrong) == (1, [])
    tally.note_error(InvalidJob("it is the job's fault"))
    tally.note_error(KeyError("core"))
    tally.note_error(OSError(24, "Too many open files"))
    assert len(tally.wrong) == 3


def test_an_unknown_fault_is_named() -> None:
    with pytest.raises(ValueError, match="earthquake"):
        check_faults(rounds=1, only=["earthquake"])


@pytest.mark.parametrize(
    "words",
    [
        ("faults", "network"),
        ("faults", "--backend", "docker"),
        ("faults", "--only", "earthquake"),
        ("--rounds", "3"),
        ("network", "--only", "killed"),
    ],
)
def test_wrong_usage_is_2(words: tuple[str, ...]) -> None:
    assert CliRunner().invoke(cli, ["sandbox", "check", *words]).exit_code == 2


def test_the_text_names_seed_and_figures() -> None:
    words = ["sandbox", "check", "faults", "--rounds", "1", "--only", "close", "--seed", "5"]
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 0, result.output
    assert "1 of 1 rounds held" in result.stdout
    assert "seed 5" in result.stdout
    assert "close" in result.stdout


def test_what_does_not_hold_is_1_and_says_how_to_repeat_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The report of a sandbox that hung once: ours cannot be made to."""
    row = FaultRow(name="killed", says="workers are killed", rounds=2, held=1, hangs=1)
    failed = FaultsReport(
        seed=7, rows=(row,), failures=(("killed", 8, "hangs:\nin _drive"),), elapsed_s=61.0
    )
    monkeypatch.setattr("solver.cli.faults.check_faults", lambda **_: failed)
    result = CliRunner().invoke(cli, ["sandbox", "check", "faults"])
    assert result.exit_code == 1
    assert "NOT HELD" in result.stdout
    assert "in _drive" in result.stdout
    assert "check faults --only killed --seed 8 --rounds 1" in result.stdout
    assert "1 of 2 rounds held" in result.stdout
    document = CliRunner().invoke(cli, ["sandbox", "check", "faults", "--json"])
    assert document.exit_code == 1
    jsonschema.validate(json.loads(document.stdout), json.loads(SCHEMA.read_text()))
