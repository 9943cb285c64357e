"""Piston v2: `POST /api/v2/execute` and `GET /api/v2/runtimes`, as engineer-man/piston 0a844d0
answers and huggingface/open-r1 1416fa0 asks.

Plain languages run as there. Two of open-r1's packages (guipenedo/piston 7a38da2) are judged here
instead: `cms_ioi` and `c++17`/`cf_python3` send the answer along, and there the program runs beside
it. Here the answer goes to a checker in a box of its own, and the program gets its input alone.

A request is held while it waits, with white space sent now and then: open-r1 gives up after 30 s of
silence, and takes nearly any refusal for a failed test.
"""

import asyncio
import base64
import binascii
import json
import signal
from collections.abc import AsyncIterator, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from problems.service.oneoff import OneOffAnswer
from sandbox.limits import MIB, LimitKind, Limits
from sandbox.result import ExitStatus
from sandbox.service.work import (
    Outcome,
    ProgramSource,
    Refusal,
    Refused,
    RunAnswer,
    RunWork,
    TestInput,
    Trouble,
)
from solver.serving.doors.piston_packages import Unusable, cf_work, ioi_work
from solver.serving.gate import CallerGone, Gate

VERSION = "1.0.0"
PLAIN = {
    "python": "python3",
    "python3": "python3",
    "py": "python3",
    "c++": "cpp17",
    "cpp": "cpp17",
    "g++": "cpp17",
    "c": "c",
    "gcc": "c",
    "java": "java",
    "rust": "rust",
}
IOI = ("cms_ioi", "cms", "cms_ioi_checker")
CF = {"c++17": "cpp17", "cf_c++17": "cpp17", "cf_python3": "python3"}
SCRIPTS = ("python3",)
_SILENCE_S = 10.0
_HOLD_S = 900.0
_MEMORY_BYTES = 1024 * MIB
_OUTPUT_BYTES = 64 * MIB


class PistonFile(BaseModel):
    """One file of a request."""

    name: str | None = None
    content: str
    encoding: Literal["utf8", "base64", "hex"] = "utf8"

    def read(self) -> bytes:
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
            raise Unusable(f"files: {self.name!r} is not {self.encoding}") from None
        return self.content.encode()


class Execute(BaseModel):
    """The request's body. Times are milliseconds on the clock, memory is bytes, -1 is no limit."""

    model_config = ConfigDict(extra="ignore")

    language: str
    version: str
    files: list[PistonFile] = Field(min_length=1, max_length=1000)
    stdin: str = ""
    args: list[str] = Field(default_factory=list)
    compile_timeout: float = Field(default=10_000, gt=0, allow_inf_nan=False)
    run_timeout: float = Field(default=3_000, gt=0, allow_inf_nan=False)
    run_cpu_time: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    run_memory_limit: int = -1

    def named(self) -> dict[str, bytes]:
        """Files by name, those without one by their place."""
        return {
            file.name or f"file{number}.code": file.read() for number, file in enumerate(self.files)
        }


class PistonDoor:
    """The two handlers."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def runtimes(self, request: Request) -> Response:
        """What can be executed."""
        aliases: dict[str, list[str]] = {"python": ["python3", "py"], "c++": ["cpp", "g++"]}
        aliases |= {"c": ["gcc"], "java": [], "rust": [], "cms_ioi": [*IOI[1:]]}
        aliases |= {"c++17": ["cf_c++17"], "cf_python3": []}
        return JSONResponse(
            [
                {"language": name, "version": VERSION, "aliases": others}
                for name, others in aliases.items()
            ]
        )

    async def execute(self, request: Request) -> Response:
        """Runs or judges one program on one input."""
        caller = await self._gate.admit(request)
        if "json" not in request.headers.get("content-type", ""):
            return JSONResponse({"message": "requests must be of type application/json"}, 415)
        try:
            asked = Execute.model_validate_json(caller.body)
            kind, work = self._work(asked)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            return JSONResponse({"message": f"{where}: {first['msg']}"}, 400)
        except Unusable as error:
            return JSONResponse({"message": str(error)}, 400)
        asking = self._gate.ask(
            request, caller, kind=kind, door="piston", payload=work, begin_within_s=_HOLD_S
        )
        answer = asyncio.ensure_future(asking)
        try:
            await asyncio.wait_for(asyncio.shield(answer), _SILENCE_S)
        except TimeoutError:
            return StreamingResponse(_held(asked, answer), media_type="application/json")
        except asyncio.CancelledError:
            answer.cancel()
            raise
        except Refusal as refusal:
            status = 400 if refusal.trouble is Trouble.INVALID else 500
            return JSONResponse({"message": refusal.message}, status)
        return JSONResponse(_document(asked, answer.result()))

    def _work(self, asked: Execute) -> tuple[str, object]:
        files = asked.named()
        most_s = self._gate.config.most_s
        if asked.language in IOI:
            return "oneoff", ioi_work(files)
        if asked.language in CF:
            return "oneoff", cf_work(files, CF[asked.language])
        language = PLAIN.get(asked.language)
        if language is None:
            said = f"{asked.language}-{asked.version} runtime is unknown"
            raise Unusable(said)
        first = next(iter(files))
        wall_s = min(asked.run_timeout / 1000, most_s)
        cpu_s = wall_s if asked.run_cpu_time is None else min(asked.run_cpu_time / 1000, most_s)
        memory_bytes = asked.run_memory_limit if asked.run_memory_limit > 0 else _MEMORY_BYTES
        others = {name: text for name, text in files.items() if name != first}
        named = "." in first and not first.endswith(".code")
        name = first if named else "main.py" if language == "python3" else "main"
        # What is compiled may include the others; what is interpreted finds them beside it.
        beside = {} if language in SCRIPTS else others
        return "run", RunWork(
            program=ProgramSource(
                language=language,
                sources={name: files[first], **beside},
                entry=name if named else None,
                checked=language not in SCRIPTS,
            ),
            tests=(
                TestInput(stdin=asked.stdin.encode() + b"\n", args=tuple(asked.args), files=others),
            ),
            limits=Limits(
                cpu_s=cpu_s,
                wall_s=wall_s,
                clock_s=2.0 * wall_s + 5.0,
                memory_bytes=min(memory_bytes, self._gate.config.most_memory_bytes),
                output_bytes=_OUTPUT_BYTES,
                processes=64,
                open_files=256,
            ),
            tree=bool(others),
        )


async def _held(asked: Execute, answer: "asyncio.Future[Any]") -> AsyncIterator[bytes]:
    """White space while it waits (JSON allows it before a document), then the answer."""
    try:
        while not answer.done():
            yield b" "
            await asyncio.wait((answer,), timeout=_SILENCE_S)
        try:
            document = _document(asked, answer.result())
        except Refusal as refusal:
            document = {"message": refusal.message}
        except CallerGone:
            return
        yield json.dumps(document).encode()
    finally:
        answer.cancel()


def _document(asked: Execute, answer: RunAnswer | OneOffAnswer) -> dict[str, Any]:
    head = {"language": asked.language, "version": VERSION}
    refused = answer.refused
    if refused is not None:
        stage = _refused(refused)
        return {**head, "compile": stage, "run": stage}
    if isinstance(answer, OneOffAnswer):
        return {**head, "compile": _stage(), "run": _judged(asked.language, answer)}
    (outcome,) = answer.outcomes
    document = {**head, "run": _ran(outcome)}
    if PLAIN[asked.language] not in SCRIPTS:
        document["compile"] = _stage()
    return document


def _judged(language: str, answer: OneOffAnswer) -> dict[str, Any]:
    """A judgement as open-r1 reads it: of an IOI package the share on stdout and words that
    it knows on stderr, of a CF package "1" on stdout."""
    if language not in IOI:
        return _stage(stdout="1" if answer.share == 1.0 else "0")
    return _stage(stdout=f"{answer.share:g}", stderr=answer.words)


def _ran(outcome: Outcome) -> dict[str, Any]:
    status: str | None = None
    name: str | None = None
    if outcome.limit in (LimitKind.CPU, LimitKind.WALL):
        status, name = "TO", "SIGKILL"
    elif outcome.limit is LimitKind.OUTPUT:
        status, name = "OL", "SIGKILL"
    elif outcome.limit is not None:
        status, name = "SG", "SIGKILL"
    elif outcome.status is ExitStatus.SIGNALED:
        status, name = "SG", signal.Signals(outcome.signal or 9).name
    elif outcome.exit_code:
        status = "RE"
    return _stage(
        stdout=outcome.stdout.decode(errors="replace"),
        stderr=outcome.stderr.decode(errors="replace"),
        code=outcome.exit_code if name is None else None,
        signal=name,
        status=status,
        memory=outcome.memory_bytes,
        cpu_time=round(1000 * outcome.cpu_s),
        wall_time=round(1000 * outcome.wall_s),
        message=None if outcome.limit is None else f"ended by the {outcome.limit} limit",
    )


def _refused(refused: Refused) -> dict[str, Any]:
    said = refused.messages.decode(errors="replace") or refused.reason
    return _stage(stderr=said, code=1, status="RE", message=refused.reason)


def _stage(*, stdout: str = "", stderr: str = "", **more: Any) -> dict[str, Any]:
    base: Mapping[str, Any] = {
        "stdout": stdout,
        "stderr": stderr,
        "output": stdout + stderr,
        "code": 0,
        "signal": None,
        "message": None,
        "status": None,
        "memory": 0,
        "cpu_time": 0,
        "wall_time": 0,
    }
    return {**base, **more}
