"""`solver contest run`, start to report: real packages, real sandbox, real judge."""

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from solver.cli.contest import contest as contest_command
from solver.contests.command import models_of
from solver.contests.folders.folder import ContestFolder, read_contest
from solver.contests.logs.log import read_log
from solver.errors import RunFolderError

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "docs/schemas/contest.schema.json"
BUNDLED = ROOT / "problems/bundled"

KEPT = {f"apples/{name}" for name in ("005", "003", "010", "006", "gen1", "val1")} | {
    f"evens/{name}" for name in ("009", "008", "002", "006", "gen1", "val1")
}


@pytest.fixture
def cup(tmp_path: Path) -> Path:
    """Two bundled warm-ups, each with four short candidates of its recorded pool: one is right."""
    folder = tmp_path / "cup"
    (folder / "pools").mkdir(parents=True)
    lines = ['title = "Small cup"', 'rules = "ioi"', 'pools = "pools"', "[medals]", "gold = 39"]
    lines += ["[published]", '"another [system]" = 35']
    for task in ("apples", "evens"):
        shutil.copytree(BUNDLED / "contest" / task, folder / task)
        lines_of_pool = (BUNDLED / "pools" / f"{task}.jsonl").read_text().splitlines(keepends=True)
        kept = [line for line in lines_of_pool if json.loads(line)["id"] in KEPT]
        (folder / "pools" / f"{task}.jsonl").write_text("".join(kept))
        lines += ["[[tasks]]", f'name = "{task}"']
    (folder / "contest.toml").write_text("\n".join(lines) + "\n")
    return folder


def run(*arguments: object) -> Any:
    return CliRunner().invoke(
        contest_command, ["run", *map(str, arguments)], catch_exceptions=False
    )


def test_start_to_report_and_resumed(cup: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    done = run(cup, "--run", folder, "--json", "--limit", 6)
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    assert document["contest"] == "Small cup"
    assert [task["task"] for task in document["tasks"]] == ["apples", "evens"]
    assert document["points"] == 40 and document["medal"] == "gold"
    assert all(1 <= task["submissions"] <= 6 for task in document["tasks"])
    assert all(line["reason"] for task in document["tasks"] for line in task["history"])
    assert json.loads((folder / "report.json").read_text()) == document
    assert 'data-chart="contest"' in (folder / "report.html").read_text()
    assert "apples: compiling" in done.stderr

    audit = CliRunner().invoke(contest_command, ["audit", str(folder), "--head", document["head"]])
    assert audit.exit_code == 0, audit.output

    # Killed after its fourth line: what was handed in is not handed in again.
    log = folder / "submissions.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:4]))
    again = run(cup, "--run", folder, "--limit", 6)
    assert again.exit_code == 0, again.output
    assert f"{folder}: begun before; going on from there" in again.stderr
    assert "medal: gold" in again.stdout
    order = [again.stdout.index(who) for who in ("this run", "gold from", "another [system]")]
    assert order == sorted(order)
    assert document["published"] == {"another [system]": 35}
    keys = [r["key"] for r in read_log(log).records if r["kind"] == "submission"]
    assert len(keys) == len(set(keys))
    for task in document["tasks"]:
        chosen = [
            record["candidate"]
            for record in read_log(log).records
            if record["kind"] == "choice" and record["task"] == task["task"]
        ]
        assert chosen == [line["candidate"] for line in task["history"]]


def test_replay_labels_and_plays(cup: Path, tmp_path: Path) -> None:
    arguments = ["replay", str(cup), "--limits", "1,50", "--seeds", "20", "--processes", "1"]
    arguments += ["--strategy", "random", "--truths", str(tmp_path / "truths"), "--json"]
    done = CliRunner().invoke(contest_command, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    one, all_ = json.loads(done.stdout)["limits"]
    # One of four candidates of each task is right: 20 points with a chance of a quarter, twice.
    assert one["random"]["points"] == pytest.approx(10)
    assert one["oracle"] == all_["random"]["points"] == all_["strategies"]["random"]["points"] == 40
    assert sorted(path.stem for path in (tmp_path / "truths").iterdir()) == ["apples", "evens"]
    bad = CliRunner().invoke(contest_command, [*arguments[:3], "0,50"])
    assert bad.exit_code == 2 and "at least 1" in bad.output


def test_who_draws_for_which_task(tmp_path: Path) -> None:
    (tmp_path / "pools").mkdir()
    (tmp_path / "pools" / "b.jsonl").touch()
    for name in "abc":
        (tmp_path / name).mkdir()
        (tmp_path / name / "problem.yaml").touch()
    (tmp_path / "contest.toml").write_text(
        "pools = 'pools'\n[[tasks]]\nname='a'\nmodel='pool:a.jsonl'\n"
        "[[tasks]]\nname='b'\n[[tasks]]\nname='c'\n"
    )
    folder: ContestFolder = read_contest(tmp_path)
    assert models_of(folder, None) == {
        "a": f"pool:{tmp_path / 'a.jsonl'}",
        "b": f"pool:{tmp_path / 'pools' / 'b.jsonl'}",
        "c": "embedded",
    }
    assert set(models_of(folder, "hf:x").values()) == {"hf:x"}


def test_usage(cup: Path) -> None:
    both = run(cup, "--model", "embedded", "--pool-dir", cup / "pools")
    assert both.exit_code == 2 and "exclude each other" in both.output
    with pytest.raises(RunFolderError, match="nothing to resume"):
        run(cup, "--run", cup / "none", "--resume")


def test_the_same_command_goes_on_and_another_is_refused(cup: Path, tmp_path: Path) -> None:
    """As `solve` does: nobody has to know an option for it, and nobody mixes two runs."""
    folder = tmp_path / "run"
    words = (cup, "--run", folder, "--limit", 1)
    first = run(*words)
    log = (folder / "submissions.jsonl").read_bytes()
    contest = (folder / "contest.json").read_bytes()
    again = run(*words)
    assert "played to its end before; nothing is played anew" in again.stderr
    assert again.stdout == first.stdout
    for other in (("--rounds", 2), ("--tokens-per-s", 7), ("--least-gain", 3), ("--limit", 2)):
        with pytest.raises(RunFolderError, match="begun with another"):
            run(*words, *other)
    copy = tmp_path / "elsewhere" / cup.name
    shutil.copytree(cup, copy)
    with pytest.raises(RunFolderError, match=f"this run plays {cup}, not {copy}"):
        run(copy, *words[1:])
    assert (folder / "submissions.jsonl").read_bytes() == log
    assert (folder / "contest.json").read_bytes() == contest
    assert run(copy, *words[1:], "--resume").exit_code == 0
