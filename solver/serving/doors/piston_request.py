"""The body of Piston's `/api/v2/execute`, refused in the words in which Piston refuses: its clients
show them to people, and they name the field at fault."""

import base64
import binascii
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictFloat,
    ValidationError,
)

from solver.serving.doors.piston_packages import Unusable

_ENCODINGS = ("utf8", "base64", "hex")
_LONGEST_RANGE = 256
_MOST_FILES = 1000
_TIMES = ("compile_timeout", "run_timeout", "compile_cpu_time", "run_cpu_time")
_MEMORY = ("compile_memory_limit", "run_memory_limit")

# What names no known encoding is text, as there.
_Encoding = Annotated[
    Literal["utf8", "base64", "hex"],
    BeforeValidator(lambda given: given if given in _ENCODINGS else "utf8"),
]
_Number = Annotated[StrictFloat, Field(allow_inf_nan=False)]


class PistonFile(BaseModel):
    """One file of a request."""

    name: str | None = None
    content: str
    encoding: _Encoding = "utf8"

    def read(self, number: int) -> bytes:
        """Its bytes.

        Raises:
            Unusable: They are not in the encoding that is named.
        """
        try:
            if self.encoding == "base64":
                return base64.b64decode(self.content, validate=True)
            if self.encoding == "hex":
                return bytes.fromhex(self.content)
        except (binascii.Error, ValueError):
            raise Unusable(f"files[{number}].content is not {self.encoding}") from None
        return self.content.encode()


class Execute(BaseModel):
    """A request. Times are milliseconds, memory is bytes; what is 0 or null is as if it were not
    there, and -1 bytes are no limit."""

    model_config = ConfigDict(extra="ignore")

    language: str = Field(min_length=1)
    version: str = Field(min_length=1, max_length=_LONGEST_RANGE)
    files: list[PistonFile] = Field(max_length=_MOST_FILES)
    stdin: str | None = None
    args: list[str] | None = None
    compile_timeout: _Number | None = None
    run_timeout: _Number | None = None
    compile_cpu_time: _Number | None = None
    run_cpu_time: _Number | None = None
    compile_memory_limit: _Number | None = None
    run_memory_limit: _Number | None = None

    @staticmethod
    def read(body: bytes) -> "Execute":
        """The request in a body.

        Raises:
            Unusable: It is none.
        """
        try:
            asked = Execute.model_validate_json(body)
        except ValidationError as error:
            raise Unusable(_said(error)) from None
        if all(file.encoding != "utf8" for file in asked.files):
            raise Unusable("files must include at least one utf8 encoded file")
        return asked

    def named(self) -> dict[str, bytes]:
        """Files by name, those without one by their place; the first that is text comes first.

        Raises:
            Unusable: One is not in its encoding.
        """
        rows = list(enumerate(self.files))
        rows.sort(key=lambda row: row[1].encoding != "utf8")
        return {file.name or f"file{number}.code": file.read(number) for number, file in rows}

    def check_limits(self, most_s: float, most_memory_bytes: int) -> None:
        """Looks whether they are what the service grants.

        Raises:
            Unusable: One is not.
        """
        for name in (*_TIMES, *_MEMORY):
            value: float | None = getattr(self, name)
            most = most_s * 1000 if name in _TIMES else most_memory_bytes
            if value is None or (value < 0 and name in _MEMORY):
                continue
            if value > most:
                raise Unusable(f"{name} cannot exceed the configured limit of {most:g}")
            if value < 0:
                raise Unusable(f"{name} must be non-negative")

    def time_s(self, name: Literal["run_timeout", "run_cpu_time"], otherwise_s: float) -> float:
        """A limit in seconds."""
        value: float | None = getattr(self, name)
        return value / 1000 if value else otherwise_s


def _said(error: ValidationError) -> str:
    row = error.errors(include_url=False, include_input=False)[0]
    where = row["loc"]
    if row["type"] == "json_invalid":
        return f"the body is not JSON: {row['msg'].removeprefix('Invalid JSON: ')}"
    if not where:
        return "the body is not an object"
    named = str(where[0]) + "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in where[1:]
    )
    if where[0] in (*_TIMES, *_MEMORY):
        return f"If specified, {where[0]} must be a number"
    if where[0] == "files" and len(where) == 1:
        if row["type"] == "too_long":
            return f"files are more than {_MOST_FILES}"
        return "files is required as an array"
    if where[-1] in ("language", "version", "content"):
        if row["type"] == "string_too_long":
            return f"{named} is longer than {_LONGEST_RANGE} characters"
        return f"{named} is required as a string"
    kind = "an array of strings" if where == ("args",) else "a string"
    return f"If specified, {named} must be {kind}"
