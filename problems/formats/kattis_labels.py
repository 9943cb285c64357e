"""Role: what the jury of a legacy Kattis package expects of its submissions.

The folder says the overall verdict. Where the source carries `@EXPECTED_GRADES@` (one word a secret
group, in name order), or the package keeps the original TPS `solutions.json`, the label is exact
for each subtask.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from problems.errors import PackageError
from problems.formats.documents import read_json
from problems.formats.domjudge import tagged, verdict_of
from problems.formats.folder import Folder
from problems.formats.programs import NO_SOURCE, is_note, read_sources, read_submission
from problems.formats.reader import LeftOut
from problems.formats.tps_labels import expectation_of, words_of
from problems.languages import language_of
from problems.submission import Expectation, JurySubmission, Speech
from problems.task import Subtask
from problems.verdict import Verdict

_PARTIAL, _ANY = "partially_accepted", "rejected"
_REJECTED = frozenset({Verdict.WA, Verdict.TLE, Verdict.RE, Verdict.MLE, Verdict.OLE})


def read_submissions(
    folder: Folder, subtasks: Sequence[Subtask], scoring: bool
) -> tuple[tuple[JurySubmission, ...], tuple[LeftOut, ...]]:
    """All submissions below `submissions/<label>/`, and what of it cannot be judged.

    Folders that are no verdict (`mixed/`) hold programs that say in their source what is expected
    of them, as DOMjudge reads them; in a verdict's folder DOMjudge ignores the tag.

    Raises:
        PackageError: A link leads out of the package, or `solutions.json` is wrong.
    """
    upstream = _tps_labels(folder, subtasks)
    found: list[JurySubmission] = []
    left_out: list[LeftOut] = []
    for label_folder in folder.entries("submissions"):
        label = label_folder.name
        if not label_folder.is_dir():
            if language_of(read_sources(folder, label_folder)):
                left_out.append(LeftOut(name=label, reason="it lies in no verdict's folder"))
            continue
        is_verdict = verdict_of(label) is not None or label == _PARTIAL
        for entry in folder.entries(label_folder):
            name = f"{label}/{entry.name}"
            submission = read_submission(folder, entry, python="pypy3")
            if submission is None:
                if not is_note(entry):
                    left_out.append(LeftOut(name=name, reason=NO_SOURCE))
                continue
            content = b"\n".join(submission.sources.values())
            words = tagged(content) if scoring or not is_verdict else ()
            expected = _from_words(words, subtasks, scoring) or upstream.get(_essence(content))
            if expected is None and not is_verdict and label != _ANY:
                says = "it has no @EXPECTED_RESULTS@"
                if words:
                    says = f"its tag ({' '.join(words)[:60]}) names none, or not one a group"
                reason = f"no label: {label}/ is no verdict, and {says}"
                left_out.append(LeftOut(name=name, reason=reason))
                continue
            found.append(
                JurySubmission(
                    name=name,
                    path=entry,
                    submission=submission,
                    expected=expected or _from_folder(label, scoring),
                )
            )
    return tuple(found), tuple(left_out)


def _from_folder(label: str, scoring: bool) -> Expectation:
    verdict = verdict_of(label)
    if verdict is not None:
        return Expectation(verdicts=frozenset({verdict}), exact=True, speaks=Speech.GRADES)
    if label == _ANY:
        rejected = _REJECTED | {Verdict.PARTIAL} if scoring else _REJECTED
        return Expectation(verdicts=rejected, speaks=Speech.GRADES)
    return Expectation(verdicts=frozenset({Verdict.PARTIAL}), exact=False, speaks=Speech.GRADES)


def _from_words(
    words: Sequence[str], subtasks: Sequence[Subtask], scoring: bool
) -> Expectation | None:
    """The label written in the source, where it has one word for each subtask."""
    verdicts = [verdict_of(word) for word in words]
    if not verdicts or None in verdicts:
        return None
    known = [verdict for verdict in verdicts if verdict is not None]
    if not scoring:
        return Expectation(
            verdicts=frozenset(known), speaks=Speech.GRADES, source="@EXPECTED_GRADES@"
        )
    if len(known) != len(subtasks):
        return None
    pairs = zip(subtasks, known, strict=True)
    return Expectation(
        subtasks={subtask.name: frozenset({verdict}) for subtask, verdict in pairs},
        speaks=Speech.GRADES,
        source="@EXPECTED_GRADES@",
    )


def _essence(content: bytes) -> bytes:
    """A source without its white space: ports reformat line ends and indentation."""
    return b"".join(content.split())


def _tps_labels(folder: Folder, subtasks: Sequence[Subtask]) -> Mapping[bytes, Expectation]:
    """Labels of an original TPS folder kept in the package, by the source's essence.

    The subtasks of the two are matched by position and points; where they differ, nothing is taken.
    """
    for upstream in folder.entries("."):
        if not (folder.has(upstream / "solutions.json") and folder.has(upstream / "subtasks.json")):
            continue
        listed = read_json(folder, upstream / "subtasks.json")
        inner = listed.mapping().get("subtasks")
        if not isinstance(inner, dict):
            raise PackageError(listed.path, "subtasks: expected names and settings", 1)
        try:
            ordered = sorted(inner, key=lambda name: int(inner[name]["index"]))
            scoring = [name for name in ordered if float(inner[name]["score"]) > 0]
            points = [float(inner[name]["score"]) for name in scoring]
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise PackageError(listed.path, "a subtask without index and score", 1) from error
        if points != [subtask.max_points for subtask in subtasks]:
            continue
        names = dict(zip(scoring, (subtask.name for subtask in subtasks), strict=True))
        labels = read_json(folder, upstream / "solutions.json")
        return {
            _essence(folder.read(file)): expectation_of(words, names)
            for name, words in words_of(labels).items()
            for file in _solution_files(folder, upstream, name)
        }
    return {}


def _solution_files(folder: Folder, upstream: Path, name: str) -> list[Path]:
    candidates = [upstream / sub / name for sub in ("solution", "solutions", ".")]
    return [path for path in candidates if folder.has(path)]
