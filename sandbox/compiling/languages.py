"""The table of languages: what to call to compile and to run, as data that a user extends."""

import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Self

import platformdirs
from pydantic import BaseModel, ConfigDict, ValidationError

from sandbox.errors import UnknownLanguage
from sandbox.host.rootfs import RUST_FOLDER, rust_root
from sandbox.java_source import main_source, read_java
from sandbox.limits import MIB

VARIABLE = "SOLVER_LANGUAGES"
"""Environment variable that names the user's table of languages."""


class LanguagesFile(BaseModel):
    """One language as it stands in a TOML file; the fields are explained in languages.toml."""

    model_config = ConfigDict(extra="forbid")

    name: str
    extensions: list[str]
    compiler: str
    install: str
    version: list[str]
    compile: list[str]
    produces: list[str]
    run: list[str]
    separate: list[str] = []
    header: bool = False
    extra_memory_mib: int = 0
    processes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """How programs of one language are compiled and run; see languages.toml for the words."""

    id: str
    name: str
    extensions: tuple[str, ...]
    program: str
    fix: str
    version: tuple[str, ...]
    compile: tuple[str, ...]
    produces: tuple[str, ...]
    run: tuple[str, ...]
    separate: tuple[str, ...]
    header: bool
    extra_memory_bytes: int
    processes: int | None

    @property
    def host_program(self) -> str:
        """Where the compiler lies on this machine; in the sandbox its path is `program`."""
        root = rust_root() if RUST_FOLDER in self.program else None
        if root is None:
            return self.program
        return self.program.replace(RUST_FOLDER, str(root))

    def source_name(self, name: str, content: bytes) -> str:
        """The name that the compiler wants for a source called `name`."""
        folder, slash, last = name.rpartition("/")
        if self.id == "java" and (public := read_java(content).public_type):
            last = public + ".java"
        return folder + slash + (last if "." in last else last + self.extensions[0])

    def stem_of(self, entry: str, content: bytes) -> str:
        """What `{stem}` stands for: the main source without its ending, of Java the main class."""
        if self.id == "java" and (main := read_java(content).main_class):
            return main
        return entry.rsplit(".", 1)[0]

    def fill(
        self, words: Sequence[str], *, sources: Sequence[str], entry: str, stem: str
    ) -> tuple[str, ...]:
        """argv with its placeholders replaced; {memory_mib} is left for the run."""
        filled: list[str] = []
        for word in words:
            if word == "{sources}":
                filled += sources
            else:
                filled.append(word.replace("{entry}", entry).replace("{stem}", stem))
        return tuple(filled)


_SCRIPTS = ("python3", "pypy3")


def entry_of(sources: Mapping[str, bytes], language: Language) -> str:
    """The source that holds the main program: called main, or with a main method, or the first.

    Files of the outermost folder come first.
    """
    outer_first = sorted(sources, key=lambda name: name.count("/"))
    if language.id == "java":
        found = main_source({name: sources[name] for name in outer_first})
        if found is not None:
            return found
    stems = {name: name.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower() for name in sources}
    for wanted in ("__main__", "main") if language.id in _SCRIPTS else ("main",):
        for name in outer_first:
            if stems[name] == wanted:
                return name
    return outer_first[0]


class LanguageTable:
    """All languages by id, ours and the user's."""

    def __init__(self, languages: Mapping[str, Language]) -> None:
        self._languages = dict(languages)

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Reads our table, then the user's on top of it.

        Args:
            path: The user's table; None means $SOLVER_LANGUAGES or the configuration folder.

        Raises:
            UnknownLanguage: The user's file cannot be read; the message names file and field.
        """
        languages = _parse(
            resources.files("sandbox.compiling").joinpath("languages.toml").read_text(),
            "languages.toml",
        )
        own = path or user_table()
        if own is not None:
            try:
                text = own.read_text()
            except OSError as error:
                raise UnknownLanguage(f"{own}: {error.strerror}") from error
            languages |= _parse(text, str(own))
        return cls(languages)

    def __getitem__(self, language: str) -> Language:
        """The language of that id.

        Raises:
            UnknownLanguage: There is none.
        """
        try:
            return self._languages[language]
        except KeyError:
            known = ", ".join(sorted(self._languages))
            raise UnknownLanguage(f"no language is called {language!r}; known: {known}") from None

    def __contains__(self, language: str) -> bool:
        return language in self._languages

    def __iter__(self) -> Iterator[Language]:
        return iter(self._languages.values())

    def of_file(self, name: str) -> Language:
        """The language that a file name's ending stands for; of several, C++20 and Python 3.

        Raises:
            UnknownLanguage: No language has that ending.
        """
        fitting = [item for item in self if name.endswith(item.extensions)]
        if not fitting:
            raise UnknownLanguage(f"{name}: no language has this ending")
        preferred = [item for item in fitting if item.id in ("cpp20", "python3")]
        return (preferred or fitting)[0]


@cache
def _loaded() -> LanguageTable:
    return LanguageTable.load()


def extensions_of(language: str) -> tuple[str, ...]:
    """What the names of a language's source files end in (".cpp"), the usual ending first.

    A language that no table knows has its own id for an ending.

    Raises:
        UnknownLanguage: The user's own table cannot be read.
    """
    table = _loaded()
    return table[language].extensions if language in table else (f".{language}",)


def user_table() -> Path | None:
    """The user's own table of languages, if there is one."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    path = Path(platformdirs.user_config_dir("solver")) / "languages.toml"
    return path if path.exists() else None


def _parse(text: str, where: str) -> dict[str, Language]:
    try:
        tables = tomllib.loads(text)
        return {key: _language(key, LanguagesFile(**table)) for key, table in tables.items()}
    except (tomllib.TOMLDecodeError, ValidationError, TypeError) as error:
        raise UnknownLanguage(f"{where}: {error}") from error


def _language(key: str, file: LanguagesFile) -> Language:
    return Language(
        id=key,
        name=file.name,
        extensions=tuple(file.extensions),
        program=file.compiler,
        fix=file.install,
        version=tuple(file.version),
        compile=tuple(file.compile),
        produces=tuple(file.produces),
        run=tuple(file.run),
        separate=tuple(file.separate),
        header=file.header,
        extra_memory_bytes=file.extra_memory_mib * MIB,
        processes=file.processes,
    )
