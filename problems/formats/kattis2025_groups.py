"""Role: the folders of `data/` in a Kattis 2025-09 package, with their settings and test cases.

A folder of `data/secret` with a `test_group.yaml` is a test data group, and there are groups or
test cases in `secret`, never both. Arguments in `test_group.yaml` hold for all tests below unless
a group or a test case's own `.yaml` says otherwise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from problems.errors import PackageError, UnsupportedTask
from problems.formats.documents import Document, parse_yaml
from problems.formats.folder import Folder
from problems.formats.kattis_names import LEGACY, NEW
from problems.score import ScoreUse
from problems.statement.convert import with_constants
from problems.testset import Testcase

_Config = TypeVar("_Config", bound=BaseModel)
# Keys that change no verdict: pictures, and what contestants are told of a failed test.
_DESCRIBED = frozenset(
    {"input_visualizer_args", "output_visualizer_args", "full_feedback", "hint", "description"}
)


class _TestConfig(BaseModel):
    """A test case's own `.yaml`."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    args: list[str] | None = None
    input_validator_args: list[str] | dict[str, list[str]] | None = None
    output_validator_args: list[str] | None = None


class GroupConfig(_TestConfig):
    """A `test_group.yaml`."""

    max_score: int | Literal["unbounded"] | None = Field(default=None)
    score_aggregation: Literal["pass-fail", "sum", "min"] | None = None
    static_validation_score: int | Literal["pass-fail"] | None = None
    static_validator_args: list[str] | None = None
    require_pass: str | list[str] = Field(default_factory=list)

    @property
    def required(self) -> list[str]:
        """Names in `require_pass`."""
        return [self.require_pass] if isinstance(self.require_pass, str) else self.require_pass


@dataclass(frozen=True, slots=True)
class Group:
    """A folder with its settings and all test cases below it."""

    name: str
    config: GroupConfig
    document: Document
    cases: tuple[Testcase, ...]


class DataReader:
    """Reads the folders; holds what every step needs."""

    def __init__(
        self, folder: Folder, constants: Mapping[str, str], *, scoring: bool, draft: bool = False
    ) -> None:
        """Args:
        draft: Settings may lie in a `testdata.yaml`, and arguments be one text.
        """
        self._folder = folder
        self._constants = constants
        self._scoring = scoring
        self._draft = draft

    def groups(self) -> tuple[Group | None, Group, list[Group]]:
        """The sample group if there is one, `secret`, and the groups in it."""
        if not self._folder.has("data/secret"):
            raise PackageError(self._folder.root / "data/secret", "no such folder: no test data")
        whole = self._whole()
        sample = self._group("sample", whole) if self._folder.has("data/sample") else None
        secret = self._group("secret", whole, tests=False)
        inherited = {**whole, **_arguments(secret.config)}
        inner = [
            self._group(f"secret/{entry.name}", inherited)
            for entry in self._folder.entries("data/secret")
            if entry.is_dir() and self._folder.has(self._settings(entry))
        ]
        secret = self._group("secret", whole)
        if inner:
            inside = {case.name for group in inner for case in group.cases}
            loose = [case for case in secret.cases if case.name not in inside]
            if loose:
                where = self._folder.root / "data" / f"{loose[0].name}.in"
                raise PackageError(where, "a test case beside test data groups")
            for group in inner:
                if not group.cases:
                    raise PackageError(group.document.path, "a test data group without test cases")
            return sample, secret, inner
        if not secret.cases:
            raise PackageError(self._folder.root / "data/secret", "no test case")
        return sample, secret, []

    def _whole(self) -> Mapping[str, Any]:
        """Arguments for all of `data/`, as drafts had them.

        Raises:
            PackageError: In the final version, where nothing reads such a file.
        """
        document = self._yaml(self._settings(Path("data")))
        if document.data is not None and not self._draft:
            reason = "settings belong into data/sample/, data/secret/ and its groups"
            raise PackageError(document.path, reason)
        return _arguments(_checked(document, GroupConfig))

    def _group(self, name: str, inherited: Mapping[str, Any], *, tests: bool = True) -> Group:
        path = Path("data") / name
        document = self._yaml(self._settings(path))
        config = _checked(document, GroupConfig)
        if config.static_validation_score is not None or config.static_validator_args is not None:
            raise UnsupportedTask(f"{document.path}: a static validation test case")
        if not self._scoring or name == "sample":
            for key in ("max_score", "score_aggregation", "require_pass"):
                if key in config.model_fields_set:
                    line = document.line_of((key,))
                    reason = f"{key} is for secret data of problems of type scoring"
                    raise PackageError(document.path, reason, line)
        arguments = {**inherited, **_arguments(config)}
        cases = tuple(self._cases(path, arguments)) if tests else ()
        return Group(name, config, document, cases)

    def _yaml(self, path: Path) -> Document:
        if not self._folder.has(path):
            return Document(path=self._folder.root / path, data=None)
        text = with_constants(self._folder.text(path), self._constants)
        document = parse_yaml(text, self._folder.root / path)
        return _as_today(document) if self._draft else document

    def _settings(self, path: Path) -> Path:
        """A folder's file of settings, whether it is there or not."""
        older = path / LEGACY.settings
        if self._draft and self._folder.has(older) and not self._folder.has(path / NEW.settings):
            return older
        return path / NEW.settings

    def _cases(self, path: Path, inherited: Mapping[str, Any]) -> Iterator[Testcase]:
        """Test cases at and below a folder, in the order of their names."""
        for entry in self._folder.entries(path):
            inner = path / entry.name
            if entry.is_dir() and entry.suffix != ".files":
                own = {}
                if self._folder.has(self._settings(inner)):
                    self._check_depth(inner)
                    own = _arguments(_checked(self._yaml(self._settings(inner)), GroupConfig))
                yield from self._cases(inner, {**inherited, **own})
            elif entry.suffix == ".in":
                yield self._case(inner, inherited)

    def _check_depth(self, folder: Path) -> None:
        """Groups lie in `secret` alone, one deep: points of others would be passed over."""
        if not self._draft and (folder.parts[1] == "sample" or len(folder.parts) > 3):
            where = self._folder.root / self._settings(folder)
            raise PackageError(where, "test data groups are folders of data/secret, one deep")

    def _case(self, path: Path, inherited: Mapping[str, Any]) -> Testcase:
        document = self._yaml(path.with_suffix(".yaml"))
        arguments = {**inherited, **_arguments(_checked(document, _TestConfig))}
        where = self._folder.root / path
        if arguments.get("args"):
            raise UnsupportedTask(f"{where}: command-line arguments of a test case (args)")
        if self._folder.has(path.with_suffix(".files")):
            raise UnsupportedTask(f"{where}: input files of a test case (.files)")
        answer = path.with_suffix(".ans")
        if not self._folder.has(answer):
            raise PackageError(where, f"answer file missing: {answer.name}")
        return Testcase(
            name=path.with_suffix("").relative_to("data").as_posix(),
            input=self._folder.file(path),
            answer=self._folder.file(answer),
            checker_args=tuple(arguments.get("output_validator_args", ())),
            validator_args=_by_validator(arguments.get("input_validator_args", [])),
            # Pass-fail problems and samples give no points, whatever a validator writes.
            score_use=ScoreUse.IGNORED,
        )


def _checked(document: Document, model: type[_Config]) -> _Config:
    """The settings; an unknown key is an error, one that changes no verdict is left out."""
    content = document.mapping()
    kept = {key: value for key, value in content.items() if key not in _DESCRIBED}
    return Document(path=document.path, data=kept, lines=document.lines).check(model)


def _as_today(document: Document) -> Document:
    """Settings as drafts had them: `_flags` for `_args`, and a text for a list of words."""

    def words(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: words(one) for name, one in value.items()}
        return value.split() if isinstance(value, str) else value

    content: dict[str, Any] = {}
    for key, value in document.mapping().items():
        name = key.replace("_validator_flags", "_validator_args")
        content[name] = words(value) if name.endswith("_validator_args") else value
    return Document(path=document.path, data=content, lines=document.lines)


def _by_validator(arguments: Any) -> dict[str, tuple[str, ...]]:
    """Input validator's name to its arguments; a list ("") is for all of them."""
    if isinstance(arguments, Mapping):
        return {"": (), **{name: tuple(words) for name, words in arguments.items()}}
    return {"": tuple(arguments)}


def _arguments(config: _TestConfig) -> dict[str, Any]:
    found = {
        "args": config.args,
        "output_validator_args": config.output_validator_args,
        "input_validator_args": config.input_validator_args,
    }
    return {key: value for key, value in found.items() if value is not None}
