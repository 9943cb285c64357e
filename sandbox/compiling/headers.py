"""Precompiled standard headers, with nothing left to do: built once a set of flags and header.

Parsing bits/stdc++.h is three quarters of the cost of a typical contest program. g++ uses a
precompiled header only where it is the first thing in a source; so the header that a source begins
with decides, bits/stdc++.h or <iostream>, or that it has behind its task's own (`behind.py`). A
header costs as much as five programs to build, and up to 136 MB of disk, so it is built when the
fifth one comes along.

g++ writes a header with its templates *pending*: what its inline functions use is instantiated at
the end of every program that includes it, again and again, more than half of the cost that is left.
Where the compiler's own plugin headers are installed (Debian: gcc-12-plugin-dev), a plugin
(`plugin/finish_header.cc`) has that done before the header is written; programs are then compiled
without the plugin. Their functions are the same, in another order. A source that opens namespace
std or specialises templates could say what those instantiations must see: it gets the header as
g++ writes it.

What does not compile with a header is compiled without it (`Compiler`): it can never be the reason
why a program is refused.
"""

import re
from collections.abc import Mapping, Sequence
from importlib import resources

from sandbox.compiling.behind import std_header_behind
from sandbox.compiling.languages import Language
from sandbox.compiling.prepared import Made, Prepared, shown
from sandbox.data import digest_of

PAYS_AFTER = 5
"""Compilations that begin with bits/stdc++.h, with the same flags, before it is built."""

OTHERS_PAY_AFTER = 3
"""Times as many for other headers: they cost a quarter to build and save a sixth."""

PAYING = frozenset(
    (
        "bits/stdc++.h",
        "iostream",
        "algorithm",
        "string",
        "vector",
        "map",
        "set",
        "queue",
        "deque",
        "stack",
        "sstream",
        "fstream",
        "iomanip",
        "functional",
        "unordered_map",
        "unordered_set",
        "numeric",
        "random",
        "regex",
        "chrono",
        "array",
        "list",
        "memory",
        "tuple",
        "utility",
        "bitset",
        "complex",
        "istream",
        "ostream",
    )
)
"""Headers that cost enough; <cstdio>, say, is parsed in no time."""

_ALL = "bits/stdc++.h"
_FORM = "3"
"""Of a folder's content: a folder of another form is not taken for one of ours."""
_BLANK = re.compile(rb"\s+|//[^\n]*\n|/\*.*?\*/", re.DOTALL)
_INCLUDE = re.compile(rb"#[ \t]*include[ \t]*<([\w./+]+)>")
_OF_STD = re.compile(
    rb"\bnamespace\s+(?:std|__gnu_cxx)\b(?!\s*;)|\btemplate\s*<\s*>"
    rb"|\btemplate\b[^;{}()]*\b(?:struct|class|union|bool|auto)\s+(?:::\s*)?std\s*::"
)
"""A source may add to std, or specialise what std has."""

_MAKE_PLUGIN = (
    '"$0" -shared -fPIC -fno-rtti -O1 -I"$("$0" -print-file-name=plugin)/include"'
    " finish_header.cc -o finish_header.so"
)
_HAS_PLUGINS = 'test -e "$("$0" -print-file-name=plugin)/include/gcc-plugin.h"'


class PrecompiledHeaders:
    """Finds, and in time builds, the headers for a compiler and its flags; threads may share it."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._plugins: dict[str, bool] = {}

    def flags_for(
        self,
        language: Language,
        version: str,
        argv: Sequence[str],
        files: Mapping[str, bytes],
        own: Sequence[str] = (),
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What to add to the compiler's flags for these files; nothing where it does not pay.

        Args:
            own: The contestant's sources.

        Returns:
            Flags for all sources, and flags for compilations of `own` alone.
        """
        if not language.header:
            return (), ()
        firsts = {first_header(content) for content in files.values()} & PAYING
        behind = _behind(own, files)
        if not firsts and not behind:
            return (), ()
        flags = flags_of(argv, files)
        finished = self.can_finish(flags[0]) and not any(map(_OF_STD.search, files.values()))
        names = sorted(firsts | {behind} - {""})
        keys = {name: self._key(version, flags, name, finished) for name in names}
        front = ("-include", behind) if keys.get(behind) is not None else ()
        return tuple(f"-I{shown(key)}" for key in keys.values() if key is not None), front

    def can_finish(self, compiler: str) -> bool:
        """Whether the compiler can be given a plugin of ours."""
        known = self._plugins.get(compiler)
        if known is None:
            known = self._prepared.made_by(("/bin/sh", "-c", _HAS_PLUGINS, compiler), {}, ()) == {}
            self._plugins[compiler] = known
        return known

    def _key(self, version: str, flags: tuple[str, ...], name: str, finished: bool) -> str | None:
        """The folder of that header, or None where there is none (yet)."""
        kind = "finished" if finished else "pending"
        key = digest_of("\0".join((_FORM, version, *flags, name, kind)).encode())

        def make() -> Made | None:
            plugin = self._plugin(version, flags[0]) if finished else None
            return self._build(flags, name, plugin)

        pays_after = PAYS_AFTER if name == _ALL else PAYS_AFTER * OTHERS_PAY_AFTER
        return key if self._prepared.ready(key, make, pays_after=pays_after) else None

    def _build(self, flags: tuple[str, ...], name: str, plugin: str | None) -> Made | None:
        """The header's folder: the precompiled one and, beside it, one to read.

        The second is read wherever the first does not serve: a second time in the same source,
        after the first token, under other macros. Without it g++ finds no such file.
        """
        stub = f"#include <{name}>\n".encode()
        build = [*flags, "-x", "c++-header", "stub.h", "-o", "made.gch"]
        if plugin is not None:
            stub += b"#pragma solver finish\n"
            build.insert(1, f"-fplugin={shown(plugin)}/finish_header.so")
        made = self._prepared.made_by(tuple(build), {"stub.h": stub}, ("made.gch",))
        if made is None:
            return None
        return {f"{name}.gch": made["made.gch"], name: f"#include_next <{name}>\n".encode()}

    def _plugin(self, version: str, compiler: str) -> str | None:
        """The folder of the compiler's plugin, or None where it cannot be built."""
        source = (
            resources.files("sandbox.compiling").joinpath("plugin/finish_header.cc").read_bytes()
        )
        key = digest_of(b"\0".join((version.encode(), compiler.encode(), source)))

        def make() -> Made | None:
            argv = ("/bin/sh", "-c", _MAKE_PLUGIN, compiler)
            return self._prepared.made_by(argv, {"finish_header.cc": source}, ("finish_header.so",))

        return key if self._prepared.ready(key, make) else None


def _behind(own: Sequence[str], files: Mapping[str, bytes]) -> str:
    """The header that may come before all that these sources include; "" where there is none, or
    where it is the first one of all of them anyway."""
    behind = {name: std_header_behind(files[name], files) for name in own if name in files}
    first = {name: first_header(files[name]) for name in behind if not behind[name]}
    names = {name for name in behind.values() if name}
    one = names | set(first.values())
    return one.pop() if names and len(one) == 1 and one <= PAYING else ""


def first_header(content: bytes) -> str:
    """The standard header that is the first thing in a file; empty where something else is."""
    at = 0
    while blank := _BLANK.match(content, at):
        at = blank.end()
    found = _INCLUDE.match(content, at)
    return "" if found is None else found[1].decode()


def flags_of(argv: Sequence[str], files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The command without its output and its sources."""
    kept: list[str] = []
    skip = False
    for word in argv:
        if skip or word == "-o":
            skip = word == "-o" and not skip
        elif word not in files:
            kept.append(word)
    return tuple(kept)
