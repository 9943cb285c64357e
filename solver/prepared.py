"""Stages 2 to 7 as the contest sees them: ask for a task's candidates, get a view and its cost."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from problems.submission import Submission
from problems.task import Task
from sandbox.compiling.languages import extensions_of
from sandbox.java_source import read_java
from solver.source_text import encoded
from solver.strategies.base import View
from solver.types import Candidate, FeedbackMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A submission of an earlier round, as the next round's prompts may quote it.

    Attributes:
        points: Subtask name to points, empty where the rules keep them back.
        verdict: None where the judge keeps it back.
    """

    candidate: Candidate
    points: Mapping[str, float] = field(default_factory=dict)
    verdict: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareRequest:
    """What the contest asks for.

    Attributes:
        round: 1 for the first samples of a task, more for GenCorrect's rounds.
        tried: All submissions of the earlier rounds, in order.
        limit: Submissions allowed for the whole problem.
        sampling_s: Contest time that sampling may take; None for no bound.
        tokens: What the model draws in that time at its stated speed; None for no bound.
    """

    round: int
    tried: tuple[Tried, ...]
    feedback_mode: FeedbackMode
    limit: int
    sampling_s: float | None = None
    tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedTask:
    """A task that is ready to be played.

    Attributes:
        view: What the strategy sees. In a later round it still holds every candidate that was
            submitted before, under the same id.
        tokens: Tokens sampled for this round (0 for a recorded pool).
        cpu_s: CPU time of the programs and compilers run for this round.
        clusters: Distinct behaviours found, for the display.
    """

    view: View
    tokens: int = 0
    cpu_s: float = 0.0
    clusters: int = 0


class Preparer(Protocol):
    """Samples, compiles, runs, clusters and estimates. Must be resumable: asked again for the same
    task and round, it gives the same view without sampling anew."""

    def __call__(self, task: Task, request: PrepareRequest) -> PreparedTask:
        """The view of this task for this round."""


def as_submission(task: Task, candidate: Candidate) -> Submission:
    """The candidate as it is handed in, under the file name that the task's grader expects."""
    name = task.interface.submission_names.get(candidate.language)
    if name is None:
        extension = extensions_of(candidate.language)[0]
        name = f"{task.name}{extension}"
        if candidate.language == "java":
            # Java wants the file named as its public class, "Main" by the judges' convention.
            declared = read_java(encoded(candidate.source))
            mains = declared.main_types or ("Main",)
            name = f"{declared.public_type or mains[0]}{extension}"
    return Submission(language=candidate.language, sources={name: encoded(candidate.source)})


def source_digest(submission: Submission) -> str:
    """SHA-256 over the language and the files, names included."""
    digest = hashlib.sha256(submission.language.encode())
    for name in sorted(submission.sources):
        content = submission.sources[name]
        digest.update(f"\0{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def submission_in(folder: Path, language: str) -> Submission:
    """The submission whose files lie in a folder."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return Submission(language=language, sources={path.name: path.read_bytes() for path in files})
