"""A statement as HTML: CommonMark with tables, TeX formulas as MathML; HTML in it stays text."""

import functools
from html import escape

from latex2mathml.converter import convert
from lxml import etree
from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
ELEMENTS = frozenset(
    {
        "math",
        "mrow",
        "mi",
        "mn",
        "mo",
        "ms",
        "mtext",
        "mspace",
        "msub",
        "msup",
        "msubsup",
        "munder",
        "mover",
        "munderover",
        "mfrac",
        "msqrt",
        "mroot",
        "mtable",
        "mtr",
        "mtd",
        "mstyle",
        "mpadded",
        "mphantom",
        "menclose",
        "mfenced",
        "mmultiscripts",
    }
)
ATTRIBUTES = frozenset(
    {
        "display",
        "mathvariant",
        "displaystyle",
        "scriptlevel",
        "stretchy",
        "fence",
        "form",
        "separator",
        "lspace",
        "rspace",
        "width",
        "height",
        "depth",
        "minsize",
        "maxsize",
        "linethickness",
        "columnalign",
        "rowspacing",
        "columnspacing",
        "columnlines",
        "rowlines",
        "notation",
        "accent",
        "accentunder",
        "movablelimits",
        "symmetric",
        "largeop",
    }
)


def _mathml(tex: str, display: str) -> str | None:
    """The formula; None where the library cannot say it, or says what is no plain MathML.

    The library passes the text of \\text{...} on as it is, so its answer is not taken on trust.
    """
    try:
        answer = convert(tex, display=display)
        root = etree.fromstring(answer.encode(), etree.XMLParser(resolve_entities=False))
    except Exception:  # noqa: BLE001  (convert raises whatever its parser meets)
        return None
    for element in root.iter():
        if not isinstance(element.tag, str) or not element.tag.startswith(NAMESPACE):
            return None
        if element.tag.removeprefix(NAMESPACE) not in ELEMENTS:
            return None
        for name in set(element.attrib) - ATTRIBUTES:
            del element.attrib[name]
    return bytes(etree.tostring(root)).decode()


def _formula(tex: str, options: dict[str, bool]) -> str:
    mathml = _mathml(tex, "block" if options["display_mode"] else "inline")
    return f"<code>{escape(tex)}</code>" if mathml is None else mathml


@functools.cache
def _renderer() -> MarkdownIt:
    renderer = MarkdownIt("commonmark", {"html": False}).enable("table")
    return renderer.use(dollarmath_plugin, renderer=_formula, double_inline=True)


@functools.lru_cache(maxsize=256)
def statement_html(text: str, title: str) -> str:
    """The page's part below its own heading.

    Args:
        text: Markdown with TeX formulas.
        title: A first heading that says the same is left out.
    """
    first, _, rest = text.lstrip().partition("\n")
    if first.removeprefix("# ").strip().casefold() == title.strip().casefold():
        text = rest
    html = str(_renderer().render(text))
    # A wide table or formula scrolls by itself; the page does not.
    html = html.replace("<table>", '<div class="scroll" tabindex="0" role="group"><table>')
    return html.replace("</table>", "</table></div>")


def inline_html(text: str) -> Markup:
    """A line of a statement, such as a subtask's limits."""
    return Markup(_renderer().renderInline(text))
