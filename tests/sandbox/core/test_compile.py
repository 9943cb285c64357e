"""Compiling: every language of the table, the cache, compile errors and their reasons."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox import Executable, Job, LimitKind, Limits, Sandbox
from sandbox.compiling.compile import COMPILE_LIMITS, MAX_SOURCE_BYTES, CompileError, Compiler
from sandbox.compiling.languages import LanguageTable
from sandbox.errors import CompilerMissing, InvalidJob, StorageFull, UnknownLanguage
from sandbox.limits import MIB

CPP = b"#include <iostream>\nint main(){long a,b;std::cin>>a>>b;std::cout<<a+b;}"
PYTHON = b"a, b = map(int, input().split())\nprint(a + b)"
ADDERS = {
    "cpp17": CPP,
    "cpp20": b"#include <bits/stdc++.h>\n" + CPP,
    "cpp23": CPP,
    "c": b'#include <stdio.h>\nint main(){int a,b;scanf("%d%d",&a,&b);printf("%d",a+b);}',
    "python3": PYTHON,
    "pypy3": PYTHON,
    "java": b"""import java.util.Scanner;
public class Adder {
  public static void main(String[] arguments) {
    Scanner in = new Scanner(System.in);
    System.out.println(in.nextInt() + in.nextInt());
  }
}""",
    "rust": b"""use std::io::Read;
fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let sum: i64 = text.split_whitespace().map(|word| word.parse::<i64>().unwrap()).sum();
    println!("{}", sum);
}""",
}


@pytest.mark.parametrize("language", ADDERS)
def test_every_language_compiles_and_runs(
    sandbox: Sandbox, compiler: Compiler, language: str
) -> None:
    try:
        program = compiler.compile({"solution": ADDERS[language]}, language)
    except CompilerMissing as error:
        pytest.skip(str(error))
    assert isinstance(program, Executable), program
    result = sandbox.run(Job(program=program, limits=Limits(cpu_s=5), stdin=b"19 23\n"))
    assert result.ok, result.stderr
    assert result.stdout.read().strip() == b"42"


@pytest.mark.parametrize("language", ["cpp20", "c", "python3", "java", "rust"])
def test_nonsense_is_a_compile_error(compiler: Compiler, language: str) -> None:
    try:
        answer = compiler.compile({"main": b"this is (no program"}, language)
    except CompilerMissing as error:
        pytest.skip(str(error))
    assert isinstance(answer, CompileError)
    assert answer.reason == "the compiler ended with exit code 1"
    assert answer.messages


def test_a_warning_is_no_error(compiler: Compiler) -> None:
    source = b"int main(){int unused; char c = 300; return 0;}\n#warning look out\n"
    assert isinstance(compiler.compile({"main": source}, "cpp20"), Executable)


def test_managers_are_compiled_along_and_win(sandbox: Sandbox, compiler: Compiler) -> None:
    managers = {
        "grader.cpp": b'#include "task.h"\n#include <cstdio>\nint main(){printf("%d",solve());}',
        "task.h": b"int solve();\n",
    }
    sources = {"task.cpp": b'#include "task.h"\nint solve(){return 42;}', "task.h": b"#error mine"}
    program = compiler.compile(sources, "cpp20", managers=managers)
    assert isinstance(program, Executable), program
    assert sandbox.run(Job(program=program, limits=Limits())).stdout.read() == b"42"


def test_python_with_a_manager_and_an_entry(sandbox: Sandbox, compiler: Compiler) -> None:
    sources = {"solution.py": b"def solve():\n    return 42\n"}
    managers = {"grader.py": b"import solution\nprint(solution.solve())\n"}
    program = compiler.compile(sources, "python3", managers=managers, entry="grader.py")
    assert isinstance(program, Executable), program
    assert sandbox.run(Job(program=program, limits=Limits())).stdout.read() == b"42\n"


def test_nothing_is_compiled_twice_not_even_after_a_restart(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    first = Compiler(sandbox, cache=tmp_path)
    program = first.compile({"main": ADDERS["c"]}, "c")
    wrong = first.compile({"main": b"nonsense"}, "c")
    assert (first.counts.started, first.counts.from_cache) == (3, 0)  # a rejection is asked twice
    second = Compiler(sandbox, cache=tmp_path)
    again = second.compile({"main": ADDERS["c"]}, "c")
    assert second.compile({"main": b"nonsense"}, "c") == wrong
    assert (second.counts.started, second.counts.from_cache) == (0, 2)
    assert isinstance(program, Executable)
    assert isinstance(again, Executable)
    assert again.digest == program.digest
    assert second.compile({"main": ADDERS["c"] + b"\n"}, "c") != again
    assert second.counts.started == 1


def shell_language(folder: Path, script: str) -> LanguageTable:
    """A language whose compiler is a line of shell."""
    table = folder / "languages.toml"
    table.write_text(
        '[shell]\nname = "Shell"\nextensions = [".sh"]\ncompiler = "/bin/sh"\n'
        'install = "apt install dash"\nversion = ["/bin/sh", "-c", "echo 1"]\n'
        f'compile = ["/bin/sh", "-c", "{script}"]\nproduces = ["main"]\nrun = ["./main"]\n'
    )
    return LanguageTable.load(table)


@pytest.mark.parametrize(
    ("script", "reason", "kept"),
    [
        ("exit 1", "exit code 1", True),
        ("kill -SEGV $$", "signal 11", False),
        ("head -c 9000000 /dev/zero", "output limit", False),
    ],
)
def test_only_a_compiler_that_ended_by_itself_is_remembered(
    sandbox: Sandbox, tmp_path: Path, script: str, reason: str, kept: bool
) -> None:
    table = shell_language(tmp_path, script)
    for round_ in range(2):
        compiler = Compiler(sandbox, cache=tmp_path / "cache", languages=table)
        answer = compiler.compile({"main": b"echo"}, "shell")
        assert isinstance(answer, CompileError)
        assert reason in answer.reason
        assert compiler.counts.from_cache == (1 if kept and round_ else 0)


def test_a_compiler_that_lacked_processes_leaves_nothing_in_the_cache(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    crowded = Compiler(sandbox, cache=tmp_path, limits=replace(COMPILE_LIMITS, processes=6))
    try:
        answer = crowded.compile({"main": ADDERS["java"]}, "java")
    except CompilerMissing as error:
        pytest.skip(str(error))
    assert isinstance(answer, CompileError)
    if answer.limit is not LimitKind.PROCESSES:
        pytest.skip("nothing on this machine counts refused processes")
    again = Compiler(sandbox, cache=tmp_path).compile({"main": ADDERS["java"]}, "java")
    assert isinstance(again, Executable), again


def test_a_damaged_cache_entry_is_made_again(sandbox: Sandbox, tmp_path: Path) -> None:
    compiler = Compiler(sandbox, cache=tmp_path)
    compiler.compile({"main": ADDERS["c"]}, "c")
    for path in tmp_path.rglob("file-0"):
        path.write_bytes(path.read_bytes()[:100])
    again = compiler.compile({"main": ADDERS["c"]}, "c")
    assert isinstance(again, Executable)
    assert sandbox.run(Job(program=again, limits=Limits(), stdin=b"1 2")).stdout.read() == b"3"
    assert compiler.counts.started == 2


def test_a_source_of_10_mb_is_refused_with_a_reason(compiler: Compiler) -> None:
    answer = compiler.compile({"main.cpp": b"/" * 10_000_000}, "cpp20")
    assert isinstance(answer, CompileError)
    assert str(MAX_SOURCE_BYTES) in answer.reason


def test_nul_bytes_in_a_source(compiler: Compiler) -> None:
    assert isinstance(compiler.compile({"main.py": b"print(1)\0"}, "python3"), CompileError)
    in_a_comment = compiler.compile({"main.cpp": b"int main(){}//\0\n"}, "cpp20")
    assert isinstance(in_a_comment, Executable | CompileError)


@pytest.mark.parametrize("name", ["a/../b.cpp", "../x.cpp", "/etc/passwd", "..", "x\0.cpp"])
def test_a_name_that_is_no_file_name_is_refused(compiler: Compiler, name: str) -> None:
    with pytest.raises(InvalidJob):
        compiler.compile({name: b"int main(){}"}, "cpp20")


def test_no_source_and_no_language(compiler: Compiler) -> None:
    with pytest.raises(InvalidJob):
        compiler.compile({}, "cpp20")
    with pytest.raises(UnknownLanguage, match="cobol"):
        compiler.compile({"main": b""}, "cobol")


def test_a_missing_compiler_is_named_with_its_fix(sandbox: Sandbox, tmp_path: Path) -> None:
    table = tmp_path / "languages.toml"
    table.write_text(
        '[cobol]\nname = "COBOL"\nextensions = [".cob"]\ncompiler = "/usr/bin/no-cobc"\n'
        'install = "apt install gnucobol"\nversion = ["/usr/bin/no-cobc", "--version"]\n'
        'compile = ["/usr/bin/no-cobc", "{sources}"]\nproduces = ["main"]\nrun = ["./main"]\n'
    )
    compiler = Compiler(sandbox, cache=tmp_path / "cache", languages=LanguageTable.load(table))
    with pytest.raises(CompilerMissing, match="apt install gnucobol"):
        compiler.compile({"main": b""}, "cobol")


@pytest.mark.parametrize(
    ("source", "limits", "kind"),
    [
        (
            b"template<int N>struct F{static const int v=F<N-1>::v+F<N-2>::v*(N%3);};"
            b"constexpr long f(long n){long x=0;for(long i=0;i<n;i++)x+=i%7;return x;}"
            b"static_assert(f(1L<<40)>0);int main(){}",
            replace(COMPILE_LIMITS, cpu_s=0.5),
            LimitKind.CPU,
        ),
        (
            b"int a[1<<30]={1};int main(){}",
            replace(COMPILE_LIMITS, memory_bytes=256 * MIB, disk_bytes=64 * MIB),
            None,
        ),
    ],
)
def test_a_compile_bomb_is_a_compile_error_with_a_reason(
    sandbox: Sandbox, tmp_path: Path, source: bytes, limits: Limits, kind: LimitKind | None
) -> None:
    compiler = Compiler(sandbox, cache=tmp_path, limits=limits)
    table = compiler.languages["cpp20"]
    assert table.header
    answer = compiler.compile({"main": b"// -fconstexpr-ops-limit\n" + source}, "cpp20")
    assert isinstance(answer, CompileError)
    assert answer.reason
    if kind is not None and answer.limit is not None:
        assert answer.limit is kind


def test_a_full_disk_is_named(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cache's folder stands on a file system of 64 KiB, where we may mount one."""
    import ctypes
    import os

    libc = ctypes.CDLL(None, use_errno=True)
    place = tmp_path / "small"
    place.mkdir()
    if libc.mount(b"small", bytes(place), b"tmpfs", 0, b"size=64k") != 0:
        pytest.skip(f"cannot mount a small file system: {os.strerror(ctypes.get_errno())}")
    try:
        compiler = Compiler(sandbox, cache=place)
        with pytest.raises(StorageFull, match="small"):
            compiler.compile({"main": ADDERS["c"]}, "c")
        assert isinstance(compiler.compile({"main": b"nonsense"}, "c"), CompileError)
        assert isinstance(
            Compiler(sandbox, cache=tmp_path / "large").compile({"main": ADDERS["c"]}, "c"),
            Executable,
        )
    finally:
        libc.umount2(bytes(place), 2)


def test_the_header_is_built_when_it_pays_and_then_serves(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("g++") is None:
        pytest.skip("g++ is not installed: apt install g++")
    compiler = Compiler(sandbox, cache=tmp_path)
    costs = []
    for number in range(8):
        before = compiler.counts.cpu_s
        source = b"#include <bits/stdc++.h>\nint main(){std::map<int,int> m;m[%d]=1;}" % number
        assert isinstance(compiler.compile({"main": source}, "cpp20"), Executable)
        costs.append(compiler.counts.cpu_s - before)
    with_header = min(costs[-2:])
    plain = b"#define y\n#include <bits/stdc++.h>\nint main(){std::map<int,int> m;m[1]=1;}"
    before = compiler.counts.cpu_s
    compiler.compile({"main": plain}, "cpp20")
    assert with_header < 0.7 * (compiler.counts.cpu_s - before)
