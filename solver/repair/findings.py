"""Repair, first: on which inputs a candidate is held to fail, and how sure that is.

Surest first: examples of the statement; what breaking found, with its calibrated chance; crashes
and limits hit on inputs that every validator accepts; and last, for programs on which nothing
better is known, outputs that most of the others do not print.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from problems.task import Task
from sandbox.data import Blob, digest_of
from solver.breaking.types import Break, BreakKind, Evidence, Proposed
from solver.kept.inputs import kept_inputs
from solver.observing.bench import Bench
from solver.observing.build import Programs
from solver.observing.examples import passes_examples
from solver.sampling.repairs import Counterexample, Failing
from solver.strategies.base import View
from solver.submissions import is_outputs
from solver.types import Behaviour, Clusters, Estimate, GeneratedInput, RunStatus

SHOWN_CHARACTERS = 2_000
"""An input up to this is told whole."""
SHOWN_LINES = 12
SHOWN_LINE_CHARACTERS = 120
HEAD_CHARACTERS = 600
"""Of an output."""
SHOWN_EXAMPLES = 2
"""Inputs that one prompt tells."""

CRASH_CHANCE = 0.9
"""A crash on an input that all validators accept and that most other programs survive."""
LIMIT_CHANCE = 0.8
"""The same for a limit: ours may be another one than the judge's."""
SURE_OF = 2
"""Other behaviours that must all survive, for these chances; a doubt otherwise."""
DOUBT = 0.5
"""Most chance that a vote of programs that nobody has checked is given."""

_FAILING: Mapping[int, Failing] = {
    RunStatus.OK: Failing.WRONG,
    RunStatus.CRASH: Failing.CRASH,
    RunStatus.REJECTED: Failing.WRONG,
    RunStatus.TIMEOUT: Failing.TIME,
    RunStatus.MEMORY: Failing.MEMORY,
    RunStatus.OUTPUT: Failing.OUTPUT,
}
_BROKEN: Mapping[BreakKind, Failing] = {
    BreakKind.WRONG: Failing.WRONG,
    BreakKind.CRASH: Failing.CRASH,
    BreakKind.TIME: Failing.TIME,
    BreakKind.MEMORY: Failing.MEMORY,
    BreakKind.OUTPUT: Failing.OUTPUT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """All that a repair round rests on.

    Attributes:
        programs: Those of the view's P candidates.
        evidence: Candidate id to what breaking found; empty where it did not run.
        proposed: What a model's proposals came to.
    """

    view: View
    programs: Programs
    bench: Bench
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    proposed: Proposed = field(default_factory=Proposed)

    def of_programs(self) -> "Looked":
        """The same of programs alone: files that are handed in as they are stand after them, ran on
        nothing, and have no fault that could be told."""
        rows = [row for row, one in enumerate(self.view.candidates) if not is_outputs(one)]
        if len(rows) == len(self.view.candidates):
            return self
        view, behaviour, clusters = self.view, self.view.behaviour, self.view.clusters
        return replace(
            self,
            view=replace(
                view,
                candidates=[view.candidates[row] for row in rows],
                behaviour=replace(
                    behaviour,
                    candidate_ids=tuple(behaviour.candidate_ids[row] for row in rows),
                    status=behaviour.status[rows],
                    digest=behaviour.digest[rows],
                    cpu_s=behaviour.cpu_s[rows],
                ),
                clusters=Clusters(label=clusters.label[rows], near=clusters.near[rows]),
                estimate=Estimate(
                    probability=view.estimate.probability[rows],
                    features=view.estimate.features[rows],
                ),
                accused=None if view.accused is None else view.accused[rows],
            ),
            programs=replace(
                self.programs,
                candidate_ids=tuple(self.programs.candidate_ids[row] for row in rows),
                digests=tuple(self.programs.digests[row] for row in rows),
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An input on which a candidate is held to fail.

    Attributes:
        printed: What it printed; None where that is not known yet.
        expected: The answer; None where nobody says one.
        supporter: Row of a candidate that prints what is expected; None where `expected` is known,
            or nobody prints it.
        word: Who says so.
        probability: That the candidate is wrong.
    """

    input: GeneratedInput
    failing: Failing
    printed: bytes | None
    expected: bytes | None
    supporter: int | None = None
    word: str
    probability: float


def findings_of(looked: Looked) -> dict[int, list[Finding]]:
    """Row of a candidate to its findings, surest first and the shortest first among equals.

    Candidates on which nothing is found, or that did not compile, have none.
    """
    view = looked.view
    contents = kept_inputs(looked.bench.run)
    votes = _Votes(view.behaviour)
    found: dict[int, list[Finding]] = {}
    for row, candidate in enumerate(view.candidates):
        if looked.programs.digests[row] is None:
            continue
        own = _on_examples(row, view.behaviour, view.task, contents)
        evidence = looked.evidence.get(candidate.id)
        if evidence is not None:
            # It was attacked: what it survived tells more than what most programs do.
            own += [_of_break(one) for one in evidence.breaks]
        else:
            own = own or _of_limits(row, view.behaviour, contents, votes)
            own = own or _of_votes(row, view.behaviour, contents, votes)
        # An input that is not of the subtask that it was drawn for says nothing against it.
        own = [one for one in own if candidate.subtask in (None, *one.input.subtasks)]
        if own:
            own.sort(key=lambda one: (-_rank(one.probability), len(one.input.content)))
            found[row] = own
    return found


def _rank(probability: float) -> int:
    """Equally sure, as a prompt tells it."""
    return sum(probability >= edge for edge in (0.6, 0.9, 0.98))


def _on_examples(
    row: int, behaviour: Behaviour, task: Task, contents: Mapping[str, GeneratedInput]
) -> list[Finding]:
    answers = {digest_of(one.input): one.output for one in task.examples}
    wrong = (behaviour.expected != 0) & (behaviour.digest[row] != behaviour.expected)
    wrong &= behaviour.status[row] != RunStatus.NOT_RUN
    return [
        Finding(
            input=contents[name],
            failing=_FAILING[int(behaviour.status[row, j])],
            printed=None,
            expected=answers.get(name),
            word="it is an example of the statement, which gives this output",
            probability=1.0,
        )
        for j in np.flatnonzero(wrong).tolist()
        if (name := behaviour.input_ids[j]) in contents
    ]


def _of_break(one: Break) -> Finding:
    claim = one.claim
    if claim is None:
        word = "no answer is needed to see that"
    else:
        kinds = "kind" if claim.families == 1 else "kinds"
        word = f"{len(claim.supporters)} programs of {claim.families} {kinds} print this"
        if claim.brutes:
            word += f", {claim.brutes} of the kinds by plain brute force"
        if claim.by_checker:
            word += ", and the task's checker takes it"
        if claim.families_against:
            word += f"; programs of {claim.families_against} print something else"
    return Finding(
        input=one.input,
        failing=_BROKEN[one.kind],
        printed=one.printed,
        expected=None if claim is None else claim.answer,
        word=word,
        probability=one.probability,
    )


class _Votes:
    """What the programs that pass the examples do on each input, one vote for each behaviour.

    Attributes:
        rows: A program of each behaviour.
        ok: (behaviours, I) it ran to its end.
        programs_ok: (I,) share of all these programs that did.
    """

    def __init__(self, behaviour: Behaviour) -> None:
        passers = np.flatnonzero(passes_examples(behaviour))
        _, first = np.unique(behaviour.digest[passers], axis=0, return_index=True)
        self.rows: NDArray[np.intp] = passers[first]
        self.ok = behaviour.status[self.rows] == RunStatus.OK
        self._digest = behaviour.digest[self.rows]
        self.programs_ok: NDArray[np.float64] = (
            (behaviour.status[passers] == RunStatus.OK).mean(axis=0)
            if len(passers)
            else np.zeros(behaviour.status.shape[1])
        )

    def most(self, j: int) -> tuple[int, int, int] | None:
        """The digest that most behaviours print, a row that prints it, and their number."""
        printed = self._digest[self.ok[:, j], j]
        if not len(printed):
            return None
        values, counts = np.unique(printed, return_counts=True)
        digest = values[int(counts.argmax())]
        row = int(self.rows[self.ok[:, j] & (self._digest[:, j] == digest)][0])
        return int(digest), row, int(counts.max())


def _of_limits(
    row: int, behaviour: Behaviour, contents: Mapping[str, GeneratedInput], votes: _Votes
) -> list[Finding]:
    """Crashes and limits on legal inputs that most of the others survive, most programs and most
    behaviours: where many crash, the validators may have let an illegal input in."""
    status = behaviour.status[row]
    bad = (status != RunStatus.OK) & (status != RunStatus.NOT_RUN)
    found = []
    for j in np.flatnonzero(bad).tolist():
        one = contents.get(behaviour.input_ids[j])
        others = votes.ok[votes.rows != row, j]
        most = len(others) and others.mean() > 0.5 and votes.programs_ok[j] > 0.5
        if one is None or one.accepted_share < 1.0 or not most:
            continue
        failing = _FAILING[int(status[j])]
        sure = len(others) >= SURE_OF and bool(others.all())
        chance = CRASH_CHANCE if failing is Failing.CRASH else LIMIT_CHANCE
        found.append(
            Finding(
                input=one,
                failing=failing,
                printed=None,
                expected=None,
                word=f"{int(others.sum())} of {len(others)} other programs run to their end there",
                probability=chance if sure else DOUBT,
            )
        )
    return found


def _of_votes(
    row: int, behaviour: Behaviour, contents: Mapping[str, GeneratedInput], votes: _Votes
) -> list[Finding]:
    """Outputs that most behaviours do not print: a doubt, and told as one."""
    found = []
    for j, name in enumerate(behaviour.input_ids):
        most = votes.most(j)
        if most is None or behaviour.status[row, j] != RunStatus.OK or name not in contents:
            continue
        digest, supporter, count = most
        voters = int(votes.ok[:, j].sum())
        if digest == behaviour.digest[row, j] or count < 2 or not contents[name].subtasks:
            continue
        found.append(
            Finding(
                input=contents[name],
                failing=Failing.WRONG,
                printed=None,
                expected=None,
                supporter=supporter,
                word=(
                    f"{count} of {voters} programs that pass the examples and behave differently "
                    "print this; nobody has checked it"
                ),
                probability=DOUBT * count / voters,
            )
        )
    return found


def told(row: int, findings: Sequence[Finding], looked: Looked) -> tuple[Counterexample, ...]:
    """The findings of one candidate that a prompt tells, in its words; programs whose output is not
    known are run on the input once more."""
    return tuple(_told(row, one, looked) for one in findings[:SHOWN_EXAMPLES])


def _told(row: int, one: Finding, looked: Looked) -> Counterexample:
    printed, expected = one.printed, one.expected
    if printed is None and one.failing is Failing.WRONG:
        printed = _output(row, one, looked)
    if expected is None and one.supporter is not None:
        expected = _output(one.supporter, one, looked)
    return Counterexample(
        input_id=one.input.id,
        input=shown_input(one.input.content),
        size_bytes=len(one.input.content),
        failing=one.failing,
        got=_head(printed or b""),
        expected=None if expected is None else _head(expected),
        word=one.word,
        probability=round(one.probability, 4),
    )


def _output(row: int, one: Finding, looked: Looked) -> bytes | None:
    program = looked.programs.executable(row)
    execution = looked.bench.runner.run(program, Blob.of_bytes(one.input.content))
    return None if execution.output is None else execution.output.read(4 * HEAD_CHARACTERS)


def shown_input(content: bytes) -> str:
    """An input as a prompt tells it: whole up to `SHOWN_CHARACTERS`, else its size, its shape and
    its first lines."""
    text = content.decode("utf-8", "replace").rstrip("\n")
    if len(text) <= SHOWN_CHARACTERS:
        return text
    lines = text.split("\n")
    counts = [len(line.split()) for line in lines]
    shape = f"{len(lines)} lines, the longest of {max(counts)} words, {sum(counts)} words in all"
    first = [
        line if len(line) <= SHOWN_LINE_CHARACTERS else line[:SHOWN_LINE_CHARACTERS] + " ..."
        for line in lines[:SHOWN_LINES]
    ]
    more = ["..."] if len(lines) > SHOWN_LINES else []
    return "\n".join([f"({len(content)} bytes: {shape}; it begins so)", *first, *more])


def _head(content: bytes) -> str:
    text = content.decode("utf-8", "replace").strip("\n")
    return text if len(text) <= HEAD_CHARACTERS else text[:HEAD_CHARACTERS] + "\n..."
