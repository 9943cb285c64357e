"""Packages come from a git repository; here a local one of the same layout."""

import io
import subprocess
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from solver.cli.fetch import fetch as fetch_command
from solver.contests.folders.fetch import Source, fetch_contest, known_sources, unpack
from solver.contests.folders.folder import read_contest
from solver.errors import SolverError


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as content:
        for name in names:
            content.writestr(name, "{}")
    return buffer.getvalue()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two days of zip archives, as the IOI publishes them, and a package that lies open."""
    root = tmp_path / "upstream"
    for day, task in ((1, "nile"), (2, "sphinx")):
        folder = root / f"day{day}" / task
        folder.mkdir(parents=True)
        names = ["problem.json", "tests/0-01.in"]
        if task == "sphinx":
            names = [f"sphinx/{name}" for name in names]
        (folder / f"{task}-CMS.zip").write_bytes(archive(*names))
        (folder / f"{task}.zip").write_bytes(archive("for/contestants"))
    (root / "open").mkdir()
    (root / "open" / "problem.yaml").write_text("name: open\n")

    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(["git", *identity, "-C", str(root), *arguments], check=True)

    git("init", "--quiet")
    git("add", "-A")
    git("commit", "--quiet", "-m", "tasks")
    return root


def source(repository: Path, **fields: object) -> Source:
    content: dict[str, object] = {
        "title": "Mini IOI",
        "url": str(repository),
        "archives": ["day*/*/*-CMS.zip"],
        "days": {"sphinx": 2, "nile": 1},
    }
    return Source.model_validate(content | fields)


def test_a_repository_becomes_a_contest_folder(repository: Path, tmp_path: Path) -> None:
    folder = tmp_path / "made" / "ioi"
    fetched = fetch_contest(source(repository), folder)
    assert fetched.tasks == ("sphinx", "nile")
    assert fetched.missing == ()
    assert (folder / "sphinx" / "tests" / "0-01.in").is_file()
    contest = read_contest(folder)
    assert [(entry.name, entry.day) for entry in contest.entries] == [("sphinx", 2), ("nile", 1)]
    assert fetched.commit in (folder / "contest.toml").read_text()
    assert [path.name for path in folder.parent.iterdir()] == ["ioi"]


def test_open_packages_and_a_pinned_commit(repository: Path, tmp_path: Path) -> None:
    commit = (repository / ".git/refs/heads").iterdir().__next__().read_text().strip()
    for number, wanted in enumerate((commit, commit[:12])):
        fetched = fetch_contest(
            source(repository, archives=[], packages=["*"], days={}, commit=wanted),
            tmp_path / str(number),
        )
        assert (fetched.tasks, fetched.commit) == (("open",), commit)


def test_tasks_that_are_not_there_are_named(repository: Path, tmp_path: Path) -> None:
    fetched = fetch_contest(source(repository, days={"nile": 1, "tree": 1}), tmp_path / "ioi")
    assert fetched.missing == ("tree",)


def test_a_package_inside_its_folder_bears_the_folders_name(
    repository: Path, tmp_path: Path
) -> None:
    """IOI 2017 in the archive: `Day1/Toy Train/Test Data and Grading/problem.json`."""
    package = repository / "2017/Day1/Toy Train/Test Data and Grading"
    package.mkdir(parents=True)
    (package / "problem.json").write_text("{}")
    subprocess.run(["git", "-C", str(repository), "add", "-A"], check=True)
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", *identity, "-C", str(repository), "commit", "-qm", "t"], check=True)
    entry = source(
        repository,
        archives=[],
        packages=["2017/Day*/*"],
        inner="Test Data and Grading",
        days={"toy-train": 1},
        medals={"gold": 361.1},
        published={'a "model", 50 draws': 400},
    )
    assert fetch_contest(entry, tmp_path / "made").tasks == ("toy-train",)
    assert (tmp_path / "made/toy-train/problem.json").is_file()
    contest = read_contest(tmp_path / "made")
    assert contest.cut_offs() == {"gold": 361.1}
    assert contest.published == {'a "model", 50 draws': 400}


def test_a_clone_without_the_pinned_commit_is_told_what_helps(
    repository: Path, tmp_path: Path
) -> None:
    with pytest.raises(SolverError, match=r"holds no commit 123456.*--commit HEAD"):
        fetch_contest(source(repository, commit="123456789abc"), tmp_path / "ioi")


def test_failures_leave_nothing_behind(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(SolverError, match="git fetch: "):
        fetch_contest(source(tmp_path / "nowhere"), tmp_path / "ioi")
    with pytest.raises(SolverError, match="no problem package at"):
        fetch_contest(source(repository, archives=["*.tar"]), tmp_path / "ioi")
    with pytest.raises(SolverError, match="exists already"):
        fetch_contest(source(repository), repository)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["upstream"]


@pytest.mark.parametrize("name", ["../escape", "/etc/escape", "a/../../escape"])
def test_archives_cannot_write_outside(tmp_path: Path, name: str) -> None:
    path = tmp_path / "evil.zip"
    path.write_bytes(archive("problem.json", name))
    with pytest.raises(SolverError, match="lies outside"):
        unpack(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_archives_cannot_hold_links(tmp_path: Path) -> None:
    path = tmp_path / "evil.zip"
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as content:
        content.writestr(link, "/etc/passwd")
    with pytest.raises(SolverError, match="is a link"):
        unpack(path, tmp_path / "out")
    path.write_bytes(b"no zip")
    with pytest.raises(SolverError, match="not a zip file"):
        unpack(path, tmp_path / "out")


def test_the_list_is_whole() -> None:
    sources = known_sources()
    assert sources["ioi-2024"].days == {
        "nile": 1,
        "message": 1,
        "tree": 1,
        "hieroglyphs": 2,
        "mosaic": 2,
        "sphinx": 2,
    }
    assert set(sources["ioi-2026"].days) == {
        *("ballmachine", "monuments", "tiling"),
        *("classroom", "magiccity", "partition"),
    }
    assert set(sources) == {"ioi-2017", "ioi-2022", "ioi-2024", "ioi-2025", "ioi-2026"}
    assert all(entry.url.startswith("https://") for entry in sources.values())


def test_command(repository: Path, tmp_path: Path) -> None:
    runner = CliRunner()
    assert "ioi-2024" in runner.invoke(fetch_command, []).stdout
    target = tmp_path / "made"
    arguments = ["ioi-2024", "--url", str(repository), "--commit", "HEAD", "--to", str(target)]
    run = runner.invoke(fetch_command, arguments)
    assert run.exit_code == 0, run.output
    assert "nile, sphinx" in run.stdout
    assert "no package of tree" in run.stderr
    unknown = runner.invoke(fetch_command, ["ioi-1989"])
    assert isinstance(unknown.exception, SolverError)
