"""Role: the YAML file that an Austrian `task.yaml` extends, put under it."""

import fnmatch
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from problems.errors import PackageError
from problems.formats.documents import Document, parse_yaml, read_yaml
from problems.formats.folder import Folder


def with_base(folder: Folder, document: Document, depth: int) -> Document:
    """The document on top of the one that it extends, if any.

    The repository keeps `base-*.yaml` one level up; packages that travel alone carry a copy.

    Raises:
        PackageError: The base is missing, or extends in a circle.
    """
    content = document.mapping()
    named = content.get("extends")
    if named is None:
        return document
    line = document.line_of(("extends",))
    if not isinstance(named, str) or depth > 5:
        raise PackageError(document.path, f"extends: {named!r}", line)
    name = Path(named).name
    parent = folder.root.parent / name
    if folder.has(name):
        base = read_yaml(folder, name)
    elif (
        named == f"../{name}"
        and fnmatch.fnmatchcase(name, "base*.yaml")
        and parent.is_file()
        and not parent.is_symlink()
    ):
        base = parse_yaml(parent.read_text("utf-8", "replace"), parent)
    else:
        raise PackageError(document.path, f"extends: {named} is not there", line)
    under = with_base(folder, base, depth + 1).mapping()
    return Document(path=document.path, data=_merged(under, content), lines=document.lines)


def _merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            merged[key] = _merged(below, value)
        else:
            merged[key] = value
    return merged
