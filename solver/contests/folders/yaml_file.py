"""YAML files of contests: a contest's description has no use for aliases, and a bomb has."""

from pathlib import Path
from typing import Any

from problems.errors import PackageError
from problems.files.documents import parse_yaml
from solver.errors import SolverError

MAX_BYTES = 1024 * 1024


def yaml_mapping(path: Path) -> dict[str, Any]:
    """The mapping that a YAML file holds.

    Raises:
        SolverError: It is no YAML, no mapping, or too large; names file and line.
    """
    content = yaml_value(path)
    if not isinstance(content, dict):
        raise SolverError(f"{path}: not a mapping")
    return content


def yaml_value(path: Path) -> object:
    """Whatever a YAML file holds.

    Raises:
        SolverError: It is no YAML or too large; names file and line.
    """
    if path.stat().st_size > MAX_BYTES:
        raise SolverError(f"{path}: more than {MAX_BYTES} bytes")
    try:
        content: object = parse_yaml(path.read_text(encoding="utf-8"), path, aliases=0).data
    except (PackageError, UnicodeDecodeError) as error:
        named = error if isinstance(error, PackageError) else f"{path}: {error}"
        raise SolverError(str(named)) from error
    return content
