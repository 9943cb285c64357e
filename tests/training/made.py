"""Made-up tasks, programs and rows: no sandbox, no model."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from problems.task import Example, Statement, Subtask, Task, TaskLimits, TaskType
from problems.verdict import Verdict
from solver.replays.truth import Truth
from solver.submissions import text_digest
from solver.training.building import answer_of, origin_of
from solver.training.rows import Difficulty, Kind, TrainingRow, row_id, turns
from solver.training.sources import Source, TrainingTask
from solver.training.verifier_prompt import VerifierPrompts
from solver.types import Behaviour, Candidate, RunStatus

STORY = (
    "A baker sells loaves every morning and wants to know, before the oven is lit, how many sacks "
    "of flour the market will ask for when the shepherds come down from the hills with their sheep."
    " Read the number of shepherds and print the number of sacks, one for each pair of shepherds "
    "who do not share a tent."
)


def task(name: str, story: str = STORY, subtasks: int = 1) -> Task:
    names = ["all"] if subtasks == 1 else [f"s{index}" for index in range(subtasks)]
    parts = tuple(Subtask(name=one, max_points=100 / subtasks) for one in names)
    return Task(
        name=name,
        title=f"The {name} task",
        type=TaskType.BATCH,
        statement=Statement(text=story),
        subtasks=parts,
        examples=(Example(name="1", input=f"{name} 1 2 3\n".encode(), output=b"17\n"),),
        limits=TaskLimits(time_s=1.0, memory_bytes=2**28),
        scored=True,
    )


def held(of: Task, contest: str = "cup") -> TrainingTask:
    return TrainingTask(task=of, package=Path("packages") / of.name, contest=contest)


def source(of: Task, programs: list[tuple[str, str, list[bool]]], contest: str = "cup") -> Source:
    """Programs as (text, what it does, right on each subtask)."""
    candidates = tuple(
        Candidate(
            id=f"{of.name}/{row}", task=of.name, subtask=None, language="python3", source=text
        )
        for row, (text, _, _) in enumerate(programs)
    )
    most = np.array([one.max_points for one in of.subtasks])
    points = np.array([right for _, _, right in programs], dtype=np.float64) * most
    acts = [act for _, act, _ in programs]
    digest = np.array([[1 + sorted(set(acts)).index(act)] for act in acts], dtype=np.uint64)
    names = tuple(one.name for one in of.subtasks)
    behaviour = Behaviour(
        candidate_ids=tuple(one.id for one in candidates),
        input_ids=("i",),
        status=np.full(digest.shape, RunStatus.OK, dtype=np.uint8),
        digest=digest,
        cpu_s=np.zeros(digest.shape, dtype=np.float32),
        in_subtask=np.ones((1, len(names)), dtype=np.bool_),
        expected=np.zeros(1, dtype=np.uint64),
        subtasks=names,
    )
    truth = Truth(
        task=of.name,
        subtasks=names,
        max_points=most,
        candidate_ids=behaviour.candidate_ids,
        source_digests=tuple(text_digest(one) for one in candidates),
        program_digests=tuple(text_digest(one) for one in candidates),
        points=points,
        verdicts=tuple(Verdict.AC if row.all() else Verdict.WA for row in points > 0),
    )
    return Source(
        of=held(of, contest),
        place="pool.jsonl",
        candidates=candidates,
        truth=truth,
        behaviour=behaviour,
    )


def row(of: Task, contest: str = "cup", text: str = "print(1)") -> TrainingRow:
    one = Candidate(id=f"{of.name}/0", task=of.name, subtask=None, language="python3", source=text)
    messages = VerifierPrompts().candidate(of, None, "python3", chat=True)
    return TrainingRow(
        id=row_id(messages, answer_of(one)),
        kind=Kind.PROGRAM,
        task=of.name,
        subtask=None,
        language="python3",
        messages=turns(messages),
        completion=answer_of(one),
        share=1.0,
        difficulty=Difficulty.HARD,
        origin=origin_of(held(of, contest), "pool.jsonl", one),
    )


def replace_versions(of: Task) -> Task:
    """The task with a version of its statement for each subtask."""
    versions = {one.name: f"{of.statement.text} version of {one.name}" for one in of.subtasks}
    return replace(of, statement=replace(of.statement, per_subtask=versions))
