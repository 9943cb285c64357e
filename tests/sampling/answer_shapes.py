"""Answers as models write them: how they think, fence, and go on after the program.

A shape is (name, answer, language, finish, program); the program is None where none is to be taken.
The first table is written by hand, the others join a habit of a model with each language.
"""

from collections.abc import Iterator

Shape = tuple[str, str, str, str, str | None]

T = "`" * 3
PY = "n = int(input())\nprint(n + 7)\n"
PY_DRAFT = "print(input())\n"
CPP = (
    "#include <iostream>\n\nint main() {\n    int n;\n    std::cin >> n;\n"
    "    std::cout << n + 7;\n}\n"
)
CPP_DRAFT = '#include <cstdio>\nint main() {\n    puts("7");\n}\n'
JAVA = (
    "import java.util.Scanner;\n\npublic class Main {\n"
    "    public static void main(String[] words) {\n"
    "        System.out.println(new Scanner(System.in).nextInt() + 7);\n    }\n}\n"
)
RUST = (
    "use std::io::read_to_string;\n\nfn main() {\n    let text = read_to_string(std::io::stdin())"
    '.unwrap();\n    println!("{}", text.trim().parse::<i64>().unwrap() + 7);\n}\n'
)
PROGRAMS = {"python3": PY, "cpp20": CPP, "java": JAVA, "rust": RUST}
TAGS = {"python3": "python", "cpp20": "cpp", "java": "java", "rust": "rust"}


def fenced(tag: str, code: str, mark: str = T) -> str:
    return f"{mark}{tag}\n{code}{mark}"


def block(language: str) -> str:
    return fenced(TAGS[language], PROGRAMS[language])


DRAFT = f"First idea:\n{fenced('python', PY_DRAFT)}\nNo, seven is missing.\n"
CPP_SKETCH = f"First idea:\n{fenced('cpp', CPP_DRAFT)}\nNo, it must read.\n"

# How models think before they answer: (name, what stands before the draft, what ends it).
REASONING = (
    ("qwen, deepseek, glm: think", "<think>\n", "</think>\n\n"),
    ("think, the template wrote its first mark", "", "</think>\n\n"),
    ("nemotron: upper case", "<THINK>\n", "</THINK>\n"),
    ("thinking", "<thinking>\n", "</thinking>\n"),
    ("exaone: thought", "<thought>\n", "</thought>\n"),
    ("seed-oss", "<seed:think>\n", "</seed:think>\n"),
    ("magistral", "[THINK]", "[/THINK]"),
    ("kimi", "◁think▷", "◁/think▷"),
    ("command a", "<|START_THINKING|>", "<|END_THINKING|><|START_RESPONSE|>"),
    ("openthinker", "<|begin_of_thought|>\n", "<|end_of_thought|>\n\n<|begin_of_solution|>\n"),
    ("medgemma", "<unused94>thought\n", "<unused95>"),
    ("gemma 4", "<|channel>thought\n", "<channel|>"),
    ("apertus", "<|inner_prefix|>", "<|inner_suffix|>"),
    ("granite", "Here is my thought process:\n", "\nHere is my response:\n"),
    ("apriel", "Here are my reasoning steps:\n", "\n[BEGIN FINAL RESPONSE]\n"),
    ("scratchpad with an attribute", '<scratchpad id="1">\n', "</scratchpad>\n"),
    ("reasoning", "<reasoning>\n", "</reasoning>\n<answer>\n"),
    (
        "gpt-oss: harmony",
        "<|channel|>analysis<|message|>",
        "<|end|><|start|>assistant<|channel|>final<|message|>",
    ),
    (
        "gpt-oss: the prompt wrote the first channel",
        "",
        "<|end|><|start|>assistant<|channel|>final<|message|>",
    ),
    ("gpt-oss without special tokens", "analysisWe add seven. ", "assistantfinal"),
)
UNENDED = ("think", "thinking", "thought", "seed:think", "reasoning", "reflection", "analysis")


def reasoning_shapes() -> Iterator[Shape]:
    for name, begin, end in REASONING:
        for language in ("python3", "cpp20"):
            draft = DRAFT if language == "python3" else CPP_SKETCH
            answer = f"{begin}{draft}{end}{block(language)}"
            yield f"{name}, {language}", answer, language, "stop", PROGRAMS[language]
        if begin:
            yield f"{name}, cut while it thinks", begin + DRAFT, "python3", "length", None
            yield f"{name}, never ends to think", begin + DRAFT, "python3", "stop", None
    for word in UNENDED:
        yield f"<{word}>, cut", f"<{word}>{DRAFT}", "python3", "length", None


# What follows a program and replaces it not.
LATER = (
    ("prose", "That adds seven."),
    ("a call of the shell", fenced("bash", "echo 5 | ./program\n")),
    ("input and output", f"Input:\n{fenced('', '5')}\nOutput:\n{fenced('text', '12')}"),
    ("a trace without a language", fenced("", "n = 5\nn + 7 -> 12\n")),
    ("a table", "| in | out |\n|---|---|\n| 5 | 12 |"),
    ("a line in a span", "The heart is `n + 7`."),
    ("an empty block", fenced("", "")),
    ("a block of a comment", fenced("python", "# your code here\n")),
    ("JSON", fenced("json", '{"time": "O(1)"}\n')),
    ("a diff", fenced("diff", "-print(n)\n+print(n + 7)\n")),
    ("pseudocode", fenced("pseudocode", "read n\nprint n plus seven\n")),
    ("LaTeX", fenced("latex", "O(1)\n")),
    ("an answer that ended", "</answer>"),
    ("reflection", f"<reflection>\nOr:\n{fenced('python', PY_DRAFT)}\n</reflection>"),
    ("the next turn, qwen", f"<|im_end|>\n<|im_start|>user\nNow eight.\n{DRAFT}"),
    ("the next turn, llama", f"<|eot_id|><|start_header_id|>user<|end_header_id|>\n{DRAFT}"),
    ("the next turn, gemma", f"<end_of_turn>\n<start_of_turn>user\n{DRAFT}"),
    ("the next turn, mistral", f"</s>[INST] Now eight. [/INST]{DRAFT}"),
    ("the next turn, deepseek", f"<｜end▁of▁sentence｜><｜User｜>{DRAFT}"),
    ("the next turn, gemma 4", f"<turn|>\n<|turn>user\n{DRAFT}"),
)
LATER_OF = {
    "python3": (
        ("a test", fenced("python", "assert 5 + 7 == 12\nprint('ok')\n")),
        ("a call", fenced("python", "print(solve(5))\n")),
        (
            "a unit test",
            fenced("python", "import unittest\n\nclass T(unittest.TestCase):\n    pass\n"),
        ),
        ("a session", fenced("python", ">>> 5 + 7\n12\n")),
        ("a helper", fenced("python", "def seven():\n    return 7\n")),
        ("an outline", fenced("python", "n = int(input())\n# rest of the code\n")),
        ("the same in C++", fenced("cpp", CPP)),
    ),
    "cpp20": (
        ("a loop of it", fenced("cpp", "// in main:\nint n; std::cin >> n;\n")),
        ("a function of it", fenced("cpp", "int seven(int n) {\n    return n + 7;\n}\n")),
        ("a struct", fenced("cpp", "struct Seven {\n    int value = 7;\n};\n")),
        ("an include", fenced("cpp", "#include <vector>\n")),
        ("the same in Python", fenced("python", PY)),
    ),
    "java": (("a class beside it", fenced("java", "class Seven {\n    int value = 7;\n}\n")),),
    "rust": (("a function of it", fenced("rust", "fn seven() -> i64 {\n    7\n}\n")),),
}


def later_shapes() -> Iterator[Shape]:
    for language, program in PROGRAMS.items():
        both = (*LATER, *LATER_OF[language])
        for name, more in both if language in ("python3", "cpp20") else LATER_OF[language]:
            yield (
                f"then {name}, {language}",
                f"{block(language)}\n{more}\n",
                language,
                "stop",
                program,
            )


# How a program is fenced.
FENCED = (
    ("plain", "{T}{tag}\n{code}{T}"),
    ("a space before the tag", "{T} {tag}\n{code}{T}"),
    ("an upper-case tag", "{T}{TAG}\n{code}{T}"),
    ("a tag with a title", '{T}{tag} title="it"\n{code}{T}'),
    ("a tag of pandoc", "{T}{{.{tag}}}\n{code}{T}"),
    ("no tag", "{T}\n{code}{T}"),
    ("tildes", "~~~{tag}\n{code}~~~"),
    ("more marks", "{T}{T}{tag}\n{code}{T}{T}"),
    ("never closed", "{T}{tag}\n{code}"),
    ("closed on the last line of code", "{T}{tag}\n{stripped}{T}\nSo it adds."),
    ("after a sentence on its line", "Here it is: {T}{tag}\n{code}{T}\n"),
    ("after a colon without a space", "Program:{T}{tag}\n{code}{T}\n"),
    ("in a list, not indented", "1. It reads:\n   {T}{tag}\n{code}   {T}\n2. It adds.\n"),
    ("in a list, indented", "- It adds:\n\n    {T}{tag}\n{indented}    {T}\n"),
    ("beside the mark of a list", "- {T}{tag}\n{indented}  {T}\n"),
    ("deeply indented", "        {T}{tag}\n{indented}        {T}\n"),
    ("quoted", "> {T}{tag}\n{quoted}> {T}\n"),
    ("in details", "<details>\n<summary>Code</summary>\n\n{T}{tag}\n{code}{T}\n</details>"),
    ("in a tag", "<answer>\n{T}{tag}\n{code}{T}\n</answer>"),
    ("in a fence of Markdown", "{T}markdown\n# Solution\n{T}{tag}\n{code}{T}\n{T}\n"),
    ("in a longer fence of Markdown", "{T}`md\nIt adds.\n{T}{tag}\n{code}{T}\n{T}`\n"),
    ("in a fence without a tag", "{T}\n{T}{tag}\n{code}{T}\n{T}\n"),
    ("after a byte order mark", "\ufeff{T}{tag}\n{code}{T}"),
    ("with CRLF", "{T}{tag}\r\n{crlf}{T}\r\n"),
    ("a word of code in the sentence before", "Use {T}n + 7{T} so:\n{T}{tag}\n{code}{T}"),
    ("after its input", "Input:\n{T}\n5\n{T}\nProgram:\n{T}{tag}\n{code}{T}"),
    ("after an end of the template", "{T}{tag}\n{code}{T}<|im_end|>"),
    ("the token of its end inside", "{T}{tag}\n{code}<|eot_id|>"),
    ("no fence", "{code}"),
    ("no fence, prose after it", "{code}\nIt adds seven, as was asked for.\n"),
    ("no fence, a word before it", "Solution:\n\n{code}"),
    ("no fence, indented", "It is:\n\n{four}\nThat is all.\n"),
    ("HTML", '<p>So:</p><pre><code class="language-{tag}">{html}</code></pre>'),
    ("LaTeX", "\\begin{{lstlisting}}[language={tag}]\n{code}\\end{{lstlisting}}"),
    ("JSON", '{{"language": "{tag}", "code": {json}}}'),
    ("JSON in a fence", '{T}json\n{{"code": {json}}}\n{T}'),
    (
        "a call of a tool",
        '<tool_call>\n{{"name": "run", "arguments": {{"code": {json}}}}}\n</tool_call>',
    ),
)


def fence_shapes() -> Iterator[Shape]:
    import html
    import json

    for language in ("python3", "cpp20"):
        code = PROGRAMS[language]
        lines = code.splitlines(keepends=True)
        values = {
            "T": T,
            "tag": TAGS[language],
            "TAG": TAGS[language].upper(),
            "code": code,
            "stripped": code.rstrip("\n"),
            "indented": "".join("  " + line if line.strip() else line for line in lines),
            "four": "".join("    " + line if line.strip() else line for line in lines),
            "quoted": "".join("> " + line for line in lines),
            "crlf": code.replace("\n", "\r\n"),
            "html": html.escape(code),
            "json": json.dumps(code),
        }
        for name, shape in FENCED:
            yield f"{name}, {language}", shape.format(**values), language, "stop", code


HEADER = '#include "seven.h"\n\nint seven(int n) {\n    return n + 7;\n}\n'
CLASS = "class Solution:\n    def seven(self, n: int) -> int:\n        return n + 7\n"
USE = "s = Solution()\nprint(s.seven(5))\n"
JOINED = "def seven(n):\n    return n + 7\n\nn = int(input())\nprint(seven(n))\n"

WRITTEN: tuple[Shape, ...] = (
    (
        "the corrected program comes last",
        f"{fenced('python', PY_DRAFT)}\nWait:\n{fenced('python', PY)}",
        "python3",
        "stop",
        PY,
    ),
    (
        "a broken draft, then the program",
        f"{fenced('python', 'n = input(')}\nWait:\n{fenced('python', PY)}",
        "python3",
        "stop",
        PY,
    ),
    (
        "the program, then a broken one",
        f"{fenced('python', PY)}\nOr\n{fenced('python', 'n = int(input(' + chr(10))}",
        "python3",
        "stop",
        PY,
    ),
    (
        "a sketch in another language first",
        f"{fenced('python', PY)}\nIn C++:\n{fenced('cpp', CPP)}",
        "cpp20",
        "stop",
        CPP,
    ),
    ("functions for a grader", fenced("cpp", HEADER), "cpp20", "stop", HEADER),
    ("a class", fenced("python", CLASS), "python3", "stop", CLASS),
    (
        "a class and its use",
        f"{fenced('python', CLASS)}\nUse:\n{fenced('python', USE)}",
        "python3",
        "stop",
        CLASS,
    ),
    (
        "functions, then the lines that read",
        f"{fenced('python', JOINED.split(chr(10) * 2)[0] + chr(10))}\nthen\n"
        f"{fenced('python', JOINED.split(chr(10) * 2)[1])}",
        "python3",
        "stop",
        JOINED,
    ),
    ("a wrong tag", fenced("cpp", PY), "python3", "stop", PY),
    ("called text", fenced("text", PY), "python3", "stop", PY),
    ("Java without a tag is no C++", fenced("", JAVA), "cpp20", "stop", None),
    ("Rust without a tag is no C++", fenced("", RUST), "cpp20", "stop", None),
    ("cut in the block", f"{T}python\nn = int(inp", "python3", "length", None),
    ("cut in the block, mistral", f"{T}python\nn = int(inp", "python3", "model_length", None),
    ("cut in the block, gemini", f"{T}python\nn = int(inp", "python3", "MAX_TOKENS", None),
    ("cut in the block, anthropic", f"{T}python\nn = int(inp", "python3", "max_tokens", None),
    ("broken off in the block", f"{T}python\nn = int(inp", "python3", "abort", None),
    ("an error in the block", f"{T}python\nn = int(inp", "python3", "error", None),
    (
        "cut in the correction",
        f"{fenced('python', PY)}\nOr:\n{T}python\nn =",
        "python3",
        "length",
        PY,
    ),
    ("cut in the prose", f"{fenced('python', PY)}\nIt adds bec", "python3", "length", PY),
    ("cut without a fence", "n = int(input())\npri", "python3", "length", None),
    ("only output", fenced("", "12"), "python3", "stop", None),
    ("only a comment", fenced("python", "# your code here\n"), "python3", "stop", None),
    ("a refusal", "I cannot help with that.", "python3", "stop", None),
    ("nothing", "", "python3", "stop", None),
    (
        "a mark of reasoning in a string",
        fenced("python", 'input()\nprint("<think>")\n'),
        "python3",
        "stop",
        'input()\nprint("<think>")\n',
    ),
    (
        "a mark of reasoning spoken of",
        f"I skip `</think>`.\n{block('python3')}",
        "python3",
        "stop",
        PY,
    ),
    (
        "harmony: the call of a tool is no answer",
        f"<|channel|>analysis<|message|>{DRAFT}<|end|><|start|>assistant<|channel|>commentary "
        f"to=python <|constrain|>json<|message|>{PY}<|call|>",
        "python3",
        "stop",
        None,
    ),
    (
        "Python 2 is broken and still the program",
        fenced("python", "print input()\n"),
        "python3",
        "stop",
        "print input()\n",
    ),
)

SHAPES: tuple[Shape, ...] = (
    *WRITTEN,
    *reasoning_shapes(),
    *later_shapes(),
    *fence_shapes(),
)
