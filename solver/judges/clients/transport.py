"""HTTP to a judge: the guard, patience with outages, refusals by name, and the judge's clock."""

import ipaddress
import json
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    wait_random_exponential,
)

from solver.http_headers import date_s, retry_after_s
from solver.judges.clients.outages import Outage as Outage
from solver.judges.clients.outages import Outages
from solver.judges.errors import (
    AccessDenied,
    BadAnswer,
    JudgeUnreachable,
    NotAllowedHere,
    NotFound,
    SubmissionRefused,
)
from solver.wall import SystemWall, Wall

SHOWN_BODY_CHARACTERS = 200
FEED_SILENCE_S = 150.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long the client goes on.

    Attributes:
        outage_s: For one call while the judge is down.
        absent_s: For the first answer of all: nobody there is more often a wrong address, or a
            judge that was not started, than an outage that ends by itself.
        longest_wait_s: Between two tries, also where the judge asks for more.
        request_s: For one request's answer.
    """

    outage_s: float = 1800.0
    absent_s: float = 8.0
    longest_wait_s: float = 30.0
    request_s: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldSend:
    """What a dry run shows instead of sending it; secrets are not in it."""

    method: str
    url: str
    fields: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, int] = field(default_factory=dict)


def is_loopback(host: str) -> bool:
    """The host is this machine: a loopback address, or the name localhost."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_may_submit(url: str, *, yes_submit: bool) -> None:
    """The guard before anything is handed in.

    Raises:
        NotAllowedHere: The host is not loopback and the user did not say --yes-submit.
    """
    host = httpx.URL(url).host
    if not yes_submit and not is_loopback(host):
        raise NotAllowedHere(
            f"{host} is not this machine: submitting there needs --yes-submit. Read the contest's "
            "rules first: most forbid programs that a model wrote."
        )


class Transport:
    """One judge's HTTP connection.

    `get` and `post` try again through outages; `post_once` does not, since a submission that was
    sent must be looked up before it is sent again.
    """

    def __init__(
        self,
        base_url: str,
        *,
        auth: httpx.Auth | None = None,
        patience: Patience | None = None,
        wall: Wall | None = None,
    ) -> None:
        """Args:
        base_url: The API's root; a missing slash at the end is added.
        wall: Another one in tests of long outages; the system's by default.
        """
        self.base_url = base_url if base_url.endswith("/") else base_url + "/"
        self.patience = patience or Patience()
        self.wall = wall or SystemWall()
        self.headers: dict[str, str] = {}
        self.outages = Outages(self.wall)
        self._skew_s = 0.0
        self._answered = False
        self._last_try_s = math.inf
        # Redirects are not followed: a judge that sends a login elsewhere must not get it there.
        self._client = httpx.Client(
            base_url=self.base_url,
            auth=auth,
            timeout=self.patience.request_s,
            follow_redirects=False,
        )

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def judge_time(self) -> datetime:
        """The judge's present time: ours, corrected by the Date of its last answer."""
        return datetime.fromtimestamp(self.judge_time_s(), tz=UTC)

    def judge_time_s(self) -> float:
        """The judge's present time as Unix time."""
        return self.wall.time_s() + self._skew_s

    @property
    def skew_s(self) -> float:
        """The judge's clock minus ours, as of its last answer (whole seconds at best)."""
        return self._skew_s

    def get(self, path: str, **params: str) -> httpx.Response:
        """GET, patiently.

        Raises:
            JudgeUnreachable: Down for longer than the patience.
            AccessDenied, NotFound, SubmissionRefused: The judge said no.
        """
        return self._patiently(lambda: self._once("GET", path, params=params or None))

    def post(self, path: str, **kwargs: Any) -> httpx.Response:
        """POST of something that may be repeated (a login), patiently; errors as `get`."""
        return self._patiently(lambda: self._once("POST", path, **kwargs))

    def post_once(self, path: str, **kwargs: Any) -> httpx.Response:
        """POST of something that must not be repeated blindly.

        Raises:
            Outage: It is unknown (or, with `taken` False, known) whether the judge acted.
            AccessDenied, NotFound, SubmissionRefused: The judge said no, for certain.
        """
        return self._once("POST", path, **kwargs)

    def json_of(self, response: httpx.Response) -> Any:
        """The answer's JSON.

        Raises:
            BadAnswer: It is none.
        """
        try:
            return response.json()
        except ValueError as error:
            raise BadAnswer(f"{response.url}: the answer is not JSON ({error})") from error

    def stream_json_lines(self, path: str, **params: str) -> Iterator[Mapping[str, Any]]:
        """The objects of an NDJSON stream as they come; empty lines (keep-alive) are skipped.

        Raises:
            JudgeUnreachable: The connection broke; what was yielded stands.
            BadAnswer: A line is no JSON object.
        """
        # A feed may be silent for 120 s between two keep-alives.
        timeout = httpx.Timeout(self.patience.request_s, read=FEED_SILENCE_S)
        try:
            with self._client.stream(
                "GET", path, params=params or None, headers=self.headers, timeout=timeout
            ) as response:
                if response.status_code >= 300:
                    response.read()
                self._note_date(response)
                self._checked(response)
                for line in response.iter_lines():
                    if line.strip():
                        yield self._parsed_line(path, line)
        except httpx.TransportError as error:
            raise JudgeUnreachable(f"{self.base_url}{path}: the feed broke ({error})") from error
        except Outage as error:
            raise JudgeUnreachable(f"{self.base_url}{path}: {error}") from error

    @staticmethod
    def _parsed_line(path: str, line: str) -> Mapping[str, Any]:
        try:
            parsed = json.loads(line)
        except ValueError as error:
            raise BadAnswer(f"{path}: a line of the feed is not JSON ({error})") from error
        if not isinstance(parsed, dict):
            raise BadAnswer(f"{path}: a line of the feed is not an object")
        return parsed

    @contextmanager
    def giving_up_at(self, last_try_s: float) -> Iterator[None]:
        """No call inside is tried any more after that moment (of `wall.monotonic_s`), however long
        the patience lasts; each is tried once."""
        before_s = self._last_try_s
        self._last_try_s = min(before_s, last_try_s)
        try:
            yield
        finally:
            self._last_try_s = before_s

    def deadline_s(self) -> float:
        """When a call that begins now gives up, as `wall.monotonic_s` counts."""
        return min(self.wall.monotonic_s() + self.patience.outage_s, self._last_try_s)

    def pause_s(self, wanted_s: float, deadline_s: float) -> float:
        """How long to wait before the next try: as wanted, as far as the patience goes."""
        left_s = max(0.0, deadline_s - self.wall.monotonic_s())
        return min(wanted_s, self.patience.longest_wait_s, left_s)

    def _patiently(self, call: Callable[[], httpx.Response]) -> httpx.Response:
        began_s = self.wall.monotonic_s()
        deadline_s = self.deadline_s()
        exponential = wait_random_exponential(multiplier=0.5, max=self.patience.longest_wait_s)

        def until_s(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            if not self._answered and isinstance(error, Outage) and error.absent:
                return min(deadline_s, began_s + self.patience.absent_s)
            return deadline_s

        def wait(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            asked_s = error.wait_s if isinstance(error, Outage) else None
            wanted_s = exponential(state) if asked_s is None else asked_s
            return self.pause_s(wanted_s, until_s(state))

        retrying = Retrying(
            retry=retry_if_exception_type(Outage),
            stop=lambda state: self.wall.monotonic_s() >= until_s(state),
            wait=wait,
            sleep=self.wall.sleep,
            reraise=True,
        )
        try:
            return retrying(call)
        except Outage as error:
            waited_s = self.wall.monotonic_s() - began_s
            if not self._answered and error.absent:
                raise JudgeUnreachable(
                    f"nobody answers at {self.base_url} ({error}); tried for {waited_s:.0f} s: is "
                    "the judge running, and is this its address?"
                ) from error
            raise JudgeUnreachable(
                f"{self.base_url}: {error}; gave up after {waited_s:.0f} s"
            ) from error

    def _once(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        try:
            response = self._asked(method, path, **kwargs)
        except Outage as outage:
            self.outages.begin(outage)
            raise
        self.outages.end()
        return response

    def _asked(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        headers = self.headers | kwargs.pop("headers", {})
        try:
            response = self._client.request(method, path, headers=headers, **kwargs)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise Outage(f"cannot connect: {error}", taken=False, absent=True) from error
        except httpx.TransportError as error:
            raise Outage(f"the connection broke ({type(error).__name__})") from error
        self._answered = True
        self._note_date(response)
        return self._checked(response)

    def _note_date(self, response: httpx.Response) -> None:
        theirs_s = date_s(response.headers.get("Date", ""))
        if theirs_s is not None:
            self._skew_s = theirs_s - self.wall.time_s()

    def _checked(self, response: httpx.Response) -> httpx.Response:
        status = response.status_code
        if status < 300:
            return response
        # The query is left out: some judges carry tokens in it.
        where = f"{response.request.method} {response.url.copy_with(query=None)}"
        said = _said(response)
        what = f"{where}: {status} {response.reason_phrase}: {said}"
        if status == 429:
            raise Outage(what, wait_s=self._retry_after_s(response), taken=False)
        if status in (408, 425, 503):
            # A request that came too slowly or too early says nothing about what was in it.
            raise Outage(what, wait_s=self._retry_after_s(response))
        if status >= 500:
            raise Outage(what)
        if status == 401:
            raise AccessDenied(
                f"{what}; check the user and the password (--credentials FILE, or the environment)"
            )
        if status == 403:
            raise AccessDenied(what)
        if status == 404:
            raise NotFound(what)
        if status < 400:
            raise BadAnswer(f"{what}: redirects to {response.headers.get('Location', 'nowhere')}")
        raise SubmissionRefused(what)

    def _retry_after_s(self, response: httpx.Response) -> float | None:
        # By the judge's clock, which is what it wrote a moment with.
        return retry_after_s(response.headers.get("Retry-After", ""), self.judge_time_s())


def _said(response: httpx.Response) -> str:
    """What the judge says of a refusal: an error object's message, else the answer's beginning."""
    text = response.text
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = None
    if isinstance(parsed, dict) and isinstance(parsed.get("message"), str):
        text = parsed["message"]
    return " ".join(text[:SHOWN_BODY_CHARACTERS].split())
