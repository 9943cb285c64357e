"""The native API's bodies, version 1. Unknown fields are refused: a limit that is spelled
wrongly must not be let be. Text is UTF-8; other bytes go in the field of the same name
with `_base64`."""

import base64
import binascii
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from sandbox.limits import MIB

_MOST_TESTS = 10_000


def _base64(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("not base64") from None
    return text


Base64 = Annotated[str, AfterValidator(_base64)]
Seconds = Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)]
Bytes = Annotated[int, Field(gt=0, le=1 << 40)]


class Form(BaseModel):
    """Root of them all."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ProgramForm(Form):
    """A program: `source` alone, or `files`."""

    language: str
    source: str | None = None
    files: dict[str, str] = Field(default_factory=dict)
    entry: str | None = None

    @model_validator(mode="after")
    def _one_of(self) -> "ProgramForm":
        if (self.source is None) == (not self.files):
            raise ValueError("give either source or files")
        return self

    def sources(self) -> dict[str, bytes]:
        """File name to content; a lone source is called main."""
        if self.source is not None:
            name = "main.py" if self.language in ("python3", "pypy3") else "main"
            return {name: self.source.encode()}
        return {name: text.encode() for name, text in self.files.items()}


class TestForm(Form):
    """One run: what the program reads and its arguments."""

    stdin: str = ""
    stdin_base64: Base64 | None = None
    args: list[str] = Field(default_factory=list)
    files: dict[str, Base64] = Field(default_factory=dict)

    def stdin_bytes(self) -> bytes:
        """What the program reads."""
        return text_of(self.stdin, self.stdin_base64)


class LimitsForm(Form):
    """What one run may use."""

    cpu_s: Seconds = 2.0
    wall_s: Seconds | None = None
    memory_bytes: Bytes = 256 * MIB
    output_bytes: Bytes = 64 * MIB
    processes: Annotated[int, Field(ge=1, le=4096)] = 32
    disk_bytes: Bytes = 64 * MIB


class RunForm(Form):
    """`POST /v1/run`: a program, by its text or the digest of an earlier answer, on many inputs."""

    program: ProgramForm | str
    tests: list[TestForm] = Field(min_length=1, max_length=_MOST_TESTS)
    limits: LimitsForm = Field(default_factory=LimitsForm)
    keep: list[str] = Field(default_factory=list)
    stop_early: bool = False
    shown_bytes: Annotated[int, Field(ge=0, le=1 << 30)] = 16 * MIB
    stream: bool = False


class HiddenTestForm(Form):
    """One test of a test set."""

    input: str = ""
    input_base64: Base64 | None = None
    answer: str = ""
    answer_base64: Base64 | None = None
    group: str = "all"


class CheckerForm(Form):
    """A checker's source and its calling convention."""

    language: str = "cpp17"
    source: str
    role: str = "testlib-checker"


class TestsetForm(Form):
    """`POST /v1/testsets`: hidden tests, handed over once."""

    tests: list[HiddenTestForm] = Field(min_length=1, max_length=_MOST_TESTS)
    comparison: dict[str, str] = Field(default_factory=lambda: {"kind": "kattis"})
    checker: CheckerForm | None = None
    points: dict[str, Annotated[float, Field(gt=0, allow_inf_nan=False)]] = Field(
        default_factory=dict
    )
    time_s: Seconds = 2.0
    memory_bytes: Bytes = 256 * MIB
    output_bytes: Bytes = 64 * MIB


class JudgeForm(Form):
    """`POST /v1/judge`: a program for a package or a test set, by its id."""

    package: str
    program: ProgramForm
    stream: bool = False


def text_of(text: str, encoded: str | None) -> bytes:
    """A field that is text or base64."""
    return text.encode() if encoded is None else base64.b64decode(encoded)


def shown(name: str, content: bytes) -> dict[str, Any]:
    """Bytes as a field: text where it is UTF-8, else base64 under the name with `_base64`."""
    try:
        return {name: content.decode()}
    except UnicodeDecodeError:
        return {f"{name}_base64": base64.b64encode(content).decode()}
