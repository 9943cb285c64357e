"""Stage 2, afterwards: a C or C++ program after its own macros, for parsers that know no macros.

pcpp expands; no other file is read and nothing is run. Where it is not sure to mean what the
compiler's own preprocessor would, there is no answer.
"""

import io
import re

import pcpp

STRINGIFIES = re.compile(rb"^[ \t]*#[ \t]*define\b[^\n]*(?:\\\n[^\n]*)*#", re.M)
"""A macro that makes text, or a name, of what it is given: it shows names."""
_DIRECTIVE = re.compile(rb"^[ \t]*#[ \t]*(\w*)", re.M)
MOST_TOKENS = 30_000


class _TooLarge(Exception):
    """Macros that grow without end."""


class _Expander(pcpp.Preprocessor):  # type: ignore[misc]  # pcpp has no types
    """Expands a program's own macros; reads no other file."""

    def __init__(self) -> None:
        super().__init__()
        self.bypass_ifpassthru = False
        self.line_directive = None
        self._seen = 0

    def on_include_not_found(self, *args: object) -> None:
        """Leaves the line as it is."""
        raise pcpp.OutputDirective(pcpp.Action.IgnoreAndPassThrough)

    def on_error(self, file: str, line: int, msg: str) -> None:
        """Says nothing: what cannot be expanded is compared by its text."""
        raise _TooLarge(msg)

    def expand_macros(self, tokens: list[object], *rest: object, **more: object) -> object:
        """As pcpp, up to a bound."""
        self._count(tokens)
        expanded: list[object] = super().expand_macros(tokens, *rest, **more)
        self._count(expanded)
        return expanded

    def _count(self, tokens: list[object]) -> None:
        self._seen += len(tokens)
        if self._seen > MOST_TOKENS:
            raise _TooLarge("too many tokens")


def expanded(content: bytes) -> bytes | None:
    """The program after its own macros; None where a preprocessor is not sure to mean the same."""
    directives = [found[1] for found in _DIRECTIVE.finditer(content)]
    if b"define" not in directives or not set(directives) <= {b"define", b"include", b"pragma"}:
        return None
    if b"include" in directives[directives.index(b"define") :] or STRINGIFIES.search(content):
        # A macro before an include may change the header.
        return None
    if b"__VA_OPT__" in content or b"\\u" in content:
        return None
    lines = content.decode("utf-8", "replace").splitlines(keepends=True)
    head = [line for line in lines if re.match(r"[ \t]*#[ \t]*(?:include|pragma)\b", line)]
    body = [line for line in lines if line not in head]
    expander = _Expander()
    out = io.StringIO()
    try:
        expander.parse("".join(body))
        expander.write(out)
    except (_TooLarge, RecursionError, ValueError, IndexError, TypeError, AttributeError, KeyError):
        return None
    return ("".join(head) + out.getvalue()).encode()
