"""Piston v2: `POST /api/v2/execute` and `GET /api/v2/runtimes`, as engineer-man/piston 0a844d0
answers and huggingface/open-r1 1416fa0 asks.

Plain languages run as there. Two of open-r1's packages (guipenedo/piston 7a38da2) are judged here
instead: `cms_ioi` and `c++17`/`cf_python3` send the answer along, and there the program runs beside
it. Here the answer goes to a checker in a box of its own, and the program gets its input alone.

A request is held while it waits, with white space sent now and then: open-r1 gives up after 30 s of
silence, and takes nearly any refusal for a failed test.
"""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Mapping
from typing import Any

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
from solver.serving.doors.piston_request import Execute
from solver.serving.doors.piston_runtimes import Runtime, Runtimes
from solver.serving.gate import CallerGone, Gate

SCRIPTS = ("python3",)
_SILENCE_S = 10.0
_HOLD_S = 900.0
_RUN_S = 3.0
_MEMORY_BYTES = 1024 * MIB
_OUTPUT_BYTES = 64 * MIB


class PistonDoor:
    """The two handlers."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._runtimes = Runtimes(gate.link)

    async def runtimes(self, request: Request) -> Response:
        """What can be executed."""
        try:
            found = await self._runtimes.installed()
        except Refusal as refusal:
            return _refusal(refusal)
        return JSONResponse(
            [
                {"language": row.language, "version": row.version, "aliases": list(row.aliases)}
                for row in found
            ]
        )

    async def execute(self, request: Request) -> Response:
        """Runs or judges one program on one input."""
        caller = await self._gate.admit(request)
        if not request.headers.get("content-type", "").startswith("application/json"):
            return JSONResponse({"message": "requests must be of type application/json"}, 415)
        try:
            asked = Execute.read(caller.body)
            runtime = await self._runtimes.find(asked.language, asked.version)
            kind, work = self._work(asked, runtime)
        except Unusable as error:
            return JSONResponse({"message": str(error)}, 400)
        except Refusal as refusal:
            return _refusal(refusal)
        asking = self._gate.ask(
            request,
            caller,
            kind=kind,
            door="piston",
            payload=work,
            begin_within_s=_HOLD_S,
            may_be_fresh=kind == "run",
        )
        answer = asyncio.ensure_future(asking)
        try:
            await asyncio.wait_for(asyncio.shield(answer), _SILENCE_S)
        except TimeoutError:
            return StreamingResponse(_held(runtime, answer), media_type="application/json")
        except asyncio.CancelledError:
            answer.cancel()
            raise
        except Refusal as refusal:
            return _refusal(refusal)
        return JSONResponse(_document(runtime, answer.result()))

    def _work(self, asked: Execute, runtime: Runtime) -> tuple[str, object]:
        files = asked.named()
        language = runtime.toolchain
        if runtime.judges == "ioi":
            return "oneoff", ioi_work(files)
        if runtime.judges == "cf":
            return "oneoff", cf_work(files, language)
        config = self._gate.config
        asked.check_limits(config.most_s, config.most_memory_bytes)
        first = next(iter(files))
        wall_s = asked.time_s("run_timeout", _RUN_S)
        memory_bytes = int(asked.run_memory_limit or 0)
        others = {name: text for name, text in files.items() if name != first}
        named = "." in first and not first.endswith(".code")
        name = first if named else "main.py" if language == "python3" else "main"
        # What is compiled may include the others; what is interpreted finds them beside it.
        beside = {} if language in SCRIPTS else others
        stdin = (asked.stdin or "").encode()
        return "run", RunWork(
            program=ProgramSource(
                language=language,
                sources={name: files[first], **beside},
                entry=name if named else None,
                checked=language not in SCRIPTS,
            ),
            tests=(
                TestInput(
                    stdin=stdin if stdin.endswith(b"\n") else stdin + b"\n",
                    args=tuple(asked.args or ()),
                    files=others,
                ),
            ),
            limits=Limits(
                cpu_s=asked.time_s("run_cpu_time", wall_s),
                wall_s=wall_s,
                clock_s=2.0 * wall_s + 5.0,
                memory_bytes=memory_bytes if memory_bytes > 0 else _MEMORY_BYTES,
                output_bytes=_OUTPUT_BYTES,
                processes=64,
                open_files=256,
            ),
            tree=bool(others),
        )


async def _held(runtime: Runtime, answer: "asyncio.Future[Any]") -> AsyncIterator[bytes]:
    """White space while it waits (JSON allows it before a document), then the answer."""
    try:
        while not answer.done():
            yield b" "
            await asyncio.wait((answer,), timeout=_SILENCE_S)
        try:
            document = _document(runtime, answer.result())
        except Refusal as refusal:
            document = {"message": refusal.message}
        except CallerGone:
            return
        yield json.dumps(document).encode()
    finally:
        answer.cancel()


def _refusal(refusal: Refusal) -> Response:
    status = 400 if refusal.trouble is Trouble.INVALID else 500
    return JSONResponse({"message": refusal.message}, status)


def _document(runtime: Runtime, answer: RunAnswer | OneOffAnswer) -> dict[str, Any]:
    head = {"language": runtime.language, "version": runtime.version}
    refused = answer.refused
    if refused is not None:
        stage = _refused(refused)
        return {**head, "compile": stage, "run": stage}
    if isinstance(answer, OneOffAnswer):
        return {**head, "compile": _stage(), "run": _judged(runtime, answer)}
    (outcome,) = answer.outcomes
    document = {**head, "run": _ran(outcome)}
    if runtime.toolchain not in SCRIPTS:
        document["compile"] = _stage()
    return document


def _judged(runtime: Runtime, answer: OneOffAnswer) -> dict[str, Any]:
    """A judgement as open-r1 reads it: of an IOI package the share on stdout and words that
    it knows on stderr, of a CF package "1" on stdout."""
    if runtime.judges != "ioi":
        return _stage(stdout="1" if answer.share == 1.0 else "0")
    return _stage(stdout=f"{answer.share:g}", stderr=answer.words)


def _ran(outcome: Outcome) -> dict[str, Any]:
    """A run as there: `status` and `message` are isolate's own, which Piston hands on."""
    status: str | None = None
    name: str | None = None
    message: str | None = None
    if outcome.limit in (LimitKind.CPU, LimitKind.WALL):
        status, name, message = "TO", "SIGKILL", "Time limit exceeded"
        if outcome.limit is LimitKind.WALL:
            message += " (wall clock)"
    elif outcome.limit is LimitKind.OUTPUT:
        status, name, message = "OL", "SIGKILL", "stdout length exceeded"
    elif outcome.limit is not None:
        status, name = "SG", "SIGKILL"
        message = f"Caught fatal signal 9 (the {outcome.limit} limit)"
    elif outcome.status is ExitStatus.SIGNALED:
        number = outcome.signal or signal.SIGKILL
        status, name = "SG", signal.Signals(number).name
        message = f"Caught fatal signal {int(number)}"
    elif outcome.exit_code:
        status, message = "RE", f"Exited with error status {outcome.exit_code}"
    return _stage(
        stdout=outcome.stdout.decode(errors="replace"),
        stderr=outcome.stderr.decode(errors="replace"),
        code=outcome.exit_code if name is None else None,
        signal=name,
        status=status,
        memory=outcome.memory_bytes,
        cpu_time=round(1000 * outcome.cpu_s),
        wall_time=round(1000 * outcome.wall_s),
        message=message,
    )


def _refused(refused: Refused) -> dict[str, Any]:
    """A compilation that failed. Piston shows the compiler's exit, which is not kept here: 1."""
    said = refused.messages.decode(errors="replace") or refused.reason
    if refused.limit in (LimitKind.CPU, LimitKind.WALL):
        return _stage(
            stderr=said, code=None, signal="SIGKILL", status="TO", message="Time limit exceeded"
        )
    return _stage(stderr=said, code=1, status="RE", message="Exited with error status 1")


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
