"""What a service is told when it starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.limits import MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceConfig:
    """Settings of one service.

    Attributes:
        socket: Where the owner of the slots is reached.
        tokens: Token to the client's name; empty: nobody is asked for one.
        memory_bytes: Memory of a run whose request names none.
        most_memory_bytes: What a request may ask for.
        most_s: CPU and wall time that a request may ask for.
        body_bytes: Of one request.
        body_s: From a request's head to the end of its body.
        hold_s: How long a request waits for a slot beyond its own limits, before its caller is
            told to come again.
    """

    socket: Path
    tokens: Mapping[str, str] = field(default_factory=dict)
    memory_bytes: int = 1024 * MIB
    most_memory_bytes: int = 16384 * MIB
    most_s: float = 600.0
    body_bytes: int = 64 * MIB
    body_s: float = 60.0
    hold_s: float = 8.0
