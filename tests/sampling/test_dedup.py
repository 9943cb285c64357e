"""The same program in other words is found; two programs that differ are never taken for one."""

import textwrap

import pytest

from solver.sampling.answers.dedup import normalised, representatives
from solver.types import Candidate

PY = "python3"
CPP = "cpp20"

SAME = {
    "comments and layout, Python": (
        PY,
        "a = int(input())  # read\n\nprint( a+1 )\n",
        "# sum\na=int( input() )\nprint(a + 1)\n",
    ),
    "names, Python": (
        PY,
        "def f(x):\n    y = x * 2\n    return y\nprint(f(int(input())))\n",
        "def g(n):\n    double = n * 2\n    return double\nprint(g(int(input())))\n",
    ),
    "depth of indentation": (
        PY,
        "if 1:\n  a = 1\n  print(a)\n",
        "if 1:\n    b = 1\n    print(b)\n",
    ),
    "comments, layout and names, C++": (
        CPP,
        "#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b; }",
        "#include <iostream>\n// sum\nint main()\n{\n  int x, y;\n  std::cin >> x >> y;\n"
        "  std::cout << x + y; /* done */\n}\n",
    ),
    "loops, C++": (
        CPP,
        "int main() { for (int i = 0; i < 9; i++) for (int j = i; j < 9; j++) f(i, j); }",
        "int main() { for (int r = 0; r < 9; r++) for (int c = r; c < 9; c++) f(r, c); }",
    ),
}

DIFFERENT = {
    "operators": (PY, "print(a + b)", "print(a - b)"),
    "swapped names": (PY, "a, b = 1, 2\nprint(a, b)", "a, b = 1, 2\nprint(b, a)"),
    "a statement outside of the loop": (
        PY,
        "for i in range(3):\n    a = i\n    print(a)\n",
        "for i in range(3):\n    a = i\nprint(a)\n",
    ),
    "an else of another if": (
        PY,
        "if x:\n    if y:\n        f()\n    else:\n        g()\n",
        "if x:\n    if y:\n        f()\nelse:\n    g()\n",
    ),
    "library functions": (PY, "print(max(a))", "print(min(a))"),
    "built-in names that are also local ones": (
        PY,
        "def f(a):\n    return max(a)\ndef g():\n    max = 1\n    return max\n",
        "def f(a):\n    return min(a)\ndef g():\n    min = 1\n    return min\n",
    ),
    "keyword arguments": (
        PY,
        "sep = ''\nprint(1, 2, sep=sep)\n",
        "end = ''\nprint(1, 2, end=end)\n",
    ),
    "attributes": (PY, "append = 1\nx.append(append)\n", "insert = 1\nx.insert(insert)\n"),
    "texts": (PY, "print('YES')", "print('NO')"),
    "blanks in texts": (PY, "print('a b')", "print('a  b')"),
    "names looked up by their text": (
        PY,
        "a = 1\nb = 2\nprint(eval('a'))\n",
        "b = 1\na = 2\nprint(eval('a'))\n",
    ),
    "expressions in texts": (PY, "a = 1\nb = 2\nprint(f'{a}')", "a = 1\nb = 2\nprint(f'{b}')"),
    "types": (CPP, "int main() { int a = 0; }", "int main() { long a = 0; }"),
    "standard functions, C++": (
        CPP,
        "int main() { auto a = f(); std::sort(a); }",
        "int main() { auto a = f(); std::reverse(a); }",
    ),
    "members of a pair": (
        CPP,
        "int main() { std::pair<int, int> p; int first = 0; g(p.first, first); }",
        "int main() { std::pair<int, int> p; int second = 0; g(p.second, second); }",
    ),
    "what a macro names": (
        CPP,
        "#define OUT a\nint main() { int a = 1, b = 2; g(OUT); }",
        "#define OUT a\nint main() { int b = 1, a = 2; g(OUT); }",
    ),
    "included files": (CPP, "#include <map>\nint main() {}", "#include <set>\nint main() {}"),
    "numbers": (CPP, "int a[100000];", "int a[1000000];"),
    "the function that a grader calls": (
        CPP,
        "int paint(int n) { return n; }",
        "int point(int n) { return n; }",
    ),
    "functions of the standard library under a local name": (
        CPP,
        "using namespace std;\nint f() { return count(); }\nint g() { int count = 0; }",
        "using namespace std;\nint f() { return find(); }\nint g() { int find = 0; }",
    ),
}


@pytest.mark.parametrize("case", SAME)
def test_finds_the_same_program(case: str) -> None:
    language, one, other = SAME[case]
    assert normalised(one, language) == normalised(other, language)


@pytest.mark.parametrize("case", DIFFERENT)
def test_keeps_apart_what_differs(case: str) -> None:
    language, one, other = DIFFERENT[case]
    assert normalised(one, language) != normalised(other, language)


@pytest.mark.parametrize("source", ["", "def (", "int main( {", "\x00", "🙂 = 1", "'" * 9, "/*"])
@pytest.mark.parametrize("language", ["python3", "cpp20", "java", "rust"])
def test_any_text_has_a_digest(source: str, language: str) -> None:
    assert normalised(source, language) == normalised(source, language)
    assert normalised(source, language) != normalised(source + "x1", language)


def test_languages_are_kept_apart() -> None:
    assert normalised("print(1)", "python3") != normalised("print(1)", "cpp20")


def test_representatives_are_the_first_of_their_kind() -> None:
    sources = ["a = 1\nprint(a)", "print(2)", "b = 1\nprint(b)\n", "print(2)  # again", "print(3)"]
    candidates = [
        Candidate(id=str(row), task="t", subtask=None, language=PY, source=textwrap.dedent(source))
        for row, source in enumerate(sources)
    ]
    assert representatives(candidates) == [0, 1, 0, 1, 4]
