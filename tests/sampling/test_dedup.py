"""The same program in other words is found; two programs that differ are never taken for one."""

import random
import re
import textwrap
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from problems.loading import load_task
from sandbox.backend import Job, Sandbox
from sandbox.compiling.compile import CompileError, Compiler
from sandbox.limits import Limits
from solver.sampling.answers.dedup import normalised, representatives
from solver.sampling.pools.pool import read_pool
from solver.types import Candidate

PY = "python3"
CPP = "cpp20"

STD = "#include <bits/stdc++.h>\nusing namespace std;\n"

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


SAME |= {
    "brackets and quotes, Python": (PY, "print((1) + 2, 'a')\n", 'print(1 + 2, "a")\n'),
    "numbers in other words, Python": (PY, "print(1000.0)\n", "print(1e3)\n"),
    "a star import that does not know the name": (
        PY,
        "from math import *\nside = 4\nprint(sqrt(side))\n",
        "from math import *\nedge = 4\nprint(sqrt(edge))\n",
    ),
    "sizes, C++": (
        CPP,
        "#include <vector>\nint main() { int n = 3; std::vector<int> v(n); v[0] = n; }",
        "#include <vector>\nint main() { int k = 3; std::vector<int> w(k); w[0] = k; }",
    ),
    "global names that no header has, C++": (
        CPP,
        STD + "int maxDepth;\nint main() { cin >> maxDepth; }",
        STD + "int bestYet;\nint main() { cin >> bestYet; }",
    ),
    "a local name that hides a library's": (
        CPP,
        STD + "int main() { int data = 1; cout << data; }",
        STD + "int main() { int value = 1; cout << value; }",
    ),
    "names behind a macro, C++": (
        CPP,
        "#include <cstdio>\n#define rep(i, n) for (int i = 0; i < (n); i++)\n"
        'int main() { int s = 0; rep(a, 9) { s += a; } rep(b, 9) s -= b; printf("%d", s); }',
        "#include <cstdio>\n#define rep(i, n) for (int i = 0; i < (n); i++)\n"
        'int main() { int t = 0; rep(x, 9) { t += x; } rep(y, 9) t -= y; printf("%d", t); }',
    ),
}
DIFFERENT |= {
    "wrong indentation and its right twin": (
        PY,
        "for i in range(3):\n    a = i\n   print(a)\n",
        "for i in range(3):\n    a = i\n    print(a)\n",
    ),
    "an indented first line and its right twin": (PY, " print(1)\n", "print(1)\n"),
    "Python 2 and 3": (PY, "a = 1\nprint a\n", "a = 1\nprint(a)\n"),
    "a return outside of a function": (PY, "a = 1\nreturn a\n", "b = 1\nprint(b)\n"),
    "a name and the text that shows it": (PY, "a = 1\nprint(f'{a=}')\n", "b = 1\nprint(f'{b=}')\n"),
    "a name in an error that is printed": (
        PY,
        "try:\n    print(a)\nexcept NameError as e:\n    print(e)\na = 1\n",
        "try:\n    print(b)\nexcept NameError as e:\n    print(e)\nb = 1\n",
    ),
    "a function's name that is printed": (
        PY,
        "def f(): pass\nprint(f.__name__)\n",
        "def g(): pass\nprint(g.__name__)\n",
    ),
    "a name that a star import brings": (
        PY,
        "from math import *\nprint(log(1))\nlog = []\n",
        "from math import *\nprint(logs(1))\nlogs = []\n",
    ),
    "a star import of something unknown": (
        PY,
        "from helper import *\nside = 4\nprint(side)\n",
        "from helper import *\nedge = 4\nprint(edge)\n",
    ),
    "fields of a class": (
        PY,
        "class P:\n    x = 1\nx = P()\nprint(x.x)\n",
        "class P:\n    y = 1\ny = P()\nprint(y.x)\n",
    ),
    "parameters of functions that somebody else calls": (
        PY,
        "def area(w, h):\n    return w * h\n",
        "def area(h, w):\n    return h * w\n",
    ),
    "a global name that the library has": (
        CPP,
        STD + "int data[9];\nint main() { cout << data[0]; }",
        STD + "int values[9];\nint main() { cout << values[0]; }",
    ),
    "a global name of the C library": (
        CPP,
        "#include <cmath>\nint y1;\nint main() { y1 = 1; }",
        "#include <cmath>\nint yy;\nint main() { yy = 1; }",
    ),
    "a function that the library has": (
        CPP,
        STD + "int gcd(int a, int b) { return 7; }\nint main() { cout << gcd(4L, 6L); }",
        STD + "int mix(int a, int b) { return 7; }\nint main() { cout << mix(4L, 6L); }",
    ),
    "a name used before and after its block": (
        CPP,
        STD + "int main() { { int endl = 3; } cout << 1 << endl; }",
        STD + "int main() { { int line = 3; } cout << 1 << line; }",
    ),
    "a loop over something of the loop variable's name": (
        CPP,
        STD + "vector<int> left;\nint main() { for (auto left : left) cout << left; }",
        STD + "vector<int> left;\nint main() { for (auto item : item) cout << item; }",
    ),
    "a local name that is a macro": (
        CPP,
        "int main() { int linux = 3; return linux; }",
        "int main() { int system_ = 3; return system_; }",
    ),
    "a local name that is a word of the language": (
        CPP,
        "int main() { int concept = 3; return concept; }",
        "int main() { int thought = 3; return thought; }",
    ),
    "a name that a macro makes text of": (
        CPP,
        "#include <cstdio>\n#define show(x) puts(#x)\nint main() { int a = 1; show(a); }",
        "#include <cstdio>\n#define show(x) puts(#x)\nint main() { int b = 1; show(b); }",
    ),
    "a function's name that is printed, C++": (
        CPP,
        "#include <cstdio>\nvoid solve() { puts(__func__); }\nint main() { solve(); }",
        "#include <cstdio>\nvoid calc() { puts(__func__); }\nint main() { calc(); }",
    ),
    "lines that are printed": (
        CPP,
        '#include <cstdio>\nint main() { printf("%d", __LINE__); }',
        '#include <cstdio>\n\nint main() { printf("%d", __LINE__); }',
    ),
    "where a directive ends": (
        CPP,
        "#define A\nint x;\nint main() {}",
        "#define A int x;\n\nint main() {}",
    ),
    "macros before an include": (
        CPP,
        "#define NDEBUG\n#include <cassert>\nint main() { assert(0); }",
        "#include <cassert>\n#define NDEBUG\nint main() { assert(0); }",
    ),
    "what a condition of the preprocessor leaves": (
        CPP,
        "#ifdef ONLINE_JUDGE\nint a = 1;\n#else\nint a = 2;\n#endif\nint main() { return a; }",
        "#ifndef ONLINE_JUDGE\nint a = 1;\n#else\nint a = 2;\n#endif\nint main() { return a; }",
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


def test_macros_that_grow_without_end_are_left_alone() -> None:
    lines = ["#define A0 1 1"] + [f"#define A{n} A{n - 1} A{n - 1}" for n in range(1, 40)]
    bomb = "\n".join([*lines, "int main() { foo A39 }}"])
    started_s = time.process_time()
    assert normalised(bomb, CPP) != normalised(bomb + " ", CPP)
    assert time.process_time() - started_s < 20


# What the names of variables may be, those that mean something to the compiler among them.
WORDS = (
    *("a", "b", "n", "x", "y", "z", "data", "count"),
    *("size", "y1", "max", "endl", "cout", "left", "linux", "main"),
    *("ans", "time", "solve", "index", "move", "begin", "hash", "int"),
    *("EOF", "and", "value", "total"),
)
NAMES = st.sampled_from(WORDS)
PROGRAMS = (
    "#include <bits/stdc++.h>\nusing namespace std;\nint {0} = 3;\nint main() {{ int {1} = 4; "
    "cout << {0} + {1} << endl; }}\n",
    "#include <bits/stdc++.h>\nusing namespace std;\nint {0}(int {1}) {{ return {1} * 2; }}\n"
    "int main() {{ cout << {0}(5); }}\n",
    "#include <bits/stdc++.h>\nusing namespace std;\nint main() {{ vector<int> {0}(3, 1); "
    "for (auto {1} : {0}) cout << {1}; cout << max(1, 2) << count(begin({0}), end({0}), 1); }}\n",
    "#include <cstdio>\nint main() {{ for (int {0} = 0; {0} < 3; {0}++) {{ int {1} = {0}; "
    'printf("%d", {1}); }} }}\n',
)


@pytest.mark.timeout(600)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    shape=st.sampled_from(PROGRAMS),
    one=st.tuples(NAMES, NAMES),
    other=st.tuples(NAMES, NAMES),
)
def test_what_is_merged_compiles_and_prints_alike(
    sandbox: Sandbox,
    compiler: Compiler,
    shape: str,
    one: tuple[str, str],
    other: tuple[str, str],
) -> None:
    first, second = shape.format(*one), shape.format(*other)
    if normalised(first, CPP) == normalised(second, CPP):
        assert _seen(first, sandbox, compiler) == _seen(second, sandbox, compiler)


BUNDLED = Path(__file__).parents[2] / "problems" / "bundled"
POOLS = [("contest", name, BUNDLED / "pools" / f"{name}.jsonl") for name in ("evens", "depots")]
POOLS += [("ladder", path.stem, path) for path in sorted(BUNDLED.glob("ladder/drawn/*.jsonl"))]
MERGED_A_POOL = 4


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("contest", "task", "path"), POOLS, ids=[each[1] for each in POOLS])
def test_merges_in_recorded_pools_behave_alike(
    contest: str, task: str, path: Path, sandbox: Sandbox, compiler: Compiler
) -> None:
    """The pools' own merges, and those of their programs with one word replaced by another."""
    pool = read_pool(path)
    inputs = [one.input for one in load_task(BUNDLED / contest / task).examples]
    rng = random.Random(7)
    pairs = [
        (pool.candidates[row], pool.candidates[first])
        for row, first in enumerate(representatives(pool.candidates))
        if pool.candidates[row].source != pool.candidates[first].source
    ]
    for one in rng.sample(pool.candidates, len(pool.candidates)):
        words = sorted(set(re.findall(r"\b[a-z]\w*\b", one.source)))
        old, new = rng.choice(words), rng.choice(WORDS)
        other = replace(one, source=re.sub(rf"\b{old}\b", new, one.source))
        if other.source != one.source and representatives([one, other]) == [0, 0]:
            pairs.append((one, other))
        if len(pairs) >= MERGED_A_POOL:
            break
    assert pairs
    for one, other in pairs[:MERGED_A_POOL]:
        found = [
            _seen(each.source, sandbox, compiler, each.language, inputs) for each in (one, other)
        ]
        assert found[0] == found[1], (one.source, other.source)


def _seen(
    source: str,
    sandbox: Sandbox,
    compiler: Compiler,
    language: str = CPP,
    inputs: Sequence[bytes] = (b"",),
) -> object:
    ending = ".py" if language == PY else ".cpp"
    made = compiler.compile({f"a{ending}": source.encode()}, language)
    if isinstance(made, CompileError):
        return "does not compile"
    results = [
        sandbox.run(Job(program=made, limits=Limits(cpu_s=1), stdin=content)) for content in inputs
    ]
    return [(result.status, result.exit_code, result.stdout.read()) for result in results]
