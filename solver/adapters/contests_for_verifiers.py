"""verifiers: a contest's tasks as a taskset, points as the reward and subtasks as metrics.

    vf-eval solver-contests --env.taskset.packages contests/ioi-2024 -m qwen \\
        --client.base-url http://127.0.0.1:8000/v1 --env.agent.harness.id null \\
        --env.agent.runtime.type subprocess --no-push

Loaded by verifiers, never by us. What a trace keeps of a task is its public side and where its
package lies: the hidden tests stay with the judge in the host process, which the agent's runtime
never reaches. A failure of our judge is raised, so that the rollout is redone: never reward 0.
"""

import asyncio
from collections.abc import Iterable

import verifiers.v1 as vf

from solver.adapters.grading import (
    BUNDLED,
    Grade,
    language_for,
    read_place,
    shared_grading,
)
from solver.adapters.packages import jury_holds
from solver.sampling.prompts import Prompts


class ContestTaskConfig(vf.TaskConfig):
    """How answers are judged."""

    backend: str = "namespaces"
    """What isolates programs: namespaces, docker or bubblewrap."""


class ContestTasksetConfig(vf.TasksetConfig):
    """Which tasks, and what is asked for."""

    packages: str = str(BUNDLED)
    """A contest folder, a folder of packages, or one package."""
    language: str = "cpp17"
    """A task that does not take it is asked for in its own first language."""
    task: ContestTaskConfig = ContestTaskConfig()


class ContestData(vf.TaskData):
    """The public side of a task, and where its package lies."""

    packages: str
    language: str


class ContestTask(vf.Task[ContestData, vf.State, ContestTaskConfig]):
    """One task of a contest."""

    @vf.reward
    async def points(self, trace: vf.Trace) -> float:
        """Points as a share of full marks."""
        return (await self._grade(trace)).share

    @vf.metric
    async def subtasks(self, trace: vf.Trace) -> dict[str, float]:
        """Points of each subtask, and whether the answer held a program."""
        grade = await self._grade(trace)
        points = {f"points/{name}": value for name, value in grade.subtasks.items()}
        return {**points, "points": grade.points, "holds_program": float(not grade.no_program)}

    async def validate(self, runtime: vf.Runtime) -> bool | None:
        """Whether a solution of the jury's that must get full marks does; None without one."""
        return await asyncio.to_thread(self._jury_holds)

    def _jury_holds(self) -> bool | None:
        grading = shared_grading(self.data.packages, backend=self.config.backend)
        return jury_holds(grading, str(self.data.name))

    async def _grade(self, trace: vf.Trace) -> Grade:
        return await asyncio.to_thread(self._judged, trace.last_reply, trace.is_truncated)

    def _judged(self, answer: str, cut: bool) -> Grade:
        grading = shared_grading(self.data.packages, backend=self.config.backend)
        finish = "length" if cut else "stop"
        return grading.grade_answer(str(self.data.name), answer, self.data.language, finish)


class ContestTaskset(vf.Taskset[ContestTask, ContestTasksetConfig]):
    """The tasks of a contest, in its order."""

    def load(self) -> Iterable[ContestTask]:
        """One task each."""
        place = read_place(self.config.packages)
        for name, public in place.tasks.items():
            language = language_for(public, self.config.language)
            prompt = Prompts().candidate(public, None, language, chat=True)
            texts = {one.role: one.content for one in prompt}
            data = ContestData(
                id=name,
                name=name,
                description=public.title,
                prompt=texts["user"],
                system_prompt=texts.get("system"),
                packages=self.config.packages,
                language=language,
            )
            yield ContestTask(data, self.config.task)


__all__ = ["ContestTaskset"]
