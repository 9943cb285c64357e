"""Min-hashes: the values that shipped records were made with, by the plain formula."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.observing.families import families_of
from solver.observing.sketches import sketches_of

PRIME = (1 << 61) - 1
MASK = (1 << 64) - 1
TOKEN = re.compile(r"[A-Za-z_]\w*|\d+|[^\s\w]")
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/|^\s*#(?!include)[^\n]*", re.DOTALL | re.MULTILINE)


def plainly(source: str) -> list[int]:
    """The sketch in whole numbers, one token and one factor after the other."""
    rng = np.random.default_rng(7)
    factors = rng.integers(1, 2**61 - 1, size=60, dtype=np.uint64) | np.uint64(1)
    tokens = TOKEN.findall(COMMENT.sub(" ", source))
    tokens += [""] * (5 - len(tokens))
    hashes = []
    for token in tokens:
        value = 14695981039346656037
        for byte in token.encode("utf-8", "surrogatepass"):
            value = ((value ^ byte) * 1099511628211) & MASK
        hashes.append(value)
    shingles = []
    for first in range(len(hashes) - 4):
        value = 0
        for known in hashes[first : first + 5]:
            value = (value * 1099511628211 + known) & MASK
        shingles.append(value ^ value >> 33)
    sketch = []
    for factor in map(int, factors):
        mixed = [(shingle * factor) & MASK for shingle in shingles]
        sketch.append(min((value ^ value >> 29) % PRIME for value in mixed))
    return sketch


PROGRAM = "#include <map>\nint main() { long long n = 0x1fULL; for (;;) n += 12ab; } // end\n"


@pytest.mark.parametrize(
    "source",
    [
        "",
        "x",
        PROGRAM,
        PROGRAM * 40,
        "int ä = 3; // é\n" + PROGRAM,
        "1a2 a1 12 12ab 1_ _1 0b11'000 \x1c\x0b\x00\x7f",
        "x" * 100 + " " + "7" * 100 + "y" * 100,
        "#define A b c d e f g\n#include <set>\n/* a\nb */ c",
    ],
)
def test_values_are_those_of_the_formula(source: str) -> None:
    assert sketches_of([source]).tolist() == [plainly(source)]


@given(st.lists(st.text(st.sampled_from("ab1_ \n+\"'/*#é\t"), max_size=60), max_size=6))
def test_neighbours_do_not_matter(sources: list[str]) -> None:
    assert sketches_of(sources).tolist() == [plainly(source) for source in sources]


def test_equal_programs_and_mutants_are_one_family_and_others_are_not() -> None:
    other = "import sys\nprint(sum(map(int, sys.stdin.read().split())) % 97)\n"
    family = families_of([PROGRAM * 9, other, PROGRAM * 9, PROGRAM * 9 + "int z;", other + "#"])
    assert family[0] == family[2] == family[3]
    assert family[1] == family[4]
    assert family[0] != family[1]


def families_plainly(sources: list[str]) -> list[int]:
    """Program after program, band after band: who has a band that another had first joins it."""
    parent = list(range(len(sources)))

    def root(index: int) -> int:
        return index if parent[index] == index else root(parent[index])

    first: dict[tuple[int, tuple[int, ...]], int] = {}
    for index, source in enumerate(sources):
        sketch = sketches_of([source])[0].tolist()
        for band in range(10):
            other = first.setdefault((band, tuple(sketch[6 * band : 6 * band + 6])), index)
            if other != index:
                parent[root(index)] = root(other)
    return [root(index) for index in range(len(sources))]


def test_families_and_their_numbers_are_those_of_one_program_after_the_other() -> None:
    rng = np.random.default_rng(5)
    words = [f"w{index} = f(w{index % 7}, {index});" for index in range(40)]
    texts = []
    for _ in range(60):
        start, length = int(rng.integers(30)), int(rng.integers(2, 12))
        texts.append(" ".join(words[start : start + length]))
    sources = [texts[int(index)] for index in rng.integers(len(texts), size=150)]
    found = families_of(sources).tolist()
    assert found == families_plainly(sources)
    assert 3 < len(set(found)) < 60  # some join, some do not
