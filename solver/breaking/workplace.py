"""What the parts of an attack work with: task, helpers' drafts, the inputs that are there."""

from collections.abc import Sequence
from dataclasses import dataclass

from problems.task import Task
from solver.breaking.bounds import bounds_of
from solver.breaking.drafts import Drafts
from solver.breaking.layout import Count, counts_of
from solver.types import GeneratedInput, HelperProgram

_SAMPLE_BYTES = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """One task under attack.

    Attributes:
        inputs: Those that the candidates ran on before, examples and separating ones included.
        samples: Contents of small ones among them, by size.
        counts: What their numbers count.
        bounds: Numbers that may bound something, largest first.
    """

    task: Task
    drafts: Drafts
    inputs: Sequence[GeneratedInput]
    samples: Sequence[bytes]
    counts: Sequence[Count]
    bounds: Sequence[int]

    @classmethod
    def of(
        cls,
        task: Task,
        helpers: Sequence[HelperProgram],
        drafts: Drafts,
        inputs: Sequence[GeneratedInput],
    ) -> "Workplace":
        """Looks at a task's inputs and helpers."""
        contents = sorted({one.content for one in inputs}, key=lambda one: (len(one), one))
        samples = [content for content in contents if len(content) <= _SAMPLE_BYTES]
        return cls(
            task=task,
            drafts=drafts,
            inputs=inputs,
            samples=samples,
            counts=counts_of(samples[:60]),
            bounds=bounds_of(task, helpers),
        )
