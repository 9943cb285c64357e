"""Statement text out of HTML and Markdown files, as Markdown with formulas kept."""

import html
import re
from collections.abc import Callable

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, PageElement, Tag

from problems.statement.table import markdown_table
from problems.statement.tex import tidy

_DROPPED = {"script", "style", "head", "noscript", "svg", "button", "nav", "iframe", "template"}
_BLOCKS = {"p", "div", "section", "article", "blockquote", "center", "figure", "dl", "dt", "dd"}
_MAX_DEPTH = 200


def html_to_markdown(source: str) -> str:
    """The text of an HTML statement.

    Formulas are kept where the page has them as TeX (MathJax, KaTeX, the `$$$` of Codeforces);
    `<sub>` and `<sup>` become `_{}` and `^{}`.
    """
    soup = BeautifulSoup(source, "lxml")
    for formula in soup.find_all("annotation", encoding="application/x-tex"):
        holder = formula.find_parent(class_="katex") or formula.find_parent("math") or formula
        holder.replace_with(NavigableString(f"${formula.get_text().strip()}$"))
    for script in soup.find_all("script", type=re.compile("^math/tex")):
        script.replace_with(NavigableString(f"${script.get_text().strip()}$"))
    for shown in soup.find_all(class_=re.compile(r"^(MathJax|mjx|katex-html)")):
        shown.decompose()
    return tidy(_codeforces_formulas(_render(soup, 0)))


def markdown_to_text(source: str) -> str:
    """A Markdown statement with entities resolved and pictures named instead of linked."""
    text = re.sub(r"<!--.*?-->", "", source.replace("\r\n", "\n"), flags=re.S)
    text = re.sub(r"!\[([^\]]*)\]\([^)]*\)(?:\{[^}]*\})?", r"[Picture \1 left out.]", text)
    text = re.sub(r"<img\b[^>]*>", "[Picture left out.]", text)
    text = re.sub(r"</?(?:div|span|center|figure|p|br|style)\b[^>]*>", "", text)
    text = html.unescape(text)
    return tidy(_codeforces_formulas(text))


def _codeforces_formulas(text: str) -> str:
    text = re.sub(r"\${6}(.+?)\${6}", r"$$\1$$", text, flags=re.S)
    return re.sub(r"\${3}(.+?)\${3}", r"$\1$", text, flags=re.S)


def _render(node: PageElement, depth: int) -> str:
    if isinstance(node, Comment):
        return ""
    if isinstance(node, NavigableString):
        return re.sub(r"\s+", " ", str(node))
    if not isinstance(node, Tag) or node.name in _DROPPED:
        return ""
    if depth > _MAX_DEPTH:
        return node.get_text(" ", strip=True)
    special = _TAGS.get(node.name)
    if special is not None:
        return special(node, depth + 1)
    inner = _children(node, depth)
    if node.name in _BLOCKS:
        return f"\n\n{inner.strip()}\n\n"
    return inner


def _children(node: Tag, depth: int) -> str:
    return "".join(_render(child, depth + 1) for child in node.children)


def _heading(node: Tag, depth: int) -> str:
    return f"\n\n{'#' * int(node.name[1])} {_children(node, depth).strip()}\n\n"


def _wrapped(mark: str) -> Callable[[Tag, int], str]:
    def render(node: Tag, depth: int) -> str:
        inner = _children(node, depth).strip()
        return f"{mark}{inner}{mark}" if inner and "\n" not in inner else inner

    return render


def _script(mark: str) -> Callable[[Tag, int], str]:
    def render(node: Tag, depth: int) -> str:
        inner = _children(node, depth).strip()
        return f"{mark}{inner}" if len(inner) == 1 else f"{mark}{{{inner}}}"

    return render


def _preformatted(node: Tag, depth: int) -> str:
    for line_break in node.find_all("br"):
        line_break.replace_with(NavigableString("\n"))
    lines = [tag.get_text() for tag in node.find_all("div", class_="test-example-line")]
    text = "\n".join(lines) if lines else node.get_text()
    return "\n\n```\n" + text.strip("\n") + "\n```\n\n"


def _list(node: Tag, depth: int) -> str:
    lines = []
    items = [child for child in node.children if isinstance(child, Tag) and child.name == "li"]
    for number, item in enumerate(items, start=1):
        marker = f"{number}. " if node.name == "ol" else "- "
        text = re.sub(r"\n\n(?=\s*(?:-|\d+\.) )", "\n", tidy(_children(item, depth)))
        lines.append(marker + text.replace("\n", "\n" + " " * len(marker)))
    return "\n\n" + "\n".join(lines) + "\n\n"


def _table(node: Tag, depth: int) -> str:
    rows = []
    for row in node.find_all("tr"):
        cells = [
            cell for cell in row.children if isinstance(cell, Tag) and cell.name in ("td", "th")
        ]
        rows.append([tidy(_children(cell, depth)).replace("|", r"\|") for cell in cells])
    return f"\n\n{markdown_table(rows)}\n\n"


def _picture(node: Tag, depth: int) -> str:
    return f"[Picture {node.get('alt') or node.get('src') or ''} left out.]".replace("  ", " ")


_TAGS: dict[str, Callable[[Tag, int], str]] = {
    **{f"h{level}": _heading for level in range(1, 7)},
    "b": _wrapped("**"),
    "strong": _wrapped("**"),
    "i": _wrapped("*"),
    "em": _wrapped("*"),
    "code": _wrapped("`"),
    "tt": _wrapped("`"),
    "kbd": _wrapped("`"),
    "sub": _script("_"),
    "sup": _script("^"),
    "pre": _preformatted,
    "ul": _list,
    "ol": _list,
    "table": _table,
    "img": _picture,
    "br": lambda node, depth: "\n",
    "hr": lambda node, depth: "\n\n---\n\n",
}
