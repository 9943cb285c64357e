"""Role: the words by which TPS (the IOI's preparation system) labels a jury solution.

`solutions.json` maps a file to `{"verdict": WORD, "except": {SUBTASK: WORD}}`; an exported package
keeps the word as the name of the solution's folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field

from problems.errors import PackageError
from problems.formats.documents import Document
from problems.submission import Expectation
from problems.verdict import Verdict

_ANY_FAILURE = frozenset(
    {Verdict.WA, Verdict.TLE, Verdict.RE, Verdict.MLE, Verdict.OLE, Verdict.PARTIAL}
)
VERDICTS: Mapping[str, frozenset[Verdict]] = {
    "model_solution": frozenset({Verdict.AC}),
    "correct": frozenset({Verdict.AC}),
    "incorrect": frozenset({Verdict.WA}),
    # A grader that notices one ends the program, by an answer or by an exit code.
    "protocol_violation": frozenset({Verdict.WA, Verdict.RE}),
    "security_violation": frozenset({Verdict.WA, Verdict.RE}),
    "time_limit": frozenset({Verdict.TLE}),
    # A process over its memory is killed, or fails to allocate and crashes.
    "memory_limit": frozenset({Verdict.MLE, Verdict.RE}),
    "runtime_error": frozenset({Verdict.RE}),
    "time_limit_and_runtime_error": frozenset({Verdict.TLE, Verdict.RE}),
    "partially_correct": frozenset({Verdict.PARTIAL}),
    "failed": _ANY_FAILURE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionWords:
    """One file's entry: the overall word, and the subtasks where another holds."""

    verdict: str
    exceptions: Mapping[str, str] = field(default_factory=dict)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    verdict: str
    exceptions: dict[str, str] = Field(default_factory=dict, alias="except")


def words_of(document: Document) -> Mapping[str, SolutionWords]:
    """The entries of a `solutions.json`, by file name.

    Raises:
        PackageError: An entry has another shape, or a word that TPS does not know.
    """
    found: dict[str, SolutionWords] = {}
    for name, content in document.mapping().items():
        entry = document.inner((name,), content).check(_Entry)
        for word in (entry.verdict, *entry.exceptions.values()):
            if word not in VERDICTS:
                line = document.line_of((name,))
                raise PackageError(document.path, f"{name}: unknown verdict {word!r}", line)
        found[name] = SolutionWords(verdict=entry.verdict, exceptions=entry.exceptions)
    return found


def expectation_of(words: SolutionWords, names: Mapping[str, str]) -> Expectation:
    """The label of a file.

    Args:
        names: TPS's subtask name -> the task's subtask name, for the subtasks that give points.
    """
    return Expectation(
        subtasks={
            ours: VERDICTS[words.exceptions.get(theirs, words.verdict)]
            for theirs, ours in names.items()
        },
        source="solutions.json",
    )
