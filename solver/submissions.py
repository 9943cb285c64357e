"""The one place where a candidate becomes a submission, and what tells two of them apart.

Outputs that are handed in themselves are candidates too: in the language `output-only`, their files
packed as one text. So whatever keeps, compares or records programs does the same with outputs.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from problems.submission import Submission
from problems.task import Task, TaskType
from problems.tasktypes.output_only import LANGUAGE
from sandbox.compiling.languages import extensions_of
from sandbox.data import digest_of
from sandbox.java_source import read_java
from solver.errors import SolverError
from solver.kept.whole_files import is_partial
from solver.source_text import encoded
from solver.types import Candidate


def as_submission(task: Task, candidate: Candidate) -> Submission:
    """The candidate as it is handed in, under the file name that the task's grader expects.

    Outputs are handed in under the names of their files.
    """
    if is_outputs(candidate):
        files = {name: encoded(text) for name, text in unpacked(candidate).items()}
        return Submission(language=candidate.language, sources=files)
    name = task.interface.submission_names.get(candidate.language)
    if name is None:
        extension = extensions_of(candidate.language)[0]
        name = f"{task.name}{extension}"
        if candidate.language == "java":
            # Java wants the file named as its public class, "Main" by the judges' convention.
            declared = read_java(encoded(candidate.source))
            mains = declared.main_types or ("Main",)
            name = f"{declared.public_type or mains[0]}{extension}"
    return Submission(language=candidate.language, sources={name: encoded(candidate.source)})


def submission_digest(submission: Submission) -> str:
    """Identity of what is handed in: SHA-256 over the language and the files, names included."""
    digest = hashlib.sha256(submission.language.encode())
    for name in sorted(submission.sources):
        content = submission.sources[name]
        digest.update(f"\0{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def submission_in(folder: Path, language: str) -> Submission:
    """The submission whose files lie in a folder."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and not is_partial(path))
    return Submission(language=language, sources={path.name: path.read_bytes() for path in files})


def files_digest(sources: Mapping[str, bytes]) -> str:
    """Identity of files, names included: what a judge's list can show of a submission."""
    parts = [f"{name}\0{digest_of(body)}" for name, body in sorted(sources.items())]
    return digest_of("\n".join(parts).encode())


def text_digest(candidate: Candidate) -> str:
    """Identity of a candidate's program text in its language, 128 bits in hex."""
    text = encoded(f"{candidate.language}\0{candidate.source}")
    return hashlib.blake2b(text, digest_size=16).hexdigest()


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


def within_reach(task: Task) -> tuple[bool, ...]:
    """(S,) whether a program can solve a subtask: not where some test takes its output alone."""
    if task.type is TaskType.OUTPUT_ONLY:
        return (False,) * len(task.subtasks)
    alone = {name for file in task.output_files if not file.program_runs for name in file.subtasks}
    return tuple(subtask.name not in alone for subtask in task.subtasks)
