"""The sandbox whose slots are services elsewhere: `open_sandbox("http://host:port[,...]")`.

Content travels once to each service and is named by its digest from then on. A service that ends in
the middle of a batch costs time and nothing else: another is asked, or the same one again.
"""

import time
from collections.abc import Sequence

import httpx

from sandbox.backend import JoinedResult
from sandbox.data import Blob
from sandbox.errors import BackendUnavailable, InvalidJob, WorkerDied
from sandbox.remote.batches import BATCHES_A_SLOT, BatchSandbox
from sandbox.remote.coding import CONTENT_TYPE, Batch, blobs_of, decode_results, encode
from sandbox.remote.farm import TOKEN, Farm, error_of

PATH = "/v1/jobs"
_KNOWN = 100_000
_TRIES = 10


class RemoteSandbox(BatchSandbox):
    """Runs jobs on services. Safe to use from threads."""

    name = "remote"

    def __init__(self, urls: Sequence[str], *, token: str | None = None) -> None:
        """Asks each service how many slots it has.

        Raises:
            BackendUnavailable: None of them answers, or as a service does; says which.
        """
        self._farm = Farm(urls, token=token)
        self._said: list[int] = []
        self.slots = sum(self._slots_of(server) for server in range(len(self._farm.urls)))
        if not self.slots:
            self._farm.close()
            urls = ", ".join(self._farm.urls)
            if 401 in self._said:
                raise BackendUnavailable(
                    f"{urls}: a service that wants another token", f"set ${TOKEN} to one of its own"
                )
            what = "no service answers"
            if self._said:
                what = f"what answers is no service of ours ({', '.join(map(str, self._said))})"
            raise BackendUnavailable(f"{what} at {urls}", "start one there: solver sandbox serve")
        self._known: list[dict[str, None]] = [{} for _ in self._farm.urls]
        super().__init__(BATCHES_A_SLOT * self.slots, "remote")

    def close(self) -> None:
        """Lets go of the services."""
        super().close()
        self._farm.close()

    def _slots_of(self, server: int) -> int:
        try:
            for _ in range(_TRIES):
                answer = self._farm.get(server, "/v1/service")
                if answer.status_code != 503:  # it has just been started, or its owner was
                    break
                time.sleep(0.5)
            if answer.status_code != 503:
                self._said.append(answer.status_code)
            return int(answer.json()["slots"]) if answer.status_code == 200 else 0
        except (httpx.TransportError, ValueError, KeyError, TypeError):
            return 0

    def _run(self, batch: Batch) -> JoinedResult:
        blobs = blobs_of(batch.jobs)
        headers = {"Content-Type": CONTENT_TYPE, "Idempotency-Key": self._farm.key()}
        for server in self._farm.tries():
            answer = self._send(server, batch, blobs, headers)
            if answer is None:
                continue
            if answer.status_code == 200:
                return decode_results(answer.content)
            said = error_of(answer) or f"HTTP {answer.status_code}"
            if answer.status_code == 500:
                raise WorkerDied(f"{self._farm.urls[server]}: {said}")
            raise InvalidJob(f"{self._farm.urls[server]}: {said}")
        raise AssertionError("unreachable")

    def _send(
        self, server: int, batch: Batch, blobs: dict[str, Blob], headers: dict[str, str]
    ) -> httpx.Response | None:
        known = self._known[server]
        answer = self._farm.send(server, PATH, encode(batch, blobs, known), headers)
        if answer is not None and answer.status_code == 409:
            for digest in answer.json().get("missing", ()):
                known.pop(digest, None)
            answer = self._farm.send(server, PATH, encode(batch, blobs, known), headers)
        if answer is not None and answer.status_code == 409:
            return None  # it keeps less than one batch names together, or was started anew
        if answer is not None and answer.status_code == 200:
            known.update(dict.fromkeys(blobs))
            while len(known) > _KNOWN:
                known.pop(next(iter(known)), None)
        return answer
