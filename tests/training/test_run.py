"""The whole loop with a tiny random model: trl's trainers, peft's adapters, our judge."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import made
import pytest
from click.testing import CliRunner

from solver.cli.app import cli
from solver.training.config import settled
from solver.training.errors import Contaminated, TrainingError
from solver.training.rounds import rounds_of, train
from solver.training.rows import read_rows, write_rows
from solver.training.sources import tasks_in

ROOT = Path(__file__).parents[2]
CONTEST = ROOT / "problems/bundled/contest"


def toml(model: Path, data: Path, **more: str) -> str:
    lines = {
        "model": f'"hf:{model}"',
        "tasks": f'["{CONTEST / "apples"}"]',
        "held_out": f'["{CONTEST / "evens"}"]',
        "data": f'["{data}"]',
        "device": '"cpu"',
    } | more
    return "\n".join(f"{name} = {value}" for name, value in lines.items()) + (
        "\n[sampling]\nsamples = 4\nconcurrency = 1\nhelpers = 0\nmax_tokens = 16\n"
        'languages = ["python3"]\nvariants = 1\n'
        "[tune]\nlearning_rate = 0.01\nepochs = 4\nbatch = 2\naccumulate = 1\nrank = 4\n"
        "checkpoint_steps = 1\ngenerations = 2\nsteps = 2\n"
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    apples = tasks_in([CONTEST / "apples"])["apples"].task
    folder = tmp_path_factory.mktemp("data")
    programs = [f"a, b = map(int, input().split())\nprint({how})" for how in ("a + b", "b + a")]
    programs += [f"print(sum(map(int, input().split()))){mark}" for mark in ("", "  # all")]
    write_rows(folder / "rows.jsonl", [made.row(apples, "mine", text) for text in programs])
    return folder


@pytest.fixture(scope="module")
def done(
    trainer: Path, tiny_chat: Path, data: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Mapping[str, Any]]:
    folder = tmp_path_factory.mktemp("runs")
    (folder / "sft.toml").write_text(toml(tiny_chat, data))
    (folder / "grpo.toml").write_text(toml(tiny_chat, data, method='"grpo"', rounds="1"))
    left_out = ("PYTEST", "PYTHON", "VIRTUAL_ENV")
    env = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    words = ("sft.toml", "sft", "grpo.toml", "grpo", CONTEST / "evens")
    ended = subprocess.run(
        [trainer, ROOT / "tests/training/killed.py", *words],
        cwd=folder,
        env={**env, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-4000:]
    return folder, json.loads(ended.stdout.splitlines()[-1])


def test_killed_twice_it_goes_on_from_where_it_was(done: tuple[Path, Mapping[str, Any]]) -> None:
    folder, said = done
    assert said["code"] == 0
    first, second = rounds_of(folder / "sft")
    # 77 was written into the checkpoint by the test: a training that began anew would not know it.
    losses = first["training"]["losses"]
    assert losses[0] == 77.0 and len(losses) == first["training"]["steps"] == 8
    # Four rows, each seen four times; the steps before a kill count.
    assert first["training"]["tokens"] == second["training"]["tokens"] > 4 * 4 * 800
    assert second["training"]["losses"][-1] < second["training"]["losses"][0]
    # Answers that were on the disk were not drawn again: their times are the old ones.
    assert said["kept"] and len(said["after"]) == 4
    assert [row for row in said["after"] if row in said["kept"]] == said["kept"]
    assert second["sampled_with"].endswith("+round1")
    assert not (folder / "sft/rounds/1/checkpoints").exists()


def test_every_round_keeps_what_it_was_trained_on(done: tuple[Path, Mapping[str, Any]]) -> None:
    folder, _ = done
    for number in (1, 2):
        place = folder / "sft/rounds" / str(number)
        assert len(read_rows(place)) == 4
        card = json.loads((place / "card.json").read_text())
        assert card["held_out"] == ["Lighthouse Cup/evens"] and len(card["origins"]) == 4
        files = {each.name for each in (place / "adapter").iterdir()}
        assert {"adapter_model.safetensors", "adapter_config.json", "base.json"} <= files
        assert not [name for name in files if name.endswith((".bin", ".pt", ".pkl"))]


def test_an_adapter_changes_what_hf_answers(done: tuple[Path, Mapping[str, Any]]) -> None:
    folder, said = done
    assert said["base"] != said["adapted"]
    assert said["merge"] == 0 and said["merged"] == said["adapted"]
    assert (folder / "merged/model.safetensors").is_file()


def test_llama_cpp_answers_with_an_adapter_as_transformers_does(
    done: tuple[Path, Mapping[str, Any]],
) -> None:
    _, said = done
    llama = said["llama"]
    for layers in ("1", "2"):
        one = llama[layers]
        assert one["exit"] == 0
        # The queries' and keys' rows are in another order there: unless they are turned, the two
        # engines say different things.
        assert one["hf"] == one["folder"] == one["file"] != llama["base"]
    assert llama["1"]["hf"] != llama["2"]["hf"]
    # All seven matrices of a layer, two halves each; the last layer alone where one is asked for.
    assert len(llama["2"]["changed"]) == 2 * 7 * 2
    assert {name.split(".")[1] for name in llama["1"]["changed"]} == {"1"}


def test_nothing_but_the_answer_is_scored(done: tuple[Path, Mapping[str, Any]]) -> None:
    _, said = done
    counts = said["scored"]
    assert counts["scored"] == counts["answer"] < counts["row"] / 10


def test_what_it_was_worth_is_measured_on_tasks_that_it_never_saw(
    done: tuple[Path, Mapping[str, Any]],
) -> None:
    folder, said = done
    assert said["eval"] == 0 and said["seen"] == 1
    document = json.loads((folder / "sft/eval/eval.json").read_text())
    assert [one["name"] for one in document["entries"]] == ["base", "round 2"]
    assert (document["tasks"], document["samples"], document["marks"]) == (["evens"], 2, [1])
    # Neither solves anything, and that is what it says.
    assert [row["value"] for row in document["differences"]] == [0.0, 0.0]
    assert "| round 2 | pass at 1: +0.000" in (folder / "sft/eval/eval.md").read_text()
    assert (folder / "sft/eval/eval.svg").stat().st_size > 1000


def test_a_round_of_grpo_is_rewarded_by_the_judge(done: tuple[Path, Mapping[str, Any]]) -> None:
    folder, said = done
    assert said["grpo"] == 0
    (only,) = rounds_of(folder / "grpo")
    # A random model solves nothing, and a judge that fails would have ended the run.
    assert only["training"]["rewards"] == [0.0, 0.0] and only["training"]["tokens"] > 800
    assert (folder / "grpo/rounds/1/adapter/base.json").is_file()


def test_other_settings_are_another_run(tmp_path: Path, tiny_chat: Path) -> None:
    given = {"model": f"hf:{tiny_chat}", "tasks": [str(CONTEST / "apples")]}
    settled(tmp_path, given)
    assert settled(tmp_path, {}).model == f"hf:{tiny_chat}"
    assert settled(tmp_path, {"sampling": {"samples": 64}}).sampling.samples == 64
    with pytest.raises(TrainingError, match="rounds 2, now 3"):
        settled(tmp_path, {"rounds": 3})
    with pytest.raises(TrainingError, match=r"tune.epoch: Extra inputs"):
        settled(tmp_path / "other", given | {"tune": {"epoch": 3}})


def test_a_task_that_is_held_out_is_not_trained_on(tmp_path: Path, tiny_chat: Path) -> None:
    given = {"model": f"hf:{tiny_chat}", "tasks": [str(CONTEST / "apples")]}
    config = settled(tmp_path, given | {"held_out": [str(CONTEST)]})
    with pytest.raises(Contaminated, match="task apples is to be trained on"):
        train(config, tmp_path, lambda *_: None)
    words = ["train", "run", "--run", str(tmp_path / "x"), "--model", "embedded"]
    refused = CliRunner().invoke(cli, [*words, "--task", str(CONTEST / "apples")])
    assert "cannot be trained here" in str(refused.exception)


def test_only_a_gguf_file_is_drawn_from_by_llama_cpp(tmp_path: Path, tiny_chat: Path) -> None:
    given = {"model": f"hf:{tiny_chat}", "tasks": [], "sampler": "embedded"}
    with pytest.raises(TrainingError, match="draws from a GGUF file"):
        settled(tmp_path, given)
