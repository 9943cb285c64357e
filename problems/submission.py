"""What is handed in, and the jury's labelled submissions of a package."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from problems.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Sources in one language.

    Attributes:
        language: Language id of the sandbox's table.
        sources: File name to content; an OutputOnly submission holds its output files.
    """

    language: str
    sources: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """The jury's label. Fields that are None say nothing.

    Attributes:
        verdicts: Overall verdicts that agree with the label.
        points: Exact total.
        subtasks: Subtask name to the verdicts that agree there.
        some_test: At least one test that was judged ends with one of these.
        exact: False for labels that only say "not all groups".
        label: The label in the package's own word, for reports; empty where the fields say it.
        source: Where the label was read ("folder", "@EXPECTED_GRADES@", "solutions.json", ...).
    """

    verdicts: frozenset[Verdict] | None = None
    points: float | None = None
    subtasks: Mapping[str, frozenset[Verdict]] | None = None
    some_test: frozenset[Verdict] | None = None
    exact: bool = True
    label: str = ""
    source: str = "folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class JurySubmission:
    """A labelled submission of the package."""

    name: str
    path: Path
    submission: Submission
    expected: Expectation
