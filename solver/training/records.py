"""Rows for a repairer and for a verifier, from what runs recorded: drafts that mended a program,
programs that the judge found right or wrong, and inputs that broke them.

The inputs were made at solve time; no hidden test is among them, and the judge says of each program
no more than its points.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from problems.verdict import Verdict
from solver.kept.samples import RunFolder
from solver.repair.findings import SHOWN_CHARACTERS
from solver.sampling.engine import Message
from solver.sampling.plan import CANDIDATE, place_of
from solver.sampling.prompts import Prompts
from solver.sampling.repairs import Counterexample, kept_plan
from solver.submissions import is_outputs
from solver.training.building import answer_of, origin_of, subtask_of, without_doubles
from solver.training.rows import Difficulty, Kind, TrainingRow, row_id, turns
from solver.training.sources import Source
from solver.training.verifier_prompt import VerifierPrompts
from solver.types import Candidate

DIAGNOSED_INPUTS = 1
"""Inputs that a row's prompt asks for: the row's answer holds one."""


def repair_rows(sources: Iterable[Source]) -> list[TrainingRow]:
    """A row for each draft that has full points where the program that it repairs has not: the
    prompt as it was asked, with the input on which that program fails, and the draft."""
    rows = []
    for source in sources:
        run = Path(source.place)
        if not (run / "samples.sqlite").is_file():
            continue  # a pool does not keep what was asked
        where = {one.id: row for row, one in enumerate(source.candidates)}
        right, names = source.truth.right, list(source.truth.subtasks)
        with RunFolder(run) as kept:
            for sample in kept.samples(source.of.task.name, CANDIDATE):
                parent = sample.extra.get("parent")
                row = where.get(f"{source.of.task.name}/{place_of(sample.number)}")
                if parent is None or row is None or parent not in where:
                    continue
                own = source.candidates[row]
                columns = (
                    [names.index(sample.subtask)]
                    if sample.subtask in names
                    else [*range(len(names))]
                )
                if not right[row, columns].all() or right[where[parent], columns].all():
                    continue
                asked = json.loads(kept.blobs.get(sample.extra["prompt"]))
                messages = tuple(Message(role=role, content=text) for role, text in asked)
                share = float(right[:, columns].all(axis=1).mean())
                rows.append(
                    _row(
                        Kind.REPAIR,
                        source,
                        own,
                        sample.subtask,
                        messages,
                        answer_of(own),
                        1.0,
                        share,
                        parent,
                    )
                )
    return without_doubles(rows)


def verdict_rows(
    sources: Iterable[Source], prompts: VerifierPrompts, most: int, seed: int = 0
) -> list[TrainingRow]:
    """Programs and the judge's word, as many right as wrong ones of each subtask.

    Args:
        most: Rows of one subtask.
    """
    rows = []
    for source in sources:
        task, truth = source.of.task, source.truth
        rng = np.random.default_rng([seed, *task.name.encode()])
        broken = _whole_inputs(source)
        fair = [
            row
            for row, one in enumerate(source.candidates)
            if truth.verdicts[row] is not Verdict.CE and not is_outputs(one)
        ]
        for s, name in enumerate(truth.subtasks):
            subtask = None if len(truth.subtasks) == 1 else name
            sides = [
                [row for row in fair if bool(truth.right[row, s]) is word] for word in (True, False)
            ]
            count = min(most // 2, *map(len, sides))
            for side in sides:
                for row in rng.permutation(len(side))[:count].tolist():
                    one = source.candidates[side[row]]
                    share = float(truth.points[side[row], s] / truth.max_points[s])
                    answer = "RIGHT" if side is sides[0] else _wrong(broken.get((one.id, subtask)))
                    messages = prompts.verifier(task, subtask_of(task, subtask), one)
                    solved = float(truth.right[:, s].mean())
                    rows.append(
                        _row(Kind.VERDICT, source, one, subtask, messages, answer, share, solved)
                    )
    return without_doubles(rows)


def break_rows(sources: Iterable[Source], prompts: Prompts) -> list[TrainingRow]:
    """A row for each program and whole input that a repair round told of it, where the judge too
    found the program wrong: the question of `solver.diagnosing`, and the input."""
    rows = []
    for source in sources:
        task, truth = source.of.task, source.truth
        where = {one.id: row for row, one in enumerate(source.candidates)}
        for (name, subtask), example in _whole_inputs(source).items():
            if name not in where:
                continue
            right = truth.right[where[name]]
            wrong = not right[truth.subtasks.index(subtask)] if subtask else not right.all()
            if not wrong:
                continue  # the votes were mistaken
            one = source.candidates[where[name]]
            messages = prompts.diagnosis(task, one, DIAGNOSED_INPUTS)
            points = float(truth.points[where[name]].sum() / truth.max_points.sum())
            solved = float(truth.right.all(axis=1).mean())
            rows.append(
                _row(Kind.BREAK, source, one, None, messages, _told(example), points, solved)
            )
    return without_doubles(rows)


def _whole_inputs(source: Source) -> dict[tuple[str, str | None], Counterexample]:
    """Program and subtask to the shortest input that repair rounds told of it in full."""
    found: dict[tuple[str, str | None], Counterexample] = {}
    folder = Path(source.place) / source.of.task.name
    for file in sorted(folder.glob("repair-*.json")):
        plan = kept_plan(file)
        for order in () if plan is None else plan.orders:
            for example in order.examples:
                key = order.parent, order.subtask
                known = found.get(key)
                if example.size_bytes <= SHOWN_CHARACTERS and (
                    known is None or example.size_bytes < known.size_bytes
                ):
                    found[key] = example
    return found


def _wrong(example: Counterexample | None) -> str:
    return "WRONG" if example is None else f"WRONG\n\n{_told(example)}"


def _told(example: Counterexample) -> str:
    return f"It fails on this input:\n```text\n{example.input}\n```"


def _row(
    kind: Kind,
    source: Source,
    candidate: Candidate,
    subtask: str | None,
    messages: Sequence[Message],
    completion: str,
    share: float,
    solved: float,
    parent: str | None = None,
) -> TrainingRow:
    origin = origin_of(source.of, source.place, candidate)
    return TrainingRow(
        id=row_id(messages, completion),
        kind=kind,
        task=source.of.task.name,
        subtask=subtask,
        language=candidate.language,
        messages=turns(messages),
        completion=completion,
        share=min(1.0, max(0.0, share)),
        difficulty=Difficulty.of(solved),
        origin=origin.model_copy(update={"parent": parent or origin.parent}),
    )
