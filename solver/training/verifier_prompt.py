"""The question whether a program is right, as a verifier's training rows ask it."""

from problems.task import Subtask, Task
from solver.sampling.engine import Message
from solver.sampling.prompts import LANGUAGE_TAGS, Prompts
from solver.types import Candidate


class VerifierPrompts(Prompts):
    """All prompts, and the verifier's."""

    def verifier(
        self, task: Task, subtask: Subtask | None, program: Candidate
    ) -> tuple[Message, ...]:
        """The prompt that asks whether a program gets full points.

        Args:
            subtask: What the points are of; None for the whole task.

        Raises:
            PromptError: The template is broken.
        """
        statement = task.statement.text
        if subtask is not None and len(task.subtasks) > 1:
            statement = task.statement.for_subtask(subtask.name)
        shown = {
            "source": program.source.strip(),
            "tag": LANGUAGE_TAGS.get(program.language, "cpp"),
        }
        values = self._common(task, statement) | {"program": shown, "subtask": subtask}
        return self._render("verifier", values)
