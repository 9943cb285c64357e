"""`POST /v1/jobs`: whole jobs of the sandbox, for commands that run programs on other machines
(`--sandbox URL`); `GET /v1/service` says how many slots there are."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.remote.coding import CONTENT_TYPE
from sandbox.service.jobs import JobsWork
from sandbox.service.work import Refusal
from solver.serving.doors.native import error, refusal
from solver.serving.gate import Gate

_BEGIN_S = 600.0


class JobsDoor:
    """The two handlers."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def jobs(self, request: Request) -> Response:
        """Runs a batch."""
        caller = await self._gate.admit(request)
        if request.headers.get("content-type") != CONTENT_TYPE:
            return error(415, f"Content-Type is not {CONTENT_TYPE}")
        try:
            answer = await self._gate.ask(
                request,
                caller,
                kind="jobs",
                door="jobs",
                payload=JobsWork(client=caller.name, message=caller.body),
                begin_within_s=_BEGIN_S,
            )
        except Refusal as refused:
            return refusal(refused)
        if answer.missing:
            return JSONResponse({"missing": answer.missing}, status_code=409)
        return Response(answer.results, media_type=CONTENT_TYPE)

    async def service(self, request: Request) -> Response:
        """What this service has."""
        await self._gate.admit(request)
        try:
            status = await self._gate.link.status()
        except (TimeoutError, Refusal):
            return error(503, "the owner of the slots does not answer", kind="broken")
        return JSONResponse({"slots": status.slots, "queue": status.queue})
