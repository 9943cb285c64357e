"""Role: packages that readers build from few facts: tests in groups, one checker, a text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from problems.formats.reader import LeftOut, Package
from problems.inclusion import with_inclusion
from problems.scoring import Aggregation, ScoreNode
from problems.statement.convert import build_statement
from problems.submission import JurySubmission
from problems.task import (
    Example,
    Interface,
    Program,
    Subtask,
    Task,
    TaskLimits,
    TaskType,
)
from problems.testset import Testcase, Testset

WORDS = {"kind": "kattis", "flags": "case_sensitive"}
"""Word by word, capital letters told apart: what a data set without checkers means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A subtask as a format lists it.

    Attributes:
        tests: Names of test cases; those of other subtasks among them are its inclusion.
        aggregation: MIN: as good as its worst test; AVG: each test counts alike.
    """

    name: str
    points: float
    tests: tuple[str, ...]
    aggregation: Aggregation = Aggregation.MIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The facts. Attributes that `Task`, `Testset` and `Package` have mean the same here.

    Attributes:
        text: The statement as Markdown.
        parts: None for a pass-fail task of all tests.
        jury_managers: The jury's graders, where contestants get others.
    """

    path: Path
    format: str
    name: str
    title: str
    text: str
    testcases: Mapping[str, Testcase]
    limits: TaskLimits
    parts: Sequence[Part] | None = None
    examples: tuple[Example, ...] = ()
    checker: Program | None = None
    comparison: Mapping[str, float | bool | str] | None = None
    interactor: Program | None = None
    type: TaskType = TaskType.BATCH
    interface: Interface = field(default_factory=Interface)
    validators: tuple[Program, ...] = ()
    submissions: tuple[JurySubmission, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    helpers: tuple[Program, ...] = ()


def package_of(facts: Built) -> Package:
    """The package."""
    if facts.parts is None:
        scoring = ScoreNode(
            name="all",
            max_points=1.0,
            aggregation=Aggregation.MIN,
            testcases=tuple(facts.testcases),
        )
        subtasks: tuple[Subtask, ...] = (Subtask(name="all", max_points=1.0),)
    else:
        scoring = ScoreNode(
            name=".",
            max_points=None,
            aggregation=Aggregation.SUM,
            children=tuple(
                ScoreNode(
                    name=part.name,
                    max_points=part.points,
                    aggregation=part.aggregation,
                    testcases=part.tests,
                )
                for part in facts.parts
            ),
        )
        subtasks = tuple(Subtask(name=part.name, max_points=part.points) for part in facts.parts)
    compares = facts.comparison if facts.comparison is not None else WORDS
    talks = facts.type in (TaskType.INTERACTIVE, TaskType.COMMUNICATION)
    testset = Testset(
        testcases=facts.testcases,
        scoring=scoring,
        checker=facts.checker,
        comparison={} if facts.checker or talks else compares,
        interactor=facts.interactor,
        validators=facts.validators,
    )
    subtasks = with_inclusion(subtasks, testset)
    return Package(
        path=facts.path,
        format=facts.format,
        task=Task(
            helpers=facts.helpers,
            name=facts.name,
            title=facts.title,
            type=facts.type,
            statement=build_statement(
                facts.text,
                examples=facts.examples,
                subtasks=subtasks,
                source_format="markdown",
            ),
            subtasks=subtasks,
            examples=facts.examples,
            limits=facts.limits,
            scored=facts.parts is not None,
            interface=facts.interface,
            interactor=facts.interactor,
            checker=facts.checker,
        ),
        testset=testset,
        submissions=facts.submissions,
        left_out=facts.left_out,
        notes=facts.notes,
    )
