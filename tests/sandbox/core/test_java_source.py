"""Java's main class, public type and package, read from the syntax tree; and started by the real
compiler where there is one."""

from pathlib import Path

import pytest

from sandbox.backend import Job, Sandbox
from sandbox.compiling.compile import CompileError, Compiler
from sandbox.java_source import main_source, read_java
from sandbox.limits import MIB, Limits

MAIN = 'public static void main(String[] words) { System.out.println("{}"); }'


def main(word: str = "right") -> str:
    return MAIN.replace("{}", word)


# name -> (source, package, public type, main class)
DECLARED = {
    "public": (f"public class Sum {{ {main()} }}", "", "Sum", "Sum"),
    "not public": (f"class Sum {{ {main()} }}", "", None, "Sum"),
    "an old class in a comment": (
        "/*\npublic class Old { }\n*/\n// public class Older {\n"
        f"public class Sum {{ {main()} }}",
        "",
        "Sum",
        "Sum",
    ),
    "a class in a string": (
        'class Sum { static String s = "\\npublic class Old {"; ' + main() + " }",
        "",
        None,
        "Sum",
    ),
    "a class in a text block": (
        'class Sum {\n  static String s = """\npublic class Old {\n""";\n  ' + main() + "\n}",
        "",
        None,
        "Sum",
    ),
    "behind an annotation": (
        f'@SuppressWarnings("unchecked") public final class Sum {{ {main()} }}',
        "",
        "Sum",
        "Sum",
    ),
    "behind a helper": (f"class Pair {{ int a; }}\nclass Sum {{ {main()} }}", "", None, "Sum"),
    "before a helper on its line": (
        f"import java.util.*; class Pair {{ }} public class Sum {{ {main()} }}",
        "",
        "Sum",
        "Sum",
    ),
    "two mains, one public": (
        f"class Test {{ {main('wrong')} }}\npublic class Sum {{ {main()} }}",
        "",
        "Sum",
        "Sum",
    ),
    "two mains, one called Main": (
        f"class Test {{ {main('wrong')} }}\nclass Main {{ {main()} }}",
        "",
        None,
        "Main",
    ),
    "in a package": (
        f"package org.sums;\npublic class Sum {{ {main()} }}",
        "org.sums",
        "Sum",
        "org.sums.Sum",
    ),
    "modifiers in another order": (
        "public class Sum { final static public void main(final String... a) "
        '{ System.out.println("right"); } }',
        "",
        "Sum",
        "Sum",
    ),
    "brackets behind the name": (
        'public class Sum { public static void main(String a[]) { System.out.println("right"); } }',
        "",
        "Sum",
        "Sum",
    ),
    "generic": (f"public class Sum<T extends Comparable<T>> {{ {main()} }}", "", "Sum", "Sum"),
    "an enum": (f"public enum Sum {{ ONE; {main()} }}", "", "Sum", "Sum"),
    "an interface": (f"interface Sum {{ {main()} }}", "", None, "Sum"),
    "a record": (f"record Sum(int a) {{ {main()} }}", "", None, "Sum"),
    "another main that takes a number": (
        f"class Pair {{ static void main(int n) {{ }} }}\nclass Sum {{ {main()} }}",
        "",
        None,
        "Sum",
    ),
    "no main": ("public class Sum { }", "", "Sum", None),
}


@pytest.mark.parametrize("name", DECLARED)
def test_what_a_source_declares(name: str) -> None:
    source, package, public, main_class = DECLARED[name]
    found = read_java(source.encode())
    assert (found.package, found.public_type, found.main_class) == (package, public, main_class)


def test_the_file_with_the_main_method() -> None:
    files = {
        "A.java": b"class A { }",
        "Other.java": f"class Other {{ {main()} }}".encode(),
        "Main.java": f"class Main {{ {main()} }}".encode(),
    }
    assert main_source(files) == "Main.java"
    assert main_source({k: v for k, v in files.items() if k != "Main.java"}) == "Other.java"
    assert main_source({"main.java": b"class A { }", "B.java": files["Other.java"]}) == "B.java"
    assert main_source({"A.java": files["A.java"]}) is None


@pytest.mark.parametrize(
    "name",
    [
        "an old class in a comment",
        "behind an annotation",
        "behind a helper",
        "two mains, one public",
        "in a package",
    ],
)
def test_java_starts_it(name: str, sandbox: Sandbox, compiler: Compiler) -> None:
    if not Path("/usr/bin/javac").exists():
        pytest.skip("no javac: apt install default-jdk-headless")
    source = DECLARED[name][0].encode()
    made = compiler.compile({"solution.java": source}, "java")
    assert not isinstance(made, CompileError), made
    limits = Limits(cpu_s=10.0, wall_s=60.0, memory_bytes=256 * MIB, output_bytes=MIB)
    result = sandbox.run(Job(program=made, limits=limits))
    assert result.stdout.read(100) == b"right\n"
