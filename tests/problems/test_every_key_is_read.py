"""A key that a format's model takes is read by the code, or it is not taken."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from problems import formats

FOLDER = Path(inspect.getfile(formats)).parent


def models() -> Iterator[tuple[str, type[BaseModel]]]:
    """Every pydantic model of a reader, with its module's name."""
    for found in pkgutil.iter_modules([str(FOLDER)]):
        module = importlib.import_module(f"problems.formats.{found.name}")
        for name, value in vars(module).items():
            own = inspect.isclass(value) and value.__module__ == module.__name__
            if own and issubclass(value, BaseModel):
                yield f"{found.name}.{name}", value


def reads(path: Path) -> set[str]:
    """Names of attributes that a file reads, but for a model's own declarations.

    Where it calls `getattr` or `model_dump`, the texts in it count as names.
    """
    nodes = list(ast.walk(ast.parse(path.read_text())))
    named = {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }
    called = {node.id for node in nodes if isinstance(node, ast.Name)} | named
    if called & {"getattr", "model_dump"}:
        named |= {str(node.value) for node in nodes if isinstance(node, ast.Constant)}
    return named


def readers_of(model: type[BaseModel]) -> list[Path]:
    """The files that may hold a value of the model: its own, and those that import from it."""
    module = model.__module__
    files = [path for path in FOLDER.glob("*.py") if module in path.read_text()]
    return [Path(inspect.getfile(model)), *files]


@pytest.mark.parametrize(("name", "model"), list(models()))
def test_every_field_of_a_model_is_read(name: str, model: type[BaseModel]) -> None:
    read: set[str] = set().union(*map(reads, readers_of(model)))
    assert set(model.model_fields) <= read, f"{name}: read by nobody"


def test_the_walk_meets_the_readers_models() -> None:
    names = {name for name, _ in models()}
    assert {"kattis2025._Limits", "kattis_groups.GroupConfig", "italian._TaskFile"} <= names
    assert len(names) > 20
