"""inspect_ai: a contest's tasks as an evaluation, judged here, with points a subtask as metrics.

    inspect eval solver/adapters/contests_for_inspect.py -T packages=contests/ioi-2024 \\
        -T submissions=5 --model openai-api/mine/qwen

Loaded by inspect_ai, never by us. The solver draws an answer, hands its program in, tells the
model what the contest's rules show of the result, and draws again while submissions are left; the
scorer counts the attempts as the rules do (IOI: each subtask's best). A failure of our judge is an
error of the sample, never 0 points: `inspect eval --retry-on-error` judges again.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from inspect_ai import Task as InspectTask
from inspect_ai import task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessage, ChatMessageSystem, ChatMessageUser
from inspect_ai.scorer import (
    Metric,
    SampleScore,
    Score,
    Scorer,
    Target,
    Value,
    mean,
    metric,
    scorer,
    stderr,
)
from inspect_ai.solver import Generate, Solver, TaskState, solver

from problems.task import Task
from problems.verdict import Verdict
from solver.adapters.grading import (
    BUNDLED,
    Grade,
    Grading,
    language_for,
    read_place,
    share_of,
    shared_grading,
)
from solver.contests.plan import PlannedTask
from solver.contests.rules.base import Attempt, Shown
from solver.sampling.prompts import Prompts

_HANDED_IN = "solver_handed_in"


@task
def contest(
    packages: str = str(BUNDLED),
    language: str = "cpp17",
    submissions: int = 1,
    rules: str | None = None,
    backend: str = "namespaces",
) -> InspectTask:
    """One sample a task of the contest.

    Args:
        packages: A contest folder, a folder of packages, or one package.
        language: What is asked for; a task that does not take it is asked for in its own first.
        submissions: Submissions a task, at most the contest's limit.
        rules: Instead of the contest's own: ioi, icpc, codeforces, atcoder.
        backend: What isolates programs.
    """
    place = read_place(packages)
    return InspectTask(
        dataset=MemoryDataset([_sample(each, language) for each in place.tasks.values()]),
        solver=hand_in(packages, submissions, rules, backend),
        scorer=contest_points(packages, rules, backend),
    )


def _sample(public: Task, wanted: str) -> Sample:
    language = language_for(public, wanted)
    messages: list[ChatMessage] = [
        ChatMessageSystem(content=one.content)
        if one.role == "system"
        else ChatMessageUser(content=one.content)
        for one in Prompts().candidate(public, None, language, chat=True)
    ]
    return Sample(
        id=public.name,
        input=messages,
        metadata={"title": public.title, "language": language, "max_points": public.max_points},
    )


@solver
def hand_in(packages: str, submissions: int, rules: str | None, backend: str) -> Solver:
    """Draws, hands in, hears what the rules show, and draws again while submissions are left."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        grading = await asyncio.to_thread(shared_grading, packages, rules=rules, backend=backend)
        limit = grading.place.plan.limit
        left = submissions if limit is None else min(submissions, limit)
        answers: list[dict[str, str]] = []
        while left > 0:
            state = await generate(state)
            grade = await _grade(grading, state)
            left -= 1
            answers.append({"text": state.output.completion, "finish": state.output.stop_reason})
            full = grade.verdict is Verdict.AC
            if full or left == 0 or state.completed:
                break
            shown = grading.shown(grade, ended=False)
            state.messages.append(ChatMessageUser(content=_feedback(grade, shown, left)))
        state.store.set(_HANDED_IN, answers)
        return state

    return solve


def _feedback(grade: Grade, shown: Shown, left: int) -> str:
    if grade.no_program:
        said = f"Your answer holds no program ({grade.no_program})."
    elif shown.verdict is None:
        said = "Your program was handed in."
    else:
        said = f"Your program was handed in: {shown.verdict.words}."
        if shown.points:
            points = ", ".join(f"{name}: {value:g}" for name, value in shown.points.items())
            said += f" Points: {points}."
    return f"{said} {left} submissions are left. Answer with one complete improved program."


async def _grade(grading: Grading, state: TaskState) -> Grade:
    return await asyncio.to_thread(
        grading.grade_answer,
        str(state.sample_id),
        state.output.completion,
        state.metadata["language"],
        state.output.stop_reason,
    )


@metric
def task_points() -> Metric:
    """Mean points a task, a subtask and in all: `canal`, `canal/group1`, `sum`."""

    def points(scores: list[SampleScore]) -> Value:
        found: dict[str, list[float]] = {}
        for one in scores:
            told: dict[str, Any] = one.score.metadata or {}
            name = str(told["task"])
            found.setdefault(name, []).append(told["points"])
            for subtask, value in told["subtasks"].items():
                found.setdefault(f"{name}/{subtask}", []).append(value)
        means = {name: sum(values) / len(values) for name, values in found.items()}
        whole = sum(value for name, value in means.items() if "/" not in name)
        return {"sum": whole, **means}

    return points


@scorer(metrics=[mean(), stderr(), task_points()])
def contest_points(packages: str, rules: str | None, backend: str) -> Scorer:
    """Points as a share of full marks; what each subtask brought lies in the score's metadata.

    Behind another solver (an agent, say) the last answer counts as the one submission.
    """

    async def score(state: TaskState, target: Target) -> Score:
        grading = await asyncio.to_thread(shared_grading, packages, rules=rules, backend=backend)
        name = str(state.sample_id)
        answers = state.store.get(_HANDED_IN) or [
            {"text": state.output.completion, "finish": state.output.stop_reason}
        ]
        # What the solver has judged is remembered.
        grades = [
            await asyncio.to_thread(
                grading.grade_answer, name, one["text"], state.metadata["language"], one["finish"]
            )
            for one in answers
        ]
        line = _line(grading, grading.place.plan.task(name), grades)
        return Score(
            value=share_of(line["points"], line["max_points"]),
            answer=grades[-1].source,
            explanation=", ".join(one.no_program or str(one.verdict) for one in grades),
            metadata=line,
        )

    return score


def _line(grading: Grading, planned: PlannedTask, grades: Sequence[Grade]) -> dict[str, Any]:
    """The scoreboard's line of these submissions."""
    attempts = [
        Attempt(
            at_s=float(number),
            shown=grading.shown(grade, ended=False),
            final=grading.shown(grade, ended=True),
        )
        for number, grade in enumerate(grades)
        if not grade.no_program
    ]
    plan = grading.place.plan
    score = plan.rules.score(planned.sheet, attempts, plan.duration_s)
    return {
        "task": planned.name,
        "points": score.points,
        "max_points": score.max_points,
        "subtasks": {one.name: one.points for one in score.subtasks},
        "submissions": score.submissions,
        "verdicts": [str(grade.verdict) for grade in grades],
    }


__all__ = ["contest", "contest_points", "hand_in", "task_points"]
