"""Solves a task with an engine of your own: anything that answers prompts with text.

python examples/own_engine.py
"""

from collections.abc import Sequence
from pathlib import Path

import solver
from solver.sampling.engine import Answer, Answers, Request, Stop

PROGRAMS = (
    "input()\nprint(sum(int(x) % 2 == 0 for x in input().split()))",
    "print(int(input()) // 2)",
)
TASK = Path(__file__).parents[1] / "problems/bundled/contest/evens"


class TwoPrograms:
    """Answers with one of two programs; a real one would ask a model."""

    name, model, chat = "two", "programs", True

    def sample(self, requests: Sequence[Request], stop: Stop = lambda: False) -> Answers:
        for request in requests:
            text = f"```python\n{PROGRAMS[request.index % 2]}\n```"
            yield request, Answer(text=text, tokens=40, prompt_tokens=300)

    def close(self) -> None:
        pass


solved = solver.solve(TASK, TwoPrograms(), samples=8, limit=3)
print(f"{solved.candidates} candidates, {solved.clusters} behaviours")
for one in solved.plan:
    print(f"{one.rank}. {one.candidate.id}: {one.reason}")
