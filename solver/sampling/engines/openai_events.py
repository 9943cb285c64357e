"""Server-sent events as a chat-completions server sends them, from bytes to the data of each event.

A line ends at CR, LF or both and nowhere else (WHATWG HTML, "Parsing an event stream"): JSON may
hold U+2028, U+2029 and U+0085 as they are, which `str.splitlines` would break a line at.
"""

import re
from collections.abc import Iterable, Iterator

_LINE_END = re.compile(rb"\r\n|\n|\r")
END = "[DONE]"


def lines_of(chunks: Iterable[bytes]) -> Iterator[str]:
    """The lines of a stream, each as soon as its end has come; the last one may have no end."""
    held = b""
    for chunk in chunks:
        held += chunk
        start = 0
        for end in _LINE_END.finditer(held):
            if end.group() == b"\r" and end.end() == len(held):
                break  # perhaps the first half of CR LF
            yield held[start : end.start()].decode("utf-8", "replace")
            start = end.end()
        held = held[start:]
    if held:
        yield held.rstrip(b"\r\n").decode("utf-8", "replace")


def events_of(chunks: Iterable[bytes]) -> Iterator[str]:
    """The data of each event, lines of one event joined; a blank line ends an event.

    Two things that servers do beside the standard are understood: data without a blank line after
    it (the next `data:` begins a JSON document of its own), and a field `error:` in place of
    `data:` (llama.cpp until 2025), which comes as `{"error": ...}`.
    """
    data: list[str] = []
    for line in lines_of(chunks):
        if not line:
            if data:
                yield "\n".join(data)
                data = []
            continue
        name, _, value = line.lstrip("\ufeff").partition(":")
        value = value.removeprefix(" ")
        if name == "error" and value:
            yield f'{{"error": {value}}}'
        elif name == "data":
            if data and _whole(data):
                yield "\n".join(data)
                data = []
            data.append(value)
    if data:
        yield "\n".join(data)


def _whole(data: list[str]) -> bool:
    text = "\n".join(data).strip()
    return text == END or (text.startswith("{") and text.endswith("}"))
