"""Programs that include their task's header first and the standard one behind it, as functions
behind a grader do: g++ takes a precompiled header only where it is the first thing in a source.

`-include bits/stdc++.h` makes it the first thing. That is the same program where the header before
it could neither see what the standard one says nor be seen by it: declarations and includes, an
include guard that nobody else's name is, and nothing that a macro, a default, a body or a
specialisation could do. Any other header keeps its place, and the program is compiled as it stands.
"""

import re
from collections.abc import Mapping

_BLANK = re.compile(rb"\s+|//[^\n]*(?:\n|$)|/\*.*?\*/", re.DOTALL)
_OWN = re.compile(rb'#[ \t]*include[ \t]*"([\w.-]+)"[ \t]*(?=[\r\n/]|$)')
_INCLUDE = re.compile(rb"#[ \t]*include[ \t]*<([\w./+]+)>")
_COMMENT = re.compile(rb"//[^\n]*|/\*.*?\*/", re.DOTALL)
_DIRECTIVE = re.compile(rb"^[ \t]*#[^\n]*$", re.MULTILINE)
_WORDS = re.compile(rb"#[ \t]*(\w+)[ \t]*([^\r\n]*?)\s*")
_NAMES = """bits/stdc++.h cassert cctype cfloat climits cmath cstddef cstdint cstdio cstdlib cstring
    algorithm array bitset complex ctime deque functional iomanip ios iosfwd iostream istream
    iterator limits list map memory numeric optional ostream queue random set sstream stack
    stdexcept string string_view tuple type_traits unordered_map unordered_set utility variant
    vector assert.h ctype.h limits.h math.h stdbool.h stddef.h stdint.h stdio.h stdlib.h string.h
    time.h"""
_STANDARD = frozenset(_NAMES.split())
"""Order does not matter among these. A task's header that is called like one is none of ours."""
_DECLARED = re.compile(rb"[\w\s:;,*&<>()\[\]]*")
_DOES_MORE = re.compile(
    rb"\b(?:using|namespace|template|operator|static|inline|typedef|friend|class|struct|union|enum"
    rb"|asm|decltype|auto|__\w+)\b"
)
_C_LINKAGE = re.compile(rb'\bextern\s*"C"\s*\{([^{}]*)\}')
_MOST_HEADERS = 8


def std_header_behind(content: bytes, files: Mapping[str, bytes]) -> str:
    """The standard header that a source includes next after plain headers of its task.

    Args:
        files: What lies beside the source.

    Returns:
        "" where it begins with something else, a header of its own that does more than declare, or
        the standard one itself.
    """
    at, names = _past_blank(content, 0), list[str]()
    while found := _OWN.match(content, at):
        names.append(found[1].decode())
        at = _past_blank(content, found.end())
    last = _INCLUDE.match(content, at)
    if last is None or not names:
        return ""
    seen: set[str] = set()
    return last[1].decode() if all(_is_plain(name, files, seen) for name in names) else ""


def _past_blank(content: bytes, at: int) -> int:
    while blank := _BLANK.match(content, at):
        at = blank.end()
    return at


def _is_plain(name: str, files: Mapping[str, bytes], seen: set[str]) -> bool:
    """Whether a header of the task, and those that it includes, only declare functions and
    variables."""
    if name in seen:
        return True
    seen.add(name)
    content = files.get(name)
    if (
        name in _STANDARD
        or content is None
        or len(seen) > _MOST_HEADERS
        or b"\\" in content
        or b"??" in content
    ):
        return False
    text = _COMMENT.sub(b" ", content)
    for line in _DIRECTIVE.findall(text):
        if not _is_plain_directive(line.strip(), name, files, seen):
            return False
    rest = _C_LINKAGE.sub(rb"\1", _DIRECTIVE.sub(b"", text))
    rest = re.sub(rb"\bextern\b", b" ", rest)
    return _DECLARED.fullmatch(rest) is not None and _DOES_MORE.search(rest) is None


def _is_plain_directive(line: bytes, name: str, files: Mapping[str, bytes], seen: set[str]) -> bool:
    words = _WORDS.fullmatch(line)
    if words is None:
        return False
    kind, value = words[1], words[2]
    if kind == b"include":
        if value.startswith(b'"') and value.endswith(b'"'):
            return _is_plain(value[1:-1].decode("utf-8", "replace"), files, seen)
        return value[:1] + value[-1:] == b"<>" and value[1:-1].decode("latin-1") in _STANDARD
    if kind in (b"ifndef", b"define"):
        # A guard that bears the file's name, which no standard header can ask for.
        stem = re.sub(r"[\W_]", "", name.partition(".")[0]).upper().encode()
        guard = re.fullmatch(rb"[A-Za-z_]\w*", value) is not None
        return guard and len(stem) > 1 and stem in value.replace(b"_", b"").upper()
    return (kind, value) in ((b"pragma", b"once"), (b"endif", b""), (b"ifdef", b"__cplusplus"))
