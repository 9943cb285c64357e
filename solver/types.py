"""The values that flow through the pipeline, in the order in which they come to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import NDArray

from problems.verdict import Verdict
from solver.progress import Progress as Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sampled program. It becomes a submission only when it spends one of the limit.

    Attributes:
        id: Unique in the run or pool.
        subtask: The subtask that the prompt asked for; None for the whole task.
        language: Language id of the sandbox's table.
        source: The extracted program.
        logprob: Mean log-probability a token, where the engine gives it.
        model: What drew it.
        parent: Id of the candidate whose failure its prompt told; None for a plain sample.
    """

    id: str
    task: str
    subtask: str | None
    language: str
    source: str
    logprob: float | None = None
    model: str | None = None
    parent: str | None = None


class HelperKind(StrEnum):
    """Model-written programs beside the candidates."""

    GENERATOR = "generator"
    VALIDATOR = "validator"
    CHECKER = "checker"
    BRUTE = "brute"
    PRODUCER = "producer"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperProgram:
    """A generator (argv: SEED SUBTASK, one input on stdout), a validator (argv: SUBTASK, input on
    stdin, exit 0 = valid), a checker (argv: INPUT OUTPUT_A OUTPUT_B, exit 0 = both as good), a
    brute force (a whole program, plain and slow, asked about small inputs); or a producer (argv:
    FILE, the test's input on stdin where it is public; prints the file)."""

    id: str
    kind: HelperKind
    language: str
    source: str
    subtask: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Recorded samples of one task.

    Attributes:
        left_out: Reason to rows of the file that became no candidate.
    """

    task: str
    candidates: tuple[Candidate, ...]
    helpers: tuple[HelperProgram, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)


class InputOrigin(StrEnum):
    """Where a generated input came from."""

    EXAMPLE = "example"
    GENERATOR = "generator"
    MUTATION = "mutation"
    SEPARATING = "separating"
    BREAKING = "breaking"
    DIAGNOSIS = "diagnosis"


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedInput:
    """A test input without a trusted answer (an example has one).

    Attributes:
        id: Digest of the content.
        subtasks: Names of the subtasks whose validators accept it.
        accepted_share: Share of the live validators that accept it, 0 to 1.
    """

    id: str
    content: bytes
    subtasks: frozenset[str]
    origin: InputOrigin
    accepted_share: float = 1.0


class RunStatus(IntEnum):
    """How a candidate ended on an input, as stored in the behaviour matrix."""

    NOT_RUN = 0
    OK = 1
    CRASH = 2
    TIMEOUT = 3
    MEMORY = 4
    OUTPUT = 5
    REJECTED = 6  # the interactor or manager rejected the exchange

    @classmethod
    def of(cls, failure: Verdict) -> "RunStatus":
        """How a run failed that would be judged so; a crash where it is no limit's."""
        return _STATUS_OF.get(failure, cls.CRASH)


_STATUS_OF: Mapping[Verdict, RunStatus] = {
    Verdict.TLE: RunStatus.TIMEOUT,
    Verdict.MLE: RunStatus.MEMORY,
    Verdict.OLE: RunStatus.OUTPUT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What P programs did on I inputs.

    Attributes:
        candidate_ids: Row order, length P.
        input_ids: Column order, length I.
        status: (P, I) uint8 of `RunStatus`.
        digest: (P, I) uint64, the output's content (token-normalised); 0 where there is none.
        cpu_s: (P, I) float32.
        in_subtask: (I, S) bool, input belongs to subtask.
        expected: (I,) uint64 digest of the known answer of an example, 0 where none is known.
        subtasks: Subtask names, length S.
    """

    candidate_ids: tuple[str, ...]
    input_ids: tuple[str, ...]
    status: NDArray[np.uint8]
    digest: NDArray[np.uint64]
    cpu_s: NDArray[np.float32]
    in_subtask: NDArray[np.bool_]
    expected: NDArray[np.uint64]
    subtasks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """Who behaves alike, per subtask.

    Attributes:
        label: (P, S) int32; equal labels in a column behave alike on that subtask's inputs;
            -1 where the candidate did not compile or never ran to its end on one of them. Where no
            input is valid for the subtask, each candidate that ran to its end on any input has a
            label of its own: nothing is known, and nobody is out.
        near: (P, S) int32; label of the largest cluster that agrees wherever this candidate did
            not crash or run out of time, or the own label.
    """

    label: NDArray[np.int32]
    near: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What the scorer expects.

    Attributes:
        probability: (P, S) float64: calibrated probability that the candidate gets full points of
            the subtask.
        features: (P, S, F) float32: what the estimate rests on, for `solver scorer explain`.
    """

    probability: NDArray[np.float64]
    features: NDArray[np.float32]


class FeedbackMode(StrEnum):
    """What a contest tells after a submission."""

    FULL = "full"
    VERDICT = "verdict"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What was paid for with one submission.

    Attributes:
        candidate: Row of the candidate (0-based) in the strategy's view.
        points: Subtask name to points; empty unless the mode is FULL.
        verdict: None unless the mode is FULL or VERDICT.
        verdicts: Subtask name to the verdict of the test that the contest shows of it.
    """

    candidate: int
    points: Mapping[str, float] = field(default_factory=dict)
    verdict: Verdict | None = None
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A submission of an earlier round, as the next round's prompts may quote it.

    Attributes:
        points: Subtask name to points, empty where the rules keep them back.
        verdict: None where the judge keeps it back.
        verdicts: Subtask name to the verdict of the test that the contest shows of it.
    """

    candidate: Candidate
    points: Mapping[str, float] = field(default_factory=dict)
    verdict: str | None = None
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)


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
