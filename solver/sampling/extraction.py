"""Stage 2, afterwards: the program out of an answer, or the reason why there is none."""

import re
import textwrap
from dataclasses import dataclass
from enum import StrEnum


class NoProgram(StrEnum):
    """Why an answer gives no candidate."""

    EMPTY = "empty"
    ONLY_REASONING = "only_reasoning"
    CUT_OFF = "cut_off"
    NO_CODE = "no_code"
    OTHER_LANGUAGE = "other_language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """Exactly one of `source` and `reason` is set."""

    source: str | None
    reason: NoProgram | None


_FAMILY = {
    "cpp17": "cpp",
    "cpp20": "cpp",
    "cpp23": "cpp",
    "c": "c",
    "python3": "python",
    "pypy3": "python",
    "java": "java",
    "rust": "rust",
}
_TAGS = {
    "cpp": {"cpp", "c++", "cc", "cxx", "c++17", "c++20", "c++23", "cpp17", "cpp20", "cpp23", "c"},
    "c": {"c", "cpp", "c++"},
    "python": {"python", "py", "python3", "pypy", "pypy3"},
    "java": {"java"},
    "rust": {"rust", "rs"},
}
_NOT_CODE = {
    "text",
    "txt",
    "plaintext",
    "input",
    "output",
    "console",
    "bash",
    "sh",
    "shell",
    "json",
}
_CODE_START = {
    "cpp": re.compile(r"^\s*(#include\b|#pragma\b|#define\b|using namespace\b|int main\b)", re.M),
    "c": re.compile(r"^\s*(#include\b|#define\b|int main\b)", re.M),
    "python": re.compile(
        # Comments above the first statement belong to the program; a lone "# Solution" is prose.
        r"^(?:#[^\n]*\n)*(?:import \w|from \w[\w.]* import\b|def \w+\(|class \w|@\w|print\("
        r"|[A-Za-z_][\w, .\[\]]*=[^=]|(?:for|while|if|with) [^\n]*:[ \t]*(?:#[^\n]*)?$|try:)",
        re.M,
    ),
    "java": re.compile(r"^\s*(import java|public class\b|class \w)", re.M),
    "rust": re.compile(r"^\s*(use std\b|fn main\b|fn \w)", re.M),
}
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[ \t]*([\w+#.-]*)[^\n`]*$", re.M)
_THINK_END = re.compile(r"</(?:think|thinking|reasoning)>", re.I)
_THINK_START = re.compile(r"<(?:think|thinking|reasoning)>", re.I)
_HARMONY_FINAL = "<|channel|>final<|message|>"
_SPECIAL = re.compile(r"<\|[a-z_|]+\|>")


def extract(text: str, language: str, finish: str = "stop") -> Extraction:
    """The program that an answer proposes.

    Takes what stands after the reasoning; of several code blocks in the language the last complete
    one that looks like a whole program, since models correct themselves downwards; a block that was
    cut off only counts as a reason; without any block, the text itself if it reads as code.

    Args:
        text: The whole answer.
        language: Language id that was asked for.
        finish: Why the model stopped ("length" means cut off).
    """
    family = _FAMILY.get(language, language)
    body = _after_reasoning(text)
    if body is None:
        reason = NoProgram.CUT_OFF if finish == "length" else NoProgram.ONLY_REASONING
        return Extraction(source=None, reason=reason)
    if not body.strip():
        return Extraction(source=None, reason=NoProgram.EMPTY)
    blocks, open_block = _blocks(body)
    if open_block is not None and finish != "length" and open_block[1].strip():
        # The model ended by itself and only forgot the closing fence.
        blocks.append(open_block)
        open_block = None
    fitting = [code for tag, code in blocks if _fits(tag, code, family)]
    whole = [code for code in fitting if _whole(code, family)]
    if whole or fitting:
        chosen = whole[-1] if whole else fitting[-1]
        return Extraction(source=_clean(chosen), reason=None)
    if open_block is not None:
        return Extraction(source=None, reason=NoProgram.CUT_OFF)
    if blocks:
        return Extraction(source=None, reason=NoProgram.OTHER_LANGUAGE)
    return _bare(body, family, finish)


def _after_reasoning(text: str) -> str | None:
    """What follows the reasoning; None where the reasoning never ends."""
    if _HARMONY_FINAL in text:
        text = text.rsplit(_HARMONY_FINAL, 1)[1]
    ends = list(_THINK_END.finditer(text))
    if ends:
        return text[ends[-1].end() :]
    start = _THINK_START.search(text)
    if start is not None:
        return None
    return text


def _blocks(body: str) -> tuple[list[tuple[str, str]], tuple[str, str] | None]:
    """Complete fenced blocks as (tag, code), and the one that is never closed."""
    blocks: list[tuple[str, str]] = []
    opened: tuple[str, str, int] | None = None
    for fence in _FENCE.finditer(body):
        mark, tag = fence.group(1), fence.group(2).lower()
        if opened is None:
            opened = (mark, tag, fence.end() + 1)
        elif mark[0] == opened[0][0] and len(mark) >= len(opened[0]) and not tag:
            blocks.append((opened[1], body[opened[2] : fence.start()]))
            opened = None
    if opened is not None:
        return blocks, (opened[1], body[opened[2] :])
    return blocks, None


def _fits(tag: str, code: str, family: str) -> bool:
    if not code.strip():
        return False
    if tag in _TAGS.get(family, {family}):
        return True
    if tag and (tag in _NOT_CODE or any(tag in tags for tags in _TAGS.values())):
        return False
    start = _CODE_START.get(family)
    return start is not None and bool(start.search(code))


def _whole(code: str, family: str) -> bool:
    """It reads as a whole program (or a whole function file), not as a fragment."""
    if family in ("cpp", "c"):
        return "main" in code or "#include" in code
    if family == "java":
        return "class " in code
    if family == "rust":
        return "fn " in code
    return "print" in code or "stdout" in code or "def " in code


def _bare(body: str, family: str, finish: str) -> Extraction:
    start = _CODE_START.get(family)
    found = start.search(body) if start is not None else None
    if found is None:
        return Extraction(source=None, reason=NoProgram.NO_CODE)
    if finish == "length":
        return Extraction(source=None, reason=NoProgram.CUT_OFF)
    return Extraction(source=_clean(body[found.start() :]), reason=None)


def _clean(code: str) -> str:
    code = _SPECIAL.sub("", code).replace("\r\n", "\n").replace("\u00a0", " ")
    # A block inside a list is indented as a whole, which Python would refuse.
    return textwrap.dedent(code).strip("\n") + "\n"


def is_settled(text: str, language: str) -> bool:
    """Nothing that may follow in this answer changes what `extract` takes from it, so that its
    stream may be cut. As the last whole program counts, another one may always follow.

    Args:
        text: The answer so far.
        language: Language id that was asked for.
    """
    return False
