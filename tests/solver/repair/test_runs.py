"""Whole runs with repair rounds: `solver solve` through `openai:`, real sandbox, real scorer."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from solver.cli.solve import solve
from solver.kept.samples import RunFolder
from tests.sampling.scripted import Reply, scripted
from tests.solver.repair.pupil import RIGHT, Pupil

ROOT = Path(__file__).parents[3]
TASK = ROOT / "problems/bundled/contest/evens"
SCHEMA = json.loads((ROOT / "docs/schemas/solve.schema.json").read_text())


def words(url: str, run: Path, *more: object) -> list[str]:
    fixed = [TASK, "--model", f"openai:pupil@{url}", "--run", run, "--language", "python3"]
    return [str(each) for each in (*fixed, "--json", *more)]


def solved(url: str, run: Path, *more: object) -> dict[str, Any]:
    done = CliRunner().invoke(solve, words(url, run, *more), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    document: dict[str, Any] = json.loads(done.stdout)
    jsonschema.validate(document, SCHEMA)
    return document


def sources(run: Path) -> dict[str, str]:
    with RunFolder(run) as folder:
        return {each.key: each.text for each in folder.samples("evens", "candidate")}


def first_program(run: Path, document: dict[str, Any], out: Path) -> str:
    return sorted(out.iterdir())[0].read_text()


def test_a_program_is_mended_once_the_prompt_holds_what_breaks_it(tmp_path: Path) -> None:
    pupil = Pupil()
    with scripted(pupil.answer) as server:
        run, out = tmp_path / "run", tmp_path / "out"
        more = ("--samples", 12, "--rounds", 3, "--repair-share", 0.5, "--out", out)
        document = solved(server.url, run, *more)
        assert pupil.told
        # A prompt that accuses a program falsely says that it is in doubt.
        assert all("a doubt, no proof" in one for one in set(pupil.repairs) - pupil.told)
        # Nothing right was drawn before; what was mended is right, and goes first.
        assert first_program(run, document, out) == RIGHT
        begun = [one for one in document["repaired"] if not one["stopped"]]
        assert begun and begun[0]["drafts"] == 3 and begun[0]["modes"]
        assert begun[0]["tokens"] > 0 and begun[0]["expected_gain"] > 0
        # One ledger: what the server counted is what the run says.
        assert document["tokens"] == 20 * sum(body.get("n") or 1 for body in server.bodies)
        asked = len(server.bodies)
        again = solved(server.url, run, *more)
        assert len(server.bodies) == asked and again == document
    with RunFolder(run) as folder:
        drafts = [e for e in folder.samples("evens", "candidate") if e.extra.get("step")]
    assert drafts and all(each.extra["parent"] for each in drafts)


def test_without_a_share_nothing_is_repaired(tmp_path: Path) -> None:
    pupil = Pupil()
    with scripted(pupil.answer) as server:
        document = solved(server.url, tmp_path / "run", "--samples", 12)
    assert pupil.repairs == [] and document["repaired"] == []


def test_the_pool_keeps_the_best_of_all_rounds(tmp_path: Path) -> None:
    pupil = Pupil(spoils=True, right_first=True)
    with scripted(pupil.answer) as server:
        out = tmp_path / "out"
        more = ("--samples", 24, "--rounds", 2, "--repair-share", 0.25, "--out", out)
        document = solved(server.url, tmp_path / "run", *more)
    assert pupil.repairs
    assert first_program(tmp_path, document, out) == RIGHT


def test_a_model_that_stands_by_its_program_is_not_asked_twice_the_same(tmp_path: Path) -> None:
    pupil = Pupil(stubborn=True)
    with scripted(pupil.answer) as server:
        document = solved(
            server.url, tmp_path / "run", "--samples", 24, "--rounds", 6, "--repair-share", 0.5
        )
    assert len(set(pupil.repairs)) == len(pupil.repairs)
    assert document["repaired"][-1]["stopped"]


def test_a_token_limit_leaves_the_repair_rounds_their_share(tmp_path: Path) -> None:
    pupil = Pupil()
    with scripted(pupil.answer) as server:
        more = ("--samples", 40, "--rounds", 2, "--repair-share", 0.5, "--limit-tokens", 400)
        document = solved(server.url, tmp_path / "run", *more, "--concurrency", 1)
    assert pupil.repairs  # plain sampling alone would have spent all of it
    assert sum(one["tokens"] for one in document["repaired"]) <= 200 + 20


def test_a_risk_that_is_low_enough_ends_it(tmp_path: Path) -> None:
    pupil = Pupil()
    with scripted(pupil.answer) as server:
        more = ("--samples", 12, "--rounds", 3, "--alpha", 0.99999)
        document = solved(server.url, tmp_path / "run", *more)
    assert pupil.repairs == []
    (one,) = document["repaired"]
    assert "wrong with a chance of at most" in one["stopped"]
    assert one["risk_promised"] <= 0.99999


def wait_for_samples(run: Path, count: int) -> None:
    """Until so many answers are on the disk: what was answered and not kept may be asked again."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with sqlite3.connect(f"file:{run / 'samples.sqlite'}?mode=ro", uri=True) as file:
            if file.execute("SELECT COUNT(*) FROM samples").fetchone()[0] >= count:
                return
        time.sleep(0.02)
    raise AssertionError(f"{count} answers were never kept")


def test_killed_in_the_middle_of_a_repair_round_nothing_is_asked_twice(tmp_path: Path) -> None:
    pupil = Pupil(half_mend=True)
    run = tmp_path / "run"
    answers: Counter[str] = Counter()
    kills = {2: "the first round", 4: "the second one"}
    pids: list[int] = []
    lock = threading.Lock()
    choices = 0

    def script(body: dict[str, Any]) -> Reply:
        nonlocal choices
        with lock:
            reply = pupil.answer(body)
            if len(pupil.repairs) in kills:
                del kills[len(pupil.repairs)]
                wait_for_samples(run, choices)
                os.kill(pids[-1], signal.SIGKILL)
                return Reply(status=503, body={"error": "the asker is dead"})
            choices += body.get("n") or 1
            answers[json.dumps([body["messages"], body["seed"]])] += 1
            return reply

    with scripted(script) as server:
        more = ("--samples", 16, "--rounds", 3, "--repair-share", 0.5, "--concurrency", 1)
        killed = 0
        while True:
            process = subprocess.Popen(
                [sys.executable, "-m", "solver", "solve", *words(server.url, run, *more)],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=ROOT,
            )
            pids.append(process.pid)
            output, said = process.communicate(timeout=300)
            if process.returncode != -signal.SIGKILL:
                break
            killed += 1
        assert process.returncode == 0, said
    document = json.loads(output)
    assert killed == 2 and not kills
    assert set(answers.values()) == {1}
    assert [one["step"] for one in document["repaired"] if one["drafts"]] == [1, 2]
    assert document["tokens"] == 20 * choices


@pytest.mark.parametrize("rounds", [2])
def test_rounds_said_in_two_ways_that_differ_are_refused(tmp_path: Path, rounds: int) -> None:
    done = CliRunner().invoke(
        solve, words("http://127.0.0.1:9/v1", tmp_path, "--rounds", rounds, "--repair-rounds", 3)
    )
    assert done.exit_code == 2 and "say the same" in done.output
