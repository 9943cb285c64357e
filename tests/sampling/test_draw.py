"""Drawing a round: what is missing and nothing else, through limits, failures and kill -9."""

import json
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from scripted import Reply, answered, scripted
from stub import FAULTS, Behaviour, Stub, running

from problems.loading import load_task
from problems.task import Task
from solver.errors import EngineError, RunFolderError
from solver.kept.samples import RunFolder, StoredSample
from solver.sampling.answers.extraction import NoProgram
from solver.sampling.config import SamplingConfig
from solver.sampling.draw import Budget, Samples, draw_round
from solver.sampling.engine import Answers, Request, Stop
from solver.sampling.engines.openai import OpenAIEngine

CONTEST = Path(__file__).parents[2] / "problems" / "bundled" / "contest"
DRAWING = Path(__file__).with_name("drawing.py")


@pytest.fixture(scope="module")
def apples() -> Task:
    return load_task(CONTEST / "apples")


def config_of(**fields: object) -> SamplingConfig:
    return SamplingConfig.model_validate({"samples": 24, "helpers": 2} | fields)


def engine_of(stub: Stub, **options: int) -> OpenAIEngine:
    return OpenAIEngine(stub.url, "stub", rest_s=0.01, **options)  # type: ignore[arg-type]


def drawn(task: Task, stub: Stub, run: Path, config: SamplingConfig, **options: object) -> Samples:
    engine = engine_of(stub, together=4)
    try:
        with RunFolder(run) as folder:
            budget = Budget(config)
            return draw_round(
                task,
                engine,
                folder,
                config,
                budget,
                lambda *_: None,
                **options,  # type: ignore[arg-type]
            )
    finally:
        engine.close()


def kept(run: Path, task: str = "apples") -> list[StoredSample]:
    with RunFolder(run) as folder:
        kinds = ("candidate", "generator", "validator")
        return [each for kind in kinds for each in folder.samples(task, kind)]


def test_draws_all_and_asked_again_draws_nothing(apples: Task, tmp_path: Path) -> None:
    config = config_of()
    with running() as stub:
        first = drawn(apples, stub, tmp_path, config)
        calls = len(stub.record.bodies)
        again = drawn(apples, stub, tmp_path, config)
        assert len(stub.record.bodies) == calls
    # The stub speaks Python only: half of the candidates were asked for in C++.
    assert len(first.candidates) == 12
    assert first.unusable == {NoProgram.OTHER_LANGUAGE: 12}
    assert Counter(each.kind.value for each in first.helpers) == {"generator": 2, "validator": 2}
    assert len({each.id for each in first.candidates}) == 12
    assert first.tokens == sum(each.tokens for each in kept(tmp_path)) > 100
    assert (again.candidates, again.helpers, again.tokens) == (first.candidates, first.helpers, 0)


def test_more_samples_leave_those_that_are_there(apples: Task, tmp_path: Path) -> None:
    with running() as stub:
        few = drawn(apples, stub, tmp_path, config_of(samples=8, languages=["python3"]))
        served = stub.record.served
        many = drawn(apples, stub, tmp_path, config_of(samples=20, languages=["python3"]))
        assert stub.record.served == served + 12
    assert {each.id: each for each in few.candidates}.items() <= {
        each.id: each for each in many.candidates
    }.items()
    assert len(many.candidates) == 20


def test_another_seed_in_the_same_run_adds_under_other_ids(apples: Task, tmp_path: Path) -> None:
    with running() as stub:
        drawn(apples, stub, tmp_path, config_of(languages=["python3"]))
        both = drawn(apples, stub, tmp_path, config_of(languages=["python3"], seed=1))
    assert len(both.candidates) == len({each.id for each in both.candidates}) == 48


def test_limits_end_cleanly_and_the_rest_can_be_drawn(apples: Task, tmp_path: Path) -> None:
    with running(Behaviour(latency_s=0.01)) as stub:
        limited = config_of(samples=200, languages=["python3"], max_tokens_total=100)
        first = drawn(apples, stub, tmp_path, limited)
        assert first.stopped == "the limit of 100 tokens is reached"
        assert 0 < len(first.candidates) < 200
        assert len(kept(tmp_path)) == stub.record.served
        rest = drawn(apples, stub, tmp_path, config_of(samples=200, languages=["python3"]))
        assert len(rest.candidates) == 200
        assert stub.record.served == 204


def test_a_cost_limit(apples: Task, tmp_path: Path) -> None:
    prices = {"price_answer_mtok": 1e6, "price_prompt_mtok": 0.0, "max_cost": 70.0}
    with running(Behaviour(latency_s=0.01)) as stub:
        first = drawn(apples, stub, tmp_path, config_of(samples=200, **prices))
    assert first.stopped == "the cost limit of 70.0 is reached"
    assert sum(each.tokens for each in kept(tmp_path)) >= 70


def test_a_rounds_tokens_bound_it_and_a_resumed_round_costs_what_it_cost(
    apples: Task, tmp_path: Path
) -> None:
    config = config_of(samples=200, languages=["python3"])
    with running(Behaviour(latency_s=0.01)) as stub:
        first = drawn(apples, stub, tmp_path, config, most_tokens=100)
        served = stub.record.served
        again = drawn(apples, stub, tmp_path, config, most_tokens=100)
        assert stub.record.served == served
    assert first.stopped == "the round's 100 tokens are spent"
    assert 0 < len(first.candidates) < 200
    assert 100 <= first.spent == first.tokens
    assert (again.candidates, again.tokens, again.spent) == (first.candidates, 0, first.spent)


class InTurn:
    """A real engine whose requests are answered in the order in which they were made."""

    name = "openai"
    model = "stub"
    chat = True

    def __init__(self, inner: OpenAIEngine) -> None:
        self._inner = inner

    def sample(self, requests: Sequence[Request], stop: Stop = lambda: False) -> Answers:
        for request in requests:
            if stop():
                return
            yield from self._inner.sample([request])

    def close(self) -> None:
        self._inner.close()


def test_a_rounds_tokens_do_not_end_it_before_a_candidate_came(
    apples: Task, tmp_path: Path
) -> None:
    """Helpers' prompts go first, and a round without any candidate could not be played."""
    config = config_of(samples=200, languages=["python3"])
    with running() as stub, RunFolder(tmp_path) as folder:
        engine = InTurn(engine_of(stub))
        for _ in range(2):
            least = draw_round(
                apples, engine, folder, config, Budget(config), lambda *_: None, most_tokens=0
            )
            assert len(least.candidates) == 1 and len(least.helpers) == 4
            assert stub.record.served == 5
        engine.close()


def test_an_engine_that_fails_keeps_what_came(apples: Task, tmp_path: Path) -> None:
    with running(Behaviour(refuse=("model",))) as stub:
        with pytest.raises(EngineError, match="400"):
            drawn(apples, stub, tmp_path, config_of())
        stub.behaviour = Behaviour()
        assert len(drawn(apples, stub, tmp_path, config_of()).candidates) == 12


class Interrupted:
    """Answers some requests of a real engine, then is interrupted as Ctrl-C does it."""

    name = "openai"
    model = "stub"
    chat = True

    def __init__(self, inner: OpenAIEngine, after: int) -> None:
        self._inner = inner
        self._after = after

    def sample(self, requests: Sequence[Request], stop: Stop = lambda: False) -> Answers:
        for number, pair in enumerate(self._inner.sample(requests, stop)):
            if number == self._after:
                raise KeyboardInterrupt
            yield pair

    def close(self) -> None:
        self._inner.close()


def test_ctrl_c_keeps_every_answer_that_came(apples: Task, tmp_path: Path) -> None:
    config = config_of()
    with running() as stub, RunFolder(tmp_path) as folder:
        engine = Interrupted(engine_of(stub, together=1), 17)
        with pytest.raises(KeyboardInterrupt):
            draw_round(apples, engine, folder, config, Budget(config), lambda *_: None)
        engine.close()
    assert len(kept(tmp_path)) == 17
    assert not [each for each in threading.enumerate() if each.name == "keeper"]


def test_a_full_disk_ends_the_round_and_keeps_what_fitted(apples: Task, tmp_path: Path) -> None:
    config = config_of(samples=2000)
    with running() as stub, RunFolder(tmp_path) as folder:
        with folder.transaction() as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages + 20}")
        engine = engine_of(stub, together=8)
        with pytest.raises(RunFolderError, match="no space left"):
            draw_round(apples, engine, folder, config, Budget(config), lambda *_: None)
        engine.close()
        assert sum(row.samples for row in folder.usage()) > 10
        assert stub.record.served < 2000


def test_progress_counts_what_is_on_the_disk(apples: Task, tmp_path: Path) -> None:
    config = config_of()
    seen: list[tuple[int, int]] = []
    with running() as stub, RunFolder(tmp_path) as folder:

        def progress(done: int, total: int) -> None:
            on_disk = sum(row.samples for row in folder.usage())
            seen.append((done, total))
            assert on_disk >= done

        engine = engine_of(stub, together=1)
        draw_round(apples, engine, folder, config, Budget(config), progress)
        engine.close()
    assert seen[0] == (0, 28)
    assert seen[-1] == (28, 28)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_no_program_at_all_is_an_error_that_says_why(apples: Task, tmp_path: Path) -> None:
    with running() as stub, pytest.raises(EngineError, match="other_language 24"):
        drawn(apples, stub, tmp_path, config_of(languages=["cpp20"]))


def test_answers_that_were_cut_off_name_the_option(apples: Task, tmp_path: Path) -> None:
    def script(body: dict[str, Any]) -> Reply:
        reply = answered(body, "<think>Let me see.")
        for choice in reply.body["choices"]:
            choice["finish_reason"] = "length"
        return reply

    with (
        scripted(script) as server,
        pytest.raises(EngineError, match=r"cut_off 28; .*--max-tokens"),
    ):
        drawn(apples, server, tmp_path, config_of())  # type: ignore[arg-type]


def test_the_run_folder_holds_no_key(
    apples: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOLVER_OPENAI_API_KEY", "sk-very-secret")
    with running() as stub:
        drawn(apples, stub, tmp_path, config_of())
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or b"sk-very-secret" not in file.read_bytes()


def _killed_runs(stub: Stub, run: Path, samples: int, kills: int, together: int) -> int:
    """Draws, killing the process at random moments; returns the number of kills that hit."""
    rng = random.Random(together)
    hit = 0
    command = [sys.executable, str(DRAWING), str(run), stub.url, str(CONTEST / "apples")]
    command += [str(samples), str(together)]
    while True:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        first = int(process.stdout.readline())
        target = first + rng.randrange(1, max(2, 2 * samples // max(1, kills)))
        for line in process.stdout:
            if hit < kills and int(line) >= target:
                process.send_signal(signal.SIGKILL)
                hit += 1
                break
        process.stdout.close()
        if process.wait() == 0:
            return hit
        assert process.returncode == -signal.SIGKILL
        reported = first
        assert len(kept(run)) >= reported


@pytest.mark.parametrize(
    ("kills", "together"),
    [
        (4, 4),
        pytest.param(20, 1, marks=pytest.mark.slow),
        pytest.param(20, 8, marks=pytest.mark.slow),
    ],
)
def test_kill_9_and_resume_give_the_samples_of_an_undisturbed_run(
    tmp_path: Path, kills: int, together: int
) -> None:
    samples = 60 * kills
    hostile = Behaviour(faults=FAULTS, share=0.1, stall_s=0.2, latency_s=0.002)
    with running(hostile) as stub:
        hit = _killed_runs(stub, tmp_path / "killed", samples, kills, together)
        assert _killed_runs(stub, tmp_path / "calm", samples, 0, together) == 0
    assert hit >= kills // 2

    def identity(run: Path) -> list[str]:
        return sorted(json.dumps([each.key, each.number, each.text]) for each in kept(run))

    assert identity(tmp_path / "killed") == identity(tmp_path / "calm")
    assert len(kept(tmp_path / "calm")) == samples + 8
