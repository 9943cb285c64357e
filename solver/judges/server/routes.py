"""What the handlers share: their type, and looking objects up."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from solver.judges.server.guard import Refused
from solver.judges.server.store import ServerStore
from solver.judges.server.stored import StoredSubmission

Handler = Callable[[Request], Awaitable[Response]]


def found(rows: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    """The object of that id.

    Raises:
        Refused: 404.
    """
    for row in rows:
        if row["id"] == wanted:
            return row
    raise Refused(404, "no such object")


def objects(rows: list[dict[str, Any]], request: Request) -> Response:
    """The rows that the query asks for: equality on the object's own properties (Contest API,
    "Filtering")."""
    wanted = dict(request.query_params)
    return JSONResponse(
        [row for row in rows if all(row.get(name) == value for name, value in wanted.items())]
    )


async def found_own(store: ServerStore, request: Request) -> StoredSubmission:
    """The team's own submission of the path's id; another team's is as if it were not there.

    Raises:
        Refused: 404.
    """
    number = request.path_params["id"]
    stored = None
    if number.isascii() and number.isdigit() and len(number) < 18:
        stored = await asyncio.to_thread(store.submission, int(number))
    if stored is None or stored.team != request.state.team.id:
        raise Refused(404, "no such submission")
    return stored
