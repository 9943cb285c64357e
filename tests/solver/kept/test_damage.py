"""A damaged run folder, in many places: what is read is what was kept, or the damage is said with
the file's name and what to do. Never a traceback, and never something else for the truth."""

import json
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from problems.loading import load_task
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from solver.breaking.config import BreakingConfig
from solver.cli.app import EXIT_BAD_INPUT, exit_code_of, main
from solver.config import SolveConfig, keep_config
from solver.contests.logs.recorded import contest_of
from solver.errors import RunFolderError
from solver.kept.answers import KeptAnswers
from solver.kept.inputs import load_inputs, save_inputs
from solver.kept.observations import ObservationStore
from solver.kept.samples import RunFolder, StoredSample
from solver.observed import ObservingConfig, observe_all
from solver.observing.bench import Bench
from solver.sampling.pools.pool import read_pool
from solver.types import GeneratedInput

ROOT = Path(__file__).parents[3]
TASK = ROOT / "problems/bundled/contest/apples"
POOL = ROOT / "problems/bundled/pools/apples.jsonl"


def sample(number: int) -> StoredSample:
    return StoredSample(
        key=f"key-{number}",
        task="apples",
        kind="candidate",
        subtask=None if number % 2 else "small",
        number=number,
        text=f"print({number})\n" * (1 + number * 7 % 90),
        logprob=-1 / (number + 1),
        tokens=number,
        prompt_tokens=2 * number,
        finish="stop",
        model="m",
        elapsed_s=0.25 * number,
        extra={"language": "python3", "round": 1},
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox, compiler: Compiler) -> Path:
    """What stages 4 and 5 keep of a bundled task, and samples beside it."""
    folder = tmp_path_factory.mktemp("real") / "run"
    pool = read_pool(POOL)
    # Those in C++ would take a second each to compile.
    quick = tuple(one for one in pool.candidates if one.language == "python3")
    pool = replace(pool, candidates=quick)
    bench = Bench.of(load_task(TASK), compiler, folder / "apples")
    config = ObservingConfig(breaking=BreakingConfig(on=False))
    observe_all(pool.candidates, pool.helpers, bench, config)
    with RunFolder(folder) as opened:
        for first in range(0, 120, 10):
            opened.add([sample(first + number) for number in range(10)])
    return folder


def samples_of(folder: Path) -> dict[str, Any]:
    with RunFolder(folder) as opened:
        return {
            **{one.key: one for one in opened.samples("apples", "candidate")},
            "known": opened.known([f"key-{number}" for number in range(120)]),
            "usage": opened.usage(),
        }


def observed_in(folder: Path) -> Callable[[Path], dict[str, Any]]:
    """Reads the rows and outputs that are in the undamaged folder."""
    connection = sqlite3.connect(folder / "apples" / "observations.sqlite")
    rows = connection.execute("SELECT program, inputs, count FROM seen").fetchall()
    connection.close()
    assert len(rows) >= 5

    def read(folder: Path) -> dict[str, Any]:
        store = ObservationStore(folder / "apples" / "observations.sqlite")
        try:
            found = {(row[0], row[1]): store.load(*row) for row in rows}
        finally:
            store.close()
        return {
            str(name): [part.tobytes() for part in one]
            for name, one in found.items()
            if one is not None
        }

    return read


def answered_in(folder: Path) -> Callable[[Path], dict[str, Any]]:
    connection = sqlite3.connect(folder / "apples" / "answers.sqlite")
    questions = [row[0] for row in connection.execute("SELECT question FROM answer")]
    connection.close()
    assert len(questions) > 500

    def read(folder: Path) -> dict[str, Any]:
        with KeptAnswers(folder / "apples") as kept:
            return dict(kept.load(questions))

    return read


def damages(content: bytes, page: int, dice: random.Random) -> Iterator[tuple[str, bytes]]:
    """Copies with a page zeroed, overwritten, exchanged, bits turned, and the file cut."""
    pages = [content[at : at + page] for at in range(0, len(content), page)]
    for number in range(len(pages)):
        for what in ("zeros", "noise", "exchange", "cut", "cut within"):
            made = list(pages)
            if what == "zeros":
                made[number] = bytes(len(made[number]))
            elif what == "noise":
                made[number] = dice.randbytes(len(made[number]))
            elif what == "exchange":
                other = dice.randrange(len(pages))
                made[number], made[other] = made[other], made[number]
            elif what == "cut":
                made = made[:number]
            else:
                made = [*made[:number], made[number][: dice.randrange(len(made[number]))]]
            yield f"page {number}: {what}", b"".join(made)
        for _ in range(12):
            at = number * page + dice.randrange(len(pages[number]))
            bit = 1 << dice.randrange(8)
            turned = content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :]
            yield f"byte {at}, bit {bit}", turned


def held(
    run: Path, name: str, read: Callable[[Path], dict[str, Any]], scratch: Path, *, again: bool
) -> tuple[int, int, int]:
    """Damages one file in many places; counts (as kept, some of it, said).

    Args:
        again: What is missing is made again; otherwise a missing part has to be said.
    """
    wanted = read(run)
    content = (run / name).read_bytes()
    folder = scratch / "run"
    shutil.copytree(run, folder)
    whole = some = said = 0
    for what, damaged in damages(content, 4096, random.Random(5)):
        for beside in ("-wal", "-shm"):
            (folder / f"{name}{beside}").unlink(missing_ok=True)
        (folder / name).write_bytes(damaged)
        try:
            found = read(folder)
        except RunFolderError as error:
            assert str(folder / name) in str(error), what
            assert ";" in str(error), f"{what}: no remedy in {error}"
            assert exit_code_of(error) == EXIT_BAD_INPUT
            said += 1
            continue
        assert all(wanted[key] == value for key, value in found.items()), what
        if found == wanted:
            whole += 1
        else:
            # An empty file is that of a run which has not begun.
            assert again or not damaged, what
            some += 1
    return whole, some, said


def test_samples(run: Path, tmp_path: Path) -> None:
    def read(folder: Path) -> dict[str, Any]:
        found = samples_of(folder)
        return found if found["known"] else {}

    whole, some, said = held(run, "samples.sqlite", read, tmp_path, again=False)
    assert said > 100 and whole > 0 and some <= 1


def test_observations(run: Path, tmp_path: Path) -> None:
    read = observed_in(run)
    _, _, said = held(run, "apples/observations.sqlite", read, tmp_path, again=True)
    assert said > 10


def test_answers(run: Path, tmp_path: Path) -> None:
    _, _, said = held(run, "apples/answers.sqlite", answered_in(run), tmp_path, again=True)
    assert said > 100


def solve(run: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of the command."""
    words = ["solve", str(TASK), "--model", f"pool:{POOL}", "--run", str(run), "--json"]
    with pytest.raises(SystemExit) as ended:
        main(words)
    told = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, told.out, told.err


def test_a_damaged_file_is_said_by_the_command_and_its_remedy_helps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run"
    code, wanted, said = solve(folder, capsys)
    assert code == 0, said
    files = [folder / "apples" / name for name in ("answers.sqlite", "observations.sqlite")]
    for file in files:
        content = file.read_bytes()
        file.write_bytes(content[:4104] + b"\x5a" * (len(content) - 4104))
    for kept in (folder / "apples").glob("inputs-*.jsonl"):
        kept.unlink()
    for file in files:
        code, _, said = solve(folder, capsys)
        assert code == EXIT_BAD_INPUT, said
        assert f"error: {file}: damaged" in said
        assert "remove it" in said and "run again" in said
        for part in file.parent.glob(f"{file.name}*"):
            part.unlink()
    code, found, said = solve(folder, capsys)
    assert code == 0, said
    # Not the plan itself: estimates read CPU times.
    for name in ("candidates", "compiled", "pass_examples", "inputs", "clusters"):
        assert json.loads(found)[name] == json.loads(wanted)[name]


def test_a_database_of_before_the_seals_is_read(run: Path, tmp_path: Path) -> None:
    with RunFolder(tmp_path) as opened:
        opened.add([sample(3)])
    connection = sqlite3.connect(tmp_path / "samples.sqlite")
    connection.execute("UPDATE samples SET extra = substr(extra, 19)")
    connection.execute("UPDATE meta SET value = '1' WHERE name = 'version'")
    connection.commit()
    connection.close()
    with RunFolder(tmp_path) as opened:
        assert opened.samples("apples", "candidate") == [sample(3)]


@pytest.fixture
def inputs(run: Path) -> tuple[str, list[GeneratedInput]]:
    (file,) = (one for one in (run / "apples").glob("inputs-*") if one.stat().st_size > 1000)
    key = file.stem.removeprefix("inputs-")
    made = load_inputs(run / "apples", key)
    assert made
    return key, made


def test_inputs_that_lost_their_end_or_a_bit_are_made_again(
    inputs: tuple[str, list[GeneratedInput]], tmp_path: Path
) -> None:
    key, made = inputs
    save_inputs(tmp_path, key, made)
    (file,) = tmp_path.iterdir()
    content = file.read_bytes()
    assert load_inputs(tmp_path, key) == made
    ends = [at + 1 for at, byte in enumerate(content) if byte == ord("\n")]
    dice = random.Random(8)
    cuts = [0, *ends[:-1], *(dice.randrange(len(content)) for _ in range(100))]
    for cut in cuts:
        file.write_bytes(content[:cut])
        assert load_inputs(tmp_path, key) is None, cut
    for _ in range(300):
        at, bit = dice.randrange(len(content)), 1 << dice.randrange(8)
        file.write_bytes(content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :])
        assert load_inputs(tmp_path, key) in (None, made), at


def test_no_inputs_are_kept_too_and_older_files_are_read(
    inputs: tuple[str, list[GeneratedInput]], tmp_path: Path
) -> None:
    key, made = inputs
    save_inputs(tmp_path, key, [])
    assert load_inputs(tmp_path, key) == []
    save_inputs(tmp_path, key, made)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes().partition(b"\n")[2])
    assert load_inputs(tmp_path, key) == made


def test_a_damaged_blob_says_what_to_do(tmp_path: Path) -> None:
    with RunFolder(tmp_path) as opened:
        digest = opened.blobs.put(b"a long text" * 1000)
        (file,) = (one for one in (tmp_path / "blobs").rglob("*") if one.is_file())
        content = file.read_bytes()
        said = 0
        for at in range(len(content)):
            file.write_bytes(content[:at] + bytes([content[at] ^ 16]) + content[at + 1 :])
            try:
                # A bit that zstd does not use may turn.
                assert opened.blobs.get(digest) == b"a long text" * 1000
            except RunFolderError as error:
                assert str(file) in str(error) and "copy of this file" in str(error)
                said += 1
        assert said > len(content) - 4


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{", b"[]", b"{}", b'{"inputs": 3}'])
def test_damaged_settings(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "config.json").write_bytes(content)
    if content == b"{}":
        return  # settings of nothing but defaults
    with pytest.raises(RunFolderError, match=r"config\.json: .*--run"):
        keep_config(tmp_path, SolveConfig())


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"{}", b'{"contest": 1, "models": {}}'])
def test_a_damaged_note_of_the_contest_that_was_played(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "contest.json").write_bytes(content)
    with pytest.raises(RunFolderError, match=r"contest\.json: damaged .*--run writes it again"):
        contest_of(tmp_path)
