"""Role: which version of the Kattis format a package states, and names that another version has.

The versions call the same things by other names (`testdata.yaml` and `test_group.yaml`). A package
that was taken half way from one to the next would be judged without them, so they are never passed
over in silence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from problems.errors import PackageError
from problems.formats.folder import Folder

_VERSION = re.compile(
    rb"^(?:\xef\xbb\xbf)?['\"]?problem_format_version['\"]?\s*:\s*['\"]?([\w.-]+)", re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a version calls things.

    Attributes:
        version: In words, for messages.
        settings: Name of the file with a group's settings.
        validators: Folder of the output validator.
        data: Folders of `data/` that the version knows.
    """

    version: str
    settings: str
    validators: str
    data: frozenset[str]


_TRIALS = frozenset({"invalid_input", "invalid_output", "valid_output"})
LEGACY = Names(
    version="legacy",
    settings="testdata.yaml",
    validators="output_validators",
    data=frozenset({"sample", "secret"}),
)
NEW = Names(
    version="2025-09",
    settings="test_group.yaml",
    validators="output_validator",
    data=frozenset({"sample", "secret"}),
)


def stated_version(path: Path) -> str | None:
    """The version that `problem.yaml` states, None where it states none or cannot be read."""
    try:
        with (path / "problem.yaml").open("rb") as file:
            found = _VERSION.search(file.read(1 << 20))
    except OSError:
        return None
    return None if found is None else found[1].decode()


def other_names(folder: Folder, own: Names, *, read: bool = False) -> tuple[str, ...]:
    """A note for each thing that bears the name of another version, and for each folder of `data/`
    that holds no tests for submissions.

    Args:
        read: The reader takes the other names as well (drafts of 2025-09).
    """
    other = NEW if own is LEGACY else LEGACY
    notes = [
        f"{folder.name_of(path)}: not read: {own.version} calls it {own.settings}"
        for path in _settings(folder, other)
    ]
    if folder.entries(other.validators):
        notes.append(f"{other.validators}/: not read: {own.version} calls it {own.validators}/")
    if read:
        notes = []
    for entry in folder.entries("data"):
        if entry.is_dir() and entry.name not in own.data:
            what = "tests of the jury's own programs" if entry.name in _TRIALS else "not known here"
            notes.append(f"data/{entry.name}/: no tests for submissions ({what})")
    return tuple(notes)


def refuse_other_names(folder: Folder, own: Names) -> None:
    """Refuses a package whose judging lies under another version's names alone.

    Raises:
        PackageError: Settings of a group, or the output validator; names the file and the fix.
    """
    other = NEW if own is LEGACY else LEGACY
    for path in _settings(folder, other):
        if not folder.has(path.with_name(own.settings)):
            reason = f"{own.version} calls this file {own.settings}: rename it, or its settings"
            raise PackageError(path, f"{reason} are not those that the package is judged by")
    if folder.entries(other.validators) and not folder.entries(own.validators):
        reason = f"{own.version} calls this folder {own.validators}/: rename it"
        raise PackageError(folder.root / other.validators, reason)


def _settings(folder: Folder, names: Names) -> Iterator[Path]:
    for place in ("data/sample", "data/secret"):
        for path in folder.walk(place):
            if path.name == names.settings:
                yield path
    if folder.has(f"data/{names.settings}"):
        yield folder.root / "data" / names.settings
