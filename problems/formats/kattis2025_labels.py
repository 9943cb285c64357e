"""Role: what the jury of a Kattis 2025-09 package expects of its submissions.

The folder's defaults and every entry of `submissions/submissions.yaml` whose glob matches hold at
once: verdicts that test cases may have (`permitted`), verdicts of which one must occur
(`required`), a score, all of it for the whole submission or for a test data group.
"""

import fnmatch
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from problems.errors import PackageError
from problems.formats.documents import Document, read_yaml
from problems.formats.folder import Folder
from problems.formats.kattis2025_constants import substituted
from problems.formats.kattis_include import PREFERRED
from problems.formats.programs import NO_SOURCE, is_note, read_sources
from problems.formats.reader import LeftOut
from problems.languages import language_of
from problems.scoring import ScoreNode
from problems.submission import (
    Expectation,
    JurySubmission,
    Speech,
    Submission,
    TestRule,
    TimeBound,
)
from problems.tasktypes.output_only import LANGUAGE as OUTPUT_ONLY
from problems.verdict import Verdict

_Range = tuple[float, float]
"""Least and most points."""
_Word = Literal["AC", "WA", "TLE", "RTE"]
_ALL: tuple[_Word, ...] = ("AC", "WA", "TLE", "RTE")
# A test that is accepted for a part of its points is accepted. Kattis knows four verdicts; a
# program over its memory or output limit is one that crashed.
_VERDICTS: Mapping[str, frozenset[Verdict]] = {
    "AC": frozenset({Verdict.AC, Verdict.PARTIAL}),
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
# Who wrote it, and whether it may be shown, says nothing of judging.
_DESCRIBED = ("authors", "model_solution")


class _Rule(BaseModel):
    """What holds for the whole submission, or for the tests that a pattern names."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    permitted: list[_Word] | None = Field(default=None, min_length=1)
    required: list[_Word] | None = Field(default=None, min_length=1)
    score: float | _Range | None = None
    message: str = ""
    use_for_time_limit: bool | Literal["lower", "upper"] = True


class _Program(BaseModel):
    """How the program is built; the rest of an entry is a rule, or rules by pattern."""

    model_config = ConfigDict(extra="ignore")

    language: str | None = None
    entrypoint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """All that `submissions/` says."""

    submissions: tuple[JurySubmission, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]


def read_submissions(
    folder: Folder,
    scoring: ScoreNode,
    constants: Mapping[str, str],
    *,
    scored: bool,
    output_only: bool = False,
) -> Labels:
    """All submissions below `submissions/<folder>/` with what is expected of them.

    Raises:
        PackageError: `submissions.yaml` is wrong, or a file leads out of the package.
    """
    rules = _Rules(folder, scoring, scored=scored)
    found: list[JurySubmission] = []
    left_out: list[LeftOut] = []
    for directory in folder.entries("submissions"):
        if not directory.is_dir():
            if not is_note(directory):
                reason = "it lies in no folder of submissions/"
                left_out.append(LeftOut(name=directory.name, reason=reason))
            continue
        for entry in folder.entries(directory):
            name = f"{directory.name}/{entry.name}"
            sources = substituted(read_sources(folder, entry), constants)
            program = rules.program(name)
            language = PREFERRED.get(program.language or "", program.language)
            language = OUTPUT_ONLY if output_only else language or language_of(sources)
            expected = rules.expectation(name)
            if language is None or expected is None:
                reason = NO_SOURCE if language is None else f"no label: nothing is said of {name}"
                if language is not None or not is_note(entry):
                    left_out.append(LeftOut(name=name, reason=reason))
                continue
            submission = Submission(language=language, sources=sources, entry=program.entrypoint)
            found.append(
                JurySubmission(name=name, path=entry, submission=submission, expected=expected)
            )
    return Labels(submissions=tuple(found), left_out=tuple(left_out), notes=rules.notes())


class _Rules:
    """The merged entries of the defaults and `submissions.yaml`."""

    def __init__(self, folder: Folder, scoring: ScoreNode, *, scored: bool) -> None:
        self._scored = scored
        self._tests = tuple(dict.fromkeys(scoring.all_testcases()))
        # Points belong to groups and to `secret`, the submission's own.
        parents = {parent for test in self._tests for parent in _parents(test)}
        nodes = {node.name for node in scoring.walk()}
        self._groups = {
            path: path.removeprefix("secret/")
            for path in sorted(parents)
            if path.startswith("secret/") and path.removeprefix("secret/") in nodes
        } | {"secret": ""}
        path = "submissions/submissions.yaml"
        self._document = (
            read_yaml(folder, path)
            if folder.has(path)
            else Document(path=folder.root / path, data=None)
        )
        self._used: set[str] = set()
        self._unmet: list[str] = []
        self._entries: dict[str, Mapping[str, Any]] = {}
        for glob, content in self._document.mapping().items():
            if content is None:
                continue
            if not isinstance(content, dict):
                line = self._document.line_of((glob,))
                raise PackageError(self._document.path, f"{glob}: expected keys and values", line)
            self._entries[glob] = content
        for glob, content in _DEFAULTS.items():
            self._entries[glob] = {**content, **self._entries.get(glob, {})}

    def program(self, name: str) -> _Program:
        """Language and entry point that `submissions.yaml` gives, where it gives any."""
        found = _Program()
        for entry in self._matching(name):
            program = entry.check(_Program)
            found = _Program(
                language=found.language or program.language,
                entrypoint=found.entrypoint or program.entrypoint,
            )
        return found

    def expectation(self, name: str) -> Expectation | None:
        """What is expected of a submission; None where nothing is said of it."""
        rules: list[TestRule] = []
        scores: dict[str, _Range] = {}
        permitted, required = set(_ALL), []
        for entry in self._matching(name):
            for glob, rule in self._rules_of(entry):
                made = self._test_rule(glob, rule)
                if made is not None:
                    rules.append(made)
                for group, bounds in self._scores(entry, glob, rule):
                    low, high = scores.get(group, bounds)
                    scores[group] = max(low, bounds[0]), min(high, bounds[1])
                if not glob:
                    permitted &= set(rule.permitted or _ALL)
                    required += [set(rule.required)] if rule.required else []
        if not rules and not scores:
            return None
        return Expectation(
            verdicts=frozenset(_overall(permitted, required)) if rules else None,
            points=scores.pop("", None),
            subtask_points=scores,
            speaks=Speech.TESTS,
            rules=tuple(rules),
            source="submissions.yaml" if self._document.data else "folder",
        )

    def notes(self) -> tuple[str, ...]:
        """Entries that no submission matches, and patterns that no test matches."""
        name = self._document.path.name
        unused = [glob for glob in self._document.mapping() if glob not in self._used]
        lines = (f"{name}: {glob}: no submission matches" for glob in unused)
        return (*(line for line in lines if line), *dict.fromkeys(self._unmet))

    def _matching(self, name: str) -> Iterator[Document]:
        for glob, content in self._entries.items():
            if matches(glob, name):
                self._used.add(glob)
                yield self._document.inner((glob,), dict(content))

    def _rules_of(self, entry: Document) -> Iterator[tuple[str, _Rule]]:
        """The rule for the whole submission, under "", and those for groups and tests."""
        content = entry.mapping()
        own = {key: content[key] for key in _RULE_KEYS if key in content}
        yield "", Document(path=entry.path, data=own, lines=entry.lines).check(_Rule)
        for key, value in content.items():
            if key not in (*_RULE_KEYS, *_Program.model_fields, *_DESCRIBED):
                yield key, entry.inner((key,), value).check(_Rule)

    def _test_rule(self, glob: str, rule: _Rule) -> TestRule | None:
        permitted, required, bound = rule.permitted, rule.required, None
        use = rule.use_for_time_limit
        if use == "lower" or (use is True and permitted is not None and "TLE" not in permitted):
            permitted, bound = (
                permitted or [word for word in _ALL if word != "TLE"],
                TimeBound.LOWER,
            )
        if use == "upper" or (use is True and required == ["TLE"]):
            required, bound = required or ["TLE"], TimeBound.UPPER
        if permitted is None and required is None and not rule.message:
            return None
        tests = None
        if glob:
            tests = frozenset(test for test in self._tests if matches(glob, test))
            if not tests:
                self._unmet.append(f"{self._document.path.name}: {glob}: no test case matches")
        return TestRule(
            where=glob,
            testcases=tests,
            permitted=None if permitted is None else _verdicts(permitted),
            required=None if required is None else _verdicts(required),
            message=rule.message,
            bound=bound,
        )

    def _scores(self, entry: Document, glob: str, rule: _Rule) -> Iterator[tuple[str, _Range]]:
        if rule.score is None:
            return
        line = entry.line_of((glob, "score") if glob else ("score",))
        bounds = rule.score if isinstance(rule.score, tuple) else (rule.score, rule.score)
        if not self._scored or bounds[0] > bounds[1]:
            reason = "score: expected a number or its least and most, in a problem of type scoring"
            raise PackageError(entry.path, reason, line)
        groups = [name for path, name in self._groups.items() if not glob or matches(glob, path)]
        if not glob:
            groups = [""]
        if not groups:
            raise PackageError(entry.path, f"score: {glob} is no group of test data", line)
        for group in groups:
            yield group, bounds


def _parents(test: str) -> list[str]:
    return [str(parent) for parent in Path(test).parents if str(parent) != "."]


def _verdicts(words: Sequence[_Word]) -> frozenset[Verdict]:
    return frozenset(verdict for word in words for verdict in _VERDICTS[word])


def _overall(permitted: set[_Word], required: list[set[_Word]]) -> set[Verdict]:
    """Verdicts that a whole set of test cases may come to: the first rejection, else AC."""
    fails = any("AC" not in words & permitted for words in required)
    words = permitted - {"AC"} if fails else permitted
    return {verdict for word in words for verdict in _VERDICTS[word]} - {Verdict.PARTIAL}


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
