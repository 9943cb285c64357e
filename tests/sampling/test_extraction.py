"""The program out of answers as models really write them; what gives none is counted by reason."""

import pytest

from solver.sampling.extraction import NoProgram, extract

PY = "a, b = map(int, input().split())\nprint(a + b)\n"
CPP = "#include <iostream>\nint main() {\n    std::cout << 1;\n}\n"
HEADER_ONLY = '#include "nile.h"\n\nlong long pay(int n) {\n    return n;\n}\n'


def fenced(tag: str, code: str, fence: str = "```") -> str:
    return f"{fence}{tag}\n{code}{fence}"


TAKEN = {
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
    "an empty block": ("```python\n```", "python3", "stop", NoProgram.OTHER_LANGUAGE),
}


@pytest.mark.parametrize("shape", NOT_TAKEN)
def test_says_why_there_is_no_program(shape: str) -> None:
    answer, language, finish, reason = NOT_TAKEN[shape]
    found = extract(answer, language, finish)
    assert (found.source, found.reason) == (None, reason)
