"""The IOI's archive, by a small clone of our own in its layout: fetched, then played to a medal."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from solver.cli.contest import contest as contest_command
from solver.cli.fetch import fetch as fetch_command
from solver.errors import SolverError

SUM = (
    b'#include <cstdio>\nint main() { int n; std::scanf("%d", &n); std::printf("%d\\n", 2 * n); }\n'
)
CHECKER = (
    "import sys\na, b = [open(n).read().split() for n in sys.argv[2:4]]\nprint(float(a == b))\n"
)


def package(folder: Path, name: str, day: str, task_type: str, params: object) -> None:
    """One task as the archive has it: subtasks by number, a system's litter, programs built once
    and left there, translations beside the English statement."""
    root = folder / "2026" / day / name
    problem = {
        "protocol_version": 2,
        "code": name,
        "name": name.title(),
        "time_limit": 1.0,
        "memory_limit": 2147483648,
        "score_precision": 2,
        "task_type": task_type,
        "task_type_params": params,
        "feedback_level": "oi_restricted",
    }
    both = task_type == "BatchAndOutput"
    files: dict[str, str | bytes] = {
        "problem.json": json.dumps(problem),
        ".DS_Store": b"\x00\x00\x00\x01Bud1",
        "en.md": "Print twice the number.\n",
        "translations/fr_FR.pdf": b"%PDF-1.4 not read",
        "checker/checker.py": CHECKER,
        "checker/checker": b"\x7fELF built elsewhere",
        "solutions/correct/model.cpp": SUM,
        "subtasks/00-samples.json": json.dumps({"score": 0, "testcases": ["0-01"]}),
    }
    for number, points in ((1, 40), (2, 60)):
        files[f"subtasks/0{number}-part.json"] = json.dumps(
            {
                "score": points,
                "testcases": [f"{number}-01"],
                "output_only": False,
                "output_optional": both and number == 2,
            }
        )
    for test, value in (("0-01", 1), ("1-01", 21), ("2-01", 500)):
        files[f"tests/{test}.in"] = f"{value}\n"
        files[f"tests/{test}.out"] = f"{2 * value}\n"
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    root = tmp_path / "task-archive"
    package(root, "monuments", "day1", "Batch", ["alone", ["", ""], "comparator"])
    package(root, "magiccity", "day2", "BatchAndOutput", ["alone", ["", ""], "comparator"])
    (root / "2024/nile").mkdir(parents=True)  # a submodule that was not brought along
    return root


def fetched(*arguments: object) -> None:
    run = CliRunner().invoke(fetch_command, [str(each) for each in arguments])
    assert run.exception is None, run.output


def test_fetched_and_played_to_a_medal(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    fetched("ioi-2026", "--clone", archive)
    assert not list((tmp_path / "ioi-2026").rglob(".DS_Store"))
    pools = tmp_path / "pools"
    pools.mkdir()
    halves = {"right": "print(2 * int(input()))\n", "small": "print(min(2 * int(input()), 99))\n"}
    for task, source in (("monuments", halves["right"]), ("magiccity", halves["small"])):
        line = {"kind": "candidate", "task": task, "id": f"{task}/1", "language": "python3"}
        (pools / f"{task}.jsonl").write_text(json.dumps(line | {"source": source}) + "\n")
    people = [("gold medal", 190), ("Silver", 150), ("silver", 130), ("Bronze", 90), ("", 20)]
    rows = "".join(f"p{i},{points},{medal}\n" for i, (medal, points) in enumerate(people))
    (tmp_path / "people.csv").write_text("Contestant,Total,Medal\n" + rows)
    words = ["run", "ioi-2026", "--pool-dir", "pools", "--standings", "people.csv", "--json"]
    run = CliRunner().invoke(contest_command, words, catch_exceptions=False)
    assert run.exit_code == 0, run.output
    document = json.loads(run.stdout)
    assert document["points"] == 140
    # Gold as the list states it; the others are what the people who have them scored.
    assert document["medals"] == {"gold": 361.1, "silver": 130, "bronze": 90}
    assert document["medal"] == "silver"
    assert (document["placing"]["rank"], document["placing"]["people"]) == (3, 5)


@pytest.mark.parametrize("form", ["clone", "download"])
def test_what_a_user_has_is_taken_as_it_lies(archive: Path, tmp_path: Path, form: str) -> None:
    """Also what is not committed; and an unpacked download, whose one folder holds it all."""
    if form == "clone":
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        for words in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "t"]):
            subprocess.run(["git", *identity, "-C", str(archive), *words], check=True)
        where = archive
    else:
        where = tmp_path / "download"
        shutil.copytree(archive, where / "task-archive-main")
    fetched("ioi-2026", "--clone", where, "--to", tmp_path / "made")
    made = (tmp_path / "made/contest.toml").read_text()
    assert (tmp_path / "made/magiccity/tests/2-01.in").read_text() == "500\n"
    commit = "no commit"
    if form == "clone":
        head = ["git", "-C", str(archive), "rev-parse", "HEAD"]
        commit = subprocess.run(head, check=True, capture_output=True, text=True).stdout.strip()
    assert commit in made


def test_what_is_no_clone_is_said(archive: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)
    for folder, said in ((bare, "--url takes it"), (tmp_path / "no", "no such folder")):
        run = CliRunner().invoke(fetch_command, ["ioi-2026", "--clone", str(folder), "--to", "x"])
        assert isinstance(run.exception, SolverError) and said in str(run.exception)
    both = ["ioi-2026", "--clone", str(archive), "--commit", "HEAD"]
    assert CliRunner().invoke(fetch_command, both).exit_code == 2


def test_a_contest_that_was_not_fetched_says_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke(contest_command, ["run", "ioi-2026"])
    assert "solver problems fetch ioi-2026" in str(run.exception)
