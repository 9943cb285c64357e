"""Whatever makes compiling faster gives what plain g++ gives: refusals, outputs."""

import re
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox import Executable, Job, Limits, Sandbox
from sandbox.compiling.compile import CompileError, Compiler

BITS = "#include <bits/stdc++.h>\n"
LIMITS = Limits(cpu_s=5.0, wall_s=100.0)
TASK_H = """#ifndef TASK_H
#define TASK_H
#include <bits/stdc++.h>
#include <vector>
std::vector<int> solve(int count);
#endif
"""
MANAGERS = ("task.h", "grader.cpp")
TEMPORARY = re.compile(rb"/box/cc\w+")
"""A linker's messages name objects that are called something else every time."""


def read_cases() -> dict[str, dict[str, str]]:
    """Case to file name to text."""
    found: dict[str, dict[str, str]] = {}
    for case in Path(__file__).with_name("same_as_plain.txt").read_text().split("\n=== ")[1:]:
        name, *files = re.split(r"\n--- ", case)
        parts = (file.split("\n", 1) for file in files)
        found[name] = {file: text.rstrip() + "\n" for file, text in parts}
    return found


CASES = read_cases()


def named(files: Mapping[str, str]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """(sources, managers)."""
    content = {name: text.encode() for name, text in files.items() if text}
    own = {name: text for name, text in content.items() if name not in MANAGERS}
    return own, {name: text for name, text in content.items() if name in MANAGERS}


@pytest.fixture(scope="module")
def pair(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> tuple[Compiler, Compiler]:
    """(plain, with everything that makes it faster, the header there from the first one on)."""
    if shutil.which("g++") is None:
        pytest.skip("g++ is not installed: apt install g++")
    return (
        Compiler(sandbox, cache=tmp_path_factory.mktemp("plain"), plain=True),
        Compiler(sandbox, cache=tmp_path_factory.mktemp("fast"), eager=True),
    )


def what_comes_of(
    compiler: Compiler,
    sandbox: Sandbox,
    sources: Mapping[str, bytes],
    managers: Mapping[str, bytes],
    language: str,
) -> object:
    """A refusal with its words, or how the program ends and what it prints."""
    program = compiler.compile(sources, language, managers=managers)
    if isinstance(program, CompileError):
        return replace(program, messages=TEMPORARY.sub(b"", program.messages))
    assert isinstance(program, Executable)
    result = sandbox.run(Job(program=program, limits=LIMITS, stdin=b"5\n"))
    return result.status, result.exit_code, result.signal, result.stdout.read()


SIBLINGS = {
    "quoted, then again": "twice",
    "a macro after": "a macro before",
    "optimize before": "fast mathematics after",
    "target after": "fast mathematics after",
    "the task's header first": "the task's header second",
    "std::less specialised": "a function of std's specialised",
    "an overload in std": "a function of std's specialised",
    "what std's own algorithms use, specialised": "a hash of one's own",
    "no semicolon": "an ambiguous name",
    "no such function": "an ambiguous name",
    "exceptions through everything": "regex, locale, threads",
    "rarely used parts of the library": "regex, locale, threads",
    "an allocator and functions of the library of one's own": "regex, locale, threads",
}
"""Slow case to the one of the ordinary tests that takes the same way: each compiles twice."""


def test_every_slow_case_has_a_sibling() -> None:
    assert set(SIBLINGS) < set(CASES) and set(SIBLINGS.values()) <= set(CASES) - set(SIBLINGS)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] * (name in SIBLINGS)) for name in CASES],
)
def test_cases(pair: tuple[Compiler, Compiler], sandbox: Sandbox, name: str) -> None:
    sources, managers = named(CASES[name])
    plain, fast = (what_comes_of(one, sandbox, sources, managers, "cpp20") for one in pair)
    assert fast == plain


PIECES = (
    BITS,
    "#include <bits/extc++.h>\n",
    "#include <vector>\n",
    "#include <cassert>\n#include <iostream>\n",
    '#include "task.h"\n',
    "#define NDEBUG\n",
    "#undef NDEBUG\n",
    "#define _GLIBCXX_DEBUG 1\n",
    "#define all(x) (x).begin(), (x).end()\n",
    "#define endl '\\n'\n",
    "#pragma once\n",
    '#pragma GCC optimize("O3", "fast-math")\n',
    '#pragma GCC target("avx2")\n',
    '#pragma GCC push_options\n#pragma GCC optimize("O0")\n',
    "using namespace std;\n",
    "/* words */ // more\n",
    "static int other = 3;\n",
    """namespace std {
template <> struct hash<pair<int, int>> { size_t operator()(pair<int, int>) const { return 1; } };
}
""",
    "#ifdef _GLIBCXX_VECTOR\n#define SEEN 1\n#endif\n",
)
COMMON = "using namespace std;\nstatic int before = 3;\n"
ENDS = (
    """int main() {
    std::cout << __LINE__;
    assert(false);
    std::vector<int> v{3, 1, 2};
    std::sort(v.begin(), v.end());
    std::cout << v[0] << std::endl;
}
""",
    """int main() {
#ifdef SEEN
    std::puts("seen");
#endif
    std::map<std::string, double> m;
    m["a"] += 0.1;
    m["a"] += 0.2;
    std::cout << std::setprecision(17) << m["a"] << endl;
}
""",
    "int main() { vector<int> v(3); cout << v.size() << v.at(4); }\n",
    """int main() {
    std::unordered_map<std::pair<int, int>, int> m;
    m[{1, 2}] = 3;
    std::printf("%d", m.begin()->second);
    return before;
}
""",
)


def test_a_grader_is_compiled_once_for_all_programs_of_a_task(
    pair: tuple[Compiler, Compiler], sandbox: Sandbox
) -> None:
    sources, managers = named(CASES["the task's header second"])
    plain, fast = pair
    # Headers and the linked library are there after this one; what is made below is the grader.
    what_comes_of(fast, sandbox, sources, managers, "cpp20")
    managers["grader.cpp"] += b"// %s, which no cache knows\n" % uuid.uuid4().hex.encode()
    runs = []
    for number in range(4):
        source = sources["main.cpp"] + b"\nint unused_%d;\n" % number
        before = fast.counts.started
        came = what_comes_of(fast, sandbox, {"main.cpp": source}, managers, "cpp20")
        runs.append(fast.counts.started - before)
        if number == 3:
            assert came == what_comes_of(plain, sandbox, sources, managers, "cpp20")
    assert runs == [2, 1, 1, 1]  # the grader's own run of the compiler comes once


@pytest.mark.slow
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    start=st.lists(st.sampled_from(PIECES), max_size=4),
    rest=st.lists(st.sampled_from(PIECES), max_size=3),
    end=st.sampled_from(ENDS),
    language=st.sampled_from(("cpp17", "cpp20", "cpp23")),
    more=st.booleans(),
)
@pytest.mark.timeout(3600)
def test_any_order_of_includes_macros_and_pragmas(
    pair: tuple[Compiler, Compiler],
    sandbox: Sandbox,
    start: list[str],
    rest: list[str],
    end: str,
    language: str,
    more: bool,
) -> None:
    source = "".join((*start, BITS, *rest, COMMON, end))
    second = "".join((*rest, BITS, "int unused_elsewhere(int n) { return n; }\n")) if more else ""
    sources, managers = named({"main.cpp": source, "task.h": TASK_H, "more.cpp": second})
    plain, fast = (what_comes_of(one, sandbox, sources, managers, language) for one in pair)
    assert fast == plain
