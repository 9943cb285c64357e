"""Stage 2, afterwards: the pieces of code in an answer's text, found by a Markdown parser.

CommonMark as markdown-it-py (4.3) parses it, with three habits of models allowed for: a fence may
follow text on its line, stand at any depth of indentation, and the code in a list item need not be
indented with it. HTML and LaTeX listings and a JSON object that holds the program count as well.
"""

import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

import bs4
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, fence
from markdown_it.token import Token

_DEEPEST = 4
_LATE = re.compile(r"[^`\n]+(?P<fence>`{3,})(?P<tag>[\w+#.-]*)[ \t]*$")
_INSIDE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ \t]*[A-Za-z]", re.M)
_LATEX = re.compile(
    r"\\begin\{(lstlisting|minted|verbatim|cppcode|python)\}(?:\[([^\]]*)\])?(?:\{(\w+\+*)\})?\n?"
    r"(.*?)\\end\{\1\}",
    re.S,
)
_HTML = re.compile(r"<(?:pre|code)\b", re.I)
# How Qwen, Llama and Mistral mark a call of a tool, which is where some put the program.
_WRAPPED = re.compile(r"</?tool_call>|<\|python_tag\|>|\[TOOL_CALLS\]|</?function_call>")
_JSON_KEYS = ("code", "source", "source_code", "solution", "program", "answer", "content", "final")
_CONTAINERS = {"markdown", "md", "mdx", "text", "txt", "plaintext", ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of code.

    Attributes:
        tag: The language that it is said to be in, lower case, "" where nothing is said.
        closed: Its end is there.
    """

    tag: str
    code: str
    closed: bool = True


def _late_fence(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    """A fence that opens at the end of a line of text."""
    start, end = state.bMarks[line] + state.tShift[line], state.eMarks[line]
    found = _LATE.match(state.src, start, end)
    if found is None or found.end() != end:
        return False
    if silent:
        return True
    state.bMarks[line] = found.start("fence")
    state.tShift[line] = 0
    state.sCount[line] = state.blkIndent
    return fence(state, line, end_line, silent)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero").enable(["fence", "blockquote"])
    parser.block.ruler.before(
        "paragraph", "late_fence", _late_fence, {"alt": ["paragraph", "blockquote"]}
    )
    return parser


_MARKDOWN = _parser()


def blocks_of(text: str) -> list[Block]:
    """The pieces of code of an answer, in its order; of Markdown's where there are any."""
    found = list(_markdown(text, _DEEPEST))
    if any(block.code.strip() for block in found):
        return [each for block in found for each in _of_json(block)]
    return list(_other_listings(text))


def prose_of(text: str) -> str:
    """The text outside of its fenced blocks."""
    lines = text.split("\n")
    for token in _MARKDOWN.parse(text):
        if token.type == "fence" and token.map is not None:
            for number in range(token.map[0], min(token.map[1], len(lines))):
                lines[number] = ""
    return "\n".join(lines)


def _markdown(text: str, deeper: int) -> Iterator[Block]:
    lines = text.split("\n")
    for token in _MARKDOWN.parse(text):
        if token.type != "fence":
            continue
        words = token.info.split()
        tag = words[0].strip("{}.").lower() if words else ""
        closed = _is_closed(token.markup, token.map, lines)
        code = _as_written(token, lines, closed)
        if not closed or (tag not in _CONTAINERS and _INSIDE.search(code)):
            code, rest = _closed_late(code, token.markup)
            closed = closed or rest is not None
            if rest and deeper:
                yield Block(tag=tag, code=code, closed=True)
                yield from _markdown(f"{rest}\n{token.markup}", deeper - 1)
                continue
        if deeper and tag in _CONTAINERS and _INSIDE.search(code):
            # Fences of one length cannot nest: what closed the outer one was meant for the inner.
            inner = list(_markdown(code, deeper - 1))
            last = len(inner) - 1
            for number, block in enumerate(inner):
                whole = block.closed or (number == last and closed)
                yield Block(tag=block.tag, code=block.code, closed=whole)
        else:
            yield Block(tag=tag, code=code, closed=closed)


def _is_closed(markup: str, span: list[int] | None, lines: list[str]) -> bool:
    if span is None or span[1] - span[0] < 2 or span[1] > len(lines):
        return False
    last = lines[span[1] - 1].strip(" \t>\r")
    return len(last) >= len(markup) and set(last) == {markup[0]}


def _as_written(token: Token, lines: list[str], closed: bool) -> str:
    """The code of a fence with the indentation that it has.

    CommonMark takes the fence's own indentation off each line, which unhinges Python where the
    code is less indented than its fence.
    """
    if token.map is None or lines[token.map[0]].lstrip().startswith(">"):
        return token.content
    inner = lines[token.map[0] + 1 : token.map[1] - 1 if closed else token.map[1]]
    return textwrap.dedent("\n".join(inner) + "\n")


def _closed_late(code: str, markup: str) -> tuple[str, str | None]:
    """The code before a closing fence that follows code on its line, and what comes after it.

    No Markdown parser takes such a fence.
    """
    lines = code.split("\n")
    for number, line in enumerate(lines):
        bare = line.rstrip()
        if bare.endswith(markup) and not bare.endswith(markup + markup[0]) and bare != markup:
            code = "\n".join([*lines[:number], bare.removesuffix(markup)]) + "\n"
            return code, "\n".join(lines[number + 1 :]).strip("\n")
    return code, None


def _of_json(block: Block) -> Iterator[Block]:
    inner = _json_program(block.code) if block.tag in ("json", "") else None
    yield block if inner is None else Block(tag="", code=inner, closed=block.closed)


def _json_program(text: str) -> str | None:
    """The program that a JSON object holds under a usual name."""
    stripped = _WRAPPED.sub("", text).strip()
    if not (stripped.startswith("{") and stripped.endswith("}")):
        return None
    try:
        found = json.loads(stripped, strict=False)
    except (ValueError, RecursionError):
        return None
    while isinstance(found, dict):
        nested = found.get("arguments") or found.get("parameters")
        if not isinstance(nested, dict):
            break
        found = nested
    for key in _JSON_KEYS:
        if isinstance(found, dict) and isinstance(found.get(key), str):
            return str(found[key])
    return None


def _other_listings(text: str) -> Iterator[Block]:
    inner = _json_program(text)
    if inner is not None:
        held = list(_markdown(inner, 1))
        yield from held or [Block(tag="", code=inner)]
        return
    for listing in _LATEX.finditer(text):
        options = re.search(r"language=\{?([\w+#]+)", listing[2] or "")
        tag = (options[1] if options else listing[3] or "").lower()
        yield Block(tag=tag, code=listing[4])
    if _HTML.search(text):
        yield from _html(text)
    if not _LATEX.search(text):
        yield from _inline(text)


def _html(text: str) -> Iterator[Block]:
    soup = bs4.BeautifulSoup(text, "html.parser")
    for element in soup.find_all(["pre", "code"]):
        if element.find_parent(["pre", "code"]) is None:
            held = element.find("code") or element
            names = [name for node in (element, held) for name in node.get_attribute_list("class")]
            found = [re.sub(r"^(?:language|lang|brush:?)-?", "", str(n)) for n in names if n]
            yield Block(tag=(found[0] if found else "").lower(), code=held.get_text().strip("\n"))


def _inline(text: str) -> Iterator[Block]:
    """Code spans of three marks on one line."""
    for span in re.finditer(r"```([^`\n]+)```", text):
        words = span[1].split(None, 1)
        known = len(words) == 2 and words[0].lower() in ("python", "py", "python3", "cpp", "c++")
        tag, code = (words[0].lower(), words[1]) if known else ("", span[1].strip())
        yield Block(tag=tag, code=code + "\n")


def indented_of(text: str) -> list[str]:
    """Runs of lines that are indented alike, as Markdown marks code without fences."""
    runs = re.finditer(r"(?:^(?: {4}|\t)[^\n]*\n(?:[ \t]*\n)*)+", text + "\n", re.M)
    return [textwrap.dedent(run[0].expandtabs(4)) for run in runs]
