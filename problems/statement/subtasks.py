"""Which lines of a statement belong to which subtask, and the versions that keep one each.

The published systems prompt a model once a subtask, with the other subtasks' lines left out. Here
the lines are found in what contests write: a table with a column of groups and one of points, a
list whose items begin with points, or a heading a subtask. Nothing is guessed: where the found
rows do not agree with the task's own subtasks in number or points, there is no such version.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from problems.statement.table import table_cells
from problems.task import Subtask

_GROUP_WORDS = {
    *("group", "subtask", "sub-task", "test group", "testgroup", "subproblem", "task", "#", "no."),
    *("grupp", "deluppgift", "delproblem", "delmoment", "testgrupp", "testfallsgrupp"),
    *("teilaufgabe", "gruppo", "subtasks", "groups", "test case group", "subgroup", "case"),
}
_POINT_WORDS = {
    *("points", "point", "point value", "point values", "score", "scores", "max score", "marks"),
    *("poäng", "poängvärde", "punkte", "punti", "punteggio", "pts", "value", "max points"),
}
_POINTS = r"\$?(?P<points>\d+(?:\.\d+)?)\$?\s*(?:points?|pts?\b\.?|poäng|punti|punkte|marks|p\b)"
_NAMED = (
    r"(?:sub-?\s?task|test\s?group|group|grupp|deluppgift|delproblem|subproblem|teilaufgabe)"
    r"\s*\$?(?P<number>\d+)\$?"
)
_LIST_ROW = re.compile(
    r"^(?P<indent>\s*)(?P<heading>#{1,6}\s+)?(?:(?P<bullet>[-*+•])\s+|(?P<item>\d+)[.)]\s+)?"
    rf"[*_`]*(?:{_NAMED})?[*_`]*[\s:.,–—-]*[(\[]?\s*(?:max\w*\s+)?[*_`]*{_POINTS}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Row:
    """Lines `first` up to but not including `end` that speak of one subtask."""

    first: int
    end: int
    number: int
    points: float | None
    text: str


def subtask_descriptions(text: str, subtasks: Sequence[Subtask]) -> Mapping[str, str]:
    """What the statement says of each subtask.

    Args:
        text: The statement as Markdown.
        subtasks: The task's subtasks, with their points.

    Returns:
        Subtask name to its line's text without number and points; empty where the statement's
        rows could not be matched with the subtasks.
    """
    _, matched = _find(text.split("\n"), subtasks)
    return {name: row.text for name, row in matched.items()}


def subtask_versions(text: str, subtasks: Sequence[Subtask]) -> Mapping[str, str]:
    """The statement once a subtask, without the rows of the others.

    Returns:
        Subtask name to text; empty where no rows were recognised or there is one subtask alone.
    """
    lines = text.split("\n")
    rows, matched = _find(lines, subtasks)
    if len(rows) < 2:
        return {}
    versions = {}
    for name, own in matched.items():
        dropped = {number for row in rows if row is not own for number in range(row.first, row.end)}
        kept = [line for number, line in enumerate(lines) if number not in dropped]
        versions[name] = re.sub(r"\n{3,}", "\n\n", "\n".join(kept))
    return versions


def _find(
    lines: Sequence[str], subtasks: Sequence[Subtask]
) -> tuple[Sequence[_Row], Mapping[str, _Row]]:
    """The first run of rows that agrees with the subtasks, and which row is whose."""
    for run in (*_tables(lines), *_lists(lines)):
        matched = _match(run, subtasks)
        if matched:
            return run, matched
    return (), {}


def _match(rows: Sequence[_Row], subtasks: Sequence[Subtask]) -> Mapping[str, _Row]:
    numbered: dict[int, _Row] = {}
    for row in rows:
        numbered.setdefault(row.number, row)
    by_number = {
        subtask.name: numbered[number]
        for subtask in subtasks
        if (number := _number(subtask.name)) is not None and number in numbered
    }
    scoring = [subtask for subtask in subtasks if subtask.max_points > 0]
    candidates = [by_number]
    for ordered in (subtasks, scoring):
        if len(ordered) == len(rows):
            names = [subtask.name for subtask in ordered]
            candidates.append(dict(zip(names, rows, strict=True)))
    for candidate in candidates:
        if all(subtask.name in candidate for subtask in scoring) and _agree(candidate, scoring):
            return candidate
    return {}


def _agree(matched: Mapping[str, _Row], scoring: Sequence[Subtask]) -> bool:
    """Points agree, up to one factor for all (a package may scale its total)."""
    ratios = []
    for subtask in scoring:
        points = matched[subtask.name].points
        if points is not None:
            if points <= 0:
                return False
            ratios.append(subtask.max_points / points)
    if len({id(row) for row in matched.values()}) != len(matched):
        return False
    return not ratios or max(ratios) - min(ratios) < 1e-6 * max(ratios)


def _number(name: str) -> int | None:
    found = re.search(r"^\d+|\d+$", name) or re.search(r"\d+", name)
    return int(found[0]) if found and len(found[0]) < 6 else None


def _plain(cell: str) -> str:
    return re.sub(r"[*$_`:\\]", "", cell).strip().lower()


def _amount(cell: str) -> float | None:
    found = re.fullmatch(r"\D{0,3}(\d{1,6}(?:[.,]\d+)?)\D{0,8}", _plain(cell))
    return float(found[1].replace(",", ".")) if found else None


def _tables(lines: Sequence[str]) -> Iterator[list[_Row]]:
    for header in range(len(lines) - 1):
        if not _is_separator(lines[header + 1]) or "|" not in lines[header]:
            continue
        titles = [_plain(cell) for cell in table_cells(lines[header])]
        group = next((i for i, title in enumerate(titles) if title in _GROUP_WORDS), None)
        points = next((i for i, title in enumerate(titles) if title in _POINT_WORDS), None)
        if points is None or (group is None and len(titles) < 2):
            continue
        rows: list[_Row] = []
        line = header + 2
        while line < len(lines) and "|" in lines[line]:
            cells = table_cells(lines[line])
            row = _table_row(line, cells, group, points, order=len(rows) + 1)
            if row is not None:
                rows.append(row)
            line += 1
        if rows:
            yield rows


def _table_row(
    line: int, cells: Sequence[str], group: int | None, points: int, *, order: int
) -> _Row | None:
    if points >= len(cells):
        return None
    amount = _amount(cells[points])
    label = _amount(cells[group]) if group is not None and group < len(cells) else None
    if amount is None and label is None:
        return None
    rest = [
        cell for column, cell in enumerate(cells) if column not in (group, points) and cell.strip()
    ]
    return _Row(line, line + 1, int(label) if label is not None else order, amount, "; ".join(rest))


def _is_separator(line: str) -> bool:
    return "-" in line and re.fullmatch(r"[\s|:-]+", line) is not None


def _lists(lines: Sequence[str]) -> Iterator[list[_Row]]:
    """Runs of list items or headings that begin with points, split where numbering restarts."""
    run: list[_Row] = []
    for first, line in enumerate(lines):
        found = _LIST_ROW.match(line)
        if found is None or not any((found["bullet"], found["item"], found["number"])):
            continue
        number = int(found["number"] or found["item"] or len(run) + 1)
        if run and number <= run[-1].number:
            yield run
            run = []
            number = int(found["number"] or found["item"] or 1)
        end = _end_of_row(lines, first, found)
        text = " ".join([line[found.end() :], *lines[first + 1 : end]])
        text = re.sub(r"\s+", " ", text).lstrip(")]*_:., –—-").strip()
        run.append(_Row(first, end, number, float(found["points"]), text))
    if run:
        yield run


def _end_of_row(lines: Sequence[str], first: int, found: re.Match[str]) -> int:
    """Where the row's text ends: the next row, a blank line, or for a heading the next heading."""
    heading = len((found["heading"] or "").strip())
    indent = len(found["indent"])
    for line in range(first + 1, len(lines)):
        text = lines[line]
        level = len(text) - len(text.lstrip("#"))
        if _LIST_ROW.match(text) and not heading:
            return line
        if heading:
            if 0 < level <= heading:
                return line
        elif not text.strip():
            following = lines[line + 1] if line + 1 < len(lines) else ""
            if len(following) - len(following.lstrip()) <= indent:
                return line
        elif level or re.match(rf"\s{{0,{indent}}}(?:[-*+•]|\d+[.)])\s", text):
            return line
    return len(lines)
