"""A PDF's text with its exponents: 10 with a raised 5 is 10^5, not 105.

pypdf gives the pieces of text with their matrices and font sizes (`visitor_text`). A piece in a
smaller font, or with a rise, whose baseline lies above that of the piece to its left is a power of
it, one below is an index. Browsers print all small pieces of a page after the large ones, so the
piece to the left is looked for by place where the one before in the text does not fit.
"""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pypdf import PageObject

# Shares of the font size of the text beside it.
SMALLER = 0.88
RAISED = (0.15, 0.95)
LOWERED = (-0.6, -0.06)
LONGEST_SCRIPT = 16


@dataclass(slots=True)
class _Piece:
    """A piece of text where it stands on the page; all in points of the page."""

    text: str
    x: float
    y: float
    size: float
    rise: float = 0.0

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class _Shown:
    """What one operator showed, and where; the text as far as it can be read without the font."""

    text: str
    x: float
    y: float
    rise: float


def page_text(page: PageObject) -> str:
    """The text of a page, powers as `10^5` and indexes as `a_i`."""
    pieces: list[_Piece] = []
    shown: list[_Shown] = []
    rise = 0.0

    def operand(
        operator: bytes, operands: Sequence[Any], cm: Sequence[float], tm: Sequence[float]
    ) -> None:
        nonlocal rise
        if operator == b"Ts":
            rise = float(operands[0]) if operands else 0.0
        elif operator in (b"Tj", b"TJ") and operands:
            listed = operands[0] if isinstance(operands[0], list) else [operands[0]]
            text = "".join(
                each.decode("latin-1") if isinstance(each, bytes) else each
                for each in listed
                if isinstance(each, (bytes, str))
            )
            place = _placed(text, cm, tm, 0.0)
            raised = rise * _scale(cm, tm)
            if text.strip():
                shown.append(_Shown(text, place.x, place.y + raised, raised))

    def text(text: str, cm: Sequence[float], tm: Sequence[float], _font: Any, size: float) -> None:
        if text:
            pieces.extend(_split(_placed(text, cm, tm, float(size)), shown))

    whole = page.extract_text(visitor_operand_before=operand, visitor_text=text)
    joined = "".join(piece.text for piece in pieces)
    if not any(_is_script_sized(piece, pieces) for piece in pieces):
        return whole
    if "".join(joined.split()) != "".join(whole.split()):
        # The pieces are not all of the text: better without powers than without words.
        return whole
    return _with_scripts(pieces)


def _split(piece: _Piece, shown: list[_Shown]) -> list[_Piece]:
    """A piece at the places where its baseline moves.

    pypdf begins pieces where the font changes; a rise, which it does not look at, or a small step
    leaves them whole.

    Args:
        shown: What was shown since the last piece, and perhaps something of the next one; what
            belongs to this one is taken out.
    """
    parts: list[tuple[int, _Shown]] = []
    at = 0
    for each in shown:
        found = piece.text.find(each.text, at)
        if found < 0:
            break
        parts.append((found, each))
        at = found + len(each.text)
    # Nothing fits where a font has codes of its own: then the piece stays as it is.
    del shown[: len(parts) or len(shown)]
    if not parts:
        return [piece]
    ends = [*(start for start, _ in parts[1:]), len(piece.text)]
    begins = [0, *ends[:-1]]
    return [
        _Piece(text=piece.text[begin:end], x=each.x, y=each.y, size=piece.size, rise=each.rise)
        for (_, each), begin, end in zip(parts, begins, ends, strict=True)
    ]


def _scale(cm: Sequence[float], tm: Sequence[float]) -> float:
    """How much larger than in its own space text stands on the page, by its height."""
    up = (tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3])
    return float((up[0] ** 2 + up[1] ** 2) ** 0.5)


def _placed(text: str, cm: Sequence[float], tm: Sequence[float], size: float) -> _Piece:
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    return _Piece(text=text, x=float(x), y=float(y), size=size * _scale(cm, tm))


def _is_script_sized(piece: _Piece, pieces: Sequence[_Piece]) -> bool:
    script = piece.text.strip()
    if not script or len(script) > LONGEST_SCRIPT or re.search(r"\s|[^\W\d_]{4}", script):
        # A word beside it in smaller print is no power.
        return False
    return piece.rise != 0 or any(piece.size < SMALLER * other.size for other in pieces)


def _with_scripts(pieces: list[_Piece]) -> str:
    """All pieces, the small ones behind what they belong to."""
    texts = [piece.text for piece in pieces]
    # Of each host its powers and indexes, each as (mark, text), and the blanks behind them.
    scripts: dict[int, list[tuple[str, str]]] = {}
    endings: dict[int, str] = {}
    moved: set[int] = set()
    for number, piece in enumerate(pieces):
        if not _is_script_sized(piece, pieces):
            continue
        host = _host_of(number, pieces, scripts, moved)
        if host is None:
            continue
        mark = "^" if _offset(piece, pieces[host]) > 0 else "_"
        own = scripts.setdefault(host, [])
        if own and own[-1][0] == mark:
            own[-1] = (mark, own[-1][1] + piece.text.strip())
        else:
            own.append((mark, piece.text.strip()))
        if _before(number, pieces, moved) == host:
            # A line break between the two was made by the raised baseline alone.
            endings[host] = piece.text[len(piece.text.rstrip()) :]
        texts[number] = ""
        moved.add(number)
    for host, own in scripts.items():
        body = texts[host].rstrip()
        blanks = endings.get(host, texts[host][len(body) :])
        texts[host] = body + "".join(_script(body, *each) for each in own) + blanks
    return "".join(texts)


def _script(body: str, mark: str, text: str) -> str:
    if mark == "^" and body[-1:].isdigit() and text in ("st", "nd", "rd", "th"):
        return text
    return f"{mark}{text}" if re.fullmatch(r"\w+", text) else f"{mark}({text})"


def _before(number: int, pieces: Sequence[_Piece], moved: Container[int]) -> int | None:
    """The piece before it in the text, of those that are not blank and still stand there."""
    for each in range(number - 1, -1, -1):
        if not pieces[each].is_blank and each not in moved:
            return each
    return None


def _offset(piece: _Piece, host: _Piece) -> float:
    return (piece.y - host.y) / host.size if host.size else 0.0


def _fits(piece: _Piece, host: _Piece) -> bool:
    """The piece is small beside the host, off its line, and the host ends in what takes a power."""
    if host.is_blank or not re.search(r"[\w)\]|']\s*$", host.text):
        return False
    if piece.size >= SMALLER * host.size and piece.rise == 0:
        return False
    offset = _offset(piece, host)
    return RAISED[0] <= offset <= RAISED[1] or LOWERED[0] <= offset <= LOWERED[1]


def _width(text: str) -> float:
    """About how wide a text is, as a multiple of its font's size."""
    return sum(_WIDTHS.get(letter, 0.66 if letter.isupper() else 0.5) for letter in text)


_WIDTHS = {
    **dict.fromkeys(".,:;'|ijl![]() \t", 0.28),
    **dict.fromkeys("mwMW", 0.8),
}


def _host_of(
    number: int,
    pieces: Sequence[_Piece],
    scripts: Mapping[int, Sequence[tuple[str, str]]],
    moved: Container[int],
) -> int | None:
    """What the piece is a power or an index of: the piece before it, or the one to its left."""
    piece = pieces[number]
    before = _before(number, pieces, moved)
    if before is not None and _fits(piece, pieces[before]) and piece.x >= pieces[before].x:
        return before
    best: int | None = None
    for each, host in enumerate(pieces):
        if each == number or each in moved or not _fits(piece, host):
            continue
        width = _width(host.text.strip()) * host.size
        taken = _width("".join(text for _, text in scripts.get(each, ()))) * piece.size
        near = 0.7 * width <= piece.x - host.x <= 1.3 * (width + taken) + 0.25 * host.size
        if near and (best is None or host.x > pieces[best].x):
            best = each
    return best
