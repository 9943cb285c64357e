"""SandboxFusion's `POST /run_code`, as its client package and verl send it and read the answer.

Read from bytedance/SandboxFusion 469de08 (sandbox/server, sandbox/runners). C++ is compiled with
-O2 here. An answer to the same body is given again for a minute, so a client that repeats a
request, or draws the same program twice, costs no run; `X-Solver-Fresh: 1` has it run anew.
"""

import base64
import binascii
import math
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

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
from solver.serving.gate import Gate

LANGUAGES = {
    "python": "python3",
    "pytest": "python3",
    "cpp": "cpp17",
    "java": "java",
    "rust": "rust",
}
"""Theirs to ours; what their enumeration has beside these is answered with 422."""

SCRIPTS = ("python3",)
_SHOWN_BYTES = 16 * MIB
_OUTPUT_BYTES = 64 * MIB
_COMPILE_S = 10.0


class RunCode(BaseModel):
    """The request's body; fields that are not here are let be, as there."""

    model_config = ConfigDict(extra="ignore")

    code: str
    language: str = "python"
    compile_timeout: float = Field(default=10.0, gt=0, allow_inf_nan=False)
    run_timeout: float = Field(default=10.0, gt=0, allow_inf_nan=False)
    memory_limit_MB: int = -1  # noqa: N815 - the protocol's own name
    stdin: str | None = None
    files: dict[str, str | None] = Field(default_factory=dict)
    fetch_files: list[str] = Field(default_factory=list)
    extra_args: str = ""


class FusionDoor:
    """The handler of `/run_code`."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def run_code(self, request: Request) -> Response:
        """Runs one program on one input."""
        caller = await self._gate.admit(request)
        try:
            asked = RunCode.model_validate_json(caller.body)
        except ValidationError as error:
            return invalid(error)
        if asked.language not in LANGUAGES:
            return _no_such_language(asked.language)
        try:
            work = self._work(asked)
        except _Unusable as error:
            return JSONResponse(_document("Failed", str(error), None, None, {}))
        try:
            answer = await self._gate.ask(
                request,
                caller,
                kind="run",
                door="fusion",
                payload=work,
                begin_within_s=asked.compile_timeout + asked.run_timeout + self._gate.config.hold_s,
                may_be_fresh=True,
            )
        except Refusal as refusal:
            return _refusal(refusal)
        return JSONResponse(_answer(asked, answer))

    def _work(self, asked: RunCode) -> RunWork:
        config = self._gate.config
        language = LANGUAGES[asked.language]
        memory_bytes = config.memory_bytes
        if asked.memory_limit_MB > 0:
            memory_bytes = min(asked.memory_limit_MB * MIB, config.most_memory_bytes)
        run_s = min(asked.run_timeout, config.most_s)
        files = _files(asked.files)
        fetched = tuple(dict.fromkeys(_plain(name) for name in asked.fetch_files))
        return RunWork(
            program=ProgramSource(
                language=language,
                sources={"main" if language == "java" else _name(language): asked.code.encode()},
                checked=language not in SCRIPTS,
            ),
            tests=(
                TestInput(
                    stdin=(asked.stdin or "").encode(),
                    args=tuple(asked.extra_args.split()),
                    files=files,
                ),
            ),
            limits=Limits(
                cpu_s=run_s,
                wall_s=run_s,
                clock_s=2.0 * run_s + 5.0,
                memory_bytes=memory_bytes,
                output_bytes=_OUTPUT_BYTES,
                processes=128,
                open_files=256,
            ),
            keep=fetched,
            tree=bool(files),
            shown_bytes=_SHOWN_BYTES,
        )


class _Unusable(Exception):
    """What is asked for cannot be done, now or later."""


def _name(language: str) -> str:
    return "main.py" if language == "python3" else "main"


def _files(given: dict[str, str | None]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for name, content in given.items():
        if content is None or "IGNORE_THIS_FILE" in name:
            continue
        try:
            files[_plain(name)] = base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError):
            raise _Unusable(f"files[{name[:80]!r}] is not base64") from None
    return files


def _plain(name: str) -> str:
    """A path below the work folder; absolute ones and those that lead out are refused."""
    parts = [part for part in name.removeprefix("./").split("/") if part != "."]
    if not name or any(part in ("", "..") for part in parts) or "\0" in name:
        raise _Unusable(f"not a path below the work folder: {name[:80]!r}")
    return "/".join(parts)


def _answer(asked: RunCode, answer: RunAnswer) -> dict[str, Any]:
    scripted = LANGUAGES[asked.language] in SCRIPTS
    if answer.refused is not None:
        return _refused(answer.refused, answer.compile_s, scripted)
    compiled = None if scripted else _result("Finished", answer.compile_s, 0, "", "")
    (outcome,) = answer.outcomes
    result = _outcome(outcome)
    good = outcome.status is ExitStatus.EXITED and outcome.exit_code == 0
    files = {name: base64.b64encode(text).decode() for name, text in outcome.kept.items()}
    return _document("Success" if good else "Failed", "", compiled, result, files)


def _refused(refused: Refused, compile_s: float, scripted: bool) -> dict[str, Any]:
    said = refused.messages.decode(errors="replace") or refused.reason
    if scripted:  # there, a script that is none fails when it is run
        return _document("Failed", "", None, _result("Finished", 0.0, 1, "", said), {})
    if refused.limit in (LimitKind.CPU, LimitKind.WALL):
        result = _result("TimeLimitExceeded", compile_s, None, "", said)
    else:
        result = _result("Finished", compile_s, 1, "", said)
    return _document("Failed", "", result, None, {})


def _outcome(outcome: Outcome) -> dict[str, Any]:
    stdout = outcome.stdout.decode(errors="replace")
    stderr = outcome.stderr.decode(errors="replace")
    seconds = outcome.wall_s
    if outcome.limit in (LimitKind.CPU, LimitKind.WALL):
        result = _result("TimeLimitExceeded", seconds, None, stdout, stderr)
    elif outcome.limit is not None:
        stderr += f"\nended by the {outcome.limit} limit\n"
        result = _result("Finished", seconds, -9, stdout, stderr)
    else:
        code = outcome.exit_code if outcome.exit_code is not None else -(outcome.signal or 9)
        result = _result("Finished", seconds, code, stdout, stderr)
    result["limit"] = None if outcome.limit is None else str(outcome.limit)
    result["memory_bytes"] = outcome.memory_bytes
    result["cpu_time"] = outcome.cpu_s
    return result


def _result(
    status: str, seconds: float, code: int | None, stdout: str, stderr: str
) -> dict[str, Any]:
    return {
        "status": status,
        "execution_time": seconds if math.isfinite(seconds) else 0.0,
        "return_code": code,
        "stdout": stdout,
        "stderr": stderr,
    }


def _document(
    status: str,
    message: str,
    compiled: dict[str, Any] | None,
    ran: dict[str, Any] | None,
    files: dict[str, str],
) -> dict[str, Any]:
    return {
        "status": status,
        "message": message,
        "compile_result": compiled,
        "run_result": ran,
        "executor_pod_name": None,
        "files": files,
    }


def _refusal(refusal: Refusal) -> Response:
    """504 is the one status on which verl tries again; their client tries again on all."""
    if refusal.trouble is Trouble.INVALID:
        return JSONResponse(_document("Failed", refusal.message, None, None, {}))
    if refusal.trouble is Trouble.BROKEN:
        return JSONResponse(_document("SandboxError", refusal.message, None, None, {}))
    return JSONResponse({"detail": refusal.message}, status_code=504)


def _no_such_language(language: str) -> Response:
    return JSONResponse(
        {
            "detail": [
                {
                    "type": "enum",
                    "loc": ["body", "language"],
                    "msg": f"Input should be {', '.join(map(repr, LANGUAGES))}",
                    "input": language[:100],
                }
            ]
        },
        status_code=422,
    )


def invalid(error: ValidationError) -> Response:
    """FastAPI's answer to a body that is not what it should be."""
    rows = error.errors(include_url=False, include_input=False, include_context=False)
    detail = [{**row, "loc": ["body", *row["loc"]]} for row in rows[:20]]
    return JSONResponse({"detail": detail}, status_code=422)
