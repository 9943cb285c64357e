"""Role: YAML and JSON of strangers, guarded, with the line of every key for clear messages.

`check` turns a document into a pydantic model; whatever is wrong becomes one `PackageError` that
names file and line.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from problems.errors import PackageError

ALIAS_LIMIT = 200
UNFOLDED_LIMIT = 1_000_000
"""Values that a document may hold with every alias written out: twenty lines can mean 10**20."""
DEPTH_LIMIT = 60

Model = TypeVar("Model", bound=BaseModel)
Where = tuple[str | int, ...]
# What PyYAML raises for a scalar that is not what its tag or shape promises (a date such as
# 2026-99-99, `!!int` of a word, `!!bool` of one).
_CONSTRUCTION = (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed file.

    Attributes:
        path: Where it was read.
        data: Its content as plain Python values.
        lines: Path of keys and indices to the 1-based line where that value is named.
    """

    path: Path
    data: Any
    lines: Mapping[Where, int] = field(default_factory=dict)

    def line_of(self, where: Where) -> int | None:
        """Line of a value, or of the innermost value around it that has one."""
        for length in range(len(where), -1, -1):
            if where[:length] in self.lines:
                return self.lines[where[:length]]
        return None

    def inner(self, where: Where, data: Any) -> "Document":
        """The part of the file at `where`, whose content is `data`, with its lines."""
        depth = len(where)
        lines = {key[depth:]: line for key, line in self.lines.items() if key[:depth] == where}
        line = self.line_of(where)
        if line is not None:
            lines.setdefault((), line)
        return Document(path=self.path, data=data, lines=lines)

    def mapping(self) -> dict[str, Any]:
        """The content as a mapping with text keys; an empty file is an empty mapping.

        Raises:
            PackageError: It is something else.
        """
        if self.data is None:
            return {}
        if not isinstance(self.data, dict) or not all(isinstance(key, str) for key in self.data):
            raise PackageError(self.path, "expected keys and values", self.line_of(()) or 1)
        return self.data

    def check(self, model: type[Model]) -> Model:
        """The content as `model`.

        Raises:
            PackageError: A value is missing or of the wrong type; names the line.
        """
        try:
            return model.model_validate(self.mapping())
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = first["loc"]
            named = ".".join(str(part) for part in where)
            raise PackageError(
                self.path, f"{named}: {first['msg']}", self.line_of(where)
            ) from error


def finite(value: object) -> float | None:
    """A number as a float; None for anything else, for infinities, NaN and what no float holds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


class _Loader(yaml.SafeLoader):
    """SafeLoader that refuses alias bombs and bottomless nesting, and knows no custom tags.

    Tags such as `!cppcompile x` occur in the Austrian task.yaml; their plain value is kept.
    """

    def __init__(self, text: str, aliases: int = ALIAS_LIMIT) -> None:
        super().__init__(text)
        self._aliases_left = self._aliases = aliases
        self._depth = 0
        self._unfolded = 0
        self._sizes: dict[int, int] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Counts aliases, depth and unfolded values while the tree is built."""
        alias = self.check_event(yaml.AliasEvent)
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        if alias:
            self._aliases_left -= 1
            if self._aliases_left < 0:
                told = f"more than {self._aliases} aliases" if self._aliases else "aliases"
                raise yaml.MarkedYAMLError(None, None, f"{told} are not allowed", mark)
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            raise yaml.MarkedYAMLError(None, None, f"nested deeper than {DEPTH_LIMIT}", mark)
        before = self._unfolded
        node = super().compose_node(parent, index)
        self._depth -= 1
        if not alias:
            self._unfolded += 1
            self._sizes[id(node)] = self._unfolded - before
        elif id(node) not in self._sizes:
            raise yaml.MarkedYAMLError(None, None, "an alias of what it stands in", mark)
        else:
            self._unfolded += self._sizes[id(node)]
            if self._unfolded > UNFOLDED_LIMIT:
                reason = f"aliases that unfold to more than {UNFOLDED_LIMIT} values"
                raise yaml.MarkedYAMLError(None, None, reason, mark)
        return node


def _plain(loader: _Loader, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.ScalarNode)
    return loader.construct_scalar(node)


_Loader.add_multi_constructor("!", _plain)


def _collect_lines(node: yaml.Node, where: Where, lines: dict[Where, int], seen: set[int]) -> None:
    lines.setdefault(where, node.start_mark.line + 1)
    if id(node) in seen:  # an alias: its inside has been named already
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                inner = (*where, key.value)
                lines.setdefault(inner, key.start_mark.line + 1)
                _collect_lines(value, inner, lines, seen)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _collect_lines(value, (*where, index), lines, seen)


def parse_yaml(text: str, path: Path, *, aliases: int = ALIAS_LIMIT) -> Document:
    """A YAML document.

    Args:
        path: Where it was read, for messages.
        aliases: How many it may hold.

    Raises:
        PackageError: Not YAML, or a bomb; names the line.
    """
    try:
        loader = _Loader(text, aliases)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise PackageError(path, f"not valid YAML: {error.reason}", line) from error
    try:
        node = loader.get_single_node()
        if node is None:
            return Document(path=path, data=None)
        lines: dict[Where, int] = {}
        _collect_lines(node, (), lines, set())
        return Document(path=path, data=loader.construct_document(node), lines=lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        at = mark.line + 1 if mark is not None else None
        raise PackageError(path, f"not valid YAML: {error.problem}", at) from error
    except (yaml.YAMLError, *_CONSTRUCTION) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise PackageError(path, f"not valid YAML: {reason}", 1) from error
    finally:
        loader.dispose()


def parse_json(text: str, path: Path) -> Document:
    """A JSON document.

    Raises:
        PackageError: Not JSON, or a bomb; names the line.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise PackageError(path, f"not valid JSON: {error.msg}", error.lineno) from error
    except ValueError as error:  # a number of thousands of digits
        raise PackageError(path, f"not valid JSON: {error}", 1) from error
    except RecursionError as error:
        raise PackageError(path, "nested too deeply", 1) from error
    lines: dict[Where, int] = {}
    try:  # JSON is nearly YAML, and YAML's parser knows the lines
        loader = _Loader(text.replace("\t", " "))
        node = loader.get_single_node()
        if node is not None:
            _collect_lines(node, (), lines, set())
    except (yaml.YAMLError, RecursionError):
        lines = {(): 1}
    return Document(path=path, data=data, lines=lines)
