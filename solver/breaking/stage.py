"""The stage on one screen: whom to attack, with what, what it came to, what joins the matrix."""

import re
from collections.abc import Sequence
from functools import partial

import numpy as np

from problems.task import Task, TaskType
from problems.tasktypes.runner import Runner
from sandbox.data import Blob, digest_of
from solver.breaking.attack import Attacked, Column, attack
from solver.breaking.brutes import Brutes, brutes_of
from solver.breaking.claims import weigh
from solver.breaking.config import BreakingConfig
from solver.breaking.drafts import Drafts
from solver.breaking.evidence import Trial, ballots_of, evidence_of
from solver.breaking.keeping import columns_to_keep
from solver.breaking.legal import Legal
from solver.breaking.proposals import Proposal, came_to, legal_proposals
from solver.breaking.runs import Accepts, Outcome, Runs
from solver.breaking.shortest import with_shorter
from solver.breaking.telling import Telling
from solver.breaking.types import Broken, Ran, Spent
from solver.breaking.workplace import Workplace
from solver.kept.answers import KeptAnswers
from solver.kept.inputs import save_inputs
from solver.observing.bench import Bench
from solver.observing.equivalence import accepts_by_vote, checker_of, written_checkers
from solver.observing.examples import passes_examples
from solver.observing.families import families_of
from solver.observing.helpers import HelperBench
from solver.observing.separating import Seen, promising
from solver.types import (
    Behaviour,
    Candidate,
    GeneratedInput,
    HelperKind,
    HelperProgram,
    RunStatus,
)

_REAL = re.compile(rb"\d\.\d")
RANDOM_INPUTS = 256
"""What a budget is measured by: o1-ioi runs every program on so many random inputs."""

A_PROGRAM = 4
"""Small inputs tried for each attacked program: a handful is told apart by a handful."""


def break_candidates(
    seen: Seen,
    candidates: Sequence[Candidate],
    bench: Bench,
    config: BreakingConfig | None = None,
    proposals: Sequence[Proposal] = (),
) -> Broken:
    """Tries to break the candidates that would be handed in next.

    Args:
        seen: Programs, helpers, and what the programs did so far; separating inputs included.
        candidates: P, in the rows' order.
        bench: Its run folder keeps every run, so that a second call runs nothing.
        proposals: A model's, run first where they are legal; the candidates that they were made
            against are attacked whatever is known of them.

    Returns:
        Evidence of the attacked, and inputs for the behaviour matrix; nothing where there is
        nobody to attack, or the task's programs cannot be run on an input.

    Raises:
        SandboxError: The sandbox failed, not a program.
    """
    config = config or BreakingConfig()
    if not config.on or bench.task.type is TaskType.OUTPUT_ONLY:
        return Broken(evidence={})
    rows = to_attack(seen, config.programs)
    rows += _made_against(proposals, seen, candidates, rows)
    if len(rows) < 2:
        # One program cannot be told from another, and nobody says what is right.
        return Broken(evidence={})
    few = min(config.small, A_PROGRAM * len(rows))
    config = config.model_copy(update={"small": few})
    targets = {row: seen.programs.executable(row) for row in rows}
    budget_s = min(config.cpu_s, config.share * random_cpu_s(seen))
    telling = Telling(bench.progress("breaking"), config, len(bench.task.subtasks))
    with KeptAnswers(bench.run) as answers:
        place, legal = workplace(seen, bench, answers, config)
        runs = Runs(bench.runner, answers)
        brutes = brutes_of(seen.helpers, bench, runs)
        proposed, refused = legal_proposals(
            proposals, bench.task, bench.compiler, answers, legal, config.seed, config.max_bytes
        )
        done = attack(
            place, legal, targets, runs, config, budget_s, brutes.programs, proposed, telling
        )
        names = [subtask.name for subtask in bench.task.subtasks]
        reals = prints_reals(done, bench.task)
        trial = try_all(seen, candidates, rows, done, bench, answers, brutes, reals=reals)
        before = try_all(seen, candidates, rows, Attacked(), bench, answers, reals=reals)
        evidence = {row: one for row, one in evidence_of(trial, names).items() if row >= 0}
        told = came_to(proposals, proposed, refused, list(evidence.values()))
        kept = columns_to_keep(trial, evidence, place, config.keep)
        voters = targets | brutes.programs
        evidence = with_shorter(evidence, trial, voters, place, legal, runs, config, telling)
    telling.end()
    made_of = [f"{seen.programs.digests[row]}" for row in rows] + [one.id for one in proposed]
    rows_digest = "\0".join(made_of)
    save_inputs(bench.run, digest_of(f"{config.model_dump_json()}\0{rows_digest}".encode()), kept)
    return Broken(
        evidence={trial.names[row]: one for row, one in evidence.items()},
        before={before.names[row]: one for row, one in evidence_of(before, names).items()},
        inputs=kept,
        spent=Spent(cpu_s=runs.cpu_s, runs=runs.count),
        proposed=told,
        ran=_ran_on(kept, done, seen),
    )


def _ran_on(
    inputs: Sequence[GeneratedInput], done: Attacked, seen: Seen
) -> dict[tuple[str, str], Ran]:
    """What candidates did on these inputs when they were attacked."""
    wanted = {one.id for one in inputs}
    return {
        (digest, column.input.id): (outcome.status, outcome.digest, outcome.cpu_s)
        for column in done.columns
        if column.input.id in wanted
        for row, outcome in column.outcomes.items()
        if row >= 0 and (digest := seen.programs.digests[row]) is not None
    }


def _made_against(
    proposals: Sequence[Proposal], seen: Seen, candidates: Sequence[Candidate], rows: Sequence[int]
) -> list[int]:
    """Rows of the candidates that proposals were made against and that are not attacked yet."""
    named = {one.candidate for one in proposals}
    taken = {seen.programs.digests[row] for row in rows} | {None}
    found: dict[str | None, int] = {}
    for row, candidate in enumerate(candidates):
        digest = seen.programs.digests[row]
        if candidate.id in named and digest not in taken:
            found.setdefault(digest, row)
    return list(found.values())


def to_attack(seen: Seen, most: int) -> list[int]:
    """Rows of distinct programs that pass the examples: those that separating looked at, then the
    rest of the clusters that were too large for it."""
    rows = promising(seen.behaviour, seen.programs, most)
    taken = {seen.programs.digests[row] for row in rows}
    for row in np.flatnonzero(passes_examples(seen.behaviour)).tolist():
        digest = seen.programs.digests[row]
        if len(rows) >= most:
            break
        if digest is not None and digest not in taken:
            taken.add(digest)
            rows.append(row)
    return rows


def random_cpu_s(seen: Seen) -> float:
    """CPU time that random inputs would take, judged by those that the programs ran on."""
    ran = seen.behaviour.status != RunStatus.NOT_RUN
    distinct = {digest: row for row, digest in enumerate(seen.programs.digests) if digest}
    rows = list(distinct.values())
    runs = int(ran[rows].sum())
    spent = float(seen.behaviour.cpu_s[rows].sum())
    return RANDOM_INPUTS * len(rows) * spent / max(1, runs)


def workplace(
    seen: Seen, bench: Bench, answers: KeptAnswers, config: BreakingConfig
) -> tuple[Workplace, Legal]:
    """What an attack is made from, and what says which inputs are legal."""
    task = bench.task
    generators = _of_kind(seen.helpers, HelperKind.GENERATOR)
    validators = _of_kind(seen.helpers, HelperKind.VALIDATOR)
    names = [subtask.name for subtask in task.subtasks]
    drafts = Drafts(generators, names, bench.compiler, answers, config.seed)
    place = Workplace.of(task, validators, drafts, seen.inputs)
    running = HelperBench(validators, bench.compiler, kept=answers)
    return place, Legal(task, running, [one.content for one in seen.inputs])


def _of_kind(helpers: Sequence[HelperProgram], kind: HelperKind) -> list[HelperProgram]:
    return [helper for helper in helpers if helper.kind is kind]


def try_all(
    seen: Seen,
    candidates: Sequence[Candidate],
    attacked: Sequence[int],
    done: Attacked,
    bench: Bench,
    answers: KeptAnswers,
    brutes: Brutes | None = None,
    *,
    reals: bool = False,
) -> Trial:
    """What the attacked programs did on the inputs of before and of the attack, weighed.

    Args:
        reals: They print real numbers: then the inputs of the attack alone count.
    """
    task = bench.task
    columns = [*done.columns]
    if not reals:
        columns += _columns_before(seen, attacked)
    accepts = accepts_of(columns, seen, bench)
    ballots = ballots_of(columns, accepts)
    brutes = brutes or Brutes()
    sources = [candidates[row].source for row in attacked] + list(brutes.sources.values())
    of_row = dict(zip([*attacked, *brutes.sources], families_of(sources).tolist(), strict=True))
    confirmed, cleared = _again(done, seen, bench, answers)
    return Trial(
        task=task,
        columns=columns,
        ballots=ballots,
        verdicts=weigh(ballots, of_row),
        family=of_row,
        brutes=frozenset(done.slow) | frozenset(brutes.programs),
        names={row: candidates[row].id for row in attacked} | brutes.names,
        confirmed=confirmed,
        cleared=cleared,
        by_checker=any(word is not None for word in accepts),
    )


def prints_reals(done: Attacked, task: Task) -> bool:
    """Whether some program prints real numbers.

    What programs printed before the attack is known by its digest alone, which tells right programs
    apart where a digit is rounded the other way. (An example may show a whole number where others
    are none: so what the programs print counts as well.)
    """
    shown = [example.output or b"" for example in task.examples]
    printed = (one.output or b"" for column in done.columns for one in column.outcomes.values())
    return any(_REAL.search(text) for text in (*shown, *printed))


def _columns_before(seen: Seen, rows: Sequence[int]) -> list[Column]:
    """Generated inputs of the stages before that all live validators accept."""
    behaviour = seen.behaviour
    best = max((one.accepted_share for one in seen.inputs), default=0.0)
    columns = []
    for j, one in enumerate(seen.inputs):
        if behaviour.expected[j] or one.accepted_share < best:
            continue
        columns.append(Column(input=one, outcomes=outcomes_known(behaviour, j, rows)))
    return columns


def outcomes_known(behaviour: Behaviour, j: int, rows: Sequence[int]) -> dict[int, Outcome]:
    """Row to what the program did on input `j` in the stages before; its output is not kept."""
    return {
        row: Outcome(
            status=RunStatus(int(behaviour.status[row, j])),
            digest=int(behaviour.digest[row, j]),
            cpu_s=float(behaviour.cpu_s[row, j]),
            output=None,
        )
        for row in rows
        # What ran out of time here is not asked again alone: the ladder says more of it.
        if behaviour.status[row, j] not in (RunStatus.NOT_RUN, RunStatus.TIMEOUT)
    }


def accepts_of(columns: Sequence[Column], seen: Seen, bench: Bench) -> list[Accepts | None]:
    """The checker's word for each column; None where answers are compared."""
    inputs: list[GeneratedInput] = [column.input for column in columns]
    word = checker_of(bench.task, bench.runner.side.programs, inputs)
    if word is None:
        checkers = written_checkers(bench.task, seen.helpers, bench.compiler)
        word = accepts_by_vote(bench.task, checkers, inputs) if checkers is not None else None
    if word is None:
        return [None] * len(columns)
    return [partial(word, k) for k in range(len(columns))]


def _again(
    done: Attacked, seen: Seen, bench: Bench, answers: KeptAnswers
) -> tuple[frozenset[tuple[int, int]], frozenset[tuple[int, int]]]:
    """Programs that ran out of time, with the whole limit and, where that is near, alone: (row,
    column) confirmed, and cleared."""
    limit_s = bench.task.limits.time_s or 2.0 * bench.runner.side.time_s
    runner = Runner(bench.task, bench.sandbox, bench.compiler, time_s=limit_s)
    runs = Runs(runner, answers)
    confirmed: set[tuple[int, int]] = set()
    cleared: set[tuple[int, int]] = set()
    for k, column in enumerate(done.columns):
        for row, outcome in column.outcomes.items():
            if outcome.status is not RunStatus.TIMEOUT:
                continue
            if is_out_of_time(outcome, bench.runner.side.time_s, limit_s):
                confirmed.add((row, k))
                continue
            blob = Blob.of_bytes(column.input.content)
            told = runs.run({row: seen.programs.executable(row)}, blob, alone=True)[row]
            (confirmed if told.status is RunStatus.TIMEOUT else cleared).add((row, k))
    return frozenset(confirmed), frozenset(cleared)


def is_out_of_time(outcome: Outcome, observed_s: float, limit_s: float) -> bool:
    """Whether a run that took too long needs no other one to say so.

    Under the whole limit the runner itself measures again, alone, what is near it, and what is not
    near is not in time alone either; a clock that ran out says nothing of CPU time.

    Args:
        observed_s: The limit under which it ran.
        limit_s: The task's.
    """
    return observed_s >= limit_s and outcome.cpu_s > limit_s
