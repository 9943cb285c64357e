"""Role: what the jury of a Kattis 2025-09 package expects of its submissions.

The folder's defaults and every entry of `submissions/submissions.yaml` whose glob matches hold at
once: verdicts that test cases may have (`permitted`), verdicts of which one must occur
(`required`), a score, all of it for the whole submission or for a test data group.
"""

import fnmatch
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from problems.errors import PackageError
from problems.formats.documents import Document, read_yaml
from problems.formats.folder import Folder
from problems.formats.kattis2025_constants import substituted
from problems.formats.programs import read_sources
from problems.languages import language_of
from problems.scoring import ScoreNode
from problems.submission import Expectation, JurySubmission, Speech, Submission
from problems.task import Subtask
from problems.tasktypes.output_only import LANGUAGE as OUTPUT_ONLY
from problems.verdict import Verdict

_Range = tuple[float, float]
"""Least and most points."""
_Word = Literal["AC", "WA", "TLE", "RTE"]
_ALL: tuple[_Word, ...] = ("AC", "WA", "TLE", "RTE")
# Kattis knows four verdicts; a program over its memory or output limit is one that crashed.
_VERDICTS: Mapping[str, frozenset[Verdict]] = {
    "AC": frozenset({Verdict.AC}),
    "WA": frozenset({Verdict.WA}),
    "TLE": frozenset({Verdict.TLE}),
    "RTE": frozenset({Verdict.RE, Verdict.MLE, Verdict.OLE}),
}
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "accepted": {"permitted": ["AC"]},
    "rejected": {"required": ["RTE", "TLE", "WA"]},
    "wrong_answer": {"permitted": ["AC", "WA"], "required": ["WA"]},
    "time_limit_exceeded": {"permitted": ["AC", "TLE"], "required": ["TLE"]},
    "run_time_error": {"permitted": ["AC", "RTE"], "required": ["RTE"]},
    "brute_force": {"permitted": ["AC", "RTE", "TLE"], "required": ["RTE", "TLE"]},
}
_RULE_KEYS = ("permitted", "required", "score", "message", "use_for_time_limit")
_OWN_KEYS = ("language", "entrypoint", "authors", "model_solution", *_RULE_KEYS)
# Kattis's language codes that differ from the sandbox's ids.
_LANGUAGES = {"cpp": "cpp20", "python3": "python3", "c": "c", "java": "java", "rust": "rust"}


class _Rule(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    language: str | None = None
    entrypoint: str | None = None
    permitted: list[_Word] | None = Field(default=None, min_length=1)
    required: list[_Word] | None = Field(default=None, min_length=1)
    score: float | _Range | None = None

    def overall(self) -> frozenset[Verdict]:
        """Verdicts that test cases of which only this is said may come to, all together."""
        required = [set(self.required)] if self.required else []
        return frozenset(_overall(set(self.permitted or _ALL), required))


def read_submissions(
    folder: Folder,
    scoring: ScoreNode,
    subtasks: Sequence[Subtask],
    constants: Mapping[str, str],
    *,
    output_only: bool = False,
) -> tuple[JurySubmission, ...]:
    """All submissions below `submissions/<folder>/` with what is expected of them.

    Raises:
        PackageError: `submissions.yaml` is wrong, or a file leads out of the package.
    """
    rules = _Rules(folder, scoring, subtasks)
    found = []
    for directory in folder.entries("submissions"):
        if not directory.is_dir():
            continue
        for entry in folder.entries(directory):
            if entry.name.endswith((".yaml", ".md", ".txt")):
                continue
            name = f"{directory.name}/{entry.name}"
            sources = substituted(read_sources(folder, entry), constants)
            language = rules.language(name) or language_of(sources)
            if output_only:
                language = OUTPUT_ONLY
            expected = rules.expectation(name)
            if language is None or expected is None:
                continue
            found.append(
                JurySubmission(
                    name=name,
                    path=entry,
                    submission=Submission(language=language, sources=sources),
                    expected=expected,
                )
            )
    return tuple(found)


class _Rules:
    """The merged entries of the defaults and `submissions.yaml`."""

    def __init__(self, folder: Folder, scoring: ScoreNode, subtasks: Sequence[Subtask]) -> None:
        names = {subtask.name for subtask in subtasks}
        self._groups = {f"secret/{n.name}": n.name for n in scoring.walk() if n.name in names}
        path = "submissions/submissions.yaml"
        self._document = (
            read_yaml(folder, path)
            if folder.has(path)
            else Document(path=folder.root / path, data=None)
        )
        written = self._document.mapping()
        self._entries: dict[str, Mapping[str, Any]] = {}
        for glob, content in written.items():
            if content is None:
                continue
            if not isinstance(content, dict):
                line = self._document.line_of((glob,))
                raise PackageError(self._document.path, f"{glob}: expected keys and values", line)
            self._entries[glob] = content
        for glob, content in _DEFAULTS.items():
            self._entries[glob] = {**content, **self._entries.get(glob, {})}

    def language(self, name: str) -> str | None:
        """Language id that `submissions.yaml` gives, where it gives one."""
        for rule, _ in self._matching(name):
            if rule.language is not None:
                return _LANGUAGES.get(rule.language, rule.language)
        return None

    def expectation(self, name: str) -> Expectation | None:
        """What is expected of a submission; None where nothing is said of it."""
        permitted, required = set(_ALL), []
        points: _Range | None = None
        subtasks: dict[str, frozenset[Verdict]] = {}
        subtask_points: dict[str, _Range] = {}
        any_rule = False
        for rule, entry in self._matching(name):
            any_rule = any_rule or rule.permitted is not None or rule.required is not None
            permitted &= set(rule.permitted or _ALL)
            required += [set(rule.required)] if rule.required else []
            points = _narrowed(points, rule.score)
            for group, inner in self._group_rules(entry):
                verdicts = inner.overall()
                subtasks[group] = subtasks.get(group, verdicts) & verdicts
                within = _narrowed(subtask_points.get(group), inner.score)
                if within is not None:
                    subtask_points[group] = within
        if not any_rule and points is None and not subtasks:
            return None
        expected = Expectation(
            verdicts=frozenset(_overall(permitted, required)),
            points=points,
            subtasks=subtasks or None,
            subtask_points=subtask_points or None,
            speaks=Speech.TESTS,
            exact=any_rule,
            source="submissions.yaml" if self._document.data else "folder",
        )
        return expected if any_rule else replace(expected, verdicts=None, exact=True)

    def _matching(self, name: str) -> Iterator[tuple[_Rule, Document]]:
        for glob, content in self._entries.items():
            if matches(glob, name):
                inner = self._document.inner((glob,), dict(content))
                yield inner.check(_Rule), inner

    def _group_rules(self, entry: Document) -> Iterator[tuple[str, _Rule]]:
        content = entry.mapping()
        for key, value in content.items():
            if key in _OWN_KEYS or not isinstance(value, dict):
                continue
            rule = entry.inner((key,), value).check(_Rule)
            for node, subtask in self._groups.items():
                if matches(key, node):
                    yield subtask, rule


def _overall(permitted: set[_Word], required: list[set[_Word]]) -> set[Verdict]:
    """Verdicts that a whole set of test cases may come to: the first rejection, else AC."""
    fails = any("AC" not in words & permitted for words in required)
    words = permitted - {"AC"} if fails else permitted
    return {verdict for word in words for verdict in _VERDICTS[word]}


def _narrowed(known: _Range | None, score: float | _Range | None) -> _Range | None:
    """What holds of the points where one more entry says something of them."""
    if score is None:
        return known
    low, high = score if isinstance(score, tuple) else (score, score)
    return (low, high) if known is None else (max(low, known[0]), min(high, known[1]))


def matches(glob: str, name: str) -> bool:
    """Whether the glob matches the path or a folder above it.

    `*` stays within one name; `{a,b}` stands for either; nothing else is special.
    """
    paths = [name, *(str(parent) for parent in Path(name).parents if str(parent) != ".")]
    return any(
        _fits(one.split("/"), path.split("/")) for one in _alternatives(glob) for path in paths
    )


def _fits(globs: list[str], names: list[str]) -> bool:
    """Name by name; `fnmatch` takes no time without bound, whatever a stranger writes."""
    plain = [glob.replace("[", "[[]").replace("?", "[?]") for glob in globs]
    return len(globs) == len(names) and all(map(fnmatch.fnmatchcase, names, plain))


def _alternatives(glob: str) -> list[str]:
    """The glob with its braces expanded; a bomb of braces is cut off at 1000."""
    parts = re.split(r"\{([^{}]*)\}", glob)
    choices = [part.split(",") if index % 2 else [part] for index, part in enumerate(parts)]
    return ["".join(chosen) for chosen in itertools.islice(itertools.product(*choices), 1000)]
