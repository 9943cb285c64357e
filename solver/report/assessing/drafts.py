"""From a package to its sheet: sample, judge, replay, and look at what came of it."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from problems.errors import JudgeError
from problems.loading import load_task
from problems.submission import JurySubmission
from problems.task import Task
from problems.verdict import Verdict
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from solver.config import SolveConfig
from solver.kept.about import keep_about, machine, versions
from solver.kept.whole_files import whole_file
from solver.pipeline import Workshop, prepare
from solver.prepared import PreparedTask
from solver.replays import assess as assessing
from solver.replays.trials import assess_trials, read_trials
from solver.replays.truth import Labeller
from solver.report.assessing.sheet import Sheet, contamination_notes, lost_words, right_programs
from solver.report.facts import machine_text, model_text, sampling_text
from solver.report.truths import TRUTH_NAME
from solver.sampling.open import open_source
from solver.sampling.tally import Tally
from solver.types import Candidate, FeedbackMode, PrepareRequest

Notify = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of every draft.

    Attributes:
        limit: Submissions.
        replays: Replays behind each chance.
        agent: A pool of an agent's trials (JSON lines with `trial`); None: sample.
        task_name: What that pool calls the task.
    """

    strategy: str
    limit: int
    replays: int
    agent: Path | None = None
    task_name: str | None = None

    @property
    def marks(self) -> list[int]:
        """Numbers of submissions that the report speaks of."""
        return sorted({1, min(10, self.limit), self.limit})


def sheet_of(
    package: Path,
    run: Path,
    config: SolveConfig,
    question: Question,
    sandbox: Sandbox,
    notify: Notify,
) -> Sheet:
    """Assesses one draft; what was drawn, run and judged is kept in `run`.

    Raises:
        JudgeError: Some programs could not be judged: a share over the rest would be of another
            pool than the one that was sampled.
        SolverError: Nothing could be sampled.
        SandboxError: The sandbox failed, not a program.
    """
    task = load_task(package, statement_language=config.sampling.statement_language)
    compiler = Compiler(sandbox)
    labeller = Labeller(package, sandbox, compiler)

    def judging(done: int, total: int) -> None:
        notify("judging", done, total)

    tally: Tally | None = None
    if question.agent is not None:
        trials = read_trials(question.agent, task.name, question.task_name)
        candidates: Sequence[Candidate] = trials.candidates
        truth = labeller.truth(candidates, judging)
        _all_judged(labeller)
        found = assess_trials(trials, truth, question.marks)
        model = _agent_name(candidates, question.agent)
        keep_about(run)
    else:
        prepared = _prepared(task, run, config, question, compiler, notify)
        view, tally = prepared.view, prepared.tally
        candidates = view.candidates
        truth = labeller.truth(candidates, judging)
        _all_judged(labeller)
        found = assessing.assess(
            view, truth, question.strategy, replays=question.replays, marks=question.marks
        )
        model = model_text(config.model)
    truth.write(run / task.name / TRUTH_NAME)
    jury = [text for one in labeller.package.submissions if (text := _right_text(one))]
    right, count = right_programs(candidates, truth, jury)
    return Sheet(
        name=task.name,
        found=found,
        model=model,
        tally=tally,
        facts=_facts(model, config, question, tally),
        lost=lost_words(tally, labeller.failures),
        right=right,
        right_count=count,
        notes=contamination_notes(candidates, truth, jury),
    )


def named_apart(sheets: Sequence[Sheet], packages: Sequence[Path]) -> list[Sheet]:
    """Drafts of one task are told apart by their folders."""
    names = [sheet.name for sheet in sheets]
    return [
        sheet
        if names.count(sheet.name) == 1
        else replace(sheet, name=f"{sheet.name} ({package.resolve().name})")
        for sheet, package in zip(sheets, packages, strict=True)
    ]


def keep_right(folder: Path, sheet: Sheet) -> list[Path]:
    """The right programs as files, ready to be read or judged.

    Raises:
        RunFolderError: The folder cannot be written.
    """
    from sandbox.compiling.languages import extensions_of
    from solver.source_text import encoded

    files = []
    for number, one in enumerate(sheet.right, start=1):
        safe = one.candidate.id.replace("/", "-")
        file = folder / f"{number:02d}-{safe}{extensions_of(one.candidate.language)[0]}"
        with whole_file(file) as partial:
            partial.write_bytes(encoded(one.candidate.source))
        files.append(file)
    return files


def _prepared(
    task: Task,
    run: Path,
    config: SolveConfig,
    question: Question,
    compiler: Compiler,
    notify: Notify,
) -> PreparedTask:
    mode = FeedbackMode.FULL if task.scored else FeedbackMode.VERDICT
    request = PrepareRequest(round=1, tried=(), feedback_mode=mode, limit=question.limit)
    with open_source(config.model, run, config.sampling) as source:
        shop = Workshop(source=source, compiler=compiler, run=run, config=config, notify=notify)
        return prepare(task, request, shop)


def _all_judged(labeller: Labeller) -> None:
    if labeller.failures:
        name, reason = next(iter(labeller.failures.items()))
        raise JudgeError(f"{len(labeller.failures)} programs could not be judged; {name}: {reason}")


def _right_text(one: JurySubmission) -> str:
    """The text of a program that the jury calls right; empty for others."""
    verdicts = one.expected.verdicts
    if verdicts is None or set(verdicts) != {Verdict.AC}:
        return ""
    return "\n".join(text.decode("utf-8", "replace") for text in one.submission.sources.values())


def _agent_name(candidates: Sequence[Candidate], file: Path) -> str:
    models = dict.fromkeys(one.model for one in candidates if one.model)
    return ", ".join(models) or f"the agent of {file.name}"


def _facts(
    model: str, config: SolveConfig, question: Question, tally: Tally | None
) -> list[tuple[str, str]]:
    now = datetime.datetime.now(datetime.UTC)
    sampling = config.sampling.model_dump(mode="json")
    recorded = question.agent is not None or config.model.startswith("pool:")
    tokens = "" if tally is None or not tally.tokens else f"{tally.tokens:,} of answers"
    if tokens and tally is not None:
        tokens += f", {tally.prompt_tokens:,} of prompts"
        tokens += f"; cost {tally.cost:.4f}" if tally.cost else ""
    facts = [
        ("Date", now.strftime("%Y-%m-%d %H:%M UTC")),
        ("Agent" if question.agent is not None else "Model", model),
        ("Sampling", "recorded, as it was drawn" if recorded else sampling_text(sampling)),
        ("Tokens", tokens),
        ("Strategy", "its own order" if question.agent is not None else question.strategy),
        ("Submissions", f"at most {question.limit}"),
        ("Versions", ", ".join(f"{name} {value}" for name, value in versions().items())),
        ("Machine", machine_text(machine())),
    ]
    return [(name, value) for name, value in facts if value]
