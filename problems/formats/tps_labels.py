"""Role: the words by which TPS (the IOI's preparation system) labels a jury solution.

`solutions.json` maps a file to `{"verdict": WORD, "except": {SUBTASK: WORD}}`; an exported package
keeps the word as the name of the solution's folder, and the exceptions, if at all, in a comment at
the head of the program (`problems.formats.tps_headers`).

What a word says of a subtask is read after TPS itself (its web interface, `solution_run.py`, and
its command `invoke`): the test with the least score is what is compared. `incorrect` is an answer
that was judged and found wrong there; too slow or crashed is `time_limit`, `runtime_error`, or
`failed`, which is anything but right. For TPS a process that is killed for its memory has crashed.
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
    "runtime_error": frozenset({Verdict.RE, Verdict.MLE}),
    "time_limit_and_runtime_error": frozenset({Verdict.TLE, Verdict.RE, Verdict.MLE}),
    "partially_correct": frozenset({Verdict.PARTIAL}),
    "failed": _ANY_FAILURE,
}
_SHORT: Mapping[str, str] = {
    "model_solution": "model",
    "correct": "ac accept accepted",
    "partially_correct": "pc partial",
    "incorrect": "wa wrong wronganswer wrong_answer",
    "time_limit": "tl tle time timelimit timelimit_exceed timelimit_exceeded time_limit_exceed "
    "time_limit_exceeded",
    "memory_limit": "ml mle memory mem mem_limit mem_limit_exceed mem_limit_exceeded "
    "memory_limit_exceed memory_limit_exceeded",
    "runtime_error": "rt re rte runtime run_time run_time_error",
    "protocol_violation": "pv proto_viol",
    "security_violation": "sv secur_viol",
    "failed": "f fail",
    "time_limit_and_runtime_error": "tle_rte tle_rt tle_re tl_rte tl_rt tl_re "
    "rte_tle rt_tle re_tle rte_tl rt_tl re_tl",
}
_WORDS = {short: word for word, shorts in _SHORT.items() for short in (word, *shorts.split())}


def word_of(text: str) -> str | None:
    """The word of `VERDICTS` that a jury wrote, in any case or short form; None: there is none."""
    return _WORDS.get(text.lower())


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
        found[name] = entry_of(document.inner((name,), content), f"{name}: ")
    return found


def entry_of(document: Document, name: str = "") -> SolutionWords:
    """One file's entry.

    Raises:
        PackageError: It has another shape, or a word that TPS does not know.
    """
    entry = document.check(_Entry)

    def known(text: str) -> str:
        word = word_of(text)
        if word is None:
            line = document.line_of(())
            raise PackageError(document.path, f"{name}unknown verdict {text!r}", line)
        return word

    exceptions = {subtask: known(text) for subtask, text in entry.exceptions.items()}
    return SolutionWords(verdict=known(entry.verdict), exceptions=exceptions)


def expectation_of(
    words: SolutionWords, names: Mapping[str, str], source: str = "solutions.json"
) -> Expectation:
    """The label of a file.

    Args:
        names: TPS's subtask name -> the task's subtask name, for the subtasks that give points.
    """
    return Expectation(
        subtasks={
            ours: VERDICTS[words.exceptions.get(theirs, words.verdict)]
            for theirs, ours in names.items()
        },
        source=source,
    )
