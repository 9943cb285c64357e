"""The whole pipeline on one screen: from a task to a view that a strategy can choose from.

Every stage resumes from the run folder, so preparing a task again costs what is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from problems.task import Task
from sandbox.compiling.compile import Compiler
from solver import strategies
from solver.breaking.proposals import Proposal
from solver.breaking.types import Proposed
from solver.breaking.withdrawing import accusations_of
from solver.config import SolveConfig
from solver.diagnosing.asking import Diagnosed, ask_diagnoses
from solver.errors import SolverError
from solver.kept.traces import span
from solver.observed import observe_all
from solver.observing.bench import Bench, Notify, silent
from solver.observing.build import Programs
from solver.observing.given import given_helpers
from solver.observing.outputs import extended, nothing_ran, produce, unaccused
from solver.pairwise.tournament import compared as compare
from solver.prepared import PreparedTask
from solver.repair.findings import Looked
from solver.repair.rounds import Mender, RepairRound, bounded, plain_part
from solver.sampling.allocation import recorded_shares, shares_by_gain
from solver.sampling.prompts import Prompts
from solver.sampling.source import Drawn, Source
from solver.sampling.tally import Tally
from solver.scorer import estimate as estimate_all
from solver.strategies.base import Choice, View
from solver.strategies.views import KeptView, keep_view
from solver.submissions import within_reach
from solver.types import Feedback, FeedbackMode, HelperKind, PrepareRequest, Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What all tasks of a run share."""

    source: Source
    compiler: Compiler
    run: Path
    config: SolveConfig
    notify: Notify = silent

    def progress(self, stage: str) -> Progress:
        """Tells how far a stage is."""
        return lambda done, total: self.notify(stage, done, total)


def prepare(task: Task, request: PrepareRequest, shop: Workshop) -> PreparedTask:
    """Stages 2 to 7 for one task; with `sampling.first_share` below 1 the rest of the samples goes
    to the subtasks where the first ones promise the most, and with `sampling.repair_share` above 0
    that share is kept for repair rounds (`solver.repair`), which cost no submission. With
    `sampling.diagnoses` the model proposes inputs first that break what would be handed in next.

    Raises:
        SolverError: The source of candidates failed; what was drawn is kept.
        SandboxError: The sandbox failed; what was run is kept.
    """
    (shop.run / task.name).mkdir(parents=True, exist_ok=True)
    sampling = shop.config.sampling
    request = bounded(request, sampling, shop.source)
    # Repair and pairs know programs alone: in a task of outputs all samples are plain ones.
    answers = shop.source.mends and any(within_reach(task))
    mends = bool(sampling.repair_samples) and answers
    plain = plain_part(request, sampling) if mends else request
    with span("sample", task=task.name, round=request.round):
        drawn = _with_given(task, shop.source.draw(task, plain, shop.progress("sampling")))
    looked = look(task, drawn, request, shop)
    if drawn.rest:
        view = looked.view
        targets = [candidate.subtask for candidate in view.candidates]
        # Decided once: a run that is resumed must not draw for another plan.
        decided = shop.run / task.name / f"shares-{request.round}-{sampling.samples}.json"
        shares = recorded_shares(
            decided, lambda: shares_by_gain(view.estimate, targets, task, drawn.rest)
        )
        with span("sample", task=task.name, round=request.round):
            drawn = shop.source.draw(task, plain, shop.progress("sampling"), shares)
            drawn = _with_given(task, drawn)
        looked = look(task, drawn, request, shop)
    strategy = strategies.factory_of(shop.config.strategy)
    diagnosed: Diagnosed | None = None
    proposals: tuple[Proposal, ...] = ()
    # Where nothing was attacked, nobody could say what is right on a proposed input.
    if sampling.diagnoses and answers and looked.evidence:
        tell = shop.progress("diagnosing")
        asked = ask_diagnoses(
            task, looked, request, drawn.tokens, shop.source, sampling, strategy, tell
        )
        proposals = asked.proposals
        if proposals:
            looked = look(task, drawn, request, shop, proposals)
        diagnosed = Diagnosed.of(asked, looked.proposed)
        drawn = replace(drawn, tokens=drawn.tokens + asked.tokens)
    repaired: list[RepairRound] = []
    if mends:
        mender = Mender(
            task=task,
            request=request,
            source=shop.source,
            look=lambda known: look(task, known, request, shop, proposals),
            folder=shop.run / task.name,
            config=sampling,
            strategy=strategy,
            progress=shop.progress("repairing"),
        )
        drawn, looked, repaired = mender.rounds(drawn, looked)
    view, compared = looked.view, None
    if sampling.pairs and answers:
        prompts = Prompts.of(sampling)
        tell = shop.progress("comparing")
        view, compared = compare(task, looked, shop.source, prompts, sampling, request.round, tell)
    tally = tally_of(drawn, looked.programs)
    tokens = drawn.tokens + (compared.tokens if compared else 0)
    cpu_s = float(view.behaviour.cpu_s.sum())
    kept = KeptView(
        round=request.round,
        view=view,
        programs=looked.programs.digests,
        errors=looked.programs.errors,
        helpers=drawn.helpers,
        tokens=tokens,
        cpu_s=cpu_s,
        tally=tally.as_record(),
    )
    keep_view(shop.run / task.name, kept)
    return PreparedTask(
        view=view,
        tally=tally,
        tokens=tokens,
        cpu_s=cpu_s,
        clusters=count_clusters(view),
        repaired=tuple(repaired),
        compared=compared,
        diagnosed=diagnosed,
    )


def _with_given(task: Task, drawn: Drawn) -> Drawn:
    return replace(drawn, helpers=(*drawn.helpers, *given_helpers(task)))


def look(
    task: Task,
    drawn: Drawn,
    request: PrepareRequest,
    shop: Workshop,
    proposals: Sequence[Proposal] = (),
) -> Looked:
    """Stages 3 to 7: what the candidates do, who does alike, and what each may be worth."""
    bench = Bench.of(task, shop.compiler, shop.run / task.name, shop.config.behaviour, shop.notify)
    tried = [each.candidate for each in request.tried]
    made = produce(drawn.candidates, drawn.helpers, bench, tried)
    if not made.candidates:
        raise SolverError(f"{task.name}: no program printed an output file that can be handed in")
    programs, behaviour, clusters, estimate = nothing_ran(task)
    accused, evidence, proposed = None, {}, Proposed()
    if made.programs:
        helpers = [one for one in drawn.helpers if one.kind is not HelperKind.PRODUCER]
        seen = observe_all(made.programs, helpers, bench, shop.config.observing, proposals)
        assert seen.programs is not None  # they were compiled here
        programs, accused, evidence = seen.programs, seen.accused, dict(seen.broken.evidence)
        behaviour, clusters, proposed = seen.behaviour, seen.clusters, seen.broken.proposed
        with span("score", task=task.name, candidates=len(made.programs)):
            estimate = estimate_all(made.programs, behaviour, clusters, task)
    behaviour, clusters, estimate = extended(made, task, behaviour, clusters, estimate)
    programs = replace(
        programs,
        candidate_ids=tuple(one.id for one in made.candidates),
        digests=programs.digests + (None,) * len(made.bundles),
    )
    view = View(
        task=task,
        candidates=made.candidates,
        behaviour=behaviour,
        clusters=clusters,
        estimate=estimate,
        feedback_mode=request.feedback_mode,
        limit=request.limit,
        accused=None if accused is None else unaccused(made, accused),
        accusations=accusations_of(evidence, made.candidates),
    )
    return Looked(view=view, programs=programs, bench=bench, evidence=evidence, proposed=proposed)


def tally_of(drawn: Drawn, programs: Programs) -> Tally:
    """What became of all answers, compilation included."""
    known = drawn.tally or Tally(answers=len(drawn.candidates), candidates=len(drawn.candidates))
    return replace(
        known,
        duplicates=programs.duplicates,
        not_compiled=len(programs.errors),
    )


def plan(prepared: PreparedTask, strategy: str, seed: int = 0) -> list[Choice]:
    """The submissions that the strategy would make if no result ever came back.

    Returns:
        At most `view.limit` choices, best first.
    """
    chooser = strategies.make(strategy, prepared.view, np.random.default_rng(seed))
    history: list[Feedback] = []
    choices: list[Choice] = []
    while len(choices) < prepared.view.limit:
        choice = chooser.next(history)
        if choice is None:
            break
        choices.append(choice)
        history.append(Feedback(candidate=choice.candidate))
    return choices


def count_clusters(view: View) -> int:
    """Distinct behaviours over all subtasks that have inputs, those that ran to an end."""
    label = view.clusters.label[:, view.behaviour.in_subtask.any(axis=0)]
    ran = (label >= 0).any(axis=1)
    return len(np.unique(label[ran], axis=0))


def plan_request(limit: int) -> PrepareRequest:
    """What `solver solve` asks for: one round, no feedback."""
    return PrepareRequest(round=1, tried=(), feedback_mode=FeedbackMode.NONE, limit=limit)
