"""Role: points of a Polygon testset: tests with points, groups with a policy and dependencies.

`complete-group` gives a group's points when all its tests are right, `each-test` those of every
test that is right. A group counts only where all groups that it depends on are at full marks.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from lxml import etree

from problems.errors import PackageError
from problems.formats.polygon_xml import attribute, number
from problems.scoring import Aggregation, ScoreNode
from problems.task import Subtask
from problems.testset import Testcase


def read_scoring(
    xml: Path, testset: etree._Element, tests: Mapping[str, etree._Element]
) -> tuple[ScoreNode, tuple[Subtask, ...], bool]:
    """The score tree, the subtasks, and whether the problem gives points.

    Args:
        tests: Test name to its `<test>`.

    Raises:
        PackageError: A test names an unknown group, or groups depend on each other in a ring.
    """
    points = {
        name: number(xml, element.get("points", "0"), element) for name, element in tests.items()
    }
    listed = {attribute(xml, group, "name"): group for group in testset.findall("groups/group")}
    members: dict[str, list[str]] = {name: [] for name in listed}
    for name, element in tests.items():
        group = element.get("group")
        if group is not None:
            members.setdefault(group, []).append(name)
    group_points = {name: _points(xml, listed.get(name), points, members[name]) for name in members}
    if not any(points.values()) and not any(group_points.values()):
        node = ScoreNode(
            name="all", max_points=1.0, aggregation=Aggregation.MIN, testcases=tuple(tests)
        )
        return node, (Subtask(name="all", max_points=1.0),), False
    loose = [name for name in tests if tests[name].get("group") is None]
    if not members:
        return _without_groups(points)
    nodes = []
    for name in _ordered(xml, listed, members):
        if members[name]:
            needs = _needs(xml, listed, members, name)
            whole = _is_whole(listed.get(name))
            nodes.append(_group(name, members[name], points, group_points[name], needs, whole))
    nodes += [_test(name, name, points[name]) for name in loose]
    root = ScoreNode(name=".", max_points=None, aggregation=Aggregation.SUM, children=tuple(nodes))
    subtasks = tuple(
        Subtask(name=node.name, max_points=node.max_points) for node in nodes if node.max_points
    )
    return root, subtasks, True


def with_points(
    testcases: Mapping[str, Testcase],
    root: ScoreNode,
    tests: Mapping[str, etree._Element],
    *,
    scored: bool,
) -> dict[str, Testcase]:
    """The tests with what each is worth: its own points, else those of its group.

    Where the problem gives no points, those of a checker have no bound: they are a right answer.
    """
    of_group = {name: node.max_points or 0.0 for node in root.walk() for name in node.testcases}
    return {
        name: replace(
            case,
            full_points=(float(tests[name].get("points") or 0) or of_group[name] or None)
            if scored
            else None,
        )
        for name, case in testcases.items()
    }


def _points(
    xml: Path,
    group: etree._Element | None,
    points: Mapping[str, float],
    members: list[str],
) -> float:
    if group is not None and _is_whole(group) and group.get("points") is not None:
        return number(xml, group.get("points", "0"), group)
    return sum(points[name] for name in members)


def _test(name: str, test: str, points: float) -> ScoreNode:
    return ScoreNode(name=name, max_points=points, aggregation=Aggregation.MIN, testcases=(test,))


def _without_groups(
    points: Mapping[str, float],
) -> tuple[ScoreNode, tuple[Subtask, ...], bool]:
    total = sum(points.values())
    node = ScoreNode(
        name="all",
        max_points=total,
        aggregation=Aggregation.SUM,
        children=tuple(_test(f"test {name}", name, value) for name, value in points.items()),
    )
    return node, (Subtask(name="all", max_points=total),), True


def _is_whole(group: etree._Element | None) -> bool:
    return group is not None and group.get("points-policy") == "complete-group"


def _group(
    name: str,
    members: list[str],
    points: Mapping[str, float],
    total: float,
    needs: tuple[str, ...],
    whole: bool,
) -> ScoreNode:
    if whole:
        return ScoreNode(
            name=name,
            max_points=total,
            aggregation=Aggregation.MIN,
            testcases=tuple(members),
            requires=needs,
        )
    return ScoreNode(
        name=name,
        max_points=total,
        aggregation=Aggregation.SUM,
        children=tuple(_test(f"{name}/{test}", test, points[test]) for test in members),
        requires=needs,
    )


def _needs(
    xml: Path,
    listed: Mapping[str, etree._Element],
    members: Mapping[str, list[str]],
    name: str,
) -> tuple[str, ...]:
    group = listed.get(name)
    needs = []
    for element in group.findall("dependencies/dependency") if group is not None else ():
        other = attribute(xml, element, "group")
        if other not in members:
            raise PackageError(xml, f"no group is called {other!r}", element.sourceline)
        if members[other]:
            needs.append(other)
    return tuple(needs)


def _ordered(
    xml: Path, listed: Mapping[str, etree._Element], members: Mapping[str, list[str]]
) -> list[str]:
    """Groups in the package's order, save that one comes after all that it depends on."""
    ordered: list[str] = []
    waiting = list(members)
    while waiting:
        ready = next(
            (
                name
                for name in waiting
                if all(
                    need in ordered or not members[need]
                    for need in _needs(xml, listed, members, name)
                )
            ),
            None,
        )
        if ready is None:
            line = listed[waiting[0]].sourceline
            raise PackageError(xml, f"groups depend on each other in a ring: {waiting}", line)
        ordered.append(ready)
        waiting.remove(ready)
    return ordered
