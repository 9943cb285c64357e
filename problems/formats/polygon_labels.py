"""Role: the solutions of a Polygon package with their tags, and the types of its sources.

A solution's tag is about the whole testset; an `extra-tag` says what holds in one group of it.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from lxml import etree

from problems.errors import PackageError
from problems.formats.folder import Folder
from problems.formats.polygon_xml import attribute
from problems.formats.programs import NO_SOURCE, read_sources, read_submission
from problems.formats.reader import LeftOut
from problems.submission import Expectation, JurySubmission, Submission
from problems.task import Subtask
from problems.verdict import Verdict

_ANY_FAILURE = frozenset({Verdict.WA, Verdict.TLE, Verdict.RE, Verdict.MLE, Verdict.OLE})
_SCORED_FAILURE = _ANY_FAILURE | {Verdict.PARTIAL}
_TAGS: Mapping[str, frozenset[Verdict]] = {
    "main": frozenset({Verdict.AC}),
    "accepted": frozenset({Verdict.AC}),
    "rejected": _ANY_FAILURE,
    "wrong-answer": frozenset({Verdict.WA}),
    "presentation-error": frozenset({Verdict.WA}),
    "time-limit-exceeded": frozenset({Verdict.TLE}),
    "time-limit-exceeded-or-accepted": frozenset({Verdict.TLE, Verdict.AC}),
    "time-limit-exceeded-or-memory-limit-exceeded": frozenset({Verdict.TLE, Verdict.MLE}),
    "memory-limit-exceeded": frozenset({Verdict.MLE, Verdict.RE}),
    "runtime-error": frozenset({Verdict.RE}),
    "failed": _ANY_FAILURE,
}
_LANGUAGES = (
    (re.compile(r"cpp\..*(?:23|2b)"), "cpp23"),
    (re.compile(r"cpp\..*(?:20|2a)"), "cpp20"),
    (re.compile(r"cpp\."), "cpp17"),
    (re.compile(r"c\."), "c"),
    (re.compile(r"python\.pypy3"), "pypy3"),
    (re.compile(r"python\.(?:2|pypy)"), "python2"),
    (re.compile(r"python\.3"), "python3"),
    (re.compile(r"java(?!script)"), "java"),
    (re.compile(r"rust"), "rust"),
)


def language_of_type(kind: str) -> str | None:
    """Language id for the type of a source ("cpp.g++17"); None where none is known."""
    return next((language for pattern, language in _LANGUAGES if pattern.match(kind)), None)


def read_solutions(
    folder: Folder,
    root: etree._Element,
    testset: etree._Element,
    subtasks: Sequence[Subtask],
    *,
    scored: bool,
) -> tuple[tuple[JurySubmission, ...], tuple[LeftOut, ...], tuple[str, ...]]:
    """The labelled solutions, what cannot be judged, and notes on tags that are not checked.

    Raises:
        PackageError: A file is missing or leads out, or a tag is for a group that is not there.
    """
    xml = folder.root / "problem.xml"
    found: list[JurySubmission] = []
    left_out: list[LeftOut] = []
    notes: list[str] = []
    for solution in root.findall("assets/solutions/solution"):
        source = solution.find("source")
        tag = solution.get("tag", "")
        if source is None:
            left_out.append(LeftOut(name=f"solution {tag}", reason="no <source>"))
            continue
        path = folder.root / attribute(xml, source, "path")
        folder.file(path.relative_to(folder.root), xml)
        if tag not in _TAGS:
            left_out.append(LeftOut(name=path.name, reason=f"no label is called {tag!r}"))
            continue
        submission = read_submission(folder, path)
        language = language_of_type(source.get("type", ""))
        if submission is None and language is None:
            reason = f"{NO_SOURCE}: {source.get('type')}"
            left_out.append(LeftOut(name=path.name, reason=reason))
            continue
        if submission is None or language is not None:
            assert language is not None
            submission = Submission(language=language, sources=read_sources(folder, path))
        inner, more = _extra_tags(xml, solution, testset, subtasks, scored=scored)
        notes += [f"{path.name}: {one}" for one in more]
        found.append(
            JurySubmission(
                name=path.name,
                path=path,
                submission=submission,
                expected=Expectation(
                    verdicts=_verdicts(tag, scored=scored),
                    subtasks=inner or None,
                    source=f"tag {tag}",
                    label=tag,
                ),
            )
        )
    return tuple(found), tuple(left_out), tuple(notes)


def _verdicts(tag: str, *, scored: bool) -> frozenset[Verdict]:
    """With points a wrong solution may still earn some, without a rejection to name first."""
    return _SCORED_FAILURE if scored and tag == "rejected" else _TAGS[tag]


def _extra_tags(
    xml: Path,
    solution: etree._Element,
    testset: etree._Element,
    subtasks: Sequence[Subtask],
    *,
    scored: bool,
) -> tuple[dict[str, frozenset[Verdict]], list[str]]:
    """Verdicts for single groups, by subtask, and notes on what of it is not checked."""
    groups = {one.get("group") for one in testset.findall("tests/test")}
    named = {subtask.name for subtask in subtasks}
    found: dict[str, frozenset[Verdict]] = {}
    notes: list[str] = []
    for element in solution.findall("extra-tags/extra-tag"):
        tag, other = attribute(xml, element, "tag"), element.get("testset")
        group = element.get("group") or element.get("testset-group")
        where = f"extra-tag {tag}" + (f" of group {group}" if group else "")
        if tag not in _TAGS:
            notes.append(f"{where}: no label is called so, not checked")
        elif other not in (None, "", testset.get("name") or "tests"):
            notes.append(f"{where}: not checked, its testset {other} is not judged")
        elif group is None:
            found |= dict.fromkeys(sorted(named), _verdicts(tag, scored=scored))
        elif group not in groups:
            raise PackageError(xml, f"{where}: no test is in that group", element.sourceline)
        elif group in named:
            found[group] = _verdicts(tag, scored=scored)
        else:
            notes.append(f"{where}: not checked, the group gives no points of its own")
    return found, notes
