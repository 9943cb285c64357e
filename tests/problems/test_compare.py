"""The built-in comparisons, against the peers' own programs where they are installed."""

import importlib.util
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from problems.jury.compare import KattisFlags, kattis_compare, white_diff
from sandbox.data import Blob


def accepts(output: bytes, answer: bytes, *flags: str) -> bool:
    parsed = KattisFlags.parse(flags)
    return kattis_compare(Blob.of_bytes(output), Blob.of_bytes(answer), parsed) is None


@pytest.mark.parametrize(
    ("output", "answer", "flags", "right"),
    [
        (b"1 2\n", b"1  2", (), True),
        (b"YES\n", b"yes\n", (), True),
        (b"YES\n", b"yes\n", ("case_sensitive",), False),
        (b"1 2\n", b"1 2", ("space_change_sensitive",), False),
        (b"1\n2", b"1 2", ("space_change_sensitive",), False),
        (b" 1 2", b"1 2 ", ("space_change_sensitive",), False),
        (b"1 2 3", b"1 2", (), False),
        (b"1", b"1 2", (), False),
        (b"", b"", (), True),
        (b"\n\n", b"", (), True),
        (b"1.0001", b"1", ("float_tolerance", "1e-3"), True),
        (b"1.1", b"1", ("float_tolerance", "1e-3"), False),
        (b"1000.5", b"1000", ("float_relative_tolerance", "1e-3"), True),
        (b"1000.5", b"1000", ("float_absolute_tolerance", "1e-3"), False),
        (b"1e3", b"1000", (), False),
        (b"1e3", b"1000", ("float_tolerance", "1e-9"), True),
        (b"x", b"1", ("float_tolerance", "1e-9"), False),
        (b"1", b"x", ("float_tolerance", "1e-9"), False),
        (b"X", b"x", ("float_tolerance", "1e-9"), True),
        (b"inf", b"inf", ("float_tolerance", "1e-9"), True),
        (b"infinity", b"inf", ("float_tolerance", "1e-9"), False),
        (b"nan", b"nan", ("float_tolerance", "1e-9"), True),
        (b"1e", b"1", ("float_tolerance", "1e-9"), True),
        (b"info", b"info", ("float_tolerance", "1e-9"), True),
        (b"0x10", b"16", ("float_tolerance", "1e-9"), True),
        (b"1_0", b"10", ("float_tolerance", "1e-9"), False),
    ],
)
def test_kattis_compare(output: bytes, answer: bytes, flags: tuple[str, ...], right: bool) -> None:
    assert accepts(output, answer, *flags) is right


def test_big_outputs_are_compared_by_numpy_as_by_hand() -> None:
    answer = b"\n".join(b"%d.5" % i for i in range(5000))
    near = b"\n".join(b"%d.5000001" % i for i in range(5000))
    far = near.replace(b"4321.5000001", b"4321.6")
    assert accepts(near, answer, "float_tolerance", "1e-6")
    assert not accepts(far, answer, "float_tolerance", "1e-6")


@pytest.mark.parametrize("flags", [("float_tolerance", "x"), ("nonsense",), ("float_tolerance",)])
def test_unknown_flags_are_refused(flags: tuple[str, ...]) -> None:
    with pytest.raises(ValueError):
        KattisFlags.parse(flags)


def default_validator() -> Path:
    found = importlib.util.find_spec("problemtools")
    assert found is None or found.origin is not None
    path = Path(found.origin).parent / "support" / "default_validator" if found else Path("-")
    if not path.is_file():
        pytest.skip("problemtools is not installed: no reference validator")
    return path


ODD_WORDS = """1 1.0 1.0000001 0.999 1e0 -1 +1 inf nan 0x1 yes YES 1e999 1e 1E- .5 5. - infinity
    1f 0 -0 1_0 Nan 1.5e-3x 0x 0x. 0x1p 0x1P-2 .e1 + 5.e 1e+"""
WORDS = st.one_of(
    st.sampled_from(ODD_WORDS.split()),
    st.floats(allow_nan=False).map(repr),
    st.integers(-(10**20), 10**20).map(str),
)
SPACES = st.sampled_from([" ", "\n", "  ", "\t", " \n", "\r\n"])


@st.composite
def texts(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A pair (output, answer) that is often nearly equal."""
    words = draw(st.lists(WORDS, max_size=4))
    answer = "".join(draw(SPACES) + word for word in words) + draw(st.sampled_from(["", "\n"]))
    if draw(st.booleans()):
        words = draw(st.lists(WORDS, max_size=4))
    else:
        words = [draw(WORDS) if draw(st.integers(0, 3)) == 0 else word for word in words]
    output = "".join(draw(SPACES) + word for word in words) + draw(st.sampled_from(["", "\n"]))
    return output.encode(), answer.encode()


FLAGS = st.sampled_from(
    [
        (),
        ("case_sensitive",),
        ("space_change_sensitive",),
        ("case_sensitive", "space_change_sensitive"),
        ("float_tolerance", "1e-6"),
        ("float_absolute_tolerance", "0.01"),
        ("float_relative_tolerance", "1e-3", "case_sensitive"),
        ("float_tolerance", "0"),
    ]
)


@settings(max_examples=400, deadline=None)
@given(pair=texts(), flags=FLAGS)
def test_kattis_compare_decides_as_the_reference(
    tmp_path_factory: pytest.TempPathFactory, pair: tuple[bytes, bytes], flags: tuple[str, ...]
) -> None:
    reference = default_validator()
    folder = tmp_path_factory.getbasetemp() / "reference"
    folder.mkdir(exist_ok=True)
    (folder / "answer").write_bytes(pair[1])
    (folder / "input").touch()
    argv = [str(reference), str(folder / "input"), str(folder / "answer"), f"{folder}/", *flags]
    code = subprocess.run(argv, input=pair[0], capture_output=True).returncode
    assert code in (42, 43)
    assert accepts(*pair, *flags) is (code == 42)


@pytest.mark.parametrize(
    ("output", "answer", "right"),
    [
        (b"1 2\n3", b" 1\t 2 \n3\n\n\n", True),
        (b"1 2\n3", b"1\n2 3", False),
        (b"1\n\n2", b"1\n2", False),
        (b"", b" \n \n", True),
        (b"a", b"A", False),
        (b"\n1", b"1", False),
    ],
)
def test_white_diff(output: bytes, answer: bytes, right: bool) -> None:
    assert white_diff(Blob.of_bytes(output), Blob.of_bytes(answer)) is right


WHITE = b" \t\n\x0b\x0c\r"


def cms_white_diff(output: bytes, answer: bytes) -> bool:
    """CMS's algorithm, line by line, written from its description."""
    mine, right = output.split(b"\n"), answer.split(b"\n")
    for index in range(max(len(mine), len(right))):
        line = b" ".join(mine[index].split()) if index < len(mine) else b""
        other = b" ".join(right[index].split()) if index < len(right) else b""
        if line != other:
            return False
    return True


LINES = st.lists(st.sampled_from([b"1", b" ", b"\n", b"2", b"\t", b"\r\n", b"x"]), max_size=9)


@given(output=LINES.map(b"".join), answer=LINES.map(b"".join))
def test_white_diff_is_line_by_line(output: bytes, answer: bytes) -> None:
    expected = cms_white_diff(output, answer)
    assert white_diff(Blob.of_bytes(output), Blob.of_bytes(answer)) is expected
