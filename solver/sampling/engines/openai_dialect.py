"""What a server takes of a request, learnt once a run from its own refusals."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from solver.sampling.engine import Message, merged_turns
from solver.sampling.engines.openai_refusal import About, Complaint, about

SYSTEM = "system"
"""The system turn among the parts that may be left out: it is then part of the user's."""
WANTED = (
    "temperature",
    "stream",
    "max_tokens",
    "top_p",
    SYSTEM,
    "n",
    "seed",
    "logprobs",
    "stop",
    "top_k",
    "min_p",
    "stream_options",
)
"""What a server may refuse, the dearest to lose first."""
LIMITS = ("max_tokens", "max_completion_tokens")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How requests are written for a server.

    Attributes:
        left_out: Parts of `WANTED`, and other fields, that it does not take.
        limit: The name under which it takes the answer's limit.
        no_top_k: What it takes as "no top_k".
        most_choices: Answers that one request may ask for.
    """

    left_out: frozenset[str] = frozenset()
    limit: str = LIMITS[0]
    no_top_k: int = 0
    most_choices: int = 1_000_000

    def without(self, part: str) -> "Dialect":
        """The same with one part less."""
        return replace(self, left_out=self.left_out | {part})

    def turns(self, messages: Sequence[Message]) -> tuple[Message, ...]:
        """The messages as this server takes them."""
        return merged_turns(messages) if SYSTEM in self.left_out else tuple(messages)

    def written(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """A full body with what the server does not take left out or under its other name."""
        kept = {name: value for name, value in body.items() if name not in self.left_out}
        if "max_tokens" in kept and self.limit != LIMITS[0]:
            kept[self.limit] = kept.pop("max_tokens")
        if kept.get("top_k") == 0:
            kept["top_k"] = self.no_top_k
        if "stream" not in kept:
            kept.pop("stream_options", None)
        return kept


class Consequence(Enum):
    """What follows from a refusal."""

    AGAIN = "again"
    """The next request is written otherwise."""
    WITHOUT_LIMIT = "without_limit"
    """This prompt may fit where the answer's limit is left to the model."""
    PROMPT = "prompt"
    """This prompt is refused, as others may not be."""
    ALL = "all"
    """All requests will be refused."""


class Lesson:
    """Finds what the server takes: as little is left out as it lets us. Shared by threads.

    Until the server has taken a request, one is on its way at a time: what it refuses is learnt
    once and not by every thread. Where a refusal names nothing, the barest request goes out, and
    what was left out of it comes back part by part, each time with a request that draws answers.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._taken: set[tuple[Dialect, frozenset[str]]] = set()
        self._unlimited: set[str] = set()
        self._suspected: Dialect | None = None
        self._before_bare: Dialect | None = None
        self._back: list[str] = []
        self._learner: int | None = None
        self._changed = threading.Condition()

    @property
    def dialect(self) -> Dialect:
        """What is known to be taken, or hoped."""
        with self._changed:
            return self._dialect

    def enter(self, over: threading.Event) -> Dialect | None:
        """The dialect for a request; waits while another thread learns. None when it is over."""
        with self._changed:
            while self._learner is not None and not self._knows():
                if over.is_set():
                    return None
                self._changed.wait(0.2)
            self._learner = threading.get_ident()
            return self._next()

    def leave(self) -> None:
        """The request is over; if this thread was the one to learn, the next may."""
        with self._changed:
            self._free()

    def _free(self) -> None:
        if self._learner == threading.get_ident():
            self._learner = None
            self._changed.notify_all()

    def _knows(self) -> bool:
        return bool(self._taken) and not self._back

    def _next(self) -> Dialect:
        if not self._back:
            return self._dialect
        return replace(self._dialect, left_out=self._dialect.left_out - {self._back[0]})

    def took(self, sent: Dialect, body: Mapping[str, Any]) -> None:
        """The server began to answer a body that was written so."""
        with self._changed:
            if self._before_bare is not None and sent == self._dialect:
                missing = sent.left_out - self._before_bare.left_out
                self._back = [part for part in WANTED if part in missing]
                self._before_bare = None
            elif self._back and sent == self._next():
                self._dialect = sent
                self._back.pop(0)
            elif sent == self._dialect.without(LIMITS[0]) != self._dialect:
                # One long prompt is its own case; several are the server's way with such a limit.
                self._unlimited.add(str(body["messages"]))
                if len(self._unlimited) > 1 and not self._taken:
                    self._dialect = sent
            if LIMITS[0] not in sent.left_out or LIMITS[0] in self._dialect.left_out:
                self._taken.add((sent, frozenset(body)))
            self._free()

    def refused(self, found: Complaint, sent: Dialect, body: Mapping[str, Any]) -> Consequence:
        """Learns from a refusal; says what follows from it for this request."""
        what, name = about(found, body)
        with self._changed:
            if what is About.ALL:
                return Consequence.ALL
            if what is About.PROMPT:
                return Consequence.PROMPT
            if what is About.LENGTH:
                return (
                    Consequence.WITHOUT_LIMIT if set(LIMITS) & body.keys() else Consequence.PROMPT
                )
            if self._back and sent == self._next():
                # What came back is what it does not take, whether it says so or not.
                self._back.pop(0)
                return Consequence.AGAIN
            if sent not in (self._dialect, self._dialect.without(LIMITS[0])):
                return Consequence.AGAIN  # learnt by another thread meanwhile
            if what is About.SYSTEM_ROLE:
                self._dialect = self._dialect.without(SYSTEM)
                return Consequence.AGAIN
            if what is About.FIELD:
                self._dialect = _adapted(self._dialect, name, found, body)
                return Consequence.AGAIN
            return self._unsaid(sent, body)

    def suspect_system(self, sent: Dialect, messages: Sequence[Message]) -> None:
        """Several 500s in a row and nothing taken yet: a chat template that raises at a system turn
        is an error of their own to some servers (`transformers serve`). With and without one take
        turns then, until a request is taken."""
        with self._changed:
            if self._taken or sent != self._dialect or self._before_bare is not None:
                return
            if self._suspected is not None:
                self._dialect, self._suspected = self._suspected, sent
            elif any(message.role == "system" for message in messages):
                self._suspected = sent
                self._dialect = sent.without(SYSTEM)

    def _unsaid(self, sent: Dialect, body: Mapping[str, Any]) -> Consequence:
        if (sent, frozenset(body)) in self._taken:
            return Consequence.PROMPT  # another prompt was taken that was written so
        parts = {part for part in WANTED if _has(part, body)}
        if parts and self._before_bare is None:
            self._before_bare = sent
            self._dialect = replace(sent, left_out=sent.left_out | parts)
            return Consequence.AGAIN
        if self._before_bare is not None:
            self._dialect, self._before_bare = self._before_bare, None
        return Consequence.PROMPT


def _has(part: str, body: Mapping[str, Any]) -> bool:
    if part == SYSTEM:
        return any(message["role"] == "system" for message in body["messages"])
    return part in body or (part == LIMITS[0] and LIMITS[1] in body)


def _adapted(sent: Dialect, name: str, found: Complaint, body: Mapping[str, Any]) -> Dialect:
    """The dialect without what was refused, or with another value or name of it."""
    if name in LIMITS:
        other = LIMITS[1 - LIMITS.index(name)]
        if name == LIMITS[0] and other in found.text:
            return replace(sent, limit=other)
        return sent.without(LIMITS[0])
    if name == "top_k" and body["top_k"] == 0 and "-1" in found.text:
        return replace(sent, no_top_k=-1)
    if name == "n" and body["n"] > 2 and not _unknown(found):
        return replace(sent, most_choices=int(body["n"]) // 2)
    if name == "n":
        return replace(sent.without("n"), most_choices=1)
    return sent.without(name)


def _unknown(found: Complaint) -> bool:
    words = ("unsupported", "unknown", "unrecognized", "not permitted", "unexpected", "only the")
    said = found.text.lower() + " ".join(found.codes)
    return any(word in said for word in (*words, "extra_forbidden", "cannot find field"))
