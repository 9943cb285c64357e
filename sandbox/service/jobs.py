"""The owner's handler of whole jobs, for sandboxes that are clients of this one."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.backend import Sandbox
from sandbox.remote.coding import MissingContent, decode, encode_results
from sandbox.remote.keeping import KeptContent, run_batch


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsWork:
    """A batch as it was sent."""

    client: str
    message: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsAnswer:
    """Results as they are sent, or the digests of what is missing."""

    results: bytes
    missing: tuple[str, ...] = ()


class Jobs:
    """Serves batches. Content that came once is kept, for the client that sent it. Thread-safe."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._kept = KeptContent()

    def serve(
        self, work: JobsWork, emit: Callable[[object], None], resume: Callable[[], None]
    ) -> JobsAnswer:
        """Runs a batch.

        Raises:
            SandboxError: As `Sandbox.run`, of any of the jobs.
        """
        client = work.client
        try:
            batch = decode(
                work.message,
                lambda digest: self._kept.find((client, digest)),
                lambda blob: self._kept.keep((client, blob.digest), blob),
            )
        except MissingContent as error:
            return JobsAnswer(results=b"", missing=error.digests)
        done = run_batch(self._sandbox, batch)
        return JobsAnswer(results=encode_results(done.results, done.first_to_end))
