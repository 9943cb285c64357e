"""From a run folder to the page's data: an index that opens with the page, texts as needed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.verdict import POINTS_TOLERANCE
from solver.kept.samples import StoredSample
from solver.observing.helpers import HELPER_LIMITS
from solver.replays.truth import Truth
from solver.report.build import Report, ReportedTask
from solver.report.facts import facts_of, model_text, models_of
from solver.report.page.colouring import colours
from solver.report.page.contents import Answers, answers_of, input_contents, votes_of
from solver.report.page.packing import BLOCK, blocks, packed
from solver.report.page.programs import columns_of, important, inputs_of, rows_by_id
from solver.report.truths import Beside, Sum, beside, summed, truth_of
from solver.sampling.tally import tally_words
from solver.scorer.calibration import Reliability, reliability
from solver.strategies.views import KeptView, kept_views

COLOURED = 400
"""Programs of a task whose text is coloured: Pygments takes 2 ms and more for each."""
MOST_BYTES = 9_000_000
"""Of packed data. A page that would be larger leaves out texts of programs that matter least."""
_LEVELS = ((None, None), (300, None), (100, 1000), (50, 200))
"""Answers and programs' texts that a task keeps, tried in turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunData:
    """All that is known of a run.

    Attributes:
        views: Task to the last round's view; a task of an older run has none.
        truths, beside: Of the tasks whose truth is known.
        answers: Of the tasks that a model drew for.
    """

    report: Report
    facts: list[tuple[str, str]]
    models: Mapping[str, str]
    views: Mapping[str, KeptView]
    truths: Mapping[str, Truth]
    beside: Mapping[str, Beside]
    answers: Mapping[str, Answers]
    sum: Sum | None


def run_data(report: Report, truths: Path | None = None) -> RunData:
    """Reads the run folder.

    Args:
        truths: Folder of `<task>.parquet` from `solver pool label`.

    Raises:
        RunFolderError, PoolError: A file of the run, or a table of truths, is damaged.
    """
    views: dict[str, KeptView] = {}
    known: dict[str, Truth] = {}
    curves: dict[str, Beside] = {}
    for task in report.tasks:
        kept = kept_views(report.run / task.name)
        if not kept:
            continue
        views[task.name] = kept[-1]
        truth = truth_of(report.run, kept[-1], truths)
        if truth is not None:
            known[task.name] = truth
            curves[task.name] = beside(kept[-1], truth, report.strategy, report.plan.limit)
    return RunData(
        report=report,
        facts=facts_of(report),
        models={task: model_text(model) for task, model in models_of(report.run).items()},
        views=views,
        truths=known,
        beside=curves,
        answers={task.name: answers_of(report.run, task.name) for task in report.tasks},
        sum=summed(curves, {task.name: task.score.points for task in report.tasks}),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedRun:
    """What stands in the page.

    Attributes:
        index: Packed; everything but texts.
        texts: Element id to a packed block of programs' texts.
    """

    index: str
    texts: Mapping[str, str]


def packed_run(data: RunData) -> PackedRun:
    """The page's data, packed."""
    entries = [_task_entry(data, task) for task in data.report.tasks]
    texts: dict[str, str] = {}
    for level in _LEVELS:
        texts = _all_texts(data, entries, *level)
        if sum(map(len, texts.values())) <= MOST_BYTES:
            break
    report = data.report
    index = {
        "block": BLOCK,
        "title": report.plan.name,
        "points": report.board.total.points,
        "max": report.board.total.max_points,
        "medals": dict(report.plan.medals),
        "tasks": entries,
        "calibration": calibration_of(data),
    }
    return PackedRun(index=packed(index), texts=texts)


def _all_texts(
    data: RunData, entries: list[dict[str, Any]], answers: int | None, programs: int | None
) -> dict[str, str]:
    """Element id to packed texts, of so many programs and answers a task (None: of all)."""
    texts: dict[str, str] = {}
    for number, entry in enumerate(entries):
        kept = data.views.get(entry["name"])
        if kept is None:
            continue
        said = data.answers[entry["name"]]
        submitted = [row["row"] for row in entry["history"] if row["row"] >= 0]
        order = important(kept, submitted, len(kept.programs))
        rows = _texts(kept, said, order, answers, programs)
        for at, block in enumerate(blocks(rows)):
            texts[f"text-{number}-{at}"] = block
        texts[f"prompts-{number}"] = packed(list(said.prompts.values()))
    return texts


def _texts(
    kept: KeptView, said: Answers, order: list[int], answers: int | None, programs: int | None
) -> list[Any]:
    """Program, its colours, the raw answer, the prompt's number and how it was drawn; null for a
    text that is left out.

    Args:
        order: Rows, what matters most first.
    """
    coloured = set(order[:COLOURED])
    shown, answered = set(order[:programs]), set(order[:answers])
    prompts = {digest: at for at, digest in enumerate(said.prompts)}
    found = []
    for row, candidate in enumerate(kept.view.candidates):
        sample = said.of.get(candidate.id) if row in answered else None
        found.append(
            [
                candidate.source if row in shown else None,
                colours(candidate.source, candidate.language) if row in coloured & shown else "",
                *_drawn(sample, prompts),
            ]
        )
    return found


def _drawn(sample: StoredSample | None, prompts: Mapping[str, int]) -> list[Any]:
    if sample is None:
        return []
    extra = sample.extra
    words = {
        "tokens": sample.tokens,
        "prompt tokens": sample.prompt_tokens or None,
        "ended": sample.finish,
        "temperature": extra.get("temperature"),
        "seconds": round(sample.elapsed_s, 1) or None,
        "model": sample.model,
    }
    return [
        sample.text,
        prompts.get(str(extra.get("prompt", "")), -1),
        {name: value for name, value in words.items() if value is not None},
    ]


def _task_entry(data: RunData, task: ReportedTask) -> dict[str, Any]:
    kept = data.views.get(task.name)
    rows = {} if kept is None else rows_by_id(kept)
    entry: dict[str, Any] = {
        "name": task.name,
        "points": task.score.points,
        "max": task.score.max_points,
        "subtasks": [asdict(part) for part in task.score.subtasks],
        "curve": list(task.curve),
        "limit": task.limit,
        "history": [
            {
                "number": one.number,
                "at": one.at_s,
                "row": rows.get(one.candidate, -1),
                "id": one.candidate,
                "aim": one.aim,
                "points": [one.points.get(part.name, 0.0) for part in task.score.subtasks],
                "told": bool(one.points),
                "verdict": "" if one.verdict is None else str(one.verdict),
                "gained": one.gained_points,
                "best": one.best_points,
                "reason": one.reason,
            }
            for one in task.submissions
        ],
        "tally": tally_words(task.tally) if task.tally else "",
        "tokens": tokens_of(data, task),
    }
    one = data.beside.get(task.name)
    if one is not None:
        entry["beside"] = {
            "random": asdict(one.random),
            "strategy": asdict(one.strategy),
            "seeds": one.seeds,
            "oracle": one.oracle,
            "sampled": list(one.sampled),
            "pool": asdict(one.pool),
            "chosen": asdict(one.chosen),
        }
    if kept is not None:
        folder = data.report.run / task.name
        answers = data.answers[task.name]
        entry["programs"] = columns_of(kept, data.truths.get(task.name))
        entry["inputs"] = inputs_of(kept, input_contents(folder))
        entry["votes"] = votes_of(folder)
        entry["helpers"] = _helpers(kept, answers)
        entry["names"] = [subtask.name for subtask in kept.view.task.subtasks]
        entry["worth"] = [subtask.max_points for subtask in kept.view.task.subtasks]
    return entry


def _helpers(kept: KeptView, answers: Answers) -> list[Any]:
    return [
        {
            "id": helper.id,
            "kind": str(helper.kind),
            "language": helper.language,
            "subtask": helper.subtask or "",
            "source": helper.source,
            "colours": colours(helper.source, helper.language),
            "limit_s": HELPER_LIMITS.cpu_s,
        }
        for helper in kept.helpers
    ]


def tokens_of(data: RunData, task: ReportedTask) -> list[int]:
    """Tokens that had been drawn when each candidate was there, (P,) in drawing order; empty where
    none were counted."""
    kept, answers = data.views.get(task.name), data.answers[task.name].of
    if kept is None or not answers:
        return []
    spent, found = 0, []
    for candidate in kept.view.candidates:
        sample = answers.get(candidate.id)
        spent += 0 if sample is None else sample.tokens
        found.append(spent)
    return found if spent else []


def calibration_of(data: RunData) -> dict[str, Any] | None:
    """Estimates beside what happened: of all candidates where the truth is known, else of the
    submissions whose subtask points were told."""
    predicted: list[NDArray[np.float64]] = []
    happened: list[NDArray[np.bool_]] = []
    for name, truth in data.truths.items():
        predicted.append(data.views[name].view.estimate.probability.reshape(-1))
        happened.append(truth.right.reshape(-1))
    of = "candidates"
    if not predicted:
        of = "submissions"
        for task in data.report.tasks:
            worth = {part.name: part.max_points for part in task.score.subtasks}
            told = [one for one in task.submissions if one.points and one.aim in worth]
            predicted.append(np.array([one.estimate for one in told], dtype=np.float64))
            right = [
                one.points.get(str(one.aim), 0.0) >= worth[str(one.aim)] - POINTS_TOLERANCE
                for one in told
            ]
            happened.append(np.array(right, dtype=np.bool_))
    if not predicted or not sum(len(each) for each in predicted):
        return None
    return _calibration(reliability(np.concatenate(predicted), np.concatenate(happened)), of)


def _calibration(found: Reliability, of: str) -> dict[str, Any]:
    return {"of": of, **asdict(found)}
