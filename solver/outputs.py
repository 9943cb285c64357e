"""Outputs that are handed in themselves, as candidates: files by name, packed as one text.

A candidate in the language `output-only` has this text as its source, so whatever keeps, compares
or records programs keeps, compares and records outputs too. Only `submissions.py` unpacks it.
"""

import json
from collections.abc import Mapping

from problems.task import Task
from problems.tasktypes.output_only import LANGUAGE
from solver.errors import SolverError
from solver.types import Candidate


def is_outputs(candidate: Candidate) -> bool:
    """It is no program: its files are handed in as they are."""
    return candidate.language == LANGUAGE


def packed(files: Mapping[str, str]) -> str:
    """Files as one text; equal files give equal texts."""
    return json.dumps(dict(files), ensure_ascii=False, sort_keys=True)


def unpacked(candidate: Candidate) -> dict[str, str]:
    """A candidate's files.

    Raises:
        SolverError: Its text is none that `packed` wrote (of a pool from elsewhere, say).
    """
    try:
        files = json.loads(candidate.source)
        if all(isinstance(text, str) for text in files.values()):
            return {str(name): text for name, text in files.items()}
    except (ValueError, AttributeError):
        pass
    raise SolverError(
        f"{candidate.id}: in language {LANGUAGE} a source is a JSON object, file names to texts"
    )


def takes_outputs(task: Task) -> bool:
    """Outputs can be handed in."""
    return bool(task.output_files)
