"""`solver sample`: the plan without a model, and a real draw into a pool file."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from stub import running

from solver.cli.sample import sample
from solver.runs.found import summary_of
from solver.sampling.open import UnknownModel, open_engine
from solver.sampling.pools.pool import read_pool

CONTEST = Path(__file__).parents[2] / "problems" / "bundled" / "contest"


def test_a_dry_run_prints_every_prompt_and_the_budget() -> None:
    arguments = [str(CONTEST / "depots"), "--dry-run", "--json", "--samples", "50"]
    done = CliRunner().invoke(sample, arguments, catch_exceptions=False)
    plan = json.loads(done.stdout)
    candidates = [each for each in plan["prompts"] if each["kind"] == "candidate"]
    assert sum(each["samples"] for each in candidates) == 50
    assert len({each["subtask"] for each in candidates}) == 4
    assert {each["language"] for each in candidates} == {"python3", "cpp20"}
    assert plan["budget"]["answers"] == 58
    assert plan["budget"]["answer_tokens_at_most"] == 58 * 1024
    for each in candidates:
        assert any(each["subtask"] in text for _, text in each["messages"])


def test_a_function_task_shows_its_header() -> None:
    done = CliRunner().invoke(
        sample, [str(CONTEST / "canal"), "--dry-run", "--json"], catch_exceptions=False
    )
    candidates = [
        each for each in json.loads(done.stdout)["prompts"] if each["kind"] == "candidate"
    ]
    assert candidates
    for each in candidates:
        assert each["language"] == "cpp20"
        assert "Do not write a main function" in each["messages"][-1][1]


def test_a_draw_into_a_pool_file(tmp_path: Path) -> None:
    with running() as stub:
        arguments = [str(CONTEST / "apples"), "--model", f"openai:stub@{stub.url}"]
        arguments += ["--samples", "12", "--language", "python3", "--helpers", "2", "--json"]
        arguments += ["--run", str(tmp_path / "run"), "--out", str(tmp_path / "pool.jsonl")]
        done = CliRunner().invoke(sample, arguments, catch_exceptions=False)
    document = json.loads(done.stdout)
    assert document["candidates"] == document["distinct"] == 12
    assert document["helpers"] == {"generator": 2, "validator": 2}
    assert document["tokens"] > 0
    pool = read_pool(tmp_path / "pool.jsonl")
    assert len(pool.candidates) == 12
    assert len(pool.helpers) == 4
    assert {each.model for each in pool.candidates} == {"stub"}
    assert summary_of(tmp_path / "run").begun is not None


@pytest.mark.parametrize("spec", ["", "nothing", "hf:", "openai:m", "openai:m@ftp://x", "pool:f"])
def test_specs_that_name_no_engine(spec: str) -> None:
    with pytest.raises(UnknownModel, match="openai"):
        open_engine(spec)
