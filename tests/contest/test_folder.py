"""Contest folders of every kind, whole and broken."""

import json
import zipfile
from pathlib import Path

import pytest

from solver.contests.folders.api import duration_s
from solver.contests.folders.folder import PlanOptions, read_contest
from solver.errors import SolverError

BUNDLED = Path(__file__).parents[2] / "problems/bundled/contest"


def package(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).mkdir(parents=True)
        (folder / name / "problem.yaml").write_text("name: x\n")


def test_contest_toml(tmp_path: Path) -> None:
    package(tmp_path, "a", "deep/b")
    (tmp_path / "contest.toml").write_text(
        """
        title = "Cup"
        rules = "codeforces"
        duration_s = 7200
        submission_limit = 20
        pools = "pools"
        [[tasks]]
        name = "a"
        worth = 750
        pretests = 3
        [[tasks]]
        name = "b"
        path = "deep/b"
        day = 2
        model = "pool:b.jsonl"
        [medals]
        gold = 500
        """
    )
    folder = read_contest(tmp_path)
    assert folder == read_contest(tmp_path / "contest.toml")
    assert (folder.title, folder.rules, folder.duration_s, folder.limit) == (
        "Cup",
        "codeforces",
        7200,
        20,
    )
    assert [(e.name, e.day, e.worth, e.pretests, e.model) for e in folder.entries] == [
        ("a", 1, 750, 3, None),
        ("b", 2, 500, None, "pool:b.jsonl"),
    ]
    assert folder.entries[1].path == tmp_path / "deep/b"
    assert folder.pools == tmp_path / "pools"
    assert folder.medals == {"gold": 500}


def test_the_bundled_contest() -> None:
    folder = read_contest(BUNDLED)
    assert folder.rules == "ioi"
    assert (folder.limit, folder.interval_s) == (50, 60)
    assert all(entry.path.is_dir() for entry in folder.entries)


def test_a_folder_of_packages(tmp_path: Path) -> None:
    package(tmp_path, "beta", "alpha")
    (tmp_path / "notes").mkdir()
    folder = read_contest(tmp_path)
    assert [entry.name for entry in folder.entries] == ["alpha", "beta"]
    assert (folder.format, folder.rules, folder.title) == ("packages", None, tmp_path.name)


def test_cms_contest_yaml(tmp_path: Path) -> None:
    package(tmp_path, "nile", "message")
    (tmp_path / "contest.yaml").write_text(
        "name: ioi2024\ndescription: Day one\ntasks: [nile, message]\n"
        "start: 1725343200\nstop: 1725361200\nusers: []\n"
    )
    folder = read_contest(tmp_path)
    assert [entry.name for entry in folder.entries] == ["nile", "message"]
    assert (folder.title, folder.rules, folder.duration_s) == ("Day one", "ioi", 5 * 3600)


def test_cms_contest_yaml_in_italian(tmp_path: Path) -> None:
    package(tmp_path, "uno")
    (tmp_path / "contest.yaml").write_text("nome_breve: oii\nnome: Finale\nproblemi:\n- uno\n")
    folder = read_contest(tmp_path)
    assert (folder.title, folder.duration_s) == ("Finale", None)


def test_contest_api_export(tmp_path: Path) -> None:
    package(tmp_path / "problems", "hello", "world")
    (tmp_path / "contest.json").write_text(
        json.dumps(
            {
                "id": "nac",
                "name": "NAC",
                "formal_name": "North",
                "duration": "5:00:00.000",
                "scoreboard_type": "pass-fail",
                "penalty_time": 20,
            }
        )
    )
    problems = [
        {"id": "world", "label": "B", "name": "World", "ordinal": 2},
        {"id": "hello", "label": "A", "name": "Hello", "ordinal": 1},
    ]
    (tmp_path / "problems.json").write_text(json.dumps(problems))
    folder = read_contest(tmp_path)
    assert [entry.name for entry in folder.entries] == ["hello", "world"]
    assert (folder.title, folder.rules, folder.duration_s) == ("North", "icpc", 18000)
    (tmp_path / "contest.json").write_text('{"id": "x", "scoreboard_type": "score"}')
    assert read_contest(tmp_path).rules == "ioi"


def test_reltimes(tmp_path: Path) -> None:
    assert duration_s(tmp_path, "1:02:03.5") == 3723.5
    assert duration_s(tmp_path, "-0:00:30") == -30
    assert duration_s(tmp_path, None) is None
    with pytest.raises(SolverError, match="not h:mm:ss"):
        duration_s(tmp_path, "five hours")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("contest.toml", "title = ", r"contest.toml: "),
        ("contest.toml", "tasks = []", r"contest.toml: tasks: "),
        ("contest.toml", "titel = 'x'\n[[tasks]]\nname='a'", r"contest.toml: titel: "),
        ("contest.toml", "[[tasks]]\nname='zz'", r"task zz: no package at"),
        ("contest.toml", "[[tasks]]\nname='a'\n[[tasks]]\nname='a'", "task a is listed twice"),
        ("contest.toml", "[[tasks]]\nname='../a'", r"contest.toml: tasks.0.name: "),
        ("contest.toml", "submission_limit=0\n[[tasks]]\nname='a'", "submission_limit: "),
        ("contest.yaml", "tasks: [a\n", r"contest.yaml:2: "),
        ("contest.yaml", "- a\n", "contest.yaml: not a mapping"),
        ("contest.yaml", "name: x\n", r"contest.yaml: tasks: "),
        ("contest.yaml", "a: &x [1]\nb: [*x, *x]\n", "aliases are not allowed"),
        ("problems.json", "[]", "without contest.json"),
        ("problems.json", "{", "problems.json|without contest.json"),
    ],
)
def test_broken_descriptions_are_named(tmp_path: Path, name: str, text: str, message: str) -> None:
    package(tmp_path, "a")
    (tmp_path / name).write_text(text)
    with pytest.raises(SolverError, match=message):
        read_contest(tmp_path)


def test_no_contest_at_all(tmp_path: Path) -> None:
    with pytest.raises(SolverError, match=r"no contest.toml, no contest.yaml"):
        read_contest(tmp_path)
    with pytest.raises(SolverError, match="no such contest folder"):
        read_contest(tmp_path / "missing")


def test_the_command_line_goes_before_the_folder_and_the_folder_before_the_rules(
    tmp_path: Path, contest: object
) -> None:
    package(tmp_path, "apples", "bridges")
    (tmp_path / "contest.toml").write_text(
        "rules = 'ioi'\nduration_s = 600\n[[tasks]]\nname = 'apples'\n"
        "[[tasks]]\nname = 'bridges'\nday = 2\n"
    )
    tasks = {task.name: task for task in contest.tasks}  # type: ignore[attr-defined]
    folder = read_contest(tmp_path)
    plan = folder.plan(tasks, PlanOptions())
    assert (plan.limit, plan.interval_s, plan.duration_s) == (50, 60, 600)
    assert [(task.opens_s, task.closes_s) for task in plan.tasks] == [(0, 600), (600, 1200)]
    changed = folder.plan(tasks, PlanOptions(rules="icpc", limit=7, interval_s=1.0))
    assert (changed.rules.name, changed.limit, changed.interval_s) == ("icpc", 7, 1)
    assert changed.duration_s == 600


def test_medals_from_standings(tmp_path: Path, contest: object) -> None:
    package(tmp_path, "apples")
    lines = "".join(f"{i + 1},{600 - i}\n" for i in range(120))
    (tmp_path / "ioi.csv").write_text("rank,points\n" + lines)
    (tmp_path / "contest.toml").write_text("standings = 'ioi.csv'\n[[tasks]]\nname = 'apples'\n")
    folder = read_contest(tmp_path)
    # A twelfth, a quarter and a half of 120 people.
    assert folder.cut_offs() == {"gold": 591, "silver": 571, "bronze": 541}
    tasks = {task.name: task for task in contest.tasks}  # type: ignore[attr-defined]
    assert folder.plan(tasks, PlanOptions()).medals["gold"] == 591


def test_packages_of_every_format_are_tasks(tmp_path: Path) -> None:
    files = {
        "domjudge/domjudge-problem.ini": "timelimit = 1\n",
        "domjudge/data/secret/1.in": "1\n",
        "dmoj/init.yml": "test_cases: []\n",
        "light/config.yaml": "type: default\n",
        "light/testdata/1.in": "1\n",
        "broken/problem.json": "{",
        "pools/domjudge.jsonl": "{}\n",
        "notes/readme.md": "no package\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for name, inner in (("zipped", "zipped/problem.yaml"), ("dmoj", "init.yml"), ("x", "a.txt")):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr(inner, "name: x\n")
    found = {entry.name: entry.path.name for entry in read_contest(tmp_path).entries}
    assert found == {
        "broken": "broken",
        "dmoj": "dmoj",
        "domjudge": "domjudge",
        "light": "light",
        "zipped": "zipped.zip",
    }
