"""YAML files of contests, read with a guard against aliases that unfold without end."""

from pathlib import Path
from typing import Any

import yaml

from solver.errors import SolverError

MAX_BYTES = 1024 * 1024


class _NoAliases(yaml.SafeLoader):
    """A contest's description has no use for aliases, and a bomb has."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.composer.ComposerError(
                None, None, "aliases are not allowed", self.get_mark()
            )
        return super().compose_node(parent, index)


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
        content: object = yaml.load(path.read_text(encoding="utf-8"), Loader=_NoAliases)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark is not None else ""
        reason = getattr(error, "problem", None) or str(error)
        raise SolverError(f"{path}{line}: {reason}") from error
    return content
