"""`solver.solve`: one task, from its statement to a ranked plan of submissions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from problems.loading import load_task
from problems.task import Task
from sandbox import open_sandbox
from sandbox.compiling.compile import Compiler
from solver import strategies
from solver.api.tables import Tabled
from solver.config import SolveConfig, keep_config
from solver.diagnosing.asking import Diagnosed
from solver.kept.journal import driven
from solver.observing.bench import Notify, silent
from solver.observing.examples import passes_examples
from solver.pairwise.tournament import Tournament
from solver.pipeline import Workshop, plan, plan_request, prepare
from solver.prepared import PreparedTask
from solver.repair.rounds import RepairRound
from solver.repair.stops import promised
from solver.sampling.config import SamplingConfig
from solver.sampling.engine import Engine
from solver.sampling.open import open_source
from solver.sampling.tally import Tally
from solver.types import Candidate, RunStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One submission of the plan.

    Attributes:
        rank: 1 for the first to hand in.
        subtask: The subtask that it aims at; None for the whole task.
        estimate: Probability, 0 to 1, that it gets that subtask's full points.
        expected_gain: Points that it is expected to add, where the strategy computes them.
        reason: One line for people.
    """

    rank: int
    candidate: Candidate
    subtask: str | None
    estimate: float
    expected_gain: float | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved(Tabled):
    """A task's candidates, ranked.

    Attributes:
        task: The task's name.
        plan: At most `limit` submissions, the best first.
        candidates: Programs that were sampled.
        compiled: Of these, those that compiled and were run.
        pass_examples: Of these, those that print the known answer of every example.
        clusters: Distinct behaviours.
        inputs: Inputs that every program was run on, the examples among them.
        examples: Examples of the statement with a known answer.
        tokens: Sampled, over all answers.
        tally: What became of every answer; None for a source that does not say.
        repaired: The repair rounds, the last one with the reason why there is none after it.
        compared: What the model said of programs by pairs; None where it was not asked.
        diagnosed: What its diagnoses came to; None where it was asked for none.
        risk: The first submission is wrong with at most this chance, as far as the scorer knows.
        run: The folder that keeps all of it; the same call goes on there.
    """

    task: str
    plan: tuple[Planned, ...]
    candidates: int
    compiled: int
    pass_examples: int
    clusters: int
    inputs: int
    examples: int
    tokens: int
    tally: Tally | None
    model: str
    strategy: str
    run: Path
    repaired: tuple[RepairRound, ...] = ()
    compared: Tournament | None = None
    diagnosed: Diagnosed | None = None
    risk: float = 1.0

    def rows(self) -> Sequence[Mapping[str, Any]]:
        """One row a planned submission."""
        return [
            {
                "rank": one.rank,
                "candidate": one.candidate.id,
                "language": one.candidate.language,
                "subtask": one.subtask,
                "estimate": one.estimate,
                "expected_gain": one.expected_gain,
                "reason": one.reason,
                "source": one.candidate.source,
            }
            for one in self.plan
        ]


def solve(
    task: Task | Path | str,
    model: str | Engine = "embedded",
    *,
    samples: int = 64,
    limit: int = 50,
    run: Path | str | None = None,
    config: SolveConfig | None = None,
    notify: Notify = silent,
) -> Solved:
    """Samples candidates for a task and ranks what to submit.

    Stages 2 to 8 of the pipeline: draw, compile, make inputs, run, cluster, estimate, choose. The
    package's hidden tests are not looked at.

    Args:
        task: A `Task`, or the path of a package in any known format.
        model: As `--model` takes it ("embedded", "openai:MODEL@URL", "pool:FILE", ...), or an
            engine object of your own (see `solver.sampling.engine.Engine`).
        samples: Candidates to draw; a recorded pool gives all that it has.
        limit: Submissions in the plan, at most.
        run: Folder that keeps what was finished ["runs/solve-TASK"]; the same call resumes there.
        config: All settings; its `model` and `sampling.samples` go before the two arguments.
        notify: Called with (stage, done, all) while a stage works.

    Raises:
        PackageError: The package cannot be read; names the file.
        SolverError: The model is not there, the run folder belongs to other settings or is driven
            by another process, or the source of candidates failed; what was drawn is kept.
        SandboxError: The sandbox failed; what was run is kept.
    """
    engine = None if isinstance(model, str) else model
    name = model if isinstance(model, str) else f"{model.name}:{model.model}"
    if config is None:
        config = SolveConfig(model=name, sampling=SamplingConfig(samples=samples))
    strategies.check_name(config.strategy)
    if not isinstance(task, Task):
        task = load_task(task, statement_language=config.sampling.statement_language)
    folder = Path(run) if run is not None else Path("runs") / f"solve-{task.name}"
    with driven(folder, "solve") as journal, open_sandbox(config.backend) as sandbox:
        config = keep_config(folder, config, may_grow=True)
        with open_source(engine or config.model, folder, config.sampling) as source:
            shop = Workshop(
                source=source,
                compiler=Compiler(sandbox),
                run=folder,
                config=config,
                notify=journal.telling(task.name, notify),
            )
            prepared = prepare(task, plan_request(limit), shop)
    return _solved(prepared, config, folder)


def _solved(prepared: PreparedTask, config: SolveConfig, folder: Path) -> Solved:
    view = prepared.view
    behaviour = view.behaviour
    known = bool((behaviour.expected != 0).any())
    choices = plan(prepared, config.strategy, config.sampling.seed)
    return Solved(
        task=view.task.name,
        plan=tuple(
            Planned(
                rank=rank,
                candidate=view.candidates[choice.candidate],
                subtask=choice.subtask,
                estimate=choice.estimate,
                expected_gain=choice.expected_gain,
                reason=choice.reason,
            )
            for rank, choice in enumerate(choices, start=1)
        ),
        candidates=len(view.candidates),
        compiled=int((behaviour.status != RunStatus.NOT_RUN).any(axis=1).sum()),
        pass_examples=int(passes_examples(behaviour).sum()) if known else 0,
        clusters=prepared.clusters,
        inputs=len(behaviour.input_ids),
        examples=len(view.task.examples),
        tokens=prepared.tokens,
        tally=prepared.tally,
        model=config.model,
        strategy=config.strategy,
        run=folder,
        repaired=prepared.repaired,
        compared=prepared.compared,
        diagnosed=prepared.diagnosed,
        risk=promised(choices[0].estimate if choices else None),
    )
