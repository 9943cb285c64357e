"""What a run folder keeps of a task beside its view: inputs, votes on them, answers and prompts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solver.errors import RunFolderError
from solver.kept.inputs import load_inputs
from solver.kept.samples import RunFolder, StoredSample
from solver.sampling.plan import CANDIDATE, place_of
from solver.types import HelperKind

DATABASE = "samples.sqlite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a model said for one task.

    Attributes:
        of: Candidate or helper id to its answer.
        prompts: Digest to the prompt's turns, (role, content) each.
    """

    of: Mapping[str, StoredSample]
    prompts: Mapping[str, Sequence[tuple[str, str]]]


def input_contents(folder: Path) -> dict[str, tuple[bytes, str, float]]:
    """Input id to content, origin and share of the validators, of all inputs that were made."""
    found: dict[str, tuple[bytes, str, float]] = {}
    for file in sorted(folder.glob("inputs-*.jsonl")):
        for one in load_inputs(folder, file.stem.removeprefix("inputs-")) or ():
            found[one.id] = (one.content, str(one.origin), one.accepted_share)
    return found


def answers_of(run: Path, task: str) -> Answers:
    """A task's answers; none for a recorded pool, or where the database is gone.

    Raises:
        RunFolderError: The database is damaged.
    """
    if not (run / DATABASE).is_file():
        return Answers(of={}, prompts={})
    with RunFolder(run) as samples:
        drawn = samples.samples(task, CANDIDATE)
        found: dict[str, StoredSample] = {}
        for each in drawn:
            # As `collect` names them: where two models drew one place, the later has its key too.
            name = f"{task}/{place_of(each.number)}"
            found.setdefault(name, each)
            found[f"{name}-{each.key[:8]}"] = each
        for kind in HelperKind:
            for each in samples.samples(task, kind.value):
                found[f"{task}/{kind.value}{each.number}-{each.key[:8]}"] = each
        digests = {str(each.extra["prompt"]) for each in found.values() if "prompt" in each.extra}
        prompts: dict[str, Sequence[tuple[str, str]]] = {}
        for digest in sorted(digests):
            try:
                turns = json.loads(samples.blobs.get(digest))
            except (RunFolderError, ValueError):
                continue  # a page without one prompt is better than none
            prompts[digest] = [(str(role), str(text)) for role, text in turns]
    return Answers(of=found, prompts=prompts)


def votes_of(folder: Path) -> dict[str, Any] | None:
    """What became of the inputs that helpers made, as `solver.kept.votes` keeps it."""
    found: dict[str, Any] | None = None
    for file in sorted(folder.glob("votes-*.json")):
        try:
            found = json.loads(file.read_bytes())
        except ValueError:
            continue
    return found
