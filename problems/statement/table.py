"""Tables of a statement as Markdown pipe tables, one row a line."""

import re
from collections.abc import Iterable, Sequence


def markdown_table(rows: Iterable[Sequence[str]]) -> str:
    """A pipe table whose first row is the heading.

    Args:
        rows: Cells, already Markdown, with bars escaped; rows without any text are left out.
    """
    cleaned = [[re.sub(r"\s+", " ", cell).strip() for cell in row] for row in rows]
    cleaned = [row for row in cleaned if any(row)]
    if not cleaned:
        return ""
    width = max(len(row) for row in cleaned)
    lines = [_line(row, width) for row in cleaned]
    lines.insert(1, "|" + " --- |" * width)
    return "\n".join(lines)


def _line(row: Sequence[str], width: int) -> str:
    cells = [*row, *[""] * (width - len(row))]
    return "| " + " | ".join(cells) + " |"


def table_cells(line: str) -> list[str]:
    """Cells of one line of a pipe table, trimmed; bars that are escaped stay in the cell."""
    inner = line.strip()
    inner = inner.removeprefix("|")
    if inner.endswith("|") and not inner.endswith(r"\|"):
        inner = inner[:-1]
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", inner)]
