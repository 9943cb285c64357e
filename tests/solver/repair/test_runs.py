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
from click.testing import CliRunner

from problems.loading import load_task
from solver.api.solving import Solved
from solver.api.solving import solve as solve_task
from solver.breaking.config import BreakingConfig
from solver.cli.solve import solve
from solver.config import SolveConfig
from solver.kept.samples import RunFolder
from solver.observing.inputs import InputsConfig
from solver.observing.separating import SeparatingConfig
from solver.sampling.config import SamplingConfig
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
        assert sorted(out.iterdir())[0].read_text() == RIGHT
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


def planned(url: str, run: Path, **sampling: Any) -> Solved:
    """The same by the front door, on fewer inputs: it takes a second."""
    config = SolveConfig(
        model=f"openai:pupil@{url}",
        sampling=SamplingConfig(languages=("python3",), **sampling),
        inputs=InputsConfig(count=16, oversample=1),
        separating=SeparatingConfig(count=0),
        breaking=BreakingConfig(on=False),
    )
    return solve_task(load_task(TASK), config.model, run=run, config=config)


def test_the_pool_keeps_the_best_of_all_rounds(tmp_path: Path) -> None:
    pupil = Pupil(spoils=True, right_first=True)
    with scripted(pupil.answer) as server:
        found = planned(
            server.url, tmp_path, samples=24, repair_share=0.25, repair_rounds=1, seed=3
        )
    assert pupil.repairs and found.repaired[0].drafts == 6
    assert found.plan[0].candidate.source == RIGHT


def test_a_model_that_stands_by_its_program_is_not_asked_twice_the_same(tmp_path: Path) -> None:
    pupil = Pupil(stubborn=True)
    with scripted(pupil.answer) as server:
        found = planned(server.url, tmp_path, samples=24, repair_share=0.5, repair_rounds=5)
    prompts = [json.dumps(body["messages"]) for body in server.bodies]
    repairs = [one for one in prompts if "This program was tried" in one]
    assert repairs and len(set(repairs)) == len(repairs)
    assert found.repaired[-1].stopped


def test_a_token_limit_leaves_the_repair_rounds_their_share(tmp_path: Path) -> None:
    pupil = Pupil()
    with scripted(pupil.answer) as server:
        found = planned(
            server.url,
            tmp_path,
            samples=40,
            repair_share=0.5,
            repair_rounds=1,
            max_tokens_total=600,
            concurrency=1,
        )
    assert pupil.repairs  # plain sampling alone would have spent all of it
    assert 0 < sum(one.tokens for one in found.repaired) <= 300 + 160


def test_a_risk_that_is_low_enough_ends_it(tmp_path: Path) -> None:
    pupil = Pupil()
    with scripted(pupil.answer) as server:
        found = planned(server.url, tmp_path, samples=12, repair_share=0.4, repair_alpha=0.99999)
    assert pupil.repairs == []
    (one,) = found.repaired
    assert "wrong with a chance of at most" in one.stopped
    assert one.risk <= 0.99999


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
        options = ("--samples", 24, "--rounds", 3, "--repair-share", 0.5)
        more = (*options, "--concurrency", 1, "--breaking", "off")
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


def test_rounds_said_in_two_ways_that_differ_are_refused(tmp_path: Path) -> None:
    more = ("--rounds", 2, "--repair-rounds", 3)
    done = CliRunner().invoke(solve, words("http://127.0.0.1:9/v1", tmp_path, *more))
    assert done.exit_code == 2 and "say the same" in done.output
