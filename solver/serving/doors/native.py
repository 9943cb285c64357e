"""Our own API: compile once, many tests a call; packages by id; results as they come."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import asdict
from typing import Any, TypeVar

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from problems.service.work import (
    Describe,
    Described,
    HiddenTest,
    JudgeAnswer,
    JudgeWork,
    Upload,
    UploadTests,
    test_document,
)
from problems.submission import Submission
from sandbox.limits import Limits
from sandbox.service.work import (
    Outcome,
    ProgramSource,
    Refusal,
    RunAnswer,
    RunWork,
    TestInput,
    Trouble,
)
from solver.serving.doors.fusion import invalid
from solver.serving.doors.native_forms import (
    Form,
    JudgeForm,
    ProgramForm,
    RunForm,
    TestsetForm,
    shown,
    text_of,
)
from solver.serving.gate import Caller, CallerGone, Gate

STATUS_OF = {
    Trouble.FULL: 429,
    Trouble.EXPIRED: 429,
    Trouble.MISSING: 404,
    Trouble.INVALID: 400,
    Trouble.BROKEN: 500,
}
SUFFIX_OF = {
    "application/zip": ".zip",
    "application/x-tar": ".tar",
    "application/gzip": ".tar.gz",
    "application/x-xz": ".tar.xz",
}
_HOLD_S = 120.0
_UPLOAD_S = 600.0

F = TypeVar("F", bound=Form)


class NativeDoor:
    """The handlers below `/v1`."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def run(self, request: Request) -> Response:
        """`POST /v1/run`."""
        caller = await self._gate.admit(request)
        form = _form(RunForm, caller.body)
        if isinstance(form, Response):
            return form
        work = RunWork(
            program=form.program if isinstance(form.program, str) else _program(form.program),
            tests=tuple(
                TestInput(
                    stdin=test.stdin_bytes(),
                    args=tuple(test.args),
                    files={name: base64.b64decode(text) for name, text in test.files.items()},
                )
                for test in form.tests
            ),
            limits=Limits(
                cpu_s=form.limits.cpu_s,
                wall_s=form.limits.wall_s,
                memory_bytes=form.limits.memory_bytes,
                output_bytes=form.limits.output_bytes,
                processes=form.limits.processes,
                disk_bytes=form.limits.disk_bytes,
            ),
            keep=tuple(form.keep),
            tree=any("/" in name for test in form.tests for name in test.files),
            stop_early=form.stop_early,
            shown_bytes=form.shown_bytes,
            streamed=form.stream,
        )
        return await self._answer(
            request, caller, "run", work, run_document, outcome_document, stream=form.stream
        )

    async def judge(self, request: Request) -> Response:
        """`POST /v1/judge`."""
        caller = await self._gate.admit(request)
        form = _form(JudgeForm, caller.body)
        if isinstance(form, Response):
            return form
        program = form.program
        work = JudgeWork(
            client=caller.name,
            id=form.package,
            submission=Submission(
                language=program.language, sources=program.sources(), entry=program.entry
            ),
            streamed=form.stream,
        )
        return await self._answer(
            request, caller, "judge", work, JudgeAnswer.document, test_document, stream=form.stream
        )

    async def upload_tests(self, request: Request) -> Response:
        """`POST /v1/testsets`."""
        caller = await self._gate.admit(request)
        form = _form(TestsetForm, caller.body)
        if isinstance(form, Response):
            return form
        checker = form.checker
        work = UploadTests(
            client=caller.name,
            tests=tuple(
                HiddenTest(
                    input=text_of(test.input, test.input_base64),
                    answer=text_of(test.answer, test.answer_base64),
                    group=test.group,
                )
                for test in form.tests
            ),
            comparison=form.comparison,
            points=form.points,
            time_s=form.time_s,
            memory_bytes=form.memory_bytes,
            output_bytes=form.output_bytes,
        )
        if checker is not None:
            ending = ".py" if checker.language == "python3" else ".cpp"
            work = UploadTests(
                **{
                    **{name: getattr(work, name) for name in work.__slots__},
                    "checker": {f"checker{ending}": checker.source.encode()},
                    "checker_language": checker.language,
                    "checker_role": checker.role,
                }
            )
        return await self._answer(request, caller, "upload", work, described)

    async def upload(self, request: Request) -> Response:
        """`POST /v1/packages`: an archive of a package in any known format."""
        caller = await self._gate.admit(request)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        suffix = SUFFIX_OF.get(kind)
        if suffix is None:
            return error(415, f"Content-Type is none of {', '.join(SUFFIX_OF)}")
        work = Upload(client=caller.name, suffix=suffix, content=caller.body)
        return await self._answer(request, caller, "upload", work, described)

    async def describe(self, request: Request) -> Response:
        """`GET /v1/packages/{id}`: the public side; there is no door to the other."""
        caller = await self._gate.admit(request)
        id_ = request.path_params["id"]
        caller = Caller(name=caller.name, body=f"describe {id_}".encode())
        work = Describe(client=caller.name, id=id_)
        return await self._answer(request, caller, "describe", work, described)

    async def _answer(
        self,
        request: Request,
        caller: Caller,
        kind: str,
        work: object,
        whole: Callable[[Any], Mapping[str, Any]],
        piece: Callable[[Any], Mapping[str, Any]] | None = None,
        *,
        stream: bool = False,
    ) -> Response:
        parts: asyncio.Queue[Any] = asyncio.Queue()
        asking = self._gate.ask(
            request,
            caller,
            kind=kind,
            door="native",
            payload=work,
            begin_within_s=_UPLOAD_S if kind == "upload" else _HOLD_S,
            may_be_fresh=kind == "run",
            on_part=parts.put_nowait if stream else None,
        )
        if not stream or piece is None:
            try:
                return JSONResponse(whole(await asking))
            except Refusal as refused:
                return refusal(refused)
        return StreamingResponse(
            _lines(asyncio.ensure_future(asking), parts, piece, whole),
            media_type="application/x-ndjson",
        )


async def _lines(
    answer: "asyncio.Future[Any]",
    parts: "asyncio.Queue[Any]",
    piece: Callable[[Any], Mapping[str, Any]],
    whole: Callable[[Any], Mapping[str, Any]],
) -> AsyncIterator[str]:
    """A JSON object a line: `{"test": ...}` each, `{"answer": ...}` or `{"error": ...}` last."""
    part: asyncio.Future[Any] | None = None
    try:
        while not (answer.done() and parts.empty()):
            part = asyncio.ensure_future(parts.get())
            await asyncio.wait((answer, part), return_when=asyncio.FIRST_COMPLETED)
            if part.done():
                yield json.dumps({"test": piece(part.result())}) + "\n"
            else:
                part.cancel()
        try:
            last: dict[str, Any] = {"answer": whole(answer.result())}
        except Refusal as refused:
            last = {"error": {"kind": str(refused.trouble), "message": refused.message}}
        except CallerGone:
            return
        yield json.dumps(last) + "\n"
    finally:
        answer.cancel()
        if part is not None:  # who asked is gone, and nobody would wait for it
            part.cancel()


def _form(kind: type[F], body: bytes) -> F | Response:
    try:
        return kind.model_validate_json(body)
    except ValidationError as found:
        return invalid(found)


def _program(form: ProgramForm) -> ProgramSource:
    return ProgramSource(language=form.language, sources=form.sources(), entry=form.entry)


def run_document(answer: RunAnswer) -> dict[str, Any]:
    """The answer of `/v1/run` as JSON."""
    refused = answer.refused
    error_document = None
    if refused is not None:
        error_document = {
            "reason": refused.reason,
            "messages": refused.messages.decode(errors="replace"),
            "limit": None if refused.limit is None else str(refused.limit),
        }
    return {
        "program": answer.program,
        "compile_error": error_document,
        "tests": [outcome_document(outcome) for outcome in answer.outcomes],
    }


def outcome_document(outcome: Outcome) -> dict[str, Any]:
    """One run as JSON."""
    return {
        "status": str(outcome.status),
        "exit_code": outcome.exit_code,
        "signal": outcome.signal,
        "limit": None if outcome.limit is None else str(outcome.limit),
        "cpu_s": outcome.cpu_s,
        "wall_s": outcome.wall_s,
        "memory_bytes": outcome.memory_bytes,
        **shown("stdout", outcome.stdout),
        "stdout_bytes": outcome.stdout_bytes,
        "stdout_digest": outcome.stdout_digest,
        **shown("stderr", outcome.stderr),
        "files": {
            name: base64.b64encode(content).decode() for name, content in outcome.kept.items()
        },
    }


def described(found: Described) -> dict[str, Any]:
    """The public side of a package as JSON."""
    return asdict(found)


def refusal(refused: Refusal) -> Response:
    """The owner's refusal as this API says it."""
    headers = {}
    if refused.retry_after_s:
        headers["Retry-After"] = str(max(1, round(refused.retry_after_s)))
    return error(
        STATUS_OF[refused.trouble], refused.message, kind=str(refused.trouble), headers=headers
    )


def error(
    status: int, message: str, *, kind: str = "invalid", headers: Mapping[str, str] | None = None
) -> Response:
    """An error of this API."""
    return JSONResponse(
        {"error": {"kind": kind, "message": message}}, status_code=status, headers=headers
    )
