"""Role: the YAML and JSON files of a package's folder, and which of their keys nobody reads."""

from collections.abc import Collection
from pathlib import Path

from pydantic import AliasChoices, BaseModel

from problems.files.documents import Document as Document
from problems.files.documents import Where as Where
from problems.files.documents import finite as finite
from problems.files.documents import parse_json
from problems.files.documents import parse_yaml as parse_yaml
from problems.formats.folder import Folder

DOCUMENT_LIMIT_BYTES = 4 * 1024 * 1024


def known(
    document: Document, model: type[BaseModel], described: Collection[str] = ()
) -> tuple[Document, tuple[str, ...]]:
    """The document's keys that the model reads, and a note for each key that nothing here reads.

    Args:
        described: Keys of the format that say nothing of judging (authors, licenses): no note.
    """
    content = document.mapping()
    names: set[str] = set()
    for name, field_ in model.model_fields.items():
        alias = field_.validation_alias
        choices = alias.choices if isinstance(alias, AliasChoices) else [alias or field_.alias]
        names |= {name, *(choice for choice in choices if isinstance(choice, str))}
    kept = {key: value for key, value in content.items() if key in names}
    notes = []
    for key in content:
        if key not in names and key not in described:
            line = document.line_of((key,))
            where = document.path.name if line is None else f"{document.path.name}:{line}"
            notes.append(f"{where}: {key}: not known here, left out")
    return Document(path=document.path, data=kept, lines=document.lines), tuple(notes)


def unread_within(
    document: Document, where: Where, model: type[BaseModel], described: Collection[str] = ()
) -> tuple[str, ...]:
    """Notes on the keys of an inner part that the model does not read; none where it is no part."""
    part = document.data
    for step in where:
        try:
            part = part[step]
        except (KeyError, IndexError, TypeError):
            return ()
    if not isinstance(part, dict) or not all(isinstance(key, str) for key in part):
        return ()
    return known(document.inner(where, part), model, described)[1]


def read_yaml(folder: Folder, relative: str | Path) -> Document:
    """The YAML file of that name in the package.

    Raises:
        PackageError: Missing, too large, not YAML, or a bomb.
    """
    folder.read(relative, DOCUMENT_LIMIT_BYTES)
    return parse_yaml(folder.text(relative), folder.root / relative)


def read_json(folder: Folder, relative: str | Path) -> Document:
    """The JSON file of that name in the package.

    Raises:
        PackageError: Missing, too large, or not JSON.
    """
    folder.read(relative, DOCUMENT_LIMIT_BYTES)
    return parse_json(folder.text(relative), folder.root / relative)
