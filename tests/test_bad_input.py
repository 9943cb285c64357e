"""Bad input and poor machines: a clear line that names the file and the fix, the right exit code,
and what was finished is kept. (Those of pools and models: tests/cli/test_app.py.)
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from solver.cli.app import cli
from solver.kept.samples import RunFolder, StoredSample
from tests.small_pools import few

ROOT = Path(__file__).parents[1]
APPLES = ROOT / "problems" / "bundled" / "contest" / "apples"
POOL = few("apples")


def solver(*words: object, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "solver", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        timeout=250,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def plan(task: Path, run: Path, *more: object, pool: Path = POOL, **options: dict[str, str]):
    words = ("solve", task, "--model", f"pool:{pool}", "--run", run, "--json", *more)
    return solver(*words, **options)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return Path(shutil.copytree(APPLES, tmp_path / "apples"))


def test_a_missing_answer_file_is_named(package: Path, tmp_path: Path) -> None:
    answer = next((package / "data" / "secret").rglob("*.ans"))
    answer.unlink()
    for words in (("solve", package, "--run", tmp_path / "run"), ("problems", "show", package)):
        done = solver(*words)
        assert done.returncode == 2
        assert f"{answer.with_suffix('.in')}: answer file missing: {answer.name}" in done.stderr


def test_a_statement_without_examples_is_told_and_generators_do(
    package: Path, tmp_path: Path
) -> None:
    for file in (package / "data" / "sample").glob("*.*"):
        if file.suffix in (".in", ".ans"):
            file.unlink()
    done = plan(package, tmp_path / "run")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["inputs"] > 0
    assert f"warning: {package}: no examples" in done.stderr
    assert "data/sample" in done.stderr
    # Without generators either, nothing can be run: any plan would be as good.
    plain = tmp_path / "plain.jsonl"
    lines = POOL.read_text().splitlines()
    rows = [line for line in lines if json.loads(line).get("kind", "candidate") == "candidate"]
    plain.write_text("\n".join(rows) + "\n")
    done = plan(package, tmp_path / "other", pool=plain)
    assert done.returncode == 2
    assert f"error: {package}: nothing to run the candidates on" in done.stderr
    assert "data/sample" in done.stderr
    assert "generator lines" in done.stderr


def test_no_cpp_compiler_is_3_and_says_the_command(tmp_path: Path) -> None:
    # A compiler that is not there, as on a machine without g++.
    table = tmp_path / "languages.toml"
    missing = tmp_path / "no" / "g++"
    table.write_text(
        '[cpp20]\nname = "C++20 (g++)"\nextensions = [".cpp"]\n'
        f'compiler = "{missing}"\ninstall = "apt install g++"\nversion = ["{missing}"]\n'
        f'compile = ["{missing}", "-o", "main", "{{sources}}"]\n'
        'produces = ["main"]\nrun = ["./main"]\n'
    )
    run = tmp_path / "run"
    done = plan(APPLES, run, env={"SOLVER_LANGUAGES": str(table)})
    assert done.returncode == 3, done.stderr
    assert "g++ is not installed; to fix it: apt install g++" in done.stderr
    # With the compiler there, the same folder goes on.
    assert plan(APPLES, run).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 48 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small tmpfs needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.root
def test_a_full_disk_is_3_and_the_run_goes_on_when_there_is_room(small_disk: Path) -> None:
    run = small_disk / "run"
    done = plan(APPLES, run)
    assert done.returncode == 3, done.stderr
    assert f"error: {run}" in done.stderr
    assert "no space left on the disk; free some and run again with the same --run" in done.stderr
    assert "what was finished is kept" in done.stderr
    subprocess.run(["mount", "-o", "remount,size=4m", str(small_disk)], check=True)
    assert plan(APPLES, run).returncode == 0


@pytest.mark.root
def test_samples_that_were_kept_outlive_a_full_disk(small_disk: Path) -> None:
    from solver.errors import DiskFull

    subprocess.run(["mount", "-o", "remount,size=512k", str(small_disk)], check=True)

    def sample(number: int) -> StoredSample:
        return StoredSample(
            key=f"k{number}",
            task="apples",
            kind="candidate",
            subtask=None,
            number=number,
            # Every third one goes into a file of its own.
            text=os.urandom(16_000 if number % 3 == 0 else 500).hex(),
            logprob=None,
            tokens=1,
            prompt_tokens=1,
            finish="stop",
            model="m",
            elapsed_s=0.0,
            extra={},
        )

    kept = 0
    with RunFolder(small_disk / "run") as run:
        with pytest.raises(DiskFull, match="no space left"):
            while kept < 10_000:
                run.add([sample(kept)])
                kept += 1
        assert 3 < kept < 1000
        assert len(run.samples("apples", "candidate")) == kept
    subprocess.run(["mount", "-o", "remount,size=4m", str(small_disk)], check=True)
    with RunFolder(small_disk / "run") as run:
        run.add([sample(kept)])
        assert [each.number for each in run.samples("apples", "candidate")] == [*range(kept + 1)]


def test_half_a_surrogate_pair_in_a_pool_stops_nothing(tmp_path: Path) -> None:
    rows = [json.loads(line) for line in POOL.read_text().splitlines()]
    candidates = [row for row in rows if row.get("kind", "candidate") == "candidate"][:3]
    helpers = [row for row in rows if row.get("kind", "candidate") != "candidate"]
    for row in [*candidates, *helpers]:
        mark = "#" if row["language"] == "python3" else "//"
        row["source"] += f"\n{mark} \ud83d and \udc80\n"
    pool = tmp_path / "odd.jsonl"
    pool.write_text("".join(json.dumps(row) + "\n" for row in [*candidates, *helpers]))
    out = tmp_path / "programs"
    done = plan(APPLES, tmp_path / "run", "--out", out, pool=pool)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["compiled"] == len(candidates)
    written = [file.read_text(encoding="utf-8") for file in out.iterdir()]
    assert written and all("? and ?" in text for text in written)
    truth = tmp_path / "odd.truth.parquet"
    done = solver("pool", "label", pool, "--task", APPLES, "--out", truth, "--json")
    assert done.returncode == 0, done.stderr
    words = ("--truth", truth, "--seeds", 2, "--run", tmp_path / "seen", "--json")
    replay = solver("replay", pool, "--task", APPLES, *words)
    assert replay.returncode == 0, replay.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("judge", "serve", "--port", "99999"),
        ("judge", "serve", "--duration", "0"),
        ("judge", "serve", "--duration", "-5"),
        ("judge", "serve", "--interval", "-5"),
        ("judge", "serve", "--per-minute", "0"),
        ("judge", "mcp", "--http", "70000"),
        ("judge", "mcp", "--duration", "0"),
        ("sandbox", "serve", "--port", "99999"),
        ("problems", "judge", "--time-limit", "0"),
        ("replay", "--time-limit", "-1"),
        ("pool", "label", "--time-limit", "0"),
    ],
)
def test_numbers_that_mean_nothing_are_refused(words: tuple[str, ...]) -> None:
    """Before anything is opened: a judge without a duration took the contest's own, one with a
    negative one served a contest that was over, and a port beyond 65535 was a traceback."""
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 2
    assert f"'{words[-2]}'" in done.output and "not in the range" in done.output
