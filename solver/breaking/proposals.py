"""Inputs that somebody proposes: a model that has read a program.

They are held against all live validators before anything runs on them, whoever proposed them.
Where no validator can tell good inputs from bad, all are refused: an illegal input would accuse
the right programs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from problems.task import Task
from sandbox.compiling.compile import Compiler
from solver.breaking import accuse
from solver.breaking.legal import Draft, Legal
from solver.breaking.types import Evidence, Proposed
from solver.kept.answers import KeptAnswers
from solver.observing.helpers import Helper, HelperBench
from solver.types import GeneratedInput, HelperKind, HelperProgram, InputOrigin

_SEEDS = 2
"""Calls of a generator for one subtask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An input that may break a candidate, or a program that prints one.

    Attributes:
        candidate: Id of the candidate that it was made against.
        subtask: That the candidate was drawn for; None for the whole task.
        content: The input; None where a program prints it.
        generator: A Python program, called with a seed and a subtask's name.
    """

    candidate: str
    subtask: str | None = None
    content: bytes | None = None
    generator: str | None = None


def legal_proposals(
    proposals: Sequence[Proposal],
    task: Task,
    compiler: Compiler,
    answers: KeptAnswers,
    legal: Legal,
    seed: int,
    most_bytes: int,
) -> tuple[list[GeneratedInput], int]:
    """What all live validators accept, each once, and how many proposals gave nothing.

    Args:
        seed: First one asked of the generators.
        most_bytes: Larger inputs are refused.

    Raises:
        SandboxError: The sandbox failed, not a program.
    """
    drafts: list[list[Draft]] = [[] for _ in proposals]
    for place, one in enumerate(proposals):
        if one.content is not None:
            drafts[place].append((one.content, one.subtask))
    for place, content, name in _printed(proposals, task, compiler, answers, seed):
        drafts[place].append((content, name))
    fitting = [[one for one in own if len(one[0]) <= most_bytes] for own in drafts]
    # Never "as meant": a model's generator is not one that the validators were tried on.
    taken = {one.content: one for one in legal.look([one for own in fitting for one in own])}
    refused = sum(not any(content in taken for content, _ in own) for own in fitting)
    return [replace(one, origin=InputOrigin.DIAGNOSIS) for one in taken.values()], refused


def _printed(
    proposals: Sequence[Proposal], task: Task, compiler: Compiler, answers: KeptAnswers, seed: int
) -> list[tuple[int, bytes, str]]:
    """(number of the proposal, input, subtask that was asked for) of the generators."""
    programs = [
        HelperProgram(
            id=str(place), kind=HelperKind.GENERATOR, language="python3", source=one.generator
        )
        for place, one in enumerate(proposals)
        if one.generator is not None
    ]
    bench = HelperBench(programs, compiler, kept=answers)
    calls: list[tuple[Helper, int, str]] = []
    for helper in bench.of_kind(HelperKind.GENERATOR):
        own = proposals[int(helper.id)].subtask
        names = dict.fromkeys([own or task.subtasks[-1].name, task.subtasks[-1].name])
        calls += [(helper, seed + k, name) for name in names for k in range(_SEEDS)]
    made = zip(calls, bench.generate(calls), strict=True)
    return [(int(helper.id), content, name) for (helper, _, name), content in made if content]


def came_to(
    proposals: Sequence[Proposal],
    legal: Sequence[GeneratedInput],
    refused: int,
    evidence: Sequence[Evidence],
) -> Proposed:
    """What the proposals came to, by the evidence that is there after them."""
    broke = [
        one.candidate
        for one in evidence
        if any(
            each.input.origin is InputOrigin.DIAGNOSIS and each.probability >= accuse.BROKEN
            for each in one.breaks
        )
    ]
    return Proposed(
        proposals=len(proposals), refused=refused, inputs=len(legal), broke=tuple(broke)
    )
