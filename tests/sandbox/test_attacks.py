"""The hostile programs against both backends, and the check itself against no isolation at all.

All of them on both take over two minutes: they are slow tests. The ordinary ones have, on the
backend that is used where nothing is said, all but those that only burn a compiler's time, and on
the other one, which has the same helper in its box, a third of every class.
"""

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.attacks import check
from sandbox.attacks.corpus import PROGRAMS, load_attacks, select
from sandbox.backend import Job
from sandbox.data import Blob, as_blob
from sandbox.result import ExitStatus, RunResult

CLASSES = {
    "compile",
    "files",
    "kernel",
    "leaks",
    "memory",
    "network",
    "output",
    "processes",
    "tampering",
    "timing",
}


def test_the_corpus_is_whole():
    attacks = load_attacks()
    assert len(attacks) >= 100
    assert {attack.attack_class for attack in attacks} == CLASSES
    assert len({attack.name for attack in attacks}) == len(attacks)
    files = {path for path in PROGRAMS.glob("*/*") if path.suffix in (".c", ".cpp", ".py")}
    canaries = {path for path in files if path.parent.name == "canary"}
    assert files - canaries == {attack.file for attack in attacks}


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="no such hostile program"):
        select(["fork_bomb", "not-there"])


@pytest.fixture(scope="module", params=("namespaces", "docker"))
def single(request, open_backend):
    with open_backend(request.param, 1) as box:
        yield box


# Each is stopped after seconds of a compiler's time, twice; "macro_bomb" and "huge_section" stay.
LONG_COMPILATIONS = {
    "assembler_repeat",
    "constexpr_loop",
    "deep_nesting",
    "include_itself",
    "include_random_device",
    "poison_the_precompiled_header",
    "template_recursion",
}


def few(backend: str) -> list[str]:
    """The ordinary tests' programs."""
    names: list[str] = []
    for attack_class in sorted(CLASSES):
        of_class = [one.name for one in load_attacks() if one.attack_class == attack_class]
        short = [name for name in of_class if name not in LONG_COMPILATIONS]
        names += short if backend == "namespaces" else short[::3]
    return names


@pytest.mark.timeout(600)
def test_hostile_programs_of_every_class_are_held(single, tmp_path):
    names = few(single.name)
    held_by(single, names, tmp_path)
    assert len(names) >= (170 if single.name == "namespaces" else 55)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_every_hostile_program_is_held(single, tmp_path):
    """Ordinarily: `test_hostile_programs_of_every_class_are_held`."""
    held_by(single, [one.name for one in load_attacks()], tmp_path)


def held_by(box, names, cache):
    report = check(box, names, cache=cache)
    assert [row.to_json() for row in report.rows if not row.held] == []
    assert report.host_changes == ()
    assert sorted(row.name for row in report.rows) == sorted(names)
    assert {row.attack_class for row in report.rows} == CLASSES
    document = json.loads(json.dumps(report.to_json()))
    assert document["host_unchanged"] is True
    for program in document["programs"]:
        assert program["class"] in CLASSES
        assert program["held"] is True


def test_the_check_wants_one_slot(tmp_path, open_backend):
    with open_backend("namespaces", 2) as box, pytest.raises(ValueError, match="one slot"):
        check(box, ["fork_bomb"], cache=tmp_path)


class Unprotected:
    """Runs programs with no protection but a time limit: what the check must find out."""

    name = "unprotected"
    slots = 1

    def run(self, job: Job) -> RunResult:
        with tempfile.TemporaryDirectory() as folder:
            for name, content in {**job.program.files, **job.files}.items():
                Path(folder, name).write_bytes(as_blob(content).read())
                Path(folder, name).chmod(0o755)
            start_s = time.monotonic()
            command = [word.replace("./", f"{folder}/", 1) for word in job.argv[:1]]
            answer = subprocess.run(
                [*command, *job.argv[1:]],
                cwd=folder,
                input=as_blob(job.stdin).read(),
                capture_output=True,
                check=False,
                timeout=30,
            )
            paths = {name: Path(folder, name) for name in job.keep}
            kept = {k: Blob(content=p.read_bytes()) for k, p in paths.items() if p.is_file()}
        code = answer.returncode
        return RunResult(
            status=ExitStatus.EXITED if code >= 0 else ExitStatus.SIGNALED,
            exit_code=code if code >= 0 else None,
            signal=-code if code < 0 else None,
            limit=None,
            cpu_s=0.0,
            wall_s=time.monotonic() - start_s,
            memory_bytes=0,
            memory_source="rusage",
            stdout=Blob(content=answer.stdout),
            stderr=answer.stderr,
            kept=kept,
        )

    def run_many(self, jobs) -> Iterator[RunResult]:
        return map(self.run, jobs)


@pytest.mark.parametrize(
    ("name", "finding"),
    [
        ("read_answer_file", "ESCAPED the answer file"),
        ("print_the_environment", "planted secret"),
        ("tcp_to_the_host", "somebody connected to the planted TCP port"),
        ("abstract_socket_of_the_host", "ESCAPED abstract socket"),
        ("host_shared_memory", "ESCAPED System V segment"),
        ("link_output_to_host_secret", "came back"),
        ("include_answer", "the compiler printed the planted secret"),
        ("embed_answer", "planted secret"),
    ],
)
def test_the_check_notices_missing_protection(name, finding, tmp_path):

    report = check(Unprotected(), [name], cache=tmp_path)
    (row,) = report.rows
    assert not row.held
    assert finding in row.actual
