"""Small packages of the formats of this folder's readers, as relative path -> content."""

import io
import json
import zipfile
from collections.abc import Mapping


def zipped(files: Mapping[str, str]) -> bytes:
    """A zip archive in memory."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


ADD_CPP = "#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b; }\n"

KATTIS: Mapping[str, str | bytes] = {
    "problem.yaml": (
        "name: Sum\ntype: scoring\nvalidator_flags: float_tolerance 1e-6\n"
        "limits:\n  time_multiplier: 3\n  memory: 512\ngrading:\n  show_test_data_groups: yes\n"
    ),
    "problem_statement/problem.en.tex": "\\problemname{The Sum}\nAdd two numbers.\n",
    "data/testdata.yaml": "on_reject: continue\nrange: 0 100\ngrader_flags: ignore_sample\n",
    "data/sample/1.in": "1 2\n",
    "data/sample/1.ans": "3\n",
    "data/secret/testdata.yaml": (
        "on_reject: continue\nrange: 0 100\ngrader_flags: first_error accept_if_any_accepted\n"
    ),
    "data/secret/g1/testdata.yaml": (
        "on_reject: break\naccept_score: 30\nrange: 0 30\ngrader_flags: min\n"
    ),
    "data/secret/g1/1.in": "5 6\n",
    "data/secret/g1/1.ans": "11\n",
    "data/secret/g2/testdata.yaml": (
        "on_reject: break\naccept_score: 70\nrange: 0 70\ngrader_flags: min\n"
        "output_validator_flags: case_sensitive\n"
    ),
    "data/secret/g2/1.in": "500 6\n",
    "data/secret/g2/1.ans": "506\n",
    "input_validators/check.py": "import sys\nsys.exit(42)\n",
    "submissions/accepted/sum.py": "a, b = map(int, input().split())\nprint(a + b)\n",
    "submissions/partially_accepted/small.py": (
        "# @EXPECTED_GRADES@ AC WA\na, b = map(int, input().split())\nprint((a + b) % 100)\n"
    ),
    "submissions/wrong_answer/zero.py": "print(0)\n",
}

TPS_CMS: Mapping[str, str | bytes] = {
    "problem.json": json.dumps(
        {
            "protocol_version": 1,
            "code": "sum",
            "name": "Sum",
            "time_limit": 1.0,
            "memory_limit": 268435456,
            "score_precision": 2,
            "task_type": "Batch",
            "task_type_params": '{"task_type_parameters_Batch_compilation": "grader"}',
        },
        indent=1,
    ),
    "subtasks/00-samples.json": '{"score": 0, "testcases": ["0-01"]}',
    "subtasks/01-small.json": '{"score": 40, "testcases": ["0-01", "1-01"]}',
    "subtasks/02-full.json": '{"score": 60, "testcases": ["0-01", "1-01", "2-01"]}',
    "tests/0-01.in": "secret\n1 2\n",
    "tests/0-01.out": "word\n3\n",
    "tests/1-01.in": "secret\n3 4\n",
    "tests/1-01.out": "word\n7\n",
    "tests/2-01.in": "secret\n300 4\n",
    "tests/2-01.out": "word\n304\n",
    "graders/sum.h": "int sum(int a, int b);\n",
    "graders/grader.cpp": (
        '#include "sum.h"\n#include <iostream>\n#include <string>\n'
        "int main() { std::string s; int a, b; std::cin >> s >> a >> b;\n"
        ' std::cout << "word\\n" << sum(a, b) << "\\n"; }\n'
    ),
    "attachments/sum.zip": zipped(
        {
            "cpp/sum.h": "int sum(int a, int b);\n",
            "cpp/grader.cpp": (
                '#include "sum.h"\n#include <iostream>\n'
                "int main() { int a, b; std::cin >> a >> b; std::cout << sum(a, b); }\n"
            ),
            "examples/01.in": "1 2\n",
            "examples/01.out": "3\n",
        }
    ),
    "statements/en.md": "# Sum\n\nAdd.\n",
    "solutions/model_solution/sum.cpp": (
        '#include "sum.h"\nint sum(int a, int b) { return a + b; }\n'
    ),
    "solutions/correct/subtask1.cpp": (
        '#include "sum.h"\nint sum(int a, int b) { return a > 100 ? 0 : a + b; }\n'
    ),
    "solutions/incorrect/zero.cpp": '#include "sum.h"\nint sum(int a, int b) { return 0; }\n',
}

AOI: Mapping[str, str | bytes] = {
    "base.yaml": "---\nscore_options:\n  decimal_places: 1\n  type: GROUP_MIN\ntask_type: BATCH\n",
    "task.yaml": (
        "---\nextends: ../base.yaml\nname: SUM\nlong_name: The Sum\ntime_limit: 1.5s\n"
        "memory_limit: 256MiB\n\nsubtasks:\n"
        "  - points: 0\n    testcases:\n    - input: tc/0-*.in.gz\n      output: tc/0-*.out.gz\n"
        "  - points: 40\n    testcases:\n    - input: tc/1-*.in.gz\n      output: tc/1-*.out.gz\n"
        "  - points: 60\n    testcases:\n    - input: tc/*.in.gz\n      output: tc/*.out.gz\n"
        "\ntest_submissions:\n  solution/sum.cpp: 100\n  solution/small.cpp: 40\n"
        "  # solution/other.java: 100\n"
    ),
    "tc/0-01.in": "1 2\n",
    "tc/0-01.out": "3\n",
    "tc/1-01.in": "3 4\n",
    "tc/1-01.out": "7\n",
    "tc/2-01.in": "300 4\n",
    "tc/2-01.out": "304\n",
    "statement/sum-en.md": "# Sum\n",
    "attachment/01.in": "1 2\n",
    "attachment/01.out": "3\n",
    "solution/sum.cpp": ADD_CPP,
    "solution/small.cpp": ADD_CPP.replace("a + b;", "(a + b) % 100;"),
}
