"""Which programs a model is shown, what it is asked, and what its answers propose.

Who is shown is decided once a round and kept in the run folder before anything is asked, so that a
killed run asks the same again, and nothing twice. A program is shown once; in later rounds what was
said of it still counts and costs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from problems.task import Task
from solver.breaking.accuse import BROKEN
from solver.breaking.proposals import Proposal
from solver.breaking.types import Proposed
from solver.diagnosing.reading import MOST, read_diagnosis
from solver.kept.whole_files import whole_file
from solver.repair.findings import Looked
from solver.sampling.config import SamplingConfig
from solver.sampling.engine import Request
from solver.sampling.plan import ROUND_NUMBERS, Wanted
from solver.sampling.prompts import Prompts
from solver.sampling.source import Source
from solver.strategies.base import StrategyFactory
from solver.types import Candidate, Feedback, PrepareRequest, Progress

DIAGNOSIS = "diagnosis"
TEMPERATURE = 0.6
_CHOICES = 4
"""Choices of the strategy that are looked at for each program that is shown: it may choose one for
several subtasks, and some are broken already."""


class Shown(BaseModel):
    """Ids of the candidates that the model is shown in one round."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a model was shown and what it proposes.

    Attributes:
        shown: Ids of this round's programs.
        proposals: About these and those of earlier rounds.
        unread: Fenced blocks that propose nothing that can be tried.
        tokens: Drawn for this round's answers.
    """

    shown: tuple[str, ...]
    proposals: tuple[Proposal, ...]
    unread: int
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosed:
    """What the diagnoses came to.

    Attributes:
        proposed: Inputs that the answers hold, those that cannot be read among them.
        refused: Of these, those that cannot be read, print nothing, or are not legal.
        broke: Ids of the candidates that break on a legal one, by the votes that say what is
            right.
        tokens: Drawn for them.
    """

    shown: tuple[str, ...]
    proposed: int
    refused: int
    broke: tuple[str, ...]
    tokens: int

    @classmethod
    def of(cls, asked: Asked, proposed: Proposed) -> "Diagnosed":
        """What was asked, and what breaking made of the answers."""
        return cls(
            shown=asked.shown,
            proposed=len(asked.proposals) + asked.unread,
            refused=proposed.refused + asked.unread,
            broke=proposed.broke,
            tokens=asked.tokens,
        )

    def as_record(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "shown": list(self.shown),
            "proposed": self.proposed,
            "refused": self.refused,
            "broke": list(self.broke),
            "tokens": self.tokens,
        }


def ask_diagnoses(
    task: Task,
    looked: Looked,
    request: PrepareRequest,
    spent: int,
    source: Source,
    config: SamplingConfig,
    strategy: StrategyFactory,
    progress: Progress,
) -> Asked:
    """Asks the model for inputs that break what would be handed in next.

    Args:
        looked: What the candidates do, attacked once.
        spent: Tokens of the round so far; where they are all that it has, nobody is shown.

    Raises:
        SolverError: The source failed; what was drawn is kept.
    """
    folder = looked.bench.run
    by_id = {one.id: one for one in looked.view.candidates}
    before = [_kept(_file(folder, k, config)) for k in range(1, request.round)]
    earlier = [name for one in before if one is not None for name in one.candidates]
    file = _file(folder, request.round, config)
    shown = _kept(file)
    if shown is None:
        over = request.tokens is not None and spent >= request.tokens
        names = () if over else _next(looked, config, strategy, frozenset(earlier))
        shown = Shown(candidates=names)
        with whole_file(file) as partial:
            partial.write_text(shown.model_dump_json() + "\n")
    prompts = Prompts.of(config)
    proposals: list[Proposal] = []
    unread = tokens = 0
    for names, new in ((tuple(earlier), False), (shown.candidates, True)):
        programs = [by_id[name] for name in names if name in by_id]
        wanted = [
            _wanted(task, one, prompts, config, request.round, k) for k, one in enumerate(programs)
        ]
        # What earlier rounds asked is kept: it costs this one nothing.
        answers, drawn = source.ask(task, wanted, progress) if wanted else ([], 0)
        tokens += drawn if new else 0
        for program, answer in zip(programs, answers, strict=True):
            told = read_diagnosis(answer or "")
            proposals += _proposals(program, told.inputs, told.generators)
            unread += told.refused
    return Asked(shown=shown.candidates, proposals=tuple(proposals), unread=unread, tokens=tokens)


def _file(folder: Path, round: int, config: SamplingConfig) -> Path:
    # With more samples a run grows, and others would be handed in.
    return folder / f"diagnoses-{round}-{config.samples}.json"


def _kept(file: Path) -> Shown | None:
    try:
        return Shown.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None


def _next(
    looked: Looked, config: SamplingConfig, strategy: StrategyFactory, earlier: frozenset[str]
) -> tuple[str, ...]:
    """Ids of the programs that the strategy would hand in next, unbroken ones, each once."""
    view = looked.view
    chooser = strategy(view, np.random.default_rng(config.seed))
    history: list[Feedback] = []
    found: dict[str, str] = {}
    while len(found) < config.diagnoses and len(history) < _CHOICES * config.diagnoses:
        choice = chooser.next(history)
        if choice is None:
            break
        history.append(Feedback(candidate=choice.candidate))
        name = view.candidates[choice.candidate].id
        digest = looked.programs.digests[choice.candidate]
        evidence = looked.evidence.get(name)
        broken = evidence is not None and any(
            chance >= BROKEN for chance in evidence.accused.values()
        )
        if digest is not None and not broken and name not in earlier:
            found.setdefault(digest, name)
    return tuple(found.values())


def _wanted(
    task: Task,
    program: Candidate,
    prompts: Prompts,
    config: SamplingConfig,
    round: int,
    number: int,
) -> Wanted:
    return Wanted(
        request=Request(
            messages=prompts.diagnosis(task, program, MOST, system=config.system),
            parameters=config.parameters(TEMPERATURE),
            # Neither round nor place: the same program is asked about once.
            seed=config.seed,
            index=0,
        ),
        kind=DIAGNOSIS,
        number=round * ROUND_NUMBERS + number,
        subtask=None,
        language="",
        round=round,
    )


def _proposals(
    program: Candidate, inputs: Sequence[bytes], generators: Sequence[str]
) -> list[Proposal]:
    about = program.id, program.subtask
    texts = [Proposal(candidate=about[0], subtask=about[1], content=one) for one in inputs]
    return texts + [
        Proposal(candidate=about[0], subtask=about[1], generator=one) for one in generators
    ]
