"""What the server keeps, as values: submissions, judgements and what they say in detail."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSubmission:
    """A submission as it was received.

    Attributes:
        at_s: Unix time of receipt.
        archive: Zip archive of its files.
        digest: Of problem, language and files.
    """

    id: int
    team: str
    problem: str
    language: str
    entry_point: str | None
    at_s: float
    archive: bytes
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredJudgement:
    """The judge's word on a submission, in the Contest API's terms.

    Attributes:
        number: 1 for the submission's first judgement, more for those when it was judged again.
        current: No later one has taken its place.
    """

    submission: int
    verdict: str
    score: float | None
    start_s: float
    end_s: float
    max_run_s: float
    number: int = 1
    current: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSubtask:
    """What a submission got for one subtask."""

    name: str
    verdict: str
    points: float
    max_points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a judgement says beyond the Contest API, for the team's own page.

    Attributes:
        message: The compiler's, where the program does not compile.
    """

    subtasks: tuple[StoredSubtask, ...] = ()
    message: str = ""

    def row(self, submission: int) -> tuple[int, str, str]:
        """As the table `details` keeps it."""
        return submission, json.dumps([asdict(each) for each in self.subtasks]), self.message
