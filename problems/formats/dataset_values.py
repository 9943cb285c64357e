"""Role: values of rows in the shapes in which the same list is published.

A list of records is itself, its JSON text, a map of equally long lists (how `datasets` keeps a
sequence of records in parquet), or nothing.
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BeforeValidator


def records(value: Any) -> Any:
    """The list of records; what is no such shape is left for the model to refuse."""
    if value is None:
        return []
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"not a list, and not valid JSON: {error}") from error
    if isinstance(value, Mapping) and value and all(isinstance(v, list) for v in value.values()):
        if len({len(column) for column in value.values()}) > 1:
            raise ValueError("lists of unequal lengths")
        return [dict(zip(value, cells, strict=True)) for cells in zip(*value.values(), strict=True)]
    return value


RECORDS = BeforeValidator(records)
"""Marks a field that holds a list of records."""
