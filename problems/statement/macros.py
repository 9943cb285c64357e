r"""A TeX file's own macros (`\newcommand`, `\def`), expanded before the text is read.

Statements define their bounds this way (`\newcommand{\maxn}{10^5}`): unexpanded, the limits of the
task would be missing from the prompt.
"""

import re
from dataclasses import dataclass

# Macros shorten a statement a little; text that grows beyond this is a macro that doubles itself.
MAX_GROWTH = 4
FREE_CHARS = 20_000
_MAX_ROUNDS = 20

_DEFINITION = re.compile(
    r"\\(?:re)?(?:newcommand|providecommand)\*?\s*(?:\{\s*\\([A-Za-z]+)\s*\}|\\([A-Za-z]+))"
    r"\s*(?:\[(\d)\])?\s*(?:\[([^\]]*)\])?\s*(?=\{)"
    r"|\\def\s*\\([A-Za-z]+)\s*((?:#\d)*)\s*(?=\{)"
)


@dataclass(frozen=True, slots=True)
class _Macro:
    body: str
    arguments: int
    default: str | None


def expand_macros(source: str) -> str:
    """The text with its own definitions taken out and applied.

    Returns:
        The expanded text; the unexpanded rest where expansion does not end, or grows past
        `MAX_GROWTH` times the source and `FREE_CHARS`.
    """
    text, macros = _take_definitions(source)
    limit = MAX_GROWTH * len(source) + FREE_CHARS
    for _ in range(_MAX_ROUNDS if macros else 0):
        expanded = _expand_once(text, macros, limit)
        if expanded is None or expanded == text:
            break
        text = expanded
    return text


def _take_definitions(source: str) -> tuple[str, dict[str, _Macro]]:
    macros: dict[str, _Macro] = {}
    kept: list[str] = []
    position = 0
    for match in _DEFINITION.finditer(source):
        if match.start() < position:
            continue
        body = braced(source, match.end())
        if body is None:
            continue
        name = match[1] or match[2] or match[5]
        arguments = int(match[3]) if match[3] else len(match[6] or "") // 2
        macros[name] = _Macro(body=body, arguments=arguments, default=match[4])
        kept.append(source[position : match.start()])
        position = match.end() + len(body) + 2
    kept.append(source[position:])
    return "".join(kept), macros


def braced(text: str, start: int) -> str | None:
    """What the braces that open at `start` hold; None where they do not close."""
    depth = 0
    position = start
    while position < len(text):
        char = text[position]
        if char == "\\":
            position += 2
            continue
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                return text[start + 1 : position]
        position += 1
    return None


def _expand_once(text: str, macros: dict[str, _Macro], limit: int) -> str | None:
    """One pass; None where the text grew past the limit."""
    pattern = re.compile(
        r"\\(" + "|".join(sorted(macros, key=len, reverse=True)) + r")(?![A-Za-z])"
    )
    parts: list[str] = []
    size = 0
    position = 0
    for match in pattern.finditer(text):
        if match.start() < position:
            continue
        applied = _apply(macros[match[1]], text, match.end())
        if applied is None:
            continue
        replacement, end = applied
        parts += [text[position : match.start()], replacement]
        size += len(parts[-1]) + len(parts[-2])
        if size > limit:
            return None
        position = end
    parts.append(text[position:])
    return "".join(parts)


def _apply(macro: _Macro, text: str, position: int) -> tuple[str, int] | None:
    values: list[str] = []
    if macro.default is not None:
        optional = re.compile(r"\s*\[([^\]]*)\]").match(text, position)
        values.append(optional[1] if optional else macro.default)
        position = optional.end() if optional else position
    while len(values) < macro.arguments:
        opening = re.compile(r"\s*(?=\{)").match(text, position)
        value = braced(text, opening.end()) if opening else None
        if opening is None or value is None:
            return None
        values.append(value)
        position = opening.end() + len(value) + 2

    def value_of(match: re.Match[str]) -> str:
        return values[int(match[1]) - 1] if 0 < int(match[1]) <= len(values) else ""

    body = re.sub(r"#(\d)", value_of, macro.body)
    if macro.arguments:
        return body, position
    # TeX swallows the blanks after a control word, and a control word in the body would swallow
    # the word that follows.
    blanks = re.compile(r"[ \t]*").match(text, position)
    end = blanks.end() if blanks else position
    joins = body[-1:].isalpha() and text[end : end + 1].isalpha()
    return (f"{body} " if joins and end > position else body), end
