"""Program text to runs of colour: Pygments finds the tokens, the page draws them.

A program is sent once, as plain text; its colouring is a short string beside it ("6k1.4t": six
characters of keyword, one plain, four of type), so that ten thousand programs stay small.
"""

from collections.abc import Iterator
from functools import cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import (
    Comment,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    String,
    _TokenType,
)
from pygments.util import ClassNotFound

_FAMILIES = {"cpp": "cpp", "c": "c", "python": "python", "pypy": "python", "java": "java"}
_LETTERS = (
    (Comment.Preproc, "p"),
    (Comment.PreprocFile, "s"),
    (Comment, "c"),
    (Keyword.Type, "t"),
    (Keyword, "k"),
    (Operator.Word, "k"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Builtin, "t"),
    (String, "s"),
    (Number, "n"),
    (Literal, "n"),
)
PLAIN = "."


def colours(source: str, language: str) -> str:
    """Runs of "LENGTH LETTER" over the text, in its characters; empty where nothing is known."""
    lexer = _lexer(language)
    if lexer is None:
        return ""
    runs: list[tuple[int, str]] = []
    for letter, length in _tokens(lexer, source):
        if runs and runs[-1][1] == letter:
            runs[-1] = (runs[-1][0] + length, letter)
        else:
            runs.append((length, letter))
    return "".join(f"{length}{letter}" for length, letter in runs)


def _tokens(lexer: Lexer, source: str) -> Iterator[tuple[str, int]]:
    for kind, text in lexer.get_tokens(source):
        # The browser counts in UTF-16 units.
        yield _letter(kind), len(text.encode("utf-16-le", "surrogatepass")) // 2


@cache
def _letter(kind: _TokenType) -> str:
    return next((letter for parent, letter in _LETTERS if kind in parent), PLAIN)


@cache
def _lexer(language: str) -> Lexer | None:
    family = language.rstrip("0123456789")
    try:
        found = get_lexer_by_name(
            _FAMILIES.get(family, family), stripnl=False, ensurenl=False, stripall=False
        )
    except ClassNotFound:
        return None
    return found
