"""Brings official packages from their public repository: git over https, then a contest folder.

A clone or an unpacked download that a user has already is taken as it lies on the disk.

What comes is data: nothing of it is run here, links are kept as links (the package readers do not
follow them out of a package), and archives cannot write outside their folder.
"""

import json
import os
import shutil
import subprocess
import tempfile
import tomllib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from solver.contests.folders.packages import is_package
from solver.contests.people.humans import MEDAL_SHARES
from solver.errors import MachineLacks, SolverError

MAX_UNPACKED_BYTES = 8 * 1024**3
TIMEOUT_S = 1800.0
STANDINGS_HINT = """\
# People's results give rank, percentile and the medals that are not stated here: a CSV beside this
# file, a line a person, its columns points and, where known, medal, name, rating. Then:
# standings = "standings.csv"\
"""


class Source(BaseModel):
    """One entry of `sources.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    url: str
    commit: str | None = None
    rules: str = "ioi"
    archives: list[str] = Field(default_factory=list)
    packages: list[str] = Field(default_factory=list)
    inner: str = "."
    """Where in each of `packages` the package lies; its name is the outer folder's."""
    days: dict[str, int] = Field(default_factory=dict)
    medals: dict[str, float] = Field(default_factory=dict)
    """Published cut-offs: the least points of a medal."""
    published: dict[str, float] = Field(default_factory=dict)
    """Points that others reported at this contest, who and how to how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A contest folder that was made.

    Attributes:
        commit: What was checked out; of a folder that is no clone, that it is none.
        tasks: Names, in the order of `contest.toml`.
        missing: Tasks that the entry names and the repository does not hold.
    """

    folder: Path
    commit: str
    tasks: tuple[str, ...]
    missing: tuple[str, ...] = field(default=())


def known_sources() -> Mapping[str, Source]:
    """The entries of `sources.toml`."""
    text = files("solver.contests.folders").joinpath("sources.toml").read_text(encoding="utf-8")
    return {name: Source.model_validate(entry) for name, entry in tomllib.loads(text).items()}


def fetch_contest(source: Source, folder: Path, clone: Path | None = None) -> Fetched:
    """Clones, unpacks, and writes `contest.toml`; all of it or nothing.

    Args:
        clone: The user's own clone, or an unpacked download of the repository: its files are taken
            as they lie there, and nothing is fetched.

    Raises:
        MachineLacks: There is no git.
        SolverError: The folder is there already, the repository cannot be reached, or it holds no
            package.
    """
    if folder.exists():
        raise SolverError(f"{folder}: exists already; name another folder")
    if clone is None and shutil.which("git") is None:
        raise MachineLacks("git is missing: apt-get install git")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as scratch:
        made = Path(scratch) / "made"
        made.mkdir()
        if clone is None:
            where, files_ = source.url, Path(scratch) / "clone"
            commit = _checkout(source, files_)
        else:
            where, files_ = str(clone), _lying(source, clone)
            commit = _commit_of(clone)
        packages = [*_unpacked(source, files_, made), *_copied(source, files_, made)]
        if not packages:
            places = ", ".join(source.archives + source.packages)
            raise SolverError(f"{where}: no problem package at {places}")
        tasks = sorted(packages, key=lambda name: _order(source, name))
        (made / "contest.toml").write_text(_toml(source, commit, tasks), encoding="utf-8")
        made.rename(folder)
    return Fetched(
        folder=folder,
        commit=commit,
        tasks=tuple(tasks),
        missing=tuple(name for name in source.days if name not in tasks),
    )


def _lying(source: Source, clone: Path) -> Path:
    """Where in the user's folder the repository's files lie: a download has one folder around them.

    Raises:
        SolverError: It is no folder, or a repository without a work tree.
    """
    if not clone.is_dir():
        raise SolverError(f"{clone}: no such folder")
    if (clone / "HEAD").is_file() and (clone / "objects").is_dir():
        raise SolverError(f"{clone}: a repository without its files (bare): --url takes it")
    patterns = source.archives + source.packages
    inner = [child for child in clone.iterdir() if child.is_dir() and child.name != ".git"]
    if len(inner) == 1 and not any(any(clone.glob(pattern)) for pattern in patterns):
        return inner[0]
    return clone


def _commit_of(clone: Path) -> str:
    """The clone's commit; words where it is no clone."""
    if not (clone / ".git").exists() or shutil.which("git") is None:
        return "no commit: files as they lay on the disk"
    try:
        return _git(clone, "rev-parse", "HEAD").strip()
    except SolverError:  # another user's clone: git does not look into it
        return "no commit: git does not say"


def _order(source: Source, name: str) -> tuple[int, str]:
    names = list(source.days)
    return (names.index(name) if name in source.days else len(names), name)


def _checkout(source: Source, clone: Path) -> str:
    _git(None, "init", "--quiet", str(clone))
    wanted = source.commit or "HEAD"
    try:
        # One commit, not the history. A server may refuse abbreviated or old ones.
        _git(clone, "fetch", "--quiet", "--depth", "1", source.url, wanted)
    except SolverError:
        if source.commit is None:
            raise
        _git(clone, "fetch", "--quiet", source.url, "+refs/heads/*:refs/remotes/origin/*")
        if not _has(clone, source.commit):
            raise SolverError(
                f"{source.url}: holds no commit {source.commit}; --commit HEAD takes what it has"
            ) from None
        _git(clone, "checkout", "--quiet", "--detach", source.commit)
    else:
        _git(clone, "checkout", "--quiet", "--detach", "FETCH_HEAD")
    return _git(clone, "rev-parse", "HEAD").strip()


def _has(clone: Path, commit: str) -> bool:
    try:
        _git(clone, "cat-file", "-e", f"{commit}^{{commit}}")
    except SolverError:
        return False
    return True


def _git(folder: Path | None, *arguments: str) -> str:
    command = ["git", "-c", "core.hooksPath=/dev/null", "-c", "protocol.ext.allow=never"]
    if folder is not None:
        command += ["-C", str(folder)]
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            [*command, *arguments],
            capture_output=True,
            env=environment,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SolverError(f"git {arguments[0]}: no end after {TIMEOUT_S:.0f} s") from error
    if done.returncode != 0:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["no message"]
        raise SolverError(f"git {arguments[0]}: {lines[-1]}")
    return done.stdout.decode(errors="replace")


def _unpacked(source: Source, clone: Path, made: Path) -> list[str]:
    names = []
    for pattern in source.archives:
        for archive in sorted(clone.glob(pattern)):
            name = archive.parent.name
            unpack(archive, made / name)
            _lift(made / name)
            names.append(name)
    return names


def unpack(archive: Path, folder: Path) -> None:
    """Unpacks a zip file. Links in it are refused.

    Raises:
        SolverError: It is no zip file, would write outside the folder, holds a link, or is too
            large when unpacked.
    """
    root = folder.resolve()
    try:
        with zipfile.ZipFile(archive) as content:
            if sum(item.file_size for item in content.infolist()) > MAX_UNPACKED_BYTES:
                raise SolverError(f"{archive}: more than {MAX_UNPACKED_BYTES} bytes unpacked")
            for item in content.infolist():
                # Unix file types stand in the upper half of the attributes; 0o120000 is a link.
                if item.external_attr >> 16 & 0o170000 == 0o120000:
                    raise SolverError(f"{archive}: {item.filename} is a link")
                target = (root / item.filename).resolve()
                if target != root and root not in target.parents:
                    raise SolverError(f"{archive}: {item.filename} lies outside")
            content.extractall(root)
    except (zipfile.BadZipFile, OSError) as error:
        raise SolverError(f"{archive}: {error}") from error


def _lift(folder: Path) -> None:
    """An archive that holds one folder, which is the package: its contents go one up."""
    children = list(folder.iterdir())
    if len(children) == 1 and children[0].is_dir() and not is_package(folder):
        aside = folder.with_name(f".{folder.name}.inner")
        children[0].rename(aside)
        folder.rmdir()
        aside.rename(folder)


def _copied(source: Source, clone: Path, made: Path) -> list[str]:
    names = []
    for pattern in source.packages:
        for outer in sorted(clone.glob(pattern)):
            package, name = outer / source.inner, outer.name.lower().replace(" ", "-")
            if is_package(package) and (not source.days or name in source.days):
                ignored = shutil.ignore_patterns(".DS_Store", ".git")
                shutil.copytree(package, made / name, symlinks=True, ignore=ignored)
                names.append(name)
    return names


def _toml(source: Source, commit: str, tasks: list[str]) -> str:
    # A JSON text without escapes is the same text in TOML.
    lines = [
        f"# From {source.url} at {commit}.",
        f'title = "{source.title}"',
        f'rules = "{source.rules}"',
    ]
    if not MEDAL_SHARES.keys() <= source.medals.keys():
        lines.append(STANDINGS_HINT)
    for table in ("medals", "published"):
        entries: dict[str, float] = getattr(source, table)
        if entries:
            lines += ["", f"[{table}]"]
            lines += [f"{json.dumps(key)} = {points}" for key, points in entries.items()]
    for name in tasks:
        lines += ["", "[[tasks]]", f'name = "{name}"', f"day = {source.days.get(name, 1)}"]
    return "\n".join(lines) + "\n"
