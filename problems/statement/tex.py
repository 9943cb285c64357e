"""Statement text out of TeX: what a Kattis `problem.en.tex` says, as Markdown with formulas kept.

Parsing is pylatexenc's; what each macro becomes is decided here. Formulas stay TeX between dollar
signs, since that is what models read best; pictures become a note, for they carry no text.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from pylatexenc.latex2text import LatexNodes2Text
from pylatexenc.latexwalker import (
    LatexCharsNode,
    LatexCommentNode,
    LatexEnvironmentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexMathNode,
    LatexSpecialsNode,
    LatexWalker,
    LatexWalkerError,
    get_default_latex_context_db,
)
from pylatexenc.macrospec import std_environment, std_macro

from problems.statement.macros import expand_macros
from problems.statement.table import markdown_table
from problems.statement.tex_words import (
    BOLD,
    CODE,
    DROPPED,
    ENVIRONMENTS,
    HEADINGS,
    ITALIC,
    LISTS,
    LITERAL,
    MACROS,
    SPACES,
    SPECIALS,
    TABLES,
    VERBATIM,
)

# pylatexenc has no types, so a node is Any here and nowhere else.
Node = Any


# Statements are some ten kilobytes and nest a few levels; parsing takes a second per 100 kB and far
# more where nothing closes.
MAX_CHARS = 300_000
MAX_DEPTH = 60


def tex_to_markdown(source: str) -> str:
    """The text of a TeX statement as Markdown.

    Args:
        source: The file's text.

    Returns:
        Markdown; what the parser cannot make sense of is kept as it stands, for a statement with
        a stray brace still tells more than none.
    """
    prepared = _prepare(source)
    if len(prepared) > MAX_CHARS or _depth(prepared) > MAX_DEPTH:
        return source.strip()
    context = get_default_latex_context_db()
    context.add_context_category(
        "statements",
        macros=[std_macro(name, spec) for name, spec in MACROS.items()],
        environments=[std_environment(name, spec) for name, spec in ENVIRONMENTS.items()],
        prepend=True,
    )
    try:
        nodes, _, _ = LatexWalker(
            prepared, latex_context=context, tolerant_parsing=True
        ).get_latex_nodes()
    except (LatexWalkerError, IndexError, RecursionError):
        return source.strip()
    try:
        return tidy(_render(nodes))
    except RecursionError:
        return source.strip()


def _depth(text: str) -> int:
    """How deep braces and environments nest."""
    deepest = depth = 0
    for found in re.finditer(r"\\[{}]|[{}]|\\(begin|end)\b", text):
        opens = found[0] == "{" or found[1] == "begin"
        depth = depth + 1 if opens else depth - (found[0] == "}" or found[1] == "end")
        deepest = max(deepest, depth)
    return deepest


def tidy(text: str) -> str:
    """Markdown with at most one blank line in a row and no trailing blanks."""
    lines = [line.rstrip() for line in text.splitlines()]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    # A paragraph that began after a macro carries the blank that ended the macro's line.
    return re.sub(r"(?<=\n\n) (?=\S)", "", text).strip()


def _prepare(source: str) -> str:
    """Expand the file's own macros and resolve what a parser of text cannot: conditionals."""
    text = re.sub(r"\\ifplastex(.*?)(?:\\else.*?)?\\fi\b", r"\1", source, flags=re.S)
    text = re.sub(r"\\iffalse\b.*?\\fi\b", "", text, flags=re.S)
    text = re.sub(
        r"\\begin\{(lstlisting|minted|alltt|Verbatim)\}(\[[^\]]*\])?(?:\{\w*\})?",
        r"\\begin{verbatim}",
        text,
    )
    text = re.sub(r"\\end\{(lstlisting|minted|alltt|Verbatim)\}", r"\\end{verbatim}", text)
    body = re.search(r"\\begin\{document\}(.*?)(?:\\end\{document\}|\Z)", text, re.S)
    expanded = expand_macros(text)
    if body is not None:
        inner = re.search(r"\\begin\{document\}(.*?)(?:\\end\{document\}|\Z)", expanded, re.S)
        return inner[1] if inner else expanded
    return expanded


def _render(nodes: Iterable[Node | None] | None) -> str:
    return "".join(_node(node) for node in nodes or () if node is not None)


def _node(node: Node) -> str:
    for kind, render in _RENDERERS:
        if isinstance(node, kind):
            return render(node)
    return ""


def _chars(node: Node) -> str:
    text = re.sub(r"[ \t]*\n[ \t]*\n\s*", "\x00", node.chars)
    return re.sub(r"\s+", " ", text).replace("\x00", "\n\n")


def _math(node: Node) -> str:
    text: str = node.latex_verbatim()
    opening, closing = node.delimiters
    inner = text[len(opening) : len(text) - len(closing)].strip()
    inner = re.sub(r"\s+", " ", inner)
    return f"\n\n$${inner}$$\n\n" if node.displaytype == "display" else f"${inner}$"


def _specials(node: Node) -> str:
    if node.specials_chars.startswith("\n"):
        return "\n\n"
    chars: str = node.specials_chars
    return SPECIALS.get(chars, chars)


def _group(node: Node) -> str:
    if node.delimiters and node.delimiters[0] == "[":
        return f"[{_render(node.nodelist)}]"
    nodes = [child for child in node.nodelist if child is not None]
    if nodes and isinstance(nodes[0], LatexMacroNode):
        name = nodes[0].macroname
        if name in CODE | BOLD | ITALIC:
            return _styled(name, _render(nodes[1:]))
    return _render(nodes)


def _styled(name: str, text: str) -> str:
    inner = re.sub(r"\s+", " ", text).strip()
    if not inner:
        return ""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() else ""
    if name in CODE:
        # A formula inside code would be hidden from the reader by the backticks.
        inner = inner if "$" in inner or "`" in inner else f"`{inner.replace('**', '')}`"
    elif name in BOLD:
        inner = inner if inner.startswith("**") else f"**{inner}**"
    else:
        inner = f"*{inner}*"
    return before + inner + after


def _args(node: Node) -> list[Node]:
    return list(node.nodeargd.argnlist) if node.nodeargd and node.nodeargd.argnlist else []


def _argument(node: Node, index: int) -> str:
    """Rendered argument, counted from the end where negative; empty where it was left out."""
    args = _args(node)
    if not args or index >= len(args) or args[index] is None:
        return ""
    found = args[index]
    return _render(found.nodelist) if isinstance(found, LatexGroupNode) else _node(found)


def _source(node: Node, index: int) -> str:
    args = _args(node)
    if not args or args[index] is None:
        return ""
    found = args[index]
    return str(found.latex_verbatim()).strip().removeprefix("{").removesuffix("}").strip()


def _macro(node: Node) -> str:
    name = node.macroname
    after = node.macro_post_space if name.isalpha() else ""
    after = "\n\n" if after.count("\n") > 1 else " " if after else ""
    if name in CODE | BOLD | ITALIC:
        return _styled(name, _argument(node, -1)) if _args(node) else ""
    if name in HEADINGS:
        heading = re.sub(r"\s+", " ", _argument(node, -1)).strip()
        return f"\n\n{HEADINGS[name]} {heading}\n\n"
    if name in ("problemname", "problemtitle", "title", "frametitle"):
        title = _argument(node, -1).strip()
        return f"\n\n# {title}\n\n" if title else ""
    if name in LITERAL:
        return LITERAL[name]
    if name in ("par", "medskip", "bigskip", "smallskip"):
        return "\n\n"
    if name in ("\\", "newline"):
        return "\n"
    if name in SPACES:
        return " "
    if name in DROPPED:
        return "\n\n" if "\n\n" in after else ""
    special = _SPECIAL_MACROS.get(name)
    if special is not None:
        return special(node)
    if name == "verb":
        return f"`{node.nodeargd.verbatim_text}`" if node.nodeargd else ""
    if _args(node) and any(isinstance(arg, LatexGroupNode) for arg in _args(node)):
        known = LatexNodes2Text().node_to_text(node).strip()
        return known or _argument(node, -1)
    symbol: str = LatexNodes2Text().node_to_text(node)
    return (symbol.strip() or f"\\{name}") + after


def _caption(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    return f" Caption: {text}" if text else ""


def _illustration(node: Node) -> str:
    caption = _caption(_argument(node, 2))
    return f"\n\n[Picture {_source(node, 1)} left out.{caption}]\n\n"


_SPECIAL_MACROS: dict[str, Callable[[Node], str]] = {
    "illustration": _illustration,
    "includegraphics": lambda node: f"\n\n[Picture {_source(node, -1)} left out.]\n\n",
    "caption": lambda node: f"\n\n[{_caption(_argument(node, -1)).strip()}]\n\n",
    "href": lambda node: f"{_argument(node, 1)} ({_source(node, 0)})",
    "url": lambda node: f"<{_source(node, -1)}>",
    "footnote": lambda node: f" ({_argument(node, -1).strip()})",
    "textcolor": lambda node: _argument(node, 1),
    "ref": lambda node: _source(node, -1),
    "ldots": lambda node: "…",
    "dots": lambda node: "…",
    "textbackslash": lambda node: "\\",
    "textasciitilde": lambda node: "~",
    "textasciicircum": lambda node: "^",
    "multicolumn": lambda node: _argument(node, 2),
    "multirow": lambda node: _argument(node, 2),
}


def _environment(node: Node) -> str:
    name = node.environmentname
    if name in TABLES:
        return f"\n\n{markdown_table(_table_rows(node.nodelist))}\n\n"
    if name in LISTS:
        return _list(node, numbered=name == "enumerate")
    if name in VERBATIM:
        text = node.nodeargd.verbatim_text.strip("\n") if node.nodeargd else ""
        return f"\n\n```\n{text}\n```\n\n"
    if node.latex_verbatim().startswith(r"\begin") and _is_math(name):
        inner = re.sub(r"\s+", " ", node.latex_verbatim())
        return f"\n\n$${inner}$$\n\n"
    return f"\n\n{_render(node.nodelist)}\n\n"


def _is_math(name: str) -> bool:
    return name.rstrip("*") in {
        "equation",
        "align",
        "gather",
        "multline",
        "eqnarray",
        "displaymath",
    }


def _list(node: Node, *, numbered: bool) -> str:
    items: list[list[Node]] = []
    labels: list[str] = []
    for child in node.nodelist:
        if isinstance(child, LatexMacroNode) and child.macroname == "item":
            items.append([])
            labels.append(_argument(child, 0).strip())
        elif items:
            items[-1].append(child)
    lines = []
    for number, (label, item) in enumerate(zip(labels, items, strict=True), start=1):
        marker = f"{number}. " if numbered else "- "
        text = tidy(f"{label} {_render(item)}" if label else _render(item))
        text = re.sub(r"\n\n(?=\s*(?:-|\d+\.) )", "\n", text)
        lines.append(marker + text.replace("\n", "\n" + " " * len(marker)))
    return "\n\n" + "\n".join(lines) + "\n\n"


def _table_rows(nodes: Iterable[Node]) -> list[list[str]]:
    rows: list[list[str]] = [[""]]
    for node in nodes:
        if isinstance(node, LatexSpecialsNode) and node.specials_chars == "&":
            rows[-1].append("")
        elif isinstance(node, LatexMacroNode) and node.macroname in ("\\", "tabularnewline"):
            rows.append([""])
        elif isinstance(node, LatexMacroNode) and node.macroname == "multicolumn":
            rows[-1][-1] += _argument(node, 2)
            span = re.sub(r"\D", "", _source(node, 0))
            rows[-1].extend("" for _ in range(min(int(span or 1), 50) - 1))
        elif isinstance(node, LatexMathNode):
            # A bar would end the cell.
            rows[-1][-1] += _math(node).replace("|", r"\vert ").strip("\n")
        else:
            rows[-1][-1] += _node(node).replace("|", r"\|")
    return rows


_RENDERERS: tuple[tuple[type, Callable[[Node], str]], ...] = (
    (LatexCharsNode, _chars),
    (LatexMathNode, _math),
    (LatexMacroNode, _macro),
    (LatexGroupNode, _group),
    (LatexEnvironmentNode, _environment),
    (LatexSpecialsNode, _specials),
    (LatexCommentNode, lambda node: ""),
)
