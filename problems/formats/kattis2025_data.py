"""Role: `data/` of a Kattis 2025-09 package -> test cases, examples, subtasks, score tree."""

from collections.abc import Mapping
from dataclasses import dataclass

from problems.formats.folder import Folder
from problems.formats.kattis2025_groups import DataReader
from problems.formats.kattis2025_scoring import score_tree, with_points
from problems.formats.kattis_samples import read_examples, read_interactions, read_shown
from problems.scoring import Aggregation, ScoreNode
from problems.task import Example, Subtask
from problems.testset import Testcase


@dataclass(frozen=True, slots=True, kw_only=True)
class TestData:
    """All of `data/` that judging needs.

    Attributes:
        examples: What a program can be run on.
        shown: What the statement prints; more where files for the statement alone are there.
    """

    testcases: tuple[Testcase, ...]
    examples: tuple[Example, ...]
    shown: tuple[Example, ...]
    interactions: Mapping[str, str]
    subtasks: tuple[Subtask, ...]
    scoring: ScoreNode


def read_data(
    folder: Folder,
    constants: Mapping[str, str],
    *,
    scoring: bool,
    interactive: bool,
    draft: bool = False,
) -> TestData:
    """Reads `data/`.

    Args:
        constants: Put into `test_group.yaml`.
        scoring: The problem gives points.
        interactive: The files of a sample are the interactor's own; only what is meant for the
            statement is shown.
        draft: The package is written for a draft of the version.

    Raises:
        PackageError: An answer is missing, or a `.yaml` is wrong.
        UnsupportedTask: A test case needs what nothing here can give it, or points have no bound.
    """
    sample, secret, groups = DataReader(folder, constants, scoring=scoring, draft=draft).groups()
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
    find = read_shown if interactive else read_examples
    shown = tuple(find(folder, samples, interactions))
    return TestData(
        testcases=(*samples, *inner),
        examples=() if interactive else shown,
        shown=shown,
        interactions=interactions,
        subtasks=subtasks,
        scoring=node,
    )
