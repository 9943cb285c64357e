"""What the owner counts, in Prometheus's text format."""

from collections.abc import Callable, Sized
from dataclasses import dataclass
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from sandbox.service.work import Refusal, RunAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What the owner says of itself.

    Attributes:
        metrics: Prometheus's text.
        ready: It takes new requests.
    """

    metrics: bytes
    ready: bool
    queue: int
    slots: int


class _Queue(Sized, Protocol):
    @property
    def is_full(self) -> bool: ...


class _Counts(Protocol):
    joined: int
    replayed: int

    @property
    def kept_bytes(self) -> int: ...


class OwnerMetrics:
    """Counters of one owner process, in a registry of its own."""

    def __init__(
        self, queue: _Queue, answers: _Counts, busy: Callable[[], int], slots: int
    ) -> None:
        self._queue = queue
        self._slots = slots
        self.registry = CollectorRegistry()
        gauges: dict[str, tuple[str, Callable[[], float]]] = {
            "solver_queue_length": ("requests that wait", lambda: len(queue)),
            "solver_busy": ("requests being worked on", busy),
            "solver_slots": ("runs that go on at once", lambda: slots),
            "solver_joined": (
                "requests that joined an equal one in flight",
                lambda: answers.joined,
            ),
            "solver_replayed": ("requests answered from memory", lambda: answers.replayed),
            "solver_answers_bytes": ("kept answers", lambda: answers.kept_bytes),
        }
        for name, (text, read) in gauges.items():
            Gauge(name, text, registry=self.registry).set_function(read)
        self._answered = Counter(
            "solver_answers", "requests answered", ["door"], registry=self.registry
        )
        self._refused = Counter(
            "solver_refused", "requests without an answer", ["door", "why"], registry=self.registry
        )
        self._gone = Counter(
            "solver_callers_gone", "requests dropped, unrun", ["door"], registry=self.registry
        )
        self._runs = Counter(
            "solver_runs", "runs by how they ended", ["end"], registry=self.registry
        )
        self._seconds = Histogram(
            "solver_work_seconds", "work on one request", ["door"], registry=self.registry
        )

    def add_gauge(self, name: str, text: str, read: Callable[[], float]) -> None:
        """One more number that is read when it is asked for."""
        Gauge(name, text, registry=self.registry).set_function(read)

    def answered(self, door: str, value: object, took_s: float) -> None:
        """A request was answered."""
        self._answered.labels(door).inc()
        self._seconds.labels(door).observe(took_s)
        if isinstance(value, RunAnswer):
            for outcome in value.outcomes:
                self._runs.labels(str(outcome.limit or outcome.status)).inc()

    def refused(self, door: str, refusal: Refusal) -> None:
        """A request was not."""
        self._refused.labels(door, str(refusal.trouble)).inc()

    def gone(self, door: str) -> None:
        """Who asked is gone, and nothing was run."""
        self._gone.labels(door).inc()

    def status(self) -> Status:
        """For /metrics and /readyz."""
        return Status(
            metrics=generate_latest(self.registry),
            ready=not self._queue.is_full,
            queue=len(self._queue),
            slots=self._slots,
        )
