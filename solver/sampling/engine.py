"""Stage 2's protocol: requests in, answers out, in whatever order the engine finishes them."""

import hashlib
import json
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn of a prompt."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingParameters:
    """How an answer is drawn.

    They mean the same in every engine: temperature first, then the `top_k` likeliest tokens, then
    the nucleus, then those below `min_p` times the likeliest go. A server that does otherwise is
    told so in the run (`Answer.extra`).

    Attributes:
        max_tokens: Of the answer, reasoning included; None lets the model's own limit end it.
        top_k: None takes all tokens.
        min_p: 0 takes all tokens.
        stop: Texts that end the answer.
    """

    temperature: float = 0.8
    top_p: float = 0.95
    max_tokens: int | None = None
    top_k: int | None = None
    min_p: float = 0.0
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One answer to draw.

    Attributes:
        messages: The prompt; one user message with no roles for a base model.
        seed: Makes the draw repeatable where the engine can.
        index: Which sample of the prompt this is.
        language: In which a program is asked for; no part of the key, the prompt says it.
    """

    messages: tuple[Message, ...]
    parameters: SamplingParameters
    seed: int
    index: int
    language: str = ""

    def key(self, engine: str, model: str) -> str:
        """Identity of the sample: equal keys are the same draw."""
        parts = {
            "engine": engine,
            "model": model,
            "messages": [[message.role, message.content] for message in self.messages],
            "parameters": [
                self.parameters.temperature,
                self.parameters.top_p,
                self.parameters.max_tokens,
                self.parameters.top_k,
                self.parameters.stop,
                # Runs that were drawn before there was one keep their keys.
                *([self.parameters.min_p] if self.parameters.min_p else []),
            ],
            "seed": self.seed,
            "index": self.index,
        }
        canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the model said.

    Attributes:
        tokens: Of the answer; 0 where the prompt was refused.
        logprob: Mean log-probability a token; None where the engine does not give it.
        finish: "stop", "length" (a limit cut it off), "enough" (nothing more was needed), "refused"
            (by the server or the model), "error", or the engine's own word.
        extra: What else is to be kept: "said", what a server said when it refused; "left_out", the
            parameters that it does not take, with commas.
    """

    text: str
    tokens: int = 0
    prompt_tokens: int = 0
    logprob: float | None = None
    finish: str = "stop"
    elapsed_s: float = 0.0
    extra: dict[str, str] = field(default_factory=dict)


def merged_turns(messages: Sequence[Message]) -> tuple[Message, ...]:
    """All turns as one of the user's, for models whose template knows no system turn."""
    return (Message(role="user", content="\n\n".join(each.content for each in messages)),)


Stop = Callable[[], bool]
"""True once nothing more is to be drawn (a limit is reached); answers under way are still taken."""


Settled = Callable[[str, str], bool]
"""Says of the text so far and the language asked for that nothing that may follow changes the
program that will be taken from it."""


Answers = Generator[tuple[Request, Answer], None, None]
"""Pairs as they are finished; closing it ends the drawing."""


class Engine(Protocol):
    """Draws answers. Used from one thread; closed at the end of the run."""

    @property
    def name(self) -> str:
        """The engine's kind, part of a sample's key."""

    @property
    def model(self) -> str:
        """What answers, part of a sample's key."""

    @property
    def chat(self) -> bool:
        """The model takes turns; False for a base model that continues a text."""

    def sample(self, requests: Sequence[Request], stop: Stop = lambda: False) -> Answers:
        """Draws all requests; each pair comes as soon as its answer is there.

        Raises:
            EngineError: The engine failed for good; what was yielded stands.
            ModelUnavailable: There is no such model or server.
        """

    def close(self) -> None:
        """Frees the model or ends the connection."""


def by_prompt(requests: Iterable[Request]) -> list[list[Request]]:
    """Groups requests of equal prompt and parameters, in order: an engine shares their prefix."""
    groups: dict[tuple[tuple[Message, ...], SamplingParameters], list[Request]] = {}
    for request in requests:
        groups.setdefault((request.messages, request.parameters), []).append(request)
    return list(groups.values())
