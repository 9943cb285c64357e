"""An o1-ioi-style agent for programming contests: the stages stand in `pipeline.py`.

    import solver

    plan = solver.solve("packages/elk", "openai:qwen@http://localhost:8000/v1", samples=1000)
    table = solver.replay("elk.jsonl", "packages/elk").to_frame()

The functions stand in `solver.api`; they are loaded when they are first asked for, since torch and
numpy take a second.
"""

import importlib
from typing import TYPE_CHECKING, Any

from sandbox.moved import install

if TYPE_CHECKING:  # the names below are loaded on demand; type checkers see them here
    from solver.api import (
        Judged,
        JudgedProgram,
        Planned,
        PlayedContest,
        PlayedTask,
        Replayed,
        ReplayedStrategy,
        Solved,
        contest,
        judge,
        replay,
        solve,
    )

__version__ = "0.1.0"

__all__ = [
    "Judged",
    "JudgedProgram",
    "Planned",
    "PlayedContest",
    "PlayedTask",
    "Replayed",
    "ReplayedStrategy",
    "Solved",
    "contest",
    "judge",
    "replay",
    "solve",
]

install()


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("solver.api"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
