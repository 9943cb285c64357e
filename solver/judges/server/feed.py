"""The event feed: what a team may see, as it happens; a client goes on from the token it has."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from solver.judges.server import present
from solver.judges.server.guard import Refused
from solver.judges.server.served import ServedContest, Shown
from solver.judges.server.store import ServerStore

Happened = tuple[float, int, int, str, dict[str, Any]]
"""Unix time, order at one moment, submission, kind of object, the object."""
KEEP_ALIVE_S = 60.0
FEED_POLL_S = 0.25


class Feed:
    """The handler of the event feed."""

    def __init__(self, contest: ServedContest, shown: Shown, store: ServerStore) -> None:
        self._contest = contest
        self._shown = shown
        self._store = store
        self._stopping = False

    def stop(self) -> None:
        """Ends every feed: the server is about to end, and a client goes on from its token."""
        self._stopping = True

    async def event_feed(self, request: Request) -> Response:
        """Streams the team's events from `since_token` on."""
        token = request.query_params.get("since_token", "0")
        if not (token.isascii() and token.isdigit() and len(token) < 12):
            raise Refused(400, "since_token is none of ours")
        return StreamingResponse(
            self._feed(request, request.state.team.id, int(token)),
            media_type="application/x-ndjson",
        )

    def _events(self, team: str) -> list[tuple[str, dict[str, Any]]]:
        """All that the team may see, each object once, in an order that only ever grows."""
        contest = self._contest
        events: list[tuple[str, dict[str, Any]]] = [("contest", self._shown.contest())]
        events += [("judgement-types", dict(each)) for each in present.JUDGEMENT_TYPES]
        events += [("languages", each) for each in self._shown.languages()]
        events += [("teams", each) for each in self._shown.teams()]
        if time.time() >= contest.window.start_s:
            events += [("problems", each) for each in self._shown.problems()]
            events.append(("state", present.state(contest.window, contest.window.start_s)))
        submissions = self._store.submissions(team, files=False)
        happened: list[Happened] = [
            (each.at_s, 0, each.id, "submissions", self._shown.submission(each))
            for each in submissions
        ]
        happened += self._judgements(team)
        ice = self._shown.freeze.ice()
        for at_s in (ice.frozen_s, ice.thawed_s):
            if at_s is not None and at_s < contest.window.end_s:
                until = present.Ice(
                    frozen_s=ice.frozen_s, thawed_s=at_s if at_s == ice.thawed_s else None
                )
                state = present.state(contest.window, at_s, until)
                happened.append((at_s, 3, 0, "state", state))
        events += [(kind, shown) for *_, kind, shown in sorted(happened, key=lambda row: row[:3])]
        if time.time() >= contest.window.end_s and not self._store.pending():
            thawed_later = ice.thawed_s is not None and ice.thawed_s > contest.window.end_s
            at_end = present.Ice(frozen_s=ice.frozen_s) if thawed_later else ice
            events.append(("state", present.state(contest.window, contest.window.end_s, at_end)))
            if ice.thawed_s is not None and thawed_later:
                events.append(("state", present.state(contest.window, ice.thawed_s, ice)))
        return events

    def _judgements(self, team: str) -> list[Happened]:
        """Each when it came, and the one before it, no longer current, with the one that took its
        place."""
        window = self._contest.window
        judged = [*self._store.again.replaced(team), *self._store.judgements(team)]
        ends_s = {(each.submission, each.number): each.end_s for each in judged}
        happened: list[Happened] = []
        for each in judged:
            came = present.judgement(replace(each, current=True), window)
            happened.append((each.end_s, 2, each.submission, "judgements", came))
            if not each.current:
                at_s = ends_s[each.submission, each.number + 1]
                gone = present.judgement(each, window)
                happened.append((at_s, 1, each.submission, "judgements", gone))
        return happened

    async def _feed(self, request: Request, team: str, sent: int) -> AsyncIterator[bytes]:
        quiet_since_s = time.monotonic()
        while not self._stopping and not await request.is_disconnected():
            events = await asyncio.to_thread(self._events, team)
            for number, (kind, shown) in enumerate(events[sent:], start=sent + 1):
                # Objects that there is one of have no id in a notification.
                single = kind in ("contest", "state")
                line = {
                    "token": str(number),
                    "type": kind,
                    "id": None if single else shown["id"],
                    "data": shown,
                }
                yield json.dumps(line).encode() + b"\n"
                quiet_since_s = time.monotonic()
                if kind == "state" and shown["end_of_updates"] is not None:
                    return
            sent = max(sent, len(events))
            if time.monotonic() - quiet_since_s > KEEP_ALIVE_S:
                yield b"\n"
                quiet_since_s = time.monotonic()
            await asyncio.sleep(FEED_POLL_S)
