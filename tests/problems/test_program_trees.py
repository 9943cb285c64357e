"""A package's programs as their authors laid them out: folders, entry points, scripts, graders."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from problems.package import load_package
from problems.verifying.report import Row, VerifyReport
from problems.verifying.verify import Verifier
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from tests.problems.conftest import Write

Files = Mapping[str, str]
Verify = Callable[[Files], VerifyReport]

LEGACY: Files = {
    "problem.yaml": "name: Product\nlimits:\n  time_limit: 3\n",
    "problem_statement/problem.en.tex": "\\problemname{Product}\nMultiply.\n",
    "input_validators/check.py": "import sys\nsys.exit(42)\n",
    "data/secret/1.in": "6 7\n",
    "data/secret/1.ans": "42\n",
    "data/secret/2.in": "3 5\n",
    "data/secret/2.ans": "15\n",
}
PLAIN = "#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a * b; }\n"
TIMES = "def times(a, b):\n    return a * b\n"


@pytest.fixture
def verify(sandbox: Sandbox, compiler: Compiler, write: Write, tmp_path: Path) -> Verify:
    def report(files: Files) -> VerifyReport:
        return Verifier(sandbox, compiler, store=tmp_path / "store").verify([write(files)])

    return report


def words(report: VerifyReport) -> dict[str, str]:
    assert not report.unreadable

    def word(row: Row) -> str:
        return row.error or row.skipped or str(row.actual)

    return {row.submission.name: word(row) for row in report.rows}


def test_inner_folders_of_submissions_and_validators(verify: Verify) -> None:
    files = {
        **LEGACY,
        "problem.yaml": "name: Product\nvalidation: custom\nlimits:\n  time_limit: 3\n",
        "output_validators/same/main.cpp": '#include <fstream>\n#include "parts/read.h"\n'
        "int main(int, char** v) { std::ifstream right(v[2]);\n"
        "  return read(std::cin) == read(right) ? 42 : 43; }\n",
        "output_validators/same/parts/read.h": "#include <iostream>\n"
        "inline int read(std::istream& in) { int x = 0; in >> x; return x; }\n",
        "submissions/accepted/cpp/main.cpp": '#include <iostream>\n#include "lib/times.h"\n'
        "int main() { int a, b; std::cin >> a >> b; std::cout << times(a, b); }\n",
        "submissions/accepted/cpp/lib/times.h": "int times(int a, int b);\n",
        "submissions/accepted/cpp/lib/times.cpp": '#include "times.h"\n'
        "int times(int a, int b) { return a * b; }\n",
        "submissions/accepted/python/main.py": "from lib.times import times\n"
        "print(times(*map(int, input().split())))\n",
        "submissions/accepted/python/lib/__init__.py": "",
        "submissions/accepted/python/lib/times.py": TIMES,
        "submissions/accepted/module/__main__.py": "import zwei\n"
        "print(zwei.times(*map(int, input().split())))\n",
        "submissions/accepted/module/aaa.py": "print('not me')\n",
        "submissions/accepted/module/zwei.py": TIMES,
        "submissions/wrong_answer/sum/main.py": "print(sum(map(int, input().split())))\n",
    }
    assert words(verify(files)) == {
        "accepted/cpp": "AC",
        "accepted/module": "AC",
        "accepted/python": "AC",
        "wrong_answer/sum": "WA",
    }


CHECK = "import sys\nright = open(sys.argv[2]).read().split()\n"
CHECK += "sys.exit(42 if sys.stdin.read().split() == right else 43)\n"


def test_a_validator_with_scripts_of_its_own(verify: Verify) -> None:
    files = {
        **LEGACY,
        "problem.yaml": "name: Product\nvalidation: custom\nlimits:\n  time_limit: 3\n",
        "output_validators/v/build": "#!/bin/sh\nmkdir parts\nmv hidden.txt parts/check.py\n"
        'printf \'#!/bin/sh\\ncd "$(dirname "$0")"\\nexec python3 parts/check.py "$@"\\n\' >run\n'
        "chmod +x run\n",
        "output_validators/v/hidden.txt": CHECK,
        "submissions/accepted/right.cpp": PLAIN,
        "submissions/wrong_answer/one.py": "print(1)\n",
    }
    assert words(verify(files)) == {"accepted/right.cpp": "AC", "wrong_answer/one.py": "WA"}


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ({"v/build": "#!/bin/sh\necho nothing to build with >&2\nexit 3\n"}, "nothing to build"),
        ({"v/build": "#!/bin/sh\ntrue\n"}, "no file called run"),
        ({"v.cpp": "int main() { retrun 42; }\n"}, "retrun"),
    ],
)
def test_a_broken_validator_is_named_with_its_builders_words(
    verify: Verify, program: Files, said: str
) -> None:
    """Also where the time limit is to be measured, and nothing can be."""
    files = {
        **LEGACY,
        "problem.yaml": "name: Product\nvalidation: custom\n",
        **{f"output_validators/{name}": content for name, content in program.items()},
        "submissions/accepted/right.cpp": PLAIN,
    }
    (refused,) = verify(files).unreadable
    assert said in refused.error


def test_what_is_included_is_for_its_language_alone(verify: Verify) -> None:
    files = {
        **LEGACY,
        "include/python3/tools/__init__.py": "",
        "include/python3/tools/calc.py": TIMES,
        "submissions/accepted/helped.py": "from tools.calc import times\n"
        "print(times(*map(int, input().split())))\n",
        "submissions/accepted/plain.cpp": PLAIN,
    }
    assert words(verify(files)) == {"accepted/helped.py": "AC", "accepted/plain.cpp": "AC"}


def test_graders_in_java_and_rust(verify: Verify, compiler: Compiler) -> None:
    compiler.version("java"), compiler.version("rust")
    files = {
        **LEGACY,
        "include/java/Main.java": "import io.Numbers;\npublic class Main {\n"
        "  // public static void main is below\n"
        "  public static void main(String[] args) {\n"
        "    int[] two = Numbers.read();\n    System.out.println(Answer.times(two[0], two[1]));\n"
        "  }\n}\n",
        "include/java/io/Numbers.java": "package io;\nimport java.util.Scanner;\n"
        "public class Numbers {\n  public static int[] read() {\n"
        "    Scanner in = new Scanner(System.in);\n"
        "    return new int[] {in.nextInt(), in.nextInt()};\n  }\n}\n",
        "include/rust/main.rs": "use std::io::Read;\nmod answer;\nfn main() {\n"
        "    let mut text = String::new();\n"
        "    std::io::stdin().read_to_string(&mut text).unwrap();\n"
        "    let two: Vec<i64> = text.split_whitespace().map(|x| x.parse().unwrap()).collect();\n"
        '    println!("{}", answer::times(two[0], two[1]));\n}\n',
        "submissions/accepted/mine.java": "class Answer {\n"
        "  static int times(int a, int b) { return a * b; }\n}\n",
        "submissions/accepted/mine.rs": "pub fn times(a: i64, b: i64) -> i64 { a * b }\n",
        "submissions/wrong_answer/off.rs": "pub fn times(a: i64, b: i64) -> i64 { a + b }\n",
    }
    assert words(verify(files)) == {
        "accepted/mine.java": "AC",
        "accepted/mine.rs": "AC",
        "wrong_answer/off.rs": "WA",
    }


def test_a_python_program_that_is_none_is_filed_as_a_crash(verify: Verify) -> None:
    files = {**LEGACY, "submissions/run_time_error/broken.py": "print((\n"}
    (row,) = verify(files).rows
    assert row.agrees and str(row.actual) == "RE"


@pytest.mark.parametrize(
    ("files", "left_out"),
    [
        (
            {"submissions/accepted/x.fancy": "?", "submissions/loose.cpp": PLAIN},
            {"accepted/x.fancy": "no source", "loose.cpp": "no verdict's folder"},
        ),
        ({"submissions/mixed/untold.py": "print(1)\n"}, {"mixed/untold.py": "no label"}),
        ({"submissions/accepted/notes.txt": "words"}, {}),
    ],
)
def test_what_is_left_out_is_said(write: Write, files: Files, left_out: Mapping[str, str]) -> None:
    package = load_package(write({**LEGACY, **files}))
    found = {one.name: one.reason for one in package.left_out}
    assert found.keys() == left_out.keys()
    assert all(reason in found[name] for name, reason in left_out.items())


def test_domjudges_tag_counts_where_the_folder_is_no_verdict(write: Write) -> None:
    tagged = "# @EXPECTED_RESULTS@: WRONG-ANSWER, TIMELIMIT\nprint(1)\n"
    package = load_package(
        write(
            {
                **LEGACY,
                "submissions/mixed/either.py": tagged,
                "submissions/run_time_error/tag.py": tagged,
            }
        )
    )
    labels = {jury.name: sorted(jury.expected.verdicts or ()) for jury in package.submissions}
    assert labels == {"mixed/either.py": ["TLE", "WA"], "run_time_error/tag.py": ["RE"]}


def test_a_grader_of_cms_takes_in_the_module_that_it_names(verify: Verify) -> None:
    """Handed in under any name, as CMS stores it under the task's."""
    files = {
        "task.yaml": "name: times\ntime_limit: 3\nmemory_limit: 512\ninfile: ''\noutfile: ''\n",
        "input/input0.txt": "6 7\n",
        "output/output0.txt": "42\n",
        "sol/grader.py": "import sys\nfrom product import times\n"
        "print(times(*map(int, sys.stdin.read().split())))\n",
        "sol/solution.py": TIMES,
    }
    assert words(verify(files)) == {"solution.py": "AC"}
