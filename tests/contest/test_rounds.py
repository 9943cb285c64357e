"""GenCorrect from the command line: a model over HTTP whose first programs are wrong, and that does
better once it reads what the judge said of them. Then the run is replayed by itself."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from solver.cli.contest import contest as contest_command
from solver.contests.logs.log import read_log
from solver.errors import RunFolderError
from tests.judges.conftest import on_loopback
from tests.sampling.scripted import scripted
from tests.solver.repair.pupil import TOKENS, Pupil

APPLES = Path(__file__).parents[2] / "problems" / "bundled" / "contest" / "apples"
WRONG = {
    "python": "a, b = map(int, input().split())\nprint(a - b)\n",
    "cpp": "#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a; }\n",
}
RIGHT = {
    "python": "a, b = map(int, input().split())\nprint(a + b)\n",
    "cpp": "#include <iostream>\nint main() { long long a, b; std::cin >> a >> b;"
    " std::cout << a + b; }\n",
}


class Model:
    """A chat server; learns from a prompt that tells what was handed in."""

    def __init__(self) -> None:
        self.revisions: list[str] = []
        self.app = Starlette(
            routes=[Route("/v1/chat/completions", self.chat, methods=["POST"])],
        )

    async def chat(self, request: Request) -> Response:
        body = await request.json()
        if body.get("stream"):
            return JSONResponse({"error": {"message": "stream is not supported"}}, 400)
        asked = "\n".join(message["content"] for message in body["messages"])
        tag = "cpp" if "C++" in asked else "python"
        programs = WRONG
        if "were handed in before" in asked:
            self.revisions.append(asked)
            programs = RIGHT
        number = body["seed"]
        mark = "//" if tag == "cpp" else "#"
        text = f"```{tag}\n{mark} {number}\n{programs[tag]}```\n"
        choices = [
            {
                "index": index,
                "message": {"role": "assistant", "content": text},
                "finish_reason": "stop",
            }
            for index in range(body.get("n", 1))
        ]
        usage = {"prompt_tokens": 50, "completion_tokens": 100 * len(choices)}
        return JSONResponse({"choices": choices, "usage": usage})


@pytest.fixture
def model() -> Iterator[tuple[Model, str]]:
    made = Model()
    with on_loopback(made.app) as url:
        yield made, f"openai:pupil@{url}v1"


def command(*arguments: object) -> Any:
    return CliRunner().invoke(contest_command, [*map(str, arguments)], catch_exceptions=False)


def test_rounds_with_the_judges_points_in_the_prompts(tmp_path: Path, model: Any) -> None:
    made, spec = model
    cup, run = tmp_path / "cup", tmp_path / "run"
    shutil.copytree(APPLES, cup / "apples")
    options = [cup, "--model", spec, "--samples", 4, "--rounds", 2, "--limit", 4, "--run", run]
    done = command("run", *options, "--json")
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    records = read_log(run / "submissions.jsonl").records
    rounds = [record["round"] for record in records if record["kind"] == "choice"]
    # Wrong programs until the first round's share is spent (or nothing new is left), then a right
    # one.
    assert set(rounds[:-1]) == {1} and rounds[-1] == 2
    assert document["points"] == 20
    tried = [record for record in records if record["kind"] == "judgement"]
    assert [record["score"] for record in tried] == [0.0] * (len(tried) - 1) + [20.0]
    assert made.revisions
    for asked in made.revisions:
        assert "of 20" in asked and "WA" in asked
        assert WRONG["python"].strip() in asked or WRONG["cpp"].strip() in asked

    # Killed after sampling and before the round was logged: the clock is the undisturbed run's.
    prepared = [record for record in records if record["kind"] == "prepared"]
    log = run / "submissions.jsonl"
    whole = log.read_bytes()
    log.write_bytes(whole.splitlines(keepends=True)[0])
    asked_before = len(made.revisions)
    again = command("run", *options, "--resume", "--json")
    assert again.exit_code == 0, again.output
    assert len(made.revisions) == asked_before  # nothing is sampled twice
    resumed = [r for r in read_log(log).records if r["kind"] == "prepared"]
    assert [r["tokens"] for r in resumed] == [r["tokens"] for r in prepared]
    assert all(r["tokens"] > 0 for r in resumed)
    assert log.read_bytes() == whole

    # The run is all that a replay needs: its contest and what was sampled in both rounds.
    replayed = command("replay", run, "--strategy", "random", "--limits", "1,50", "--seeds", 4)
    assert replayed.exit_code == 0, replayed.output
    lines = [json.loads(line) for line in (run / "pools/apples.jsonl").read_text().splitlines()]
    sources = [line["source"] for line in lines if line["kind"] == "candidate"]
    for programs in (WRONG, RIGHT):
        assert any(program in source for source in sources for program in programs.values())
    table = command("replay", cup, run, "--strategy", "random", "--limits", "50", "--json")
    assert json.loads(table.stdout)["limits"][0]["oracle"] == 20


def test_a_first_share_is_drawn_evenly_and_the_rest_for_another_plan(
    tmp_path: Path, model: Any
) -> None:
    _, spec = model
    cup, run = tmp_path / "cup", tmp_path / "run"
    shutil.copytree(APPLES, cup / "apples")
    options = [cup, "--model", spec, "--samples", 8, "--first-share", 0.5, "--limit", 2]
    done = command("run", *options, "--run", run, "--json")
    assert done.exit_code == 0, done.output
    shares = json.loads((run / "apples/shares-1-8.json").read_text())
    assert sum(shares.values()) == pytest.approx(1.0)
    log = run / "submissions.jsonl"
    (prepared,) = [r for r in read_log(log).records if r["kind"] == "prepared"]
    assert prepared["candidates"] == 8
    # A run that lost its log, but not its samples, goes by the same plan.
    whole = log.read_bytes()
    log.write_bytes(whole.splitlines(keepends=True)[0])
    again = command("run", *options, "--run", run, "--resume", "--json")
    assert again.exit_code == 0, again.output
    assert log.read_bytes() == whole


def test_a_contest_that_was_stopped_grows_and_one_that_ended_does_not(
    tmp_path: Path, model: Any
) -> None:
    _, spec = model
    cup, run = tmp_path / "cup", tmp_path / "run"
    shutil.copytree(APPLES, cup / "apples")
    options = [cup, "--model", spec, "--limit", 3, "--run", run, "--json"]
    assert command("run", *options, "--samples", 4).exit_code == 0
    with pytest.raises(RunFolderError, match=r"played to its end with 4 samples.*--run"):
        command("run", *options, "--resume", "--samples", 8)

    # Stopped after its first result: what was chosen stays, new samples cost time from there.
    log = run / "submissions.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    kinds = [record["kind"] for record in read_log(log).records]
    log.write_bytes(b"".join(lines[: kinds.index("judgement") + 1]))
    before = read_log(log).records
    again = command("run", *options, "--resume", "--samples", 8)
    assert again.exit_code == 0, again.output
    records = read_log(log).records
    assert list(records[: len(before)]) == list(before)
    (grown,) = [record for record in records if record["kind"] == "grown"]
    prepared = next(record for record in records if record["kind"] == "prepared")
    assert (prepared["candidates"], grown["candidates"]) == (4, 8)
    assert grown["tokens"] > 0 and grown["ready_s"] > grown["start_s"]
    later = [r for r in records[len(before) :] if r["kind"] == "submission"]
    assert all(record["at_s"] >= grown["ready_s"] for record in later)
    (task,) = json.loads(again.stdout)["tasks"]
    assert task["candidates"] == 8
    assert task["tokens"] == prepared["tokens"] + grown["tokens"]
    assert task["tally"]["answers"] == task["tally"]["candidates"] == 8
    assert json.loads((run / "config.json").read_text())["sampling"]["samples"] == 8
    assert command("audit", run).exit_code == 0
    # Fewer than it has is no growth.
    with pytest.raises(RunFolderError, match=r"sampling\.samples 8, now 4"):
        command("run", *options, "--resume", "--samples", 4)


def test_repair_before_the_first_submission_and_the_judges_word_in_the_next_round(
    tmp_path: Path,
) -> None:
    """Round 1 mends by a breaking input, before anything is handed in; where that fails, round 2
    has the judge's word as well. One token budget, and resumed without its log it asks nothing."""
    pupil = Pupil(stubborn=True)
    cup, run = tmp_path / "cup", tmp_path / "run"
    shutil.copytree(APPLES.parent / "evens", cup / "evens")
    with scripted(pupil.answer) as server:
        options = [cup, "--model", f"openai:pupil@{server.url}", "--samples", 12, "--rounds", 2]
        options += ["--repair-share", 0.5, "--repair-rounds", 1, "--limit", 4, "--run", run]
        options += ["--language", "python3", "--breaking", "off"]
        done = command("run", *options, "--json")
        assert done.exit_code == 0, done.output
        log = run / "submissions.jsonl"
        records = read_log(log).records
        kinds = [record["kind"] for record in records]
        prepared = [record for record in records if record["kind"] == "prepared"]
        assert len(prepared) == 2
        first = prepared[0]["repaired"][0]
        assert first["drafts"] == 6 and first["tokens"] == 6 * TOKENS
        assert kinds.index("prepared") < kinds.index("submission")
        # What the log says was drawn is what the server gave out.
        given = TOKENS * sum(body.get("n") or 1 for body in server.bodies)
        assert sum(record["tokens"] for record in prepared) == given
        (task,) = json.loads(done.stdout)["tasks"]
        assert task["tokens"] == given
        # Points against tokens: the second round's are there from its first submission on.
        rounds = [each["round"] for each in task["history"]]
        until = [0, *(sum(one["tokens"] for one in prepared[:number]) for number in rounds)]
        assert task["curve_tokens"] == until and len(task["curve"]) == len(until)
        # A repair prompt of round 2 that is about a program that was handed in says so.
        judged = [asked for asked in pupil.repairs if "The judge's verdict" in asked]
        revised = [b for b in server.bodies if "handed in before" in json.dumps(b["messages"])]
        assert revised and all("WA" in asked or "RE" in asked for asked in judged)

        whole, asked_before = log.read_bytes(), len(server.bodies)
        log.write_bytes(whole.splitlines(keepends=True)[0])
        again = command("run", *options, "--resume", "--json")
        assert again.exit_code == 0, again.output
        assert len(server.bodies) == asked_before and log.read_bytes() == whole
