"""The words of a command line are checked before anything is drawn, and mean the same in every
command that samples; a run goes on with what another command drew."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from problems.loading import load_task
from sandbox import open_sandbox
from sandbox.errors import BackendUnavailable
from solver.cli.app import cli, exit_code_of

sys.path.insert(0, str(Path(__file__).parents[1] / "sampling"))
from scripted import PROGRAM, Reply, Scripted, answered, scripted

ROOT = Path(__file__).parents[2]
APPLES = ROOT / "problems/bundled/contest/apples"
DEPOTS = ROOT / "problems/bundled/contest/depots"
CANAL = ROOT / "problems/bundled/contest/canal"
POOL = ROOT / "problems/bundled/pools/apples.jsonl"
COMMANDS = {
    "sample": ["sample", str(APPLES)],
    "solve": ["solve", str(APPLES)],
    "assess": ["assess", str(APPLES)],
    "contest": ["contest", "run", str(APPLES.parent)],
    "play": ["judge", "play", "contest-api", "http://127.0.0.1:9/api/"],
}


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted(answered) as running:
        yield running


def run(*words: object) -> Any:
    done = CliRunner().invoke(cli, [*map(str, words)])
    if isinstance(done.exception, Exception) and not isinstance(done.exception, SystemExit):
        done.exit_code = exit_code_of(done.exception)
        done.said = str(done.exception)
    else:
        done.said = done.output
    return done


def document(done: Any) -> Any:
    assert done.exit_code == 0, done.said
    return json.loads(done.stdout)


BAD = {
    "language": (["--language", "cobol"], "no language is called 'cobol'"),
    "temperature": (["--temperature", "hot"], "hot"),
    "temperatures": (["--temperature", "1.0,0.5"], "rising"),
    "top_p": (["--top-p", "1.5"], "1.5"),
    "price": (["--price-answer", "nan"], "nan"),
    "prices": (["--price-prompt", "-1"], "-1"),
    "budget without prices": (["--budget", "5"], "--price-answer"),
    "budget": (["--budget", "inf", "--price-answer", "1"], "inf"),
    "max tokens": (["--max-tokens", "0"], "16"),
    "concurrency": (["--concurrency", "0"], "1"),
    "settings": (["--settings", "/no/such.toml"], "no/such.toml"),
    "model": (["--model", "gpt-4"], "no model is called 'gpt-4'"),
    "address": (["--model", "openai:m@localhost"], "MODEL@URL"),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("word", BAD)
def test_a_wrong_word_is_refused_by_every_command(
    word: str, command: str, server: Scripted, tmp_path: Path
) -> None:
    words, said = BAD[word]
    model = ["--model", f"openai:m@{server.url}"] if "--model" not in words else []
    done = run(*COMMANDS[command], *model, *words, "--run", tmp_path / "run")
    assert done.exit_code == 2, done.said
    assert said in done.said
    assert server.bodies == []


def test_a_subtask_or_language_that_the_task_has_not(server: Scripted, tmp_path: Path) -> None:
    words = ["--model", f"openai:m@{server.url}", "--run", tmp_path / "run"]
    done = run("solve", APPLES, *words, "--subtask", "group9")
    assert done.exit_code == 2 and "no subtask is called 'group9'" in done.said
    done = run("solve", CANAL, *words, "--language", "python")
    assert done.exit_code == 2 and "canal: takes" in done.said
    assert server.bodies == []


def test_usual_names_of_languages_are_understood() -> None:
    for word, id in (
        ("cpp", "cpp20"),
        ("C++17", "cpp17"),
        ("Python", "python3"),
        ("py", "python3"),
    ):
        plan = document(run("sample", APPLES, "--dry-run", "--json", "--language", word))
        languages = {each["language"] for each in plan["prompts"] if each["kind"] == "candidate"}
        assert languages == {id}


def test_what_is_asked_for_is_sent(server: Scripted, tmp_path: Path) -> None:
    subtask = load_task(DEPOTS).subtasks[1].name
    words = ["--temperature", "0.3", "--top-p", "0.5", "--top-k", "9", "--min-p", "0.05"]
    words += ["--max-tokens", "77", "--system", "Be brief.", "--language", "python"]
    words += ["--subtask", subtask, "--samples", "4", "--helpers", "0", "--json"]
    found = document(
        run("sample", DEPOTS, "--model", f"openai:m@{server.url}", *words, "--run", tmp_path)
    )
    for body in server.bodies:
        assert body["messages"][0] == {"role": "system", "content": "Be brief."}
        sent = [body[name] for name in ("temperature", "top_p", "top_k", "min_p", "max_tokens")]
        assert sent == [0.3, 0.5, 9, 0.05, 77]
    assert {row["subtask"] for row in found["usage"]} == {subtask}


def test_settings_and_prices_from_files(server: Scripted, tmp_path: Path) -> None:
    settings, prices = tmp_path / "settings.toml", tmp_path / "prices.toml"
    settings.write_text(
        f'model = "openai:m@{server.url}"\n[sampling]\nsamples = 6\nhelpers = 0\n'
        'languages = ["python3"]\nmax_tokens = 99\n'
    )
    prices.write_text("[m]\nprompt = 1000.0\nanswer = 10000.0\n")
    found = document(
        run(
            *["sample", APPLES, "--settings", settings, "--prices", prices, "--max-tokens", "50"],
            *["--run", tmp_path / "run", "--json"],
        )
    )
    assert found["candidates"] == 6
    assert {body["max_tokens"] for body in server.bodies} == {50}
    cost = sum(row["tokens"] * 0.01 + row["prompt_tokens"] * 0.001 for row in found["usage"])
    assert found["cost"] == pytest.approx(cost)
    settings.write_text("[sampling]\nsample = 6\n")
    done = run("sample", APPLES, "--settings", settings)
    assert done.exit_code == 2 and "settings.toml: sampling.sample" in done.said
    prices.write_text("[other]\nprompt = 1\nanswer = 2\n")
    done = run("sample", APPLES, "--prices", prices, "--model", f"openai:m@{server.url}")
    assert done.exit_code == 2 and "no prices of 'm'" in done.said


def test_prices_of_one_token(tmp_path: Path) -> None:
    from solver.cli.prices import Prices, read_prices

    file = tmp_path / "prices.json"
    row = {"input_cost_per_token": 1.5e-7, "output_cost_per_token": 6e-7, "mode": "chat"}
    file.write_text(json.dumps({"m": row}))
    found = read_prices(file, "openai:m@http://localhost/v1")
    assert found == Prices(prompt=pytest.approx(0.15), answer=pytest.approx(0.6))


def test_a_budget_ends_the_drawing_and_a_larger_one_goes_on(
    server: Scripted, tmp_path: Path
) -> None:
    words = ["sample", APPLES, "--model", f"openai:m@{server.url}", "--run", tmp_path, "--json"]
    words += ["--samples", "40", "--language", "python3", "--helpers", "0", "--concurrency", "1"]
    words += ["--price-answer", "1000000"]
    first = document(run(*words, "--budget", "100"))
    assert "100" in first["stopped"]
    asked = len(server.bodies)
    # The budget is the run's, not the call's.
    assert document(run(*words, "--budget", "100"))["cost"] == first["cost"] >= 100
    assert len(server.bodies) == asked
    assert first["tally"]["not_drawn"] == 40 - first["candidates"] > 0
    assert document(run(*words, "--budget", "100000"))["candidates"] == 40


def test_solve_goes_on_with_what_sample_drew(server: Scripted, tmp_path: Path) -> None:
    try:
        open_sandbox(slots=1).close()
    except BackendUnavailable as error:
        pytest.skip(str(error))
    words = ["--model", f"openai:m@{server.url}", "--samples", "5", "--language", "python3"]
    document(run("sample", APPLES, *words, "--max-tokens", "60", "--run", tmp_path, "--json"))
    asked = len(server.bodies)
    found = document(run("solve", APPLES, "--run", tmp_path, "--json"))
    assert len(server.bodies) == asked
    assert found["candidates"] == 5
    assert found["tally"]["answers"] == 5 and found["tally"]["duplicates"] == 4
    assert found["model"].startswith("openai:m@")
    # More samples than were drawn let the run grow.
    grown = document(run("solve", APPLES, "--run", tmp_path, "--samples", "7", "--json"))
    assert grown["candidates"] == 7
    done = run("solve", APPLES, "--run", tmp_path, "--language", "cpp")
    assert done.exit_code == 2 and "sampling.languages" in done.said


FATES = {
    "task 0": Reply(status=400, body={"error": {"message": "no", "code": "content_filter"}}),
}


def test_every_answer_is_under_one_word(tmp_path: Path) -> None:
    texts = [PROGRAM, PROGRAM, "```cpp\nint main() {}\n```", "I do not know.", ""]
    finishes = ["stop", "stop", "stop", "stop", "content_filter"]

    def script(body: dict[str, Any]) -> Reply:
        if "C++" in body["messages"][-1]["content"]:
            return FATES["task 0"]
        choices = []
        for n in range(body.get("n") or 1):
            at = (body["seed"] + n) % len(texts)
            message = {"role": "assistant", "content": texts[at]}
            choices.append({"index": n, "message": message, "finish_reason": finishes[at]})
        return Reply(body={"choices": choices})

    with scripted(script) as server:
        words = ["--model", f"openai:m@{server.url}", "--samples", "40", "--helpers", "0"]
        found = document(run("sample", APPLES, *words, "--run", tmp_path, "--json"))
    tally = found["tally"]
    assert tally["answers"] == 40
    assert tally["answers"] == tally["candidates"] + tally["refused"] + sum(
        tally["no_program"].values()
    )
    assert tally["refused"] == 20 + 4
    assert tally["no_program"] == {"other_language": 4, "no_code": 4}
    assert (tally["candidates"], tally["duplicates"]) == (8, 7)
    assert "content_filter" in tally["said"]


def test_a_pool_of_another_task_is_refused_or_said_to_be_the_same(tmp_path: Path) -> None:
    try:
        open_sandbox(slots=1).close()
    except BackendUnavailable as error:
        pytest.skip(str(error))
    pool = tmp_path / "pears.jsonl"
    lines = [json.loads(line) | {"task": "pears"} for line in POOL.read_text().splitlines()]
    pool.write_text("".join(json.dumps(line) + "\n" for line in lines))
    words = ["solve", APPLES, "--model", f"pool:{pool}", "--run", tmp_path / "run", "--json"]
    replayed = ["replay", pool, "--task", APPLES, "--run", tmp_path / "seen"]
    labelled = ["pool", "label", pool, "--task", APPLES, "--out", tmp_path / "truth.parquet"]
    grown = ["pool", "grow", pool, "--task", APPLES, "--out", tmp_path / "grown.jsonl"]
    record = [pool, "--task", APPLES, "--truth", tmp_path / "truth.parquet", "--out", tmp_path]
    explained = ["scorer", "explain", pool, "--task", APPLES, "--candidate", "apples/1"]
    for other in (words, replayed, labelled, grown, ["scorer", "collect", *record], explained):
        done = run(*other)
        assert done.exit_code == 2
        assert "'pears'" in done.said and "--task-name pears" in done.said
    assert document(run(*words[:-3], "--task-name", "pears", "--run", tmp_path / "2", "--json"))[
        "candidates"
    ] == sum(line.get("kind", "candidate") == "candidate" for line in lines)
