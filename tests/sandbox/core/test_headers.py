"""Which header a program gets, what is made when, and what happens where nothing can be made."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import Executable, Job, Limits, RunResult, Sandbox
from sandbox.compiling import headers, linking, prepared
from sandbox.compiling.behind import std_header_behind
from sandbox.compiling.compile import Compiler
from sandbox.compiling.headers import PrecompiledHeaders, first_header
from sandbox.compiling.languages import LanguageTable
from sandbox.compiling.prepared import Made, Prepared, trim

BITS = b"#include <bits/stdc++.h>\n"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (BITS, "bits/stdc++.h"),
        (b" // words\n/* more\n*/ #  include <iostream>\n" + BITS, "iostream"),
        (b"#define x\n" + BITS, ""),
        (b'#include "task.h"\n' + BITS, ""),
        (b"#pragma GCC optimize(3)\n" + BITS, ""),
        (b"/**/" * 100_000, ""),
        (b"", ""),
    ],
)
def test_the_first_thing_in_a_source_decides(source: bytes, name: str) -> None:
    assert first_header(source) == name


class Asked(Prepared):
    """Says that everything is there, and remembers what was asked for."""

    def __init__(self) -> None:
        super().__init__(lambda job: pytest.fail(f"ran {job}"))
        self.keys: list[str] = []

    def ready(self, key: str, make: object, *, pays_after: int = 1) -> bool:
        self.keys.append(key)
        return True

    def made_by(self, argv: tuple[str, ...], files: Made, keep: tuple[str, ...]) -> Made | None:
        return {}


def keys_of(source: bytes) -> list[str]:
    asked = Asked()
    argv = ("g++", "-O2", "-o", "main", "a.cpp")
    PrecompiledHeaders(asked).flags_for(
        LanguageTable.load()["cpp20"], "v", argv, {"a.cpp": BITS + source}
    )
    return asked.keys


@pytest.mark.parametrize(
    "source",
    [
        b"namespace std { int to_string(int); }",
        b"namespace  std\n{ }",
        b"template<> struct std::hash<int> {};",
        b"template <> void std::swap(A&, A&) {}",
        b"template <class T> struct std::hash<std::vector<T>> {};",
        b"template <class A, class B>\nstruct ::std::less<std::pair<A, B>> {};",
        b"#define OPEN namespace std {",
    ],
)
def test_a_source_that_adds_to_std_gets_the_header_as_gcc_writes_it(source: bytes) -> None:
    (pending,) = keys_of(source)
    (finished,) = keys_of(b"using namespace std;\ntemplate <class T> struct A { std::set<T> s; };")
    assert pending != finished
    assert keys_of(b"int main() {}") == [finished]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(prepared, "headers_source", lambda: tmp_path)
    return tmp_path


def no_run(job: Job) -> RunResult:
    pytest.fail(f"ran {job}")


def test_a_thing_is_made_when_it_was_asked_for_often_enough(place: Path) -> None:
    made: Iterator[Made] = iter([{"a": b"1", "folder/b": b"2"}])
    store = Prepared(no_run)
    answers = [store.ready("key", lambda: next(made), pays_after=3) for _ in range(5)]
    assert answers == [False, False, True, True, True]
    assert (place / "key" / "folder" / "b").read_bytes() == b"2"
    assert Prepared(no_run).ready("key", lambda: pytest.fail("made again"), pays_after=9)


def test_what_cannot_be_made_is_not_tried_again_and_leaves_nothing(place: Path) -> None:
    tried: list[int] = []

    def fails() -> Made | None:
        tried.append(1)
        if len(tried) > 1:
            raise OSError("no space")
        return None

    store = Prepared(no_run)
    assert [store.ready("key", fails) for _ in range(3)] == [False] * 3
    assert len(tried) == 1
    assert not Prepared(no_run).ready("key", fails)
    assert [path.name for path in place.iterdir() if path.is_dir()] == []


def test_what_was_not_used_for_longest_goes(place: Path) -> None:
    for minute, name in enumerate(("old", "used", "new")):
        (place / name).mkdir()
        (place / name / "file").write_bytes(bytes(1000))
        os.utime(place / name, (60 * minute, 60 * minute))
    assert Prepared(no_run).ready("old", lambda: None)  # used now
    trim(place, 2500, keep=place / "new")
    assert {path.name for path in place.iterdir()} == {"old", "new"}


def test_a_machine_without_plugin_headers_and_mold_compiles_all_the_same(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linking, "MOLD", "/usr/bin/no-such-mold")
    monkeypatch.setattr(headers, "_HAS_PLUGINS", "exit 1")
    compiler = Compiler(sandbox, cache=tmp_path, eager=True)
    source = BITS + b"int main() { std::cout << std::vector<int>(3).size(); }"
    first = compiler.compile({"main": source}, "cpp20")
    started, spent_s = compiler.counts.started, compiler.counts.cpu_s
    program = compiler.compile({"main": source + b"\n"}, "cpp20")
    assert isinstance(first, Executable)
    assert isinstance(program, Executable)
    assert sandbox.run(Job(program=program, limits=Limits())).stdout.read() == b"3"
    assert compiler.counts.started == started + 1  # the header is there: one compiler, one source
    assert spent_s > 0


PLAIN = b"""#ifndef _TASK_H_
#define _TASK_H_
#include <vector>  // and no other
#include "types.h"
#ifdef __cplusplus
extern "C" {
#endif
/* Implemented by you: */
void init(int n, std::vector<std::vector<long long>> table);
extern const int limit;
#ifdef __cplusplus
}
#endif
#endif
"""


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (b'#include "task.h"\n' + BITS, "bits/stdc++.h"),
        (b'// mine\n#include "task.h" // ours\n#include "types.h"\n#include <map>\n', "map"),
        (b'#include "task.h"\nint x;\n' + BITS, ""),
        (b'#define N 3\n#include "task.h"\n' + BITS, ""),
        (b'#include "absent.h"\n' + BITS, ""),
        (b'#include "task.h"\n', ""),
        (BITS + b'#include "task.h"\n', ""),
    ],
)
def test_a_standard_header_behind_the_tasks_own(source: bytes, name: str) -> None:
    files = {"task.h": PLAIN, "types.h": b"#pragma once\nint known(char);"}
    assert std_header_behind(source, files) == name


@pytest.mark.parametrize(
    "header",
    [
        b"#define N 3\nint f(int);",
        b"#define TASK_H\n#define MORE\nint f(int);",
        b"#undef NDEBUG\nint f(int);",
        b'#pragma GCC optimize("O3")\nint f(int);',
        b"#include <unistd.h>\nint f(int);",
        b"#include <bits/extc++.h>\nint f(int);",
        b"#if 1\nint f(int);\n#endif",
        b"int f(int) { return abs(-1.5); }",
        b"int f(int n = abs(-1.5));",
        b"using namespace std;\nint f(vector<int>);",
        b"namespace std { int f(int); }",
        b"template <class T> int f(T);",
        b"template <> int std::f(int);",
        b"static int counter;",
        b"struct A;\nint f(A);",
        b"#def\\\nine N 3\nint f(int);",
        b'int f(int) asm("other");',
        b"int f(int) __attribute__((weak));",
        b"",
    ],
)
def test_a_header_that_does_more_than_declare_keeps_its_place(header: bytes) -> None:
    source = b'#include "task.h"\n' + BITS
    is_plain = not header
    assert bool(std_header_behind(source, {"task.h": header})) is is_plain
    assert not std_header_behind(source.replace(b"task.h", b"vector"), {"vector": b"int f(int);"})
