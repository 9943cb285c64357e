"""Role: `data/` of a Kattis 2025-09 package -> test cases, examples, subtasks, score tree."""

from collections.abc import Mapping
from dataclasses import dataclass

from problems.formats.folder import Folder
from problems.formats.kattis2025_groups import DataReader
from problems.formats.kattis2025_scoring import score_tree, with_points
from problems.formats.kattis_samples import read_examples, read_interactions
from problems.scoring import Aggregation, ScoreNode
from problems.task import Example, Subtask
from problems.testset import Testcase


@dataclass(frozen=True, slots=True, kw_only=True)
class TestData:
    """All of `data/` that judging needs."""

    testcases: tuple[Testcase, ...]
    examples: tuple[Example, ...]
    interactions: Mapping[str, str]
    subtasks: tuple[Subtask, ...]
    scoring: ScoreNode


def read_data(
    folder: Folder, constants: Mapping[str, str], *, scoring: bool, interactive: bool
) -> TestData:
    """Reads `data/`.

    Args:
        constants: Put into `test_group.yaml`.
        scoring: The problem gives points.
        interactive: The files of a sample are the interactor's own; only its log is shown.

    Raises:
        PackageError: An answer is missing, or a `.yaml` is wrong.
        UnsupportedTask: A test case needs what nothing here can give it, or points have no bound.
    """
    sample, secret, groups = DataReader(folder, constants, scoring=scoring).groups()
    samples = sample.cases if sample is not None else ()
    inner = tuple(case for group in groups for case in group.cases) or secret.cases
    if scoring:
        node, subtasks = score_tree(samples, secret, groups)
        inner = with_points(node, secret, groups, inner)
    else:
        names = tuple(case.name for case in (*samples, *inner))
        node = ScoreNode(name="all", max_points=1.0, aggregation=Aggregation.MIN, testcases=names)
        subtasks = (Subtask(name="all", max_points=1.0),)
    interactions = read_interactions(folder)
    return TestData(
        testcases=(*samples, *inner),
        examples=() if interactive else tuple(read_examples(folder, samples, interactions)),
        interactions=interactions,
        subtasks=subtasks,
        scoring=node,
    )
