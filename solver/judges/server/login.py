"""Who asks: HTTP Basic, against the accounts' hashes."""

import asyncio
import base64
import binascii

from starlette.requests import Request

from solver.judges.server.accounts import Accounts, Team
from solver.judges.server.guard import Refused


async def login(request: Request, accounts: Accounts) -> Team:
    """The team of the request's Basic credentials.

    Raises:
        Refused: 401.
    """
    missing = Refused(401, "log in with a team's id and password", {"WWW-Authenticate": "Basic"})
    kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        raise missing
    try:
        decoded = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise missing from None
    user, colon, password = decoded.partition(":")
    if not colon:
        raise missing
    # scrypt takes its time: not on the loop.
    team = await asyncio.to_thread(accounts.check, user, password)
    if team is None:
        raise missing
    if team.admin:
        raise Refused(403, "an admin is no team: use the pages")
    return team
