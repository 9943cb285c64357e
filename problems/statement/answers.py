"""Whether a task takes more than one answer, by its checker or the words of its statement."""

import re

from problems.task import Task

_SEVERAL = re.compile(
    r"\b(?:print|output|find|give|write|report|return)\s+any\b|\bany\s+(?:of\s+(?:them|these)|"
    r"valid|correct|such|optimal|solution|answer)\b|\b(?:multiple|several|more than one)\s+"
    r"(?:\w+\s+)?(?:solutions?|answers?|possibilit|ways to)|\bif there (?:is|are) (?:more|several)",
    re.IGNORECASE,
)
"""A statement's words for `there are many right answers`."""


def many_answers(task: Task) -> bool:
    """Whether more than one output may be right, by the task's checker or the statement's words."""
    return task.checker is not None or bool(_SEVERAL.search(task.statement.text))
