"""Role: files of a program as the compiler wants them: sources apart from the rest."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from sandbox.backend import Executable
from sandbox.compiling.compile import CompileError, Compiler
from sandbox.errors import CompilerMissing


def flat_names(sources: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files without their inner folders; of two with one name the outermost stays."""
    flat: dict[str, bytes] = {}
    for name in sorted(sources, key=lambda name: (name.count("/"), name)):
        flat.setdefault(name.rsplit("/", 1)[-1], sources[name])
    return flat


# Languages whose programs are started by a class and not by a file.
_BY_CLASS = ("java", "kotlin", "scala")
_EVERYTHING = b"#include <bits/stdc++.h>\n#line 1\n"


def dialects(
    language: str, sources: Mapping[str, bytes]
) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    """A jury's program as it stands, then as older compilers took it; no package names its own.

    Newer C++ took names that old programs use (`byte`, `data`), so C++17 comes next; and the
    headers of older libraries brought each other along, so programs forgot some: then all of the
    library is in scope.
    """
    yield language, sources
    if not language.startswith("cpp"):
        return
    if language != "cpp17":
        yield "cpp17", sources
    whole = {
        name: content if name.endswith((".h", ".hpp")) else _EVERYTHING + content
        for name, content in sources.items()
    }
    yield language, whole
    if language != "cpp17":
        yield "cpp17", whole


def compile_files(
    compiler: Compiler,
    files: Mapping[str, bytes],
    language: str,
    *,
    managers: Mapping[str, bytes] | None = None,
    entry: str | None = None,
) -> Executable | CompileError:
    """Compiles a program's files; those that are no sources of the language only lie beside.

    Names keep their folders. A task's manager replaces a file of the same name.

    Args:
        entry: The file, or in Java the class, that is started; None: find it.

    Where PyPy is asked for and not installed, CPython takes its place: slower, never wrong.

    Raises:
        UnknownLanguage, CompilerMissing: Nothing here compiles that language.
    """
    if entry is not None and language not in _BY_CLASS and entry not in {*files, *(managers or {})}:
        reason = f"the file to be started, {entry!r}, is not among the program's"
        return CompileError(reason=reason, messages=reason.encode(), limit=None)
    files = _without_collisions(files, managers or {})
    endings = compiler.languages[language].extensions
    sources = {name: content for name, content in files.items() if name.endswith(endings)}
    if not sources:  # a file without an ending: the compiler gives it one
        sources = dict(files)
    beside = {name: content for name, content in files.items() if name not in sources}
    beside |= managers or {}
    try:
        return compiler.compile(sources, language, managers=beside, entry=entry)
    except CompilerMissing:
        if language != "pypy3":
            raise
        return compiler.compile(sources, "python3", managers=beside, entry=entry)


def _without_collisions(
    files: Mapping[str, bytes], managers: Mapping[str, bytes]
) -> Mapping[str, bytes]:
    """The files but for those that bear the name of a manager's folder, or lie below a manager."""
    folders = {str(above) for name in managers for above in PurePosixPath(name).parents}
    return {
        name: content
        for name, content in files.items()
        if name not in folders
        and not any(str(above) in managers for above in PurePosixPath(name).parents)
    }
