"""Every reader on damaged and hostile packages: a result or one clear error, and nothing else.

A whole package is copied once; each example damages one file of it, reads, and mends it again.
"""

import contextlib
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from problems.errors import PackageError, UnsupportedTask
from problems.package import Package, load_package

PACKAGES = Path(__file__).parent / "packages"
BUNDLED = Path(__file__).parents[2] / "problems" / "bundled" / "contest"
SECRET = b"a secret that lies outside of every package"
READ_LIMIT_S = 20

NAMES = {
    "kattis-legacy": BUNDLED / "depots",
    **{
        name: PACKAGES / name
        for name in (
            *("kattis2025/spread", "kattis2025/halfway", "kattis2025/findnumber"),
            *("italian/pairs", "italian/divisor", "tps/steps", "polygon/twosum"),
            *("tps_cms/steps", "aoi/steps"),
        )
    },
}
TELLING = (".yaml", ".json", ".xml", ".tex", ".md", "GEN", "data", "mapping")

scalars = st.sampled_from(
    [
        *(
            "null",
            "true",
            "-1",
            "0",
            "1e999",
            ".nan",
            ".inf",
            "1e300",
            "9" * 5000,
            "99999999999999999999",
            '"text"',
            "[]",
            "{}",
        ),
        *("[1, [2, [3]]]", "{a: {b: c}}", "2026-99-99", "!!python/object/apply:os.system [id]"),
        *("&a [*a]", "../../../etc/passwd", "/etc/passwd", "a" * 5000, "\x00", "\u2028", "%s%n"),
        *("- a\n- b", "'unclosed", "*missing", "0x10", "1:2:3", "é", "|"),
    ]
)


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("fuzz")
    (root / "outside").mkdir()
    (root / "outside/secret.txt").write_bytes(SECRET)
    found = {}
    for name, source in NAMES.items():
        if source.is_dir():
            found[name] = root / "packages" / name.replace("/", "-")
            shutil.copytree(source, found[name], symlinks=True)
    return found


class TooSlow(Exception):
    """Reading did not end."""


@contextlib.contextmanager
def time_limit() -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(READ_LIMIT_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def read(folder: Path, parsed: Path | None = None) -> Package | None:
    """The package, or None where it was refused as it should be.

    Args:
        parsed: A damaged file whose parser knows lines: an error about it names one.
    """
    try:
        with time_limit():
            package = load_package(folder)
    except PackageError as error:
        assert str(error.path).startswith(str(folder)), f"names no file of the package: {error}"
        assert error.line is None or error.line >= 1
        if parsed is not None and error.path == parsed:
            assert error.line is not None, f"names no line: {error}"
        assert "\n" not in str(error)[:200]
        return None
    except UnsupportedTask as error:
        assert str(error)
        return None
    for case in package.testset.testcases.values():
        assert case.input.resolve().is_relative_to(folder.resolve())
        assert case.answer is None or case.answer.resolve().is_relative_to(folder.resolve())
    assert SECRET not in repr(package).encode()
    return package


@contextlib.contextmanager
def damaged(path: Path, damage: Callable[[Path], object]) -> Iterator[None]:
    """The file damaged for a while."""
    saved = path.with_name(f".saved-{path.name}")
    path.rename(saved)
    try:
        shutil.copy(saved, path, follow_symlinks=True)
        damage(path)
        yield
    finally:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        saved.rename(path)


def files_of(folder: Path) -> list[Path]:
    found = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return sorted(path for path in found if not path.name.startswith("."))


def telling_files(folder: Path) -> list[Path]:
    return [path for path in files_of(folder) if path.name.endswith(TELLING)]


def one_of_each_name(folder: Path) -> list[Path]:
    return list({path.name: path for path in telling_files(folder)}.values())


def replaced_by(kind: str, outside: Path) -> Callable[[Path], object]:
    def damage(path: Path) -> None:
        path.unlink()
        if kind == "link out":
            path.symlink_to(outside)
        elif kind == "relative link out":
            path.symlink_to(os.path.relpath(outside, path.parent))
        elif kind == "ring":
            path.symlink_to(path.name)
        elif kind == "broken link":
            path.symlink_to("nothing-here")
        elif kind == "device":
            path.symlink_to("/dev/zero")
        elif kind == "folder":
            path.mkdir()
        elif kind == "pipe":
            os.mkfifo(path)

    return damage


KINDS = [
    *("link out", "relative link out", "ring", "broken link", "device", "folder", "pipe", "nothing")
]
SETTINGS = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("name", NAMES)
def test_whole_packages_read(name: str, copies: dict[str, Path]) -> None:
    assert read(copies[name]) is not None


@pytest.mark.parametrize("name", NAMES)
@SETTINGS
@given(data=st.data(), kind=st.sampled_from(KINDS))
def test_a_file_replaced_by_something_else(
    name: str, data: st.DataObject, kind: str, copies: dict[str, Path]
) -> None:
    folder = copies[name]
    path = data.draw(st.sampled_from(files_of(folder)))
    outside = folder.parents[1] / "outside/secret.txt"
    with damaged(path, replaced_by(kind, outside)):
        read(folder)
    assert outside.read_bytes() == SECRET


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_telling_file_replaced(name: str, kind: str, copies: dict[str, Path]) -> None:
    folder = copies[name]
    outside = folder.parents[1] / "outside/secret.txt"
    for path in one_of_each_name(folder):
        with damaged(path, replaced_by(kind, outside)):
            read(folder)


@pytest.mark.parametrize("name", NAMES)
@SETTINGS
@given(data=st.data(), content=st.binary(max_size=200))
def test_a_file_cut_or_filled_with_rubbish(
    name: str, data: st.DataObject, content: bytes, copies: dict[str, Path]
) -> None:
    folder = copies[name]
    path = data.draw(st.sampled_from(telling_files(folder)))
    size = path.stat().st_size
    cut = data.draw(st.integers(0, size))
    with damaged(path, lambda place: place.write_bytes(place.read_bytes()[:cut] + content)):
        read(folder)


@pytest.mark.parametrize("name", NAMES)
@SETTINGS
@given(data=st.data(), value=scalars | st.text(max_size=40))
def test_a_value_of_another_type(
    name: str, data: st.DataObject, value: str, copies: dict[str, Path]
) -> None:
    folder = copies[name]
    path = data.draw(st.sampled_from(telling_files(folder)))
    lines = path.read_text().split("\n")
    number = data.draw(st.integers(0, len(lines) - 1))
    line = lines[number]
    for mark in (": ", ":", "=", "- ", ">"):
        before, found, _ = line.partition(mark)
        if found:
            lines[number] = before + found + value + ("," if line.rstrip().endswith(",") else "")
            break
    else:
        lines[number] = value
    text = "\n".join(lines).encode("utf-8", "replace")
    parsed = path if path.suffix in (".yaml", ".json", ".xml") or path.name == "GEN" else None
    with damaged(path, lambda place: place.write_bytes(text)):
        read(folder, parsed)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [" + ",".join([f"*{old}"] * 9) + "]\n"
    for old, new in zip("abcdefghij", "bcdefghijk", strict=True)
)
DEEP_YAML = "[" * 5000
ENTITY_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 10}">'
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + ']><problem short-name="&i;"/>'
)
OUTSIDE_ENTITY = (
    '<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    '<problem short-name="&a;"/>'
)
MACRO_BOMB = (
    "\\newcommand{\\a}{\\b\\b}\\newcommand{\\b}{\\c\\c}\\newcommand{\\c}{\\a\\a}\\a"
    + "{" * 3000
    + "\\begin{itemize}" * 300
)


@pytest.mark.parametrize("bomb", [BOMB, DEEP_YAML, ENTITY_BOMB, OUTSIDE_ENTITY, MACRO_BOMB, "{}"])
@pytest.mark.parametrize("name", NAMES)
def test_bombs(name: str, bomb: str, copies: dict[str, Path]) -> None:
    folder = copies[name]
    for path in one_of_each_name(folder):
        with damaged(path, lambda place: place.write_text(bomb)):
            read(folder)


@SETTINGS
@given(text=st.text(alphabet="\\{}[]$&%#a12 \n|-*`~", max_size=300))
@example(text="\\begin{tabular}{l}" * 50)
@example(text="$" * 999 + "\\verb|")
@example(text="\\item \\section \\frac{")
def test_any_text_is_a_statement(text: str) -> None:
    from problems.statement.html import html_to_markdown, markdown_to_text
    from problems.statement.subtasks import subtask_versions
    from problems.statement.tex import tex_to_markdown
    from problems.task import Subtask

    subtasks = [Subtask(name="group1", max_points=12), Subtask(name="group2", max_points=1)]
    for convert in (tex_to_markdown, html_to_markdown, markdown_to_text):
        with time_limit():
            found = convert(text)
            subtask_versions(found, subtasks)
        assert isinstance(found, str)
