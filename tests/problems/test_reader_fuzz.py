"""Hostile and damaged packages: a reader answers with a package or one clear error, never else."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from problems.errors import PackageError, UnsupportedTask
from problems.package import load_package
from tests.problems.small_packages import AOI, KATTIS, TPS_CMS
from tests.problems.test_evaluators import DMOJ, LIGHT

PACKAGES: Mapping[str, Mapping[str, str | bytes]] = {
    "kattis": KATTIS,
    "tps": TPS_CMS,
    "aoi": AOI,
    "lightcp": {**LIGHT, "chk.cc": "int main() {}\n"},
    "dmoj": DMOJ,
}
JUNK = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [
            *(b"", b"\0", b"\xff\xfe", b"- *a", b"a: &a [*a, *a]", b"!!python/object:os.system x"),
            *(b"{" * 500, b"[[[[", b"null", b"x: !!int y", b"2026-99-99", b"? [a]\n: b", b"<<: *x"),
            *(b"a: 1e999", b"a: .nan", b"\t- x", b"---\na: 1\n---\nb: 2\n", b"a: &x {<<: *x}"),
            *(b"a: !!bool x", b"a: !!timestamp y", b'a: !!int ""'),
        ]
    ),
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=8),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.sampled_from(["../../../etc", "/etc/passwd", "a\0b", "x" * 5000, "*" * 50, "[a-"]),
)


def scramble(data: object, draw: Callable[..., object], depth: int = 0) -> object:
    """One value somewhere in a document replaced by another."""
    if isinstance(data, dict) and data and depth < 5:
        key = draw(st.sampled_from(sorted(data, key=str)))
        inner = scramble(data[key], draw, depth + 1)
        return {**data, key: inner}
    if isinstance(data, list) and data and depth < 5:
        index = draw(st.integers(0, len(data) - 1))
        assert isinstance(index, int)
        return [*data[:index], scramble(data[index], draw, depth + 1), *data[index + 1 :]]
    return draw(VALUES)


@st.composite
def damaged(draw: st.DrawFn) -> tuple[dict[str, bytes], list[str], str, str]:
    """A package with up to three files damaged, removed, or turned into links."""
    base = PACKAGES[draw(st.sampled_from(sorted(PACKAGES)))]
    files = {k: v.encode() if isinstance(v, str) else v for k, v in base.items()}
    links: list[str] = []
    target = draw(st.sampled_from(["/etc/passwd", "/", "../..", ".", "/nonexistent", "loop"]))
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(sorted(files)))
        content = files[name]
        match draw(st.sampled_from(["cut", "junk", "remove", "link", "insert", "mistype"])):
            case "cut":
                files[name] = content[: draw(st.integers(0, len(content)))]
            case "junk":
                files[name] = draw(JUNK)
            case "remove":
                if len(files) > 1:
                    del files[name]
            case "link":
                if len(files) > 1:
                    links.append(name)
            case "insert":
                at = draw(st.integers(0, len(content)))
                files[name] = content[:at] + draw(JUNK) + content[at:]
            case _:
                if name.endswith((".yaml", ".yml", ".json")):
                    text = content.decode("utf-8", "replace")
                    load = json.loads if name.endswith(".json") else yaml.safe_load
                    try:
                        data = scramble(load(text), draw)
                    except (ValueError, yaml.YAMLError):
                        continue  # damaged before
                    dump = json.dumps if name.endswith(".json") else yaml.safe_dump
                    files[name] = dump(data).encode("utf-8", "surrogatepass")
    return files, links, target, draw(st.sampled_from(["file", "folder"]))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(package=damaged())
def test_damage_is_one_clear_error(package: tuple[dict[str, bytes], list[str], str, str]) -> None:
    files, links, target, what = package
    with TemporaryDirectory() as name:
        outside = Path(name)
        (outside / "mine.txt").write_text("untouched")
        root = outside / "package"
        for relative, content in files.items():
            path = root / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for relative in links:
            path = root / relative
            if not path.exists() and not path.is_symlink():
                continue
            path.unlink()
            if what == "folder" and path.parent != root and not any(path.parent.iterdir()):
                path = path.parent
                path.rmdir()
            path.symlink_to(target)
        before = sorted(str(path) for path in outside.rglob("*"))
        try:
            loaded = load_package(root)
        except PackageError as error:
            assert str(root) in str(error)
            assert "\n" not in str(error).strip() or len(str(error)) < 2000
        except UnsupportedTask as error:
            assert str(error)
        else:
            for case in loaded.testset.testcases.values():
                # DMOJ's tests may lie in an archive: those are written into the cache.
                own = loaded.format != "dmoj"
                assert not own or case.input.is_relative_to(root.resolve())
        assert sorted(str(path) for path in outside.rglob("*")) == before
        assert (outside / "mine.txt").read_text() == "untouched"


@pytest.mark.parametrize("name", sorted(PACKAGES))
def test_every_missing_file_is_survived(tmp_path: Path, name: str) -> None:
    """Each file taken away in turn: the package still reads, or the error names a path in it."""
    files = PACKAGES[name]
    for index, gone in enumerate(files):
        root = tmp_path / str(index)
        for relative, content in files.items():
            if relative == gone:
                continue
            path = root / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        try:
            load_package(root)
        except PackageError as error:
            assert str(root) in str(error)
