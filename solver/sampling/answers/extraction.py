"""Stage 2, afterwards: the program out of an answer, or the reason why there is none.

What is looked at: the answer without its reasoning (`reasoning.py`), up to where the model ended
it; in that the pieces of code (`blocks.py`), each by what it is (`programs.py`). Of whole programs
the last one counts, since models correct themselves downwards; a call, a test, a trace or a snippet
replaces none.
"""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from problems.task import Task
from solver.sampling.answers.blocks import Block, blocks_of, indented_of, prose_of
from solver.sampling.answers.programs import (
    FAMILIES,
    Kind,
    Looked,
    language_of_code,
    look,
    parse,
    wanted_names,
)
from solver.sampling.answers.reasoning import SPECIAL, end_of, without_reasoning


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


_TAGS = {
    "cpp": {
        *("cpp", "c++", "cc", "cxx", "cpp11", "cpp14", "cpp17", "cpp20", "cpp23", "hpp", "c"),
        *("c++11", "c++14", "c++17", "c++20", "c++23", "gnu++17", "gnu++20"),
    },
    "c": {"c", "cpp", "c++", "c11", "c17", "c99"},
    "python": {"python", "py", "python3", "pypy", "pypy3", "py3", "python-repl", "ipython"},
    "java": {"java", "java8", "java11", "java17", "java21"},
    "rust": {"rust", "rs"},
}
_OTHERS = {
    *("bash", "sh", "shell", "zsh", "console", "terminal", "json", "yaml", "yml", "toml", "xml"),
    *("html", "css", "sql", "diff", "patch", "latex", "tex", "math", "mermaid", "csv", "ini"),
    *("input", "output", "stdin", "stdout", "go", "golang", "kotlin", "kt", "csharp", "c#", "cs"),
    *("javascript", "js", "typescript", "ts", "haskell", "ruby", "rb", "scala", "swift", "pascal"),
    *(
        "php",
        "perl",
        "lua",
        "julia",
        "r",
        "matlab",
        "pseudocode",
        "pseudo",
        "algorithm",
        "makefile",
    ),
    *("cmake", "dockerfile", "asm", "nasm", "pycon", "powershell", "ps1", "bat", "cmd"),
}
# The words of servers for an answer that its model ended itself; after any other it was cut.
_ENDED = {
    *("", "stop", "eos", "eos_token", "end_turn", "stop_sequence", "stop_token", "enough", "end"),
    *("complete", "completed", "finished", "tool_calls", "tool_use", "function_call", "done"),
}
# So far behind a whole program prose is read for a correction; a model that rambles is left there.
HORIZON_CHARACTERS = 16_000
_FENCE = re.compile(r"(?:`{3}|~{3})")
_CODE_START = {
    "cpp": re.compile(
        r"^[ \t]*(#\s*include\b|#pragma\b|#define\b|using namespace\b|int main\b|signed main\b)",
        re.M,
    ),
    "python": re.compile(
        # Comments above the first statement belong to the program; a lone "# Solution" is prose.
        r"^(?:#[^\n]*\n)*(?:import \w|from \w[\w.]* import\b|def \w+\(|class \w|@\w|print\("
        r"|[A-Za-z_][\w, .\[\]]*=[^=]|(?:for|while|if|with) [^\n]*:[ \t]*(?:#[^\n]*)?$|try:)",
        re.M,
    ),
    "java": re.compile(
        r"^[ \t]*(import java|package [\w.]+;|public class\b|(final )?class \w)", re.M
    ),
    "rust": re.compile(r"^[ \t]*(use std\b|use \w+::|fn main\b|fn \w|#!\[)", re.M),
}
_WRAPPERS = re.compile(
    r"^[ \t]*</?(?:answer|response|solution|final|final_answer|output|result|program)>[ \t]*\n?",
    re.M | re.I,
)
_CODE_START["c"] = _CODE_START["cpp"]


def extract(
    text: str, language: str, finish: str = "stop", wanted: frozenset[str] = frozenset()
) -> Extraction:
    """The program that an answer proposes.

    A block that was cut off only counts as a reason. Without any block, the text itself is taken
    if it reads as code.

    Args:
        text: The whole answer, or as much as `is_settled` needs: both give the same.
        language: Language id that was asked for.
        finish: Why the model stopped, in the server's own word.
        wanted: Names of which the task wants some defined (`wanted_of`); empty for a program.
    """
    family = FAMILIES.get(language, language)
    read, is_over = _read_part(text, family)
    cut = not is_over and finish.lower() not in _ENDED
    answer = without_reasoning(read)
    body = answer.text.replace("\r\n", "\n").replace("\ufeff", "").replace("\u200b", "")
    if not SPECIAL.sub("", body).strip():
        if not answer.unended:
            reason = NoProgram.CUT_OFF if cut and answer.reasoning else NoProgram.EMPTY
        else:
            reason = NoProgram.CUT_OFF if cut else NoProgram.ONLY_REASONING
        return Extraction(source=None, reason=reason)
    blocks = [block for block in blocks_of(body) if block.closed or block.code.strip()]
    open_block = bool(blocks) and not blocks[-1].closed and (cut or answer.unended)
    if open_block:
        blocks.pop()
    fitting = _fitting(blocks, family, wanted)
    if fitting:
        return Extraction(source=_clean(_program(fitting)), reason=None)
    if open_block:
        return Extraction(source=None, reason=NoProgram.CUT_OFF)
    bare = _bare(prose_of(body), family, cut or answer.unended, wanted)
    if bare.reason is NoProgram.NO_CODE and any(_is_code(block) for block in blocks):
        return Extraction(source=None, reason=NoProgram.OTHER_LANGUAGE)
    return bare


def wanted_of(task: Task, language: str) -> frozenset[str]:
    """Names of which a candidate must define some: those of the task's header in that language."""
    if not task.interface.is_function:
        return frozenset()
    family = FAMILIES.get(language, language)
    return wanted_names(task.interface.signatures.get(language, ""), family)


def is_settled(text: str, language: str) -> bool:
    """Nothing that may follow can change what `extract` takes: a stream may be left here.

    That is so once the model has ended its answer itself, and, after reasoning that has ended,
    `HORIZON_CHARACTERS` of prose behind a whole program: a correction that comes later still is
    not read, streamed or not.

    Args:
        text: The answer so far.
        language: Language id that was asked for.
    """
    return _read_part(text, FAMILIES.get(language, language))[1]


def _read_part(text: str, family: str) -> tuple[str, bool]:
    """What of an answer is read, and whether more of the answer would change that."""
    end = end_of(text)
    read = text if end is None else text[:end]
    if len(read) > HORIZON_CHARACTERS:
        fences = [*(found.end() for found in _FENCE.finditer(read)), len(read)]
        for here, following in pairwise(fences):
            if following - here >= HORIZON_CHARACTERS and _holds_a_program(
                read[:here] + "\n", family
            ):
                return read[: here + HORIZON_CHARACTERS], True
    return read, end is not None


def _holds_a_program(text: str, family: str) -> bool:
    answer = without_reasoning(text)
    if answer.unended or not answer.reasoning:
        # Where the template wrote the first mark, this may be reasoning that has not ended yet.
        return False
    found = [block for block in blocks_of(answer.text) if block.closed]
    return any(
        each.kind >= Kind.PROGRAM and not each.broken
        for _, each in _fitting(found, family, frozenset())
    )


def _is_code(block: Block) -> bool:
    known = any(block.tag in tags for tags in _TAGS.values()) or block.tag in _OTHERS
    return bool(block.code.strip()) and (known or language_of_code(block.code) is not None)


def _fitting(
    blocks: Sequence[Block], family: str, wanted: frozenset[str]
) -> list[tuple[str, Looked]]:
    """The blocks in the language that do anything."""
    found = []
    for block in blocks:
        code = _clean(block.code)
        if not code.strip():
            continue
        looked = look(code, family, wanted)
        if block.tag in _TAGS.get(family, {family}):
            fits = looked.kind > Kind.NOTHING
        elif any(block.tag in tags for tags in _TAGS.values()) or block.tag in _OTHERS:
            # Said to be in another language: only a whole program of ours proves it wrong.
            fits = looked.kind >= Kind.PROGRAM and not looked.broken
            fits = fits and _of_family(code, family)
        else:
            fits = _of_family(code, family)
        if fits:
            found.append((code, looked))
    return found


def _of_family(code: str, family: str) -> bool:
    """The code is in the language as far as its parsers can tell."""
    found = language_of_code(code)
    return found == family or (found == "cpp" and family == "c")


def _program(fitting: Sequence[tuple[str, Looked]]) -> str:
    """The last of the best blocks; one that needs another one's names is none of the best."""
    defined = [looked.defines for _, looked in fitting]
    ranks = []
    for number, (_, looked) in enumerate(fitting):
        others = frozenset().union(*defined[:number], *defined[number + 1 :])
        depends = bool(looked.needs & others) and looked.kind < Kind.WANTED
        ranks.append(min(looked.rank, 2 * Kind.FRAGMENT - 1) if depends else looked.rank)
    best = max(ranks)
    last = len(ranks) - 1 - ranks[::-1].index(best)
    top = fitting[last][1].kind
    if top < Kind.PROGRAM:
        joined = _joined(fitting)
        if joined is not None:
            return joined
    return fitting[last][0]


def _joined(fitting: Sequence[tuple[str, Looked]]) -> str | None:
    """A program that was given piece by piece: functions, then the lines that read and call."""
    code, looked = fitting[-1]
    if looked.kind < Kind.PROGRAM or looked.broken or not looked.needs:
        return None
    before = [piece for piece, each in fitting[:-1] if each.defines & looked.needs]
    return "\n\n".join(piece.strip("\n") for piece in [*before, code]) + "\n"


def _bare(body: str, family: str, cut: bool, wanted: frozenset[str]) -> Extraction:
    """The program in an answer without fences: from its first line of code on."""
    start = _CODE_START.get(family)
    text = _WRAPPERS.sub("", SPECIAL.sub("", body))
    found = start.search(text) if start is not None else None
    indented = [] if cut else [each for each in indented_of(text) if _of_family(each, family)]
    if indented and (found is None or found[0].startswith((" ", "\t"))):
        best = max(indented, key=lambda code: look(code, family, wanted).rank)
        return Extraction(source=_clean(best), reason=None)
    if found is None:
        return Extraction(source=None, reason=NoProgram.NO_CODE)
    code = text[found.start() :]
    whole, followed = _without_prose(code, family)
    if cut and not (followed and look(whole, family, wanted).kind >= Kind.PROGRAM):
        return Extraction(source=None, reason=NoProgram.CUT_OFF)
    if look(whole, family, wanted).kind <= Kind.FRAGMENT and not _of_family(whole, family):
        return Extraction(source=None, reason=NoProgram.NO_CODE)
    return Extraction(source=_clean(whole), reason=None)


def _without_prose(code: str, family: str) -> tuple[str, bool]:
    """The code without the paragraphs of prose that follow it, and whether any did."""
    lines = code.rstrip().split("\n")
    ends = [number for number, line in enumerate(lines) if not line.strip()]
    for end in [len(lines), *ends[::-1][:200]]:
        part = "\n".join(lines[:end])
        if part.strip() and _parses(part, family):
            return part, end < len(lines)
    return code, False


def _parses(code: str, family: str) -> bool:
    if family == "python":
        return not look(code, family).broken
    if family in _CODE_START:
        return not parse(code, family).root_node.has_error
    return True


def _clean(code: str) -> str:
    code = SPECIAL.sub("", code) if _SPECIAL_AT_END.search(code) else code
    code = code.replace("\r\n", "\n").replace("\u00a0", " ")
    # A block inside a list is indented as a whole, which Python would refuse.
    return textwrap.dedent(code).strip("\n") + "\n"


_SPECIAL_AT_END = re.compile(rf"(?:{SPECIAL.pattern})\s*\Z")
