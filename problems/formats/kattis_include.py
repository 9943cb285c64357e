"""Role: `include/` of a Kattis package: files that are added to the submissions of a language.

`include/default/` goes to every language, `include/LANGUAGE/` to that language alone, below its
own folders. Where a file of it is the main program (`main.*`), submissions are functions that it
calls; a language without such a file takes whole programs.
"""

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from problems.formats.folder import Folder
from problems.formats.programs import read_sources
from problems.task import Interface

# Kattis's code of a language -> ids of the sandbox's table.
LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "c": ("c",),
    "cpp": ("cpp17", "cpp20", "cpp23"),
    "java": ("java",),
    "python3": ("python3", "pypy3"),
    "rust": ("rust",),
}
PREFERRED = {code: "cpp20" if code == "cpp" else ids[0] for code, ids in LANGUAGES.items()}
"""Kattis's code of a language -> the id with which a submission is compiled."""

# Older packages' names of folders.
_OLDER = {"python": "python3", "py": "python3"}
_IMPORT = re.compile(rb"^\s*(?:from|import)\s+(\w+)", re.MULTILINE)
_HEADER = re.compile(rb'^\s*#\s*include\s*"(\w+)\.h"', re.MULTILINE)
_MODULE = re.compile(
    rb'^\s*(?:pub\s+)?mod\s+(\w+)\s*;|\binclude!\s*\(\s*"([\w-]+)\.rs"', re.MULTILINE
)

Sources = dict[str, bytes]


def read_interface(
    folder: Folder, put_in: Callable[[Mapping[str, bytes]], Sources] = dict
) -> tuple[Interface, tuple[str, ...]]:
    """How submissions are built, and a note for each folder that serves no language known here.

    Args:
        put_in: Puts the package's constants into files.
    """
    common: Sources = {}
    managers: dict[str, Mapping[str, bytes]] = {}
    names: dict[str, str] = {}
    notes: list[str] = []
    if folder.has("include/default"):
        common = put_in(read_sources(folder, folder.root / "include/default"))
    if common:
        managers = {language: common for ids in LANGUAGES.values() for language in ids}
    for entry in folder.entries("include"):
        ids = LANGUAGES.get(_OLDER.get(entry.name, entry.name))
        if entry.name == "default":
            continue
        if ids is None or not entry.is_dir():
            notes.append(f"include/{entry.name}: serves no language that is known here")
            continue
        files = common | put_in(read_sources(folder, entry))
        managers |= dict.fromkeys(ids, files)
        name = submission_name(ids[0], files)
        if name is not None:
            names |= dict.fromkeys(ids, name)
    headers = {language: _headers(files) for language, files in managers.items()}
    interface = Interface(
        managers=managers,
        submission_names=names,
        signatures={language: text for language, text in headers.items() if text},
        adds_files=True,
    )
    return interface, tuple(notes)


def _headers(files: Mapping[str, bytes]) -> str:
    return "\n".join(
        content.decode("utf-8", "replace")
        for name, content in sorted(files.items())
        if name.endswith((".h", ".hpp"))
    )


def submission_name(language: str, files: Mapping[str, bytes]) -> str | None:
    """The file name by which the grader finds the contestant's file, where it matters."""
    text = b"\n".join(content for name, content in sorted(files.items()))
    own = {Path(name).stem for name in files} | {name.split("/")[0] for name in files}
    if language == "python3":
        for match in _IMPORT.finditer(text):
            module = match[1].decode()
            if module not in sys.stdlib_module_names and module not in own:
                return f"{module}.py"
    if language.startswith("cpp"):
        for match in _HEADER.finditer(text):
            return f"{match[1].decode()}.cpp"
    if language == "rust":
        for match in _MODULE.finditer(text):
            module = (match[1] or match[2]).decode()
            if module not in own:
                return f"{module}.rs"
    return None
