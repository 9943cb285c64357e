"""What breaking finds: claims of what is right, breaks, and what each candidate survived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from solver.types import GeneratedInput, RunStatus

Ran = tuple[RunStatus, int, float]
"""How a run ended, its output's digest, CPU seconds: a cell of the behaviour matrix."""


class BreakKind(StrEnum):
    """How a program fails on a legal input."""

    WRONG = "wrong answer"
    CRASH = "crash"
    TIME = "time"
    MEMORY = "memory"
    OUTPUT = "output limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is held for the right answer of an input that has no answer key, and by whom.

    Supporters are kept, not only the answer: when one of them loses its say, the claim can be
    weighed again.

    Attributes:
        input_id: The input's.
        answer: The answer's text; None where it was too large to keep.
        supporters: Ids of the programs that print it (candidates, model-written brute forces).
        against: Ids of the programs that ran to their end and print something else.
        families: Kinds of program among the supporters: those written alike are one.
        families_against: The same of those against, the accused one included.
        brutes: Families among the supporters that are slow, or written to be plain.
        by_checker: The task's checker was asked, not the bytes compared.
        probability: Calibrated chance that the answer is right.
    """

    input_id: str
    answer: bytes | None
    supporters: tuple[str, ...]
    against: tuple[str, ...]
    families: int
    families_against: int
    brutes: int
    by_checker: bool
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A legal input on which a candidate fails.

    Attributes:
        candidate: Id of the candidate.
        input: What breaks it; `subtasks` and `accepted_share` are the validators' word.
        kind: How it fails.
        printed: What it printed, cut to `PRINTED_BYTES`; None where it did not run to its end.
        cpu_s: CPU time of the failing run.
        claim: What was expected; None where the failure needs no answer (time, crash, memory).
        probability: Calibrated chance that the candidate is wrong indeed.
        shrunk: The input was made smaller while it still broke; otherwise it is as found.
    """

    candidate: str
    input: GeneratedInput
    kind: BreakKind
    printed: bytes | None
    cpu_s: float
    claim: Claim | None
    probability: float
    shrunk: bool


PRINTED_BYTES = 4096
"""Of what a program printed, kept with a break."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was tried on one candidate, and what came of it.

    Attributes:
        candidate: Its id.
        tries: Legal inputs it was run on to break it.
        survived: Of these, those on which nothing was found wrong.
        claimed: Of these, inputs with a claim; on them it was found right or wrong.
        agreed: Of these, inputs on which it prints what is claimed.
        largest_bytes: Size of the largest legal input that it survived.
        cpu_s: CPU time that it took.
        breaks: Shortest input first, at most one a kind and subtask set.
        accused: Subtask name to the calibrated chance that it is wrong there, 0 to 1.
    """

    candidate: str
    tries: int
    survived: int
    claimed: int
    agreed: int
    largest_bytes: int
    cpu_s: float
    breaks: tuple[Break, ...] = ()
    accused: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What breaking a task's candidates took.

    Attributes:
        cpu_s: CPU time of candidates, generators and validators.
        runs: Runs of candidates.
        tokens: Tokens drawn for brute forces and diagnoses.
    """

    cpu_s: float = 0.0
    runs: int = 0
    tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What inputs that a model proposed came to.

    Attributes:
        proposals: Inputs, and programs that print one.
        refused: Of these, those of which no input is legal.
        inputs: Legal ones.
        broke: Ids of the candidates that break on one, as nothing else broke them as surely.
    """

    proposals: int = 0
    refused: int = 0
    inputs: int = 0
    broke: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The stage's result.

    Attributes:
        evidence: Candidate id to what was found; candidates that were not attacked are missing.
        before: The same by the inputs of the stages before alone: what breaking is compared with.
        inputs: Inputs that join the behaviour matrix: they tell programs apart that agreed, or
            break one.
        spent: What it took.
        proposed: What a model's proposals came to.
        ran: (program's digest, input's id) to what attacked programs did on `inputs`.
    """

    evidence: Mapping[str, Evidence]
    before: Mapping[str, Evidence] = field(default_factory=dict)
    inputs: Sequence[GeneratedInput] = ()
    spent: Spent = field(default_factory=Spent)
    proposed: Proposed = field(default_factory=Proposed)
    ran: Mapping[tuple[str, str], Ran] = field(default_factory=dict)
