"""Several services as one: which is asked, and who is asked again where one does not answer.

A repeated request is free: services know it by its key and body (`Idempotency-Key`).
"""

import itertools
import os
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence

import httpx

from sandbox.errors import BackendUnavailable, SandboxError, WorkerDied

TOKEN = "SOLVER_SANDBOX_TOKEN"
"""Environment variable with the token for all services."""

_DOWN_S = 5.0
_LATER = (429, 502, 503, 504)


def error_of(answer: httpx.Response) -> str | None:
    """What a service of ours says is wrong; None where this is not one of its answers: a server
    that was cut off in the middle, or a balancer before it."""
    try:
        return str(answer.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return None


class Farm:
    """Services that are asked in turn. Safe to use from threads."""

    def __init__(
        self,
        urls: Sequence[str],
        *,
        token: str | None = None,
        timeout_s: float = 900.0,
        patience_s: float = 180.0,
    ) -> None:
        """Args:
        urls: Of the services.
        token: For all of them; None: $SOLVER_SANDBOX_TOKEN.
        timeout_s: For one answer.
        patience_s: How long one request is tried while nobody can take it.
        """
        self.urls = tuple(url.rstrip("/") for url in urls if url.strip())
        if not self.urls:
            raise BackendUnavailable("no URL of a service", "--sandbox http://HOST:PORT[,...]")
        token = os.environ.get(TOKEN) if token is None else token
        headers = {"X-Solver-Client": f"farm-{uuid.uuid4().hex[:12]}"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=64)
        self._http = httpx.Client(
            headers=headers,
            timeout=httpx.Timeout(timeout_s, connect=10.0),
            limits=limits,
            trust_env=False,
        )
        self._patience_s = patience_s
        self._turn = itertools.count()
        self._down_until_s = [0.0] * len(self.urls)
        self._busy = [0] * len(self.urls)
        self._lock = threading.Lock()

    def key(self) -> str:
        """A key for one request, however often it is sent."""
        return uuid.uuid4().hex

    def choose(self, avoid: int | None = None) -> int:
        """The server with the least on its hands, those that failed just now last."""
        now_s = time.monotonic()
        first = next(self._turn)
        with self._lock:
            return min(
                range(len(self.urls)),
                key=lambda server: (
                    self._down_until_s[server] > now_s,
                    server == avoid,
                    self._busy[server],
                    (server - first) % len(self.urls),
                ),
            )

    def get(self, server: int, path: str) -> httpx.Response:
        """What a server says to GET.

        Raises:
            httpx.TransportError: It does not answer.
        """
        return self._http.get(self.urls[server] + path, timeout=20.0)

    def send(
        self, server: int, path: str, content: bytes, headers: Mapping[str, str]
    ) -> httpx.Response | None:
        """One try at one server; None where another should be asked, or the same one later.

        Raises:
            SandboxError: It refuses the token.
        """
        with self._lock:
            self._busy[server] += 1
        try:
            url = self.urls[server] + path
            answer = self._http.post(url, content=content, headers=dict(headers))
        except httpx.TransportError:
            self._is_down(server, _DOWN_S)
            return None
        finally:
            with self._lock:
                self._busy[server] -= 1
        if answer.status_code == 401:
            raise SandboxError(f"{self.urls[server]} wants another token (${TOKEN})")
        if answer.status_code in _LATER or (answer.status_code == 500 and not error_of(answer)):
            stated = answer.headers.get("Retry-After", "1")
            self._is_down(server, min(30.0, float(stated) if stated.isdigit() else 1.0))
            return None
        return answer

    def post(self, path: str, content: bytes, headers: Mapping[str, str]) -> httpx.Response:
        """An answer of whichever server gives one first; the request has one key throughout.

        Raises:
            WorkerDied: Nobody answered in time.
        """
        headers = {"Idempotency-Key": self.key(), **headers}
        for server in self.tries():
            answer = self.send(server, path, content, headers)
            if answer is not None:
                return answer
        raise AssertionError("unreachable")

    def tries(self) -> Iterator[int]:
        """Servers to ask, one after the other, with pauses where nobody can take anything.

        Raises:
            WorkerDied: Patience has ended; raised where the next server would have come.
        """
        until_s = time.monotonic() + self._patience_s
        last: int | None = None
        wait_s = 0.05
        while True:
            server = self.choose(avoid=last)
            yield server
            if time.monotonic() > until_s:
                raise WorkerDied(f"no service answered: {', '.join(self.urls)}")
            with self._lock:
                all_down = min(self._down_until_s) > time.monotonic()
            if all_down or server == last:
                time.sleep(wait_s)
                wait_s = min(2.0, 2 * wait_s)
            last = server

    def close(self) -> None:
        """Closes all connections."""
        self._http.close()

    def _is_down(self, server: int, seconds: float) -> None:
        with self._lock:
            self._down_until_s[server] = time.monotonic() + seconds
