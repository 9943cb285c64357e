"""Labelled programs of a package as guests of a pool: whom does breaking accuse, whom break?

Recorded pools hold few right programs, too few to say that at most one of fifty is accused. The
jury's accepted and rejected programs join, one at a time: each is run on the inputs of the pool's
own attack and judged by the pool's votes, so that no guest helps another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from problems.package import load_package
from problems.tasktypes.runner import Runner
from sandbox.backend import Executable
from sandbox.compiling.compile import CompileError
from sandbox.data import Blob
from solver.breaking import stage
from solver.breaking.accuse import BROKEN
from solver.breaking.attack import Column, attack
from solver.breaking.claims import weigh
from solver.breaking.config import BreakingConfig
from solver.breaking.evidence import Trial, ballots_of, evidence_of
from solver.breaking.runs import Outcome, Runs
from solver.breaking.types import Break, BreakKind, Evidence
from solver.kept.answers import KeptAnswers
from solver.observing.bench import Bench
from solver.observing.families import families_of
from solver.observing.separating import Seen
from solver.submissions import text_digest
from solver.types import Candidate, Pool, RunStatus

_GUEST = 1_000_000
"""Row of the guest: none of the pool's."""


def _held(evidence: Evidence | None) -> list[Break]:
    breaks = () if evidence is None else evidence.breaks
    return [one for one in breaks if one.probability >= BROKEN]


def guests(pool: Pool, package: Path, bench: Bench, seen: Seen) -> dict[str, Any]:
    """Labelled programs of the package, each judged by the pool on the inputs of its attack."""
    config = BreakingConfig()
    rows = stage.to_attack(seen, config.programs)
    budget_s = stage.random_cpu_s(seen)
    if len(rows) < 2:
        return {"guests": []}
    few = min(config.small, stage.A_PROGRAM * len(rows))
    config = config.model_copy(update={"small": few})
    targets = {row: seen.programs.executable(row) for row in rows}
    names = [subtask.name for subtask in bench.task.subtasks]
    own = {text_digest(one) for one in pool.candidates}
    accepted: dict[str, Executable] = {}
    told = []
    with KeptAnswers(bench.run) as answers:
        place, legal = stage.workplace(seen, bench, answers, config)
        runs = Runs(bench.runner, answers)
        done = attack(place, legal, targets, runs, config, min(config.cpu_s, budget_s))
        reals = stage.prints_reals(done, bench.task)
        base = stage.try_all(seen, pool.candidates, rows, done, bench, answers, reals=reals)
        accepts = stage.accepts_of(base.columns, seen, bench)
        for one in load_package(package).submissions:
            made = bench.runner.build(one.submission)
            if isinstance(made, CompileError):
                continue
            if one.name.startswith("accepted"):
                accepted[one.name] = made
            source = b"\n".join(one.submission.sources.values()).decode(errors="replace")
            as_candidate = Candidate(
                id=one.name, task=pool.task, subtask=None, language="cpp20", source=source
            )
            if text_digest(as_candidate) in own:
                continue
            passes = _knows_examples(made, bench, runs)
            trial = _beside(base, accepts, made, source, pool, rows, bench, answers)
            evidence = evidence_of(trial, names).get(_GUEST)
            chances = {} if evidence is None else dict(evidence.accused)
            told.append((one.name, passes, evidence, chances))
        found = [
            {
                "name": name,
                "passes": passes,
                "accused": {key: round(value, 4) for key, value in chances.items()},
                "kinds": sorted({str(one.kind) for one in _held(evidence)}),
                "jury": _word(name, evidence, accepted, bench, runs)
                if name.startswith("accepted")
                else None,
            }
            for name, passes, evidence, chances in told
        ]
    return {"guests": found, "inputs": len(done.columns)}


def _knows_examples(program: Executable, bench: Bench, runs: Runs) -> bool:
    for example in bench.task.examples:
        one = runs.run({_GUEST: program}, Blob.of_bytes(example.input))[_GUEST]
        if one.status is not RunStatus.OK:
            return False
    return True


def _beside(
    base: Trial,
    accepts: Sequence[Any],
    program: Executable,
    source: str,
    pool: Pool,
    rows: Sequence[int],
    bench: Bench,
    answers: KeptAnswers,
) -> Trial:
    """The trial with one program more."""
    runs = Runs(bench.runner, answers)
    limit_s = bench.task.limits.time_s or 2.0 * bench.runner.side.time_s
    longer = Runs(Runner(bench.task, bench.sandbox, bench.compiler, time_s=limit_s), answers)
    columns: list[Column] = []
    confirmed: set[tuple[int, int]] = set()
    slow = False
    for k, column in enumerate(base.columns):
        if slow and column.large:
            columns.append(column)
            continue
        blob = Blob.of_bytes(column.input.content)
        mine: Outcome = runs.run({_GUEST: program}, blob)[_GUEST]
        if mine.status is RunStatus.TIMEOUT:
            slow = True
            again = longer.run({_GUEST: program}, blob, alone=True)[_GUEST]
            if again.status is not RunStatus.TIMEOUT:
                columns.append(column)
                continue
            confirmed.add((_GUEST, k))
        columns.append(replace(column, outcomes={**column.outcomes, _GUEST: mine}))
    sources = [pool.candidates[row].source for row in rows] + [source]
    family = dict(zip([*rows, _GUEST], families_of(sources).tolist(), strict=True))
    ballots = ballots_of(columns, accepts)
    return replace(
        base,
        columns=columns,
        ballots=ballots,
        family=family,
        verdicts=weigh(ballots, family),
        names={**base.names, _GUEST: "guest"},
        confirmed=base.confirmed | confirmed,
    )


def _word(
    name: str,
    evidence: Evidence | None,
    accepted: Mapping[str, Executable],
    bench: Bench,
    runs: Runs,
) -> str | None:
    """What the other accepted programs say of an accusation of this one: "upheld" where they agree
    with each other and not with it, "alone" where there is no other, else "false"."""
    if evidence is None:
        return None
    breaks = _held(evidence)
    if not breaks:
        return None
    others = [program for other, program in accepted.items() if other != name]
    if not others:
        return "alone"
    for one in breaks:
        blob = Blob.of_bytes(one.input.content)
        outcomes = runs.run(dict(enumerate([accepted[name], *others])), blob)
        rest = [outcomes[k] for k in range(1, len(others) + 1)]
        agree = all(each.status is RunStatus.OK for each in rest)
        agree = agree and len({each.digest for each in rest}) == 1
        apart = outcomes[0].digest != rest[0].digest or one.kind is not BreakKind.WRONG
        if agree and apart:
            return "upheld"
    return "false"
