"""How fast a stage goes, what is left of it, and what a model has taken."""

import time
from collections import deque
from collections.abc import Callable

from solver.contests.live.words import clock_text
from solver.sampling.source import Spent

UNITS = {
    "sampling": " answers",
    "compiling": " programs",
    "running": " programs",
    "labelling": " programs",
    "inputs": " inputs",
    "separating": " inputs",
    "breaking": " inputs",
}
"""What a stage counts."""
WINDOW_S = 60.0
"""A rate is that of the last minute: a server warms up, a model meets longer answers."""


class Pace:
    """Follows one stage after the other."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        """Args:
        now_s: The clock.
        """
        self.spent: Callable[[], Spent] = Spent
        """What the model has taken so far, in the whole run."""
        self._now_s = now_s
        self._stage = ("", "")
        self._seen: deque[tuple[float, int, int]] = deque()

    def words(self, task: str, stage: str, done: int, total: int) -> str:
        """The stage in a line: how far, how fast, how long still.

        Args:
            task: Whose stage it is.
            stage: Its name; another one, or one that begins again, starts anew.
            done: Of it.
            total: 0 where nobody knows.
        """
        now_s, spent = self._now_s(), self.spent()
        if (task, stage) != self._stage or (self._seen and done < self._seen[-1][1]):
            self._stage = (task, stage)
            self._seen.clear()
        self._seen.append((now_s, done, spent.tokens))
        while now_s - self._seen[0][0] > WINDOW_S:
            self._seen.popleft()
        since_s, before, tokens_before = self._seen[0]
        parts = [f"{task}: {stage} {done}/{total}"]
        if now_s - since_s >= 1.0:
            rate = (done - before) / (now_s - since_s)
            parts.append(f"{rate:.3g}{UNITS.get(stage, '')}/s")
            if stage == "sampling" and spent.tokens > tokens_before:
                parts.append(f"{(spent.tokens - tokens_before) / (now_s - since_s):.0f} tokens/s")
            if rate > 0 and total > done:
                parts.append(f"about {clock_text((total - done) / rate)} left")
        return ", ".join(parts)


def spent_words(spent: Spent) -> str:
    """What the model has taken; "" for recorded pools."""
    if not spent.tokens:
        return ""
    cost = f", cost {spent.cost:.4f}" if spent.cost else ""
    return f"{spent.tokens} tokens drawn, {spent.prompt_tokens} of prompts{cost}"
