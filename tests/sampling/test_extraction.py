"""The program out of answers as models really write them; what gives none is counted by reason."""

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.sampling.answers.extraction import HORIZON_CHARACTERS, NoProgram, extract, is_settled
from solver.sampling.answers.programs import wanted_names

sys.path.insert(0, str(Path(__file__).parent))
from answer_shapes import SHAPES, Shape

PY = "a, b = map(int, input().split())\nprint(a + b)\n"
CPP = "#include <iostream>\nint main() {\n    std::cout << 1;\n}\n"
HEADER_ONLY = '#include "nile.h"\n\nlong long pay(int n) {\n    return n;\n}\n'


def fenced(tag: str, code: str, fence: str = "```") -> str:
    return f"{fence}{tag}\n{code}{fence}"


SPEAKS = "# strips </think> and what follows\nprint(input().split('</think>')[0])\n"
SPEAKS_CPP = '#include <string>\nstd::string end = "</think>";\nint main() {}\n'
TAKEN = {
    "a mark of reasoning in a comment and a string": (fenced("python", SPEAKS), "python3", SPEAKS),
    "a mark in a string of C++": (fenced("cpp", SPEAKS_CPP), "cpp20", SPEAKS_CPP),
    "reasoning that breaks off in a draft": (
        f"So far:\n```python\nprint(0)\n</think>\n{fenced('python', PY)}",
        "python3",
        PY,
    ),
    "one block": (fenced("python", PY), "python3", PY),
    "prose around it": (f"Sure! Here it is:\n\n{fenced('python', PY)}\n\nIt adds.", "python3", PY),
    "py tag": (fenced("py", PY), "python3", PY),
    "upper-case tag": (fenced("Python", PY), "python3", PY),
    "tag with a version": (fenced("python3", PY), "pypy3", PY),
    "no tag": (fenced("", PY), "python3", PY),
    "tag and more words": (fenced('python title="sum.py"', PY), "python3", PY),
    "tildes": (fenced("python", PY, "~~~"), "python3", PY),
    "four backticks around three": (
        fenced("python", "s = '''\n```\n'''\nprint(s)\n", "````"),
        "python3",
        "s = '''\n```\n'''\nprint(s)\n",
    ),
    "indented in a list": ("1. Read:\n   ```python\nprint(1)\n   ```\n", "python3", "print(1)\n"),
    "indented with its block": (
        "- so:\n  ```python\n  for i in [1]:\n      print(i)\n  ```\n",
        "python3",
        "for i in [1]:\n    print(i)\n",
    ),
    "C++ by other names": (fenced("c++", CPP), "cpp20", CPP),
    "C++17 tag": (fenced("cpp17", CPP), "cpp20", CPP),
    "C++ without a tag": (fenced("", CPP), "cpp17", CPP),
    "functions for a grader, no main": (fenced("cpp", HEADER_ONLY), "cpp20", HEADER_ONLY),
    "the corrected program comes last": (
        f"{fenced('python', 'print(0)' + chr(10))}\nWait, that is wrong.\n{fenced('python', PY)}",
        "python3",
        PY,
    ),
    "an example call after the program": (
        f"{fenced('cpp', CPP)}\nRun it so:\n{fenced('bash', 'echo 1 2 | ./a.out' + chr(10))}",
        "cpp20",
        CPP,
    ),
    "input and output after the program": (
        f"{fenced('python', PY)}\nInput:\n{fenced('', '3 4' + chr(10))}\nOutput:\n"
        f"{fenced('text', '7' + chr(10))}",
        "python3",
        PY,
    ),
    "a snippet after the whole C++ program": (
        f"{fenced('cpp', CPP)}\nThe heart of it is\n{fenced('cpp', 'std::cout << 1;' + chr(10))}",
        "cpp20",
        CPP,
    ),
    "two languages": (f"{fenced('python', PY)}\nIn C++:\n{fenced('cpp', CPP)}", "python3", PY),
    "reasoning, then the program": (
        f"<think>\nI would write\n{fenced('python', 'print(0)' + chr(10))}\nno...\n</think>\n"
        f"{fenced('python', PY)}",
        "python3",
        PY,
    ),
    "reasoning without its first tag": (
        f"hmm, sums\n</think>\n\n{fenced('python', PY)}",
        "python3",
        PY,
    ),
    "an upper-case tag of reasoning": (
        f"<THINK>x</THINK>{chr(10)}{fenced('cpp', CPP)}",
        "cpp20",
        CPP,
    ),
    "channels": (
        f"<|channel|>analysis<|message|>{fenced('python', 'print(0)' + chr(10))}<|end|>"
        f"<|start|>assistant<|channel|>final<|message|>{fenced('python', PY)}<|return|>",
        "python3",
        PY,
    ),
    "bare code": (PY, "python3", PY),
    "bare C++": (CPP, "cpp20", CPP),
    "bare code after a word": (f"Solution:\n{CPP}", "cpp20", CPP),
    "bare code without spaces": (
        "n=int(input())\nprint(n*2)\n",
        "python3",
        "n=int(input())\nprint(n*2)\n",
    ),
    "bare code that starts with a comment": (
        "# reads two numbers\nx=1\nprint(x)",
        "python3",
        "# reads two numbers\nx=1\nprint(x)\n",
    ),
    "bare loop": (
        "while True:\n    print(1)\n    break",
        "python3",
        "while True:\n    print(1)\n    break\n",
    ),
    "a token of the template at the end": (fenced("python", PY) + "<|im_end|>", "python3", PY),
    "the closing fence is missing": (f"```python\n{PY}", "python3", PY),
    "CRLF": (fenced("python", PY).replace("\n", "\r\n"), "python3", PY),
    "no-break spaces": (
        fenced("python", "if 1:\n\u00a0\u00a0print(1)\n"),
        "python3",
        "if 1:\n  print(1)\n",
    ),
    "unicode in strings": (fenced("python", "print('größe')\n"), "python3", "print('größe')\n"),
    "cut off after a whole program": (f"{fenced('python', PY)}\nThis works beca", "python3", PY),
    "Java": (
        fenced("java", "public class Main {\n    public static void main(String[] a) {}\n}\n"),
        "java",
        "public class Main {\n    public static void main(String[] a) {}\n}\n",
    ),
    "Rust": (fenced("rust", "fn main() {}\n"), "rust", "fn main() {}\n"),
}


@pytest.mark.parametrize("shape", TAKEN)
def test_takes_the_program(shape: str) -> None:
    answer, language, program = TAKEN[shape]
    found = extract(answer, language)
    assert found.reason is None
    assert found.source == program


NOT_TAKEN = {
    "nothing": ("", "python3", "stop", NoProgram.EMPTY),
    "white space": (" \n\n", "python3", "stop", NoProgram.EMPTY),
    "a refusal": ("I am sorry, I cannot help with that.", "python3", "stop", NoProgram.NO_CODE),
    "prose": ("The answer is the sum of both numbers.", "cpp20", "stop", NoProgram.NO_CODE),
    "reasoning without an end": ("<think>First, let me", "cpp20", "length", NoProgram.CUT_OFF),
    "reasoning, then nothing": (
        "<think>" + fenced("cpp", CPP),
        "cpp20",
        "stop",
        NoProgram.ONLY_REASONING,
    ),
    "an ended reasoning, then nothing": ("<think>x</think>\n", "cpp20", "stop", NoProgram.EMPTY),
    "cut off in the block": ("```cpp\n#include <io", "cpp20", "length", NoProgram.CUT_OFF),
    "cut off bare code": ("#include <iostream>\nint ma", "cpp20", "length", NoProgram.CUT_OFF),
    "another language": (fenced("python", PY), "cpp20", "stop", NoProgram.OTHER_LANGUAGE),
    "only a shell command": (
        fenced("bash", "pip install numpy\n"),
        "python3",
        "stop",
        NoProgram.OTHER_LANGUAGE,
    ),
    "an empty block": ("```python\n```", "python3", "stop", NoProgram.NO_CODE),
}


@pytest.mark.parametrize("shape", NOT_TAKEN)
def test_says_why_there_is_no_program(shape: str) -> None:
    answer, language, finish, reason = NOT_TAKEN[shape]
    found = extract(answer, language, finish)
    assert (found.source, found.reason) == (None, reason)


@pytest.mark.parametrize("shape", SHAPES, ids=[shape[0] for shape in SHAPES])
def test_shapes_of_answers(shape: Shape) -> None:
    _, answer, language, finish, program = shape
    assert extract(answer, language, finish).source == program


def test_shapes_are_many_and_each_has_its_name() -> None:
    assert len({name for name, *_ in SHAPES}) == len(SHAPES) >= 150


def test_a_task_of_functions_takes_the_block_that_defines_them() -> None:
    driver = '#include "nile.h"\nint main() {\n    return pay(1) == 1;\n}\n'
    answer = f"{fenced('cpp', HEADER_ONLY)}\nTo try it:\n{fenced('cpp', driver)}\n"
    assert extract(answer, "cpp20", wanted=frozenset({"pay", "ask"})).source == HEADER_ONLY
    method = "class Solution:\n    def pay(self, n):\n        return n\n"
    reader = "class Reader:\n    pass\n\nprint(Solution().pay(int(input())))\n"
    answer = f"{fenced('python', method)}\nTo try it:\n{fenced('python', reader)}\n"
    assert extract(answer, "python3", wanted=frozenset({"Solution", "pay"})).source == method


def test_names_of_a_header() -> None:
    header = (
        "#include <vector>\nlong long pay(int n, std::vector<int> w);\nvoid open_gate(int g);\n"
    )
    assert wanted_names(header, "cpp") == {"pay", "open_gate"}
    starter = "class Solution:\n    def pay(self, n: int) -> int:\n        "
    assert wanted_names(starter, "python") == {"Solution", "pay"}


def test_enough_is_where_the_model_ended_its_answer() -> None:
    whole = f"Here:\n{fenced('python', PY)}\n"
    assert not is_settled(whole, "python3")
    assert is_settled(whole + "<|im_end|>", "python3")
    assert is_settled(whole + "<|return|>", "python3")
    assert not is_settled("<|im_start|>assistant\n", "python3")
    assert not is_settled(f"<|channel|>analysis<|message|>{whole}<|end|>", "python3")


def test_enough_is_long_prose_after_a_whole_program() -> None:
    whole = f"<think>sums</think>Here:\n{fenced('python', PY)}\n"
    prose = "It adds both numbers. " * (HORIZON_CHARACTERS // 20)
    assert is_settled(whole + prose, "python3")
    assert not is_settled(whole + prose[: HORIZON_CHARACTERS // 2], "python3")
    # Without a mark this may be reasoning of which the template wrote the first one.
    bare = whole.removeprefix("<think>sums</think>")
    assert not is_settled(bare + prose, "python3")
    ended = f"{bare}{prose}</think>{fenced('python', 'print(input())' + chr(10))}"
    assert extract(ended, "python3").source == "print(input())\n"
    # A sketch in another language, a draft in the reasoning and an example are no program.
    assert not is_settled(whole + prose, "cpp20")
    assert not is_settled(f"<think>{bare}{prose}", "python3")
    assert not is_settled(f"<think></think>{fenced('', '1 2')}\n{prose}", "python3")
    later = f"{whole}{prose}\nOr better:\n{fenced('python', 'print(input())')}"
    assert extract(later, "python3").source == PY


LONG = "a long way of prose"
PIECES = (
    *(
        "It adds. ",
        "Wait, that is wrong.\n",
        "\n",
        "<think>",
        "</think>",
        "```",
        "    ",
        "> ",
        "- ",
    ),
    *(
        fenced("python", PY),
        fenced("cpp", CPP),
        fenced("python", "print(1)\n"),
        fenced("", "1 2\n"),
    ),
    *("\n" + fenced("python", PY) + "\n", "\n" + fenced("cpp", CPP) + "\n"),
    *("<|im_end|>", "<|channel|>analysis<|message|>", "<|end|>", "</s>", LONG),
    *("<|start|>assistant<|channel|>final<|message|>", "[THINK]", "[/THINK]", "assistantfinal"),
)


@settings(max_examples=150, deadline=None)
@given(
    pieces=st.lists(st.sampled_from(PIECES), max_size=8),
    language=st.sampled_from(["python3", "cpp20"]),
    finish=st.sampled_from(["stop", "length"]),
    chunk=st.integers(1, 4000),
)
def test_a_stream_gives_the_program_of_the_whole_answer(
    pieces: list[str], language: str, finish: str, chunk: int
) -> None:
    answer = "".join("x " * 9000 if piece == LONG else piece for piece in pieces)
    for end in range(chunk, len(answer), chunk):
        if is_settled(answer[:end], language):
            cut = extract(answer[:end], language, "enough")
            assert cut == extract(answer, language, finish)
            break


@pytest.mark.parametrize("shape", SHAPES[::3], ids=[shape[0] for shape in SHAPES[::3]])
def test_streams_of_all_shapes(shape: Shape) -> None:
    _, answer, language, finish, program = shape
    for end in range(len(answer) + 1):
        if is_settled(answer[:end], language):
            assert extract(answer[:end], language, "enough").source == program
            break
    assert extract(answer, language, finish).source == program


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet='`~>-#\n\t <|/>think[]{}\\"aé\u2028', max_size=200))
def test_any_text_gives_a_program_or_a_reason(text: str) -> None:
    for language in ("python3", "cpp20", "java", "rust", "kotlin"):
        found = extract(text, language)
        assert (found.source is None) != (found.reason is None)
