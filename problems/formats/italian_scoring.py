"""Role: points of an Italian-format task: `gen/GEN`, or `score_type` of `task.yaml`.

CMS's parameters are a list of `[points, tests]`, where `tests` is a count (in the order of the
names), a regular expression that names must begin with, or a list of names.
"""

import re
from collections.abc import Sequence
from typing import Any

from problems.errors import PackageError, UnsupportedTask
from problems.formats.documents import Document, finite
from problems.formats.folder import Folder
from problems.scoring import Aggregation, ScoreNode
from problems.task import Subtask

_RULES = {
    "GroupMin": Aggregation.MIN,
    "GroupMul": Aggregation.MUL,
    "GroupThreshold": Aggregation.THRESHOLD,
    "Sum": Aggregation.SUM,
}


def read_scoring(
    folder: Folder, document: Document, names: Sequence[str]
) -> tuple[ScoreNode, tuple[Subtask, ...]]:
    """The score tree and the subtasks.

    Args:
        document: `task.yaml`.
        names: All test cases in order.

    Raises:
        PackageError: `GEN` or the parameters do not fit the tests; names file and line.
        UnsupportedTask: A score type of the task's own.
    """
    given = document.mapping()
    if {"score_type", "score_type_parameters"} <= set(given):
        return _from_parameters(document, names)
    if folder.has("gen/GEN"):
        groups = _from_gen(folder, len(names))
        if groups is not None:
            return _tree([(float(p), tuple(t)) for p, t in groups], names, Aggregation.MIN)
    total = _number(document, "total_value", 100.0)
    return _sum(total, names)


def _from_gen(folder: Folder, count: int) -> list[tuple[int, range]] | None:
    """Points and places of each subtask, or None where no line opens a subtask."""
    path = folder.root / "gen" / "GEN"
    groups: list[tuple[int, int, int]] = []
    test = 0
    for number, raw in enumerate(folder.text(path).splitlines(), start=1):
        command, _, comment = raw.partition("#")
        command, comment = command.strip(), comment.strip()
        opens, copies = comment.startswith("ST:"), comment.startswith("COPY:")
        if bool(command) + opens + copies > 1:
            raise PackageError(path, "a test and a subtask in one line", number)
        if opens:
            text = comment.removeprefix("ST:").strip()
            if not text.isdecimal() or len(text) > 6:
                raise PackageError(path, f"expected points after ST:, got {text!r}", number)
            if not groups and test:
                raise PackageError(path, "tests before the first # ST:", number)
            groups.append((int(text), test, number))
        elif command or copies:
            test += 1
    if test != count:
        raise PackageError(path, f"{test} tests, but input/ holds {count}", 1)
    if not groups:
        return None
    total = sum(points for points, _, _ in groups)
    if total != 100:
        raise PackageError(path, f"points add up to {total}, expected 100", groups[-1][2])
    ends = [*(first for _, first, _ in groups[1:]), test]
    return [
        (points, range(first, end)) for (points, first, _), end in zip(groups, ends, strict=True)
    ]


def _from_parameters(
    document: Document, names: Sequence[str]
) -> tuple[ScoreNode, tuple[Subtask, ...]]:
    given = document.mapping()
    kind, parameters = given["score_type"], given["score_type_parameters"]
    line = document.line_of(("score_type_parameters",))
    if not isinstance(kind, str) or kind not in _RULES:
        raise UnsupportedTask(f"{document.path}: score type {kind!r}")
    if kind == "Sum":
        each = finite(parameters)
        if each is None or each < 0:
            raise PackageError(document.path, "score_type_parameters: expected a number", line)
        return _sum(each * len(names), names)
    if not isinstance(parameters, list) or not parameters:
        raise PackageError(document.path, "score_type_parameters: expected a list", line)
    groups: list[tuple[float, tuple[int, ...]]] = []
    limits: list[tuple[float, float]] = []
    first = 0
    for index, entry in enumerate(parameters):
        here = document.line_of(("score_type_parameters", index))
        points, tests, threshold = _entry(document, entry, here)
        if isinstance(tests, bool) or not isinstance(tests, int | str | list):
            raise PackageError(document.path, f"tests of a subtask: {tests!r}", here)
        if isinstance(tests, int):
            if not 0 < tests <= len(names):
                raise PackageError(document.path, f"subtask {index}: no such tests", here)
            places = tuple(range(first, first + tests))
            first += tests
        else:
            places = _places(document, tests, names, here)
        if not places or places[-1] >= len(names):
            raise PackageError(document.path, f"subtask {index}: no such tests", here)
        groups.append((points, places))
        limits.append((0.0, threshold))
    return _tree(groups, names, _RULES[kind], limits)


def _entry(document: Document, entry: Any, line: int | None) -> tuple[float, Any, float]:
    if isinstance(entry, dict):
        entry = [entry.get("max_score"), entry.get("testcases"), entry.get("threshold", 1.0)]
    if not isinstance(entry, list) or len(entry) < 2:
        raise PackageError(document.path, "a subtask is a list of points and tests", line)
    points = finite(entry[0])
    threshold = finite(entry[2]) if len(entry) > 2 else None
    if points is None or points < 0:
        raise PackageError(document.path, f"points of a subtask: {entry[0]!r}", line)
    return points, entry[1], 1.0 if threshold is None else threshold


def _places(
    document: Document, tests: str | list[Any], names: Sequence[str], line: int | None
) -> tuple[int, ...]:
    if isinstance(tests, str):
        if not _quick(tests):
            raise PackageError(document.path, "tests of a subtask: too intricate a pattern", line)
        try:
            pattern = re.compile(tests)
        except re.error as error:
            raise PackageError(document.path, f"tests of a subtask: {error}", line) from error
        return tuple(place for place, name in enumerate(names) if pattern.match(name))
    places = []
    for name in tests:
        if not isinstance(name, str) or name not in names:
            raise PackageError(document.path, f"no test is called {name!r}", line)
        places.append(names.index(name))
    return tuple(sorted(set(places)))


def _quick(pattern: str) -> bool:
    """Whether a stranger's pattern is of a kind that cannot take for ever on a file's name."""
    repeats = re.findall(r"(?<!\\)[*+{]", pattern)
    return len(pattern) <= 500 and len(repeats) <= 3 and not re.search(r"\)[*+{?]|\\\d", pattern)


def _tree(
    groups: Sequence[tuple[float, tuple[int, ...]]],
    names: Sequence[str],
    rule: Aggregation,
    limits: Sequence[tuple[float, float]] = (),
) -> tuple[ScoreNode, tuple[Subtask, ...]]:
    nodes = tuple(
        ScoreNode(
            name=f"subtask{index}",
            max_points=points,
            aggregation=rule,
            testcases=tuple(names[place] for place in places),
            threshold=limits[index] if limits else (0.0, 1.0),
        )
        for index, (points, places) in enumerate(groups)
    )
    root = ScoreNode(name=".", max_points=None, aggregation=Aggregation.SUM, children=nodes)
    subtasks = tuple(
        Subtask(name=node.name, max_points=node.max_points)
        for node in nodes
        if node.max_points  # the examples: judged, and worth nothing
    )
    return root, subtasks


def _sum(total: float, names: Sequence[str]) -> tuple[ScoreNode, tuple[Subtask, ...]]:
    node = ScoreNode(
        name="all", max_points=total, aggregation=Aggregation.SUM, testcases=tuple(names)
    )
    return node, (Subtask(name="all", max_points=total),)


def _number(document: Document, key: str, default: float) -> float:
    given = document.mapping().get(key, default)
    value = finite(given)
    if value is None or value <= 0:
        raise PackageError(document.path, f"{key}: {given!r}", document.line_of((key,)))
    return value


def half_stated(document: Document) -> tuple[str, ...]:
    """A note where a score type comes without its parameters, or they without it.

    CMS's loader warns of it and goes on with `gen/GEN`.
    """
    pair = ("score_type", "score_type_parameters")
    there = [key for key in pair if key in document.mapping()]
    if len(there) != 1:
        return ()
    (missing,) = set(pair) - set(there)
    line = document.line_of((there[0],))
    return (f"task.yaml:{line}: {there[0]}: not read, since there is no {missing}",)


def loose_tests(root: ScoreNode, names: Sequence[str]) -> tuple[str, ...]:
    """A note where tests are in no subtask."""
    left = [name for name in names if name not in set(root.all_testcases())]
    if not left:
        return ()
    return (f"{len(left)} tests are in no subtask and not judged: {', '.join(left[:5])}",)
