"""Stage 2, afterwards: the programs in a run's answers, and what became of all the others."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from problems.task import Task
from problems.tasktypes.output_only import LANGUAGE as OUTPUTS
from solver.kept.samples import RunFolder, StoredSample
from solver.sampling.answers.extraction import NoProgram, extract, wanted_of
from solver.sampling.answers.written import written_outputs
from solver.sampling.plan import CANDIDATE, place_of
from solver.sampling.tally import Tally
from solver.submissions import packed
from solver.types import Candidate, HelperKind, HelperProgram

BROKEN_OFF = ("refused", "error")
"""Ends at which an answer's last block may be half of one, as a limit's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """What a task's samples came to.

    Attributes:
        unusable: Why answers gave no program, and how often.
        tokens: Drawn by this call.
        spent: Tokens of all that was asked for, those of earlier calls included.
        stopped: Why drawing ended before all was drawn, empty where it did not.
        tally: What became of the candidates' answers, each under one word.
    """

    candidates: tuple[Candidate, ...]
    helpers: tuple[HelperProgram, ...]
    unusable: Mapping[NoProgram, int]
    tokens: int
    spent: int
    stopped: str = ""
    tally: Tally = field(default_factory=lambda: Tally(answers=0, candidates=0))


class _Fates:
    """What became of answers, while they are looked through."""

    def __init__(self) -> None:
        self.answers = 0
        self.unusable: Counter[NoProgram] = Counter()
        self.refused = 0
        self.said = ""
        self.left_out: Counter[str] = Counter()
        self.tokens = 0
        self.prompt_tokens = 0

    def programs(
        self, samples: Iterable[StoredSample], task: Task | None = None
    ) -> Iterator[tuple[StoredSample, str]]:
        """The samples that hold a program; the others are counted by reason.

        Args:
            task: Names what its candidates must define; None for helpers, which are whole programs.
        """
        for sample in samples:
            self.answers += 1
            self.tokens += sample.tokens
            self.prompt_tokens += sample.prompt_tokens
            self.left_out.update(part for part in _left_out(sample) if part)
            language = sample.extra["language"]
            wanted = frozenset() if task is None else wanted_of(task, language)
            finish = "length" if sample.finish in BROKEN_OFF else sample.finish
            found = extract(sample.text, language, finish, wanted)
            if found.source is not None:
                yield sample, found.source
            elif sample.finish == "refused":
                self.refused += 1
                self.said = self.said or str(sample.extra.get("said", ""))
            elif found.reason is not None:
                self.unusable[found.reason] += 1


def _left_out(sample: StoredSample) -> list[str]:
    return str(sample.extra.get("left_out", "")).split(",")


def collect(
    task: Task,
    run: RunFolder,
    rounds: int,
    *,
    tokens: int,
    spent: int,
    stopped: str,
    not_drawn: int = 0,
    step: int = 0,
) -> Samples:
    """The programs in the run's answers for a task, up to and with that round.

    Args:
        step: Of that round, drafts up to and with this repair round.
        not_drawn: Candidates that were asked for and not drawn.
    """
    fates, helper_fates = _Fates(), _Fates()
    drawn = [
        each
        for each in run.samples(task.name, CANDIDATE)
        if (each.extra["round"], each.extra.get("step", 0)) <= (rounds, step)
    ]
    candidates: list[Candidate] = []
    ids: set[str] = set()
    for sample, source in fates.programs(drawn, task):
        name = f"{task.name}/{place_of(sample.number)}"
        if name in ids:
            # Two models, or two seeds, were drawn into this run.
            name = f"{name}-{sample.key[:8]}"
        ids.add(name)
        candidates.append(
            Candidate(
                id=name,
                task=task.name,
                subtask=sample.subtask,
                language=sample.extra["language"],
                source=source,
                logprob=sample.logprob,
                model=sample.model,
                parent=sample.extra.get("parent"),
            )
        )
    for sample in run.samples(task.name, HelperKind.PRODUCER.value):
        files = written_outputs(sample.text, task)
        if files:
            candidates.append(
                Candidate(
                    id=f"{task.name}/written{sample.number}-{sample.key[:8]}",
                    task=task.name,
                    subtask=None,
                    language=OUTPUTS,
                    source=packed(files),
                    logprob=sample.logprob,
                    model=sample.model,
                )
            )
    helpers = [
        HelperProgram(
            id=f"{task.name}/{kind.value}{sample.number}-{sample.key[:8]}",
            kind=kind,
            language=sample.extra["language"],
            source=source,
        )
        for kind in HelperKind
        for sample, source in helper_fates.programs(run.samples(task.name, kind.value))
    ]
    tally = Tally(
        answers=fates.answers,
        candidates=len(candidates),
        no_program=_words(fates.unusable),
        refused=fates.refused,
        said=fates.said,
        left_out=dict(fates.left_out),
        helpers=helper_fates.answers,
        helpers_no_program=_words(helper_fates.unusable)
        | ({"refused": helper_fates.refused} if helper_fates.refused else {}),
        not_drawn=not_drawn,
        tokens=fates.tokens + helper_fates.tokens,
        prompt_tokens=fates.prompt_tokens + helper_fates.prompt_tokens,
    )
    return Samples(
        candidates=tuple(candidates),
        helpers=tuple(helpers),
        unusable=dict(fates.unusable + helper_fates.unusable),
        tokens=tokens,
        spent=spent,
        stopped=stopped,
        tally=tally,
    )


def _words(reasons: Mapping[NoProgram, int]) -> dict[str, int]:
    return {reason.value: count for reason, count in reasons.items()}
