"""How many requests may be in flight: up by one a window of successes, halved by a failure."""

import random
import threading
import time

FIRST_IN_FLIGHT = 8
LONGEST_REST_S = 30.0


class Pace:
    """Shared by an engine's threads."""

    def __init__(self, *, most: int, patience_s: float, rest_s: float = 0.5) -> None:
        self.patience_s = patience_s
        self._rest_s = rest_s
        self._most = float(most)
        self._allowed = float(min(FIRST_IN_FLIGHT, most))
        self._flying = 0
        self._condition = threading.Condition()
        self._last_success_s = time.monotonic()
        self._last_cut_s = 0.0
        self._random = random.Random()

    @property
    def allowed(self) -> int:
        """Requests that may be in flight now."""
        return int(self._allowed)

    def enter(self, over: threading.Event) -> bool:
        """Waits for a place; False when it is over."""
        with self._condition:
            while self._flying >= int(self._allowed):
                if over.is_set():
                    return False
                self._condition.wait(0.5)
            if self._flying == 0 and self._last_cut_s == 0.0:
                # Time before the first request is not the server's.
                self._last_success_s = time.monotonic()
            self._flying += 1
            return not over.is_set() or self._abort()

    def _abort(self) -> bool:
        self._flying -= 1
        return False

    def leave(self, *, succeeded: bool | None) -> None:
        """Gives the place back. None: neither the server's success nor its failure."""
        now_s = time.monotonic()
        with self._condition:
            self._flying -= 1
            if succeeded:
                self._last_success_s = now_s
                self._allowed = min(self._most, self._allowed + 1.0 / self._allowed)
            elif succeeded is False and now_s - self._last_cut_s > 1.0:
                # One burst of failures is one sign, not many.
                self._allowed = max(1.0, self._allowed / 2.0)
                self._last_cut_s = now_s
            self._condition.notify_all()

    def exhausted(self) -> bool:
        """Nothing has succeeded for as long as the patience lasts."""
        return time.monotonic() - self._last_success_s > self.patience_s

    def rest(self, tries: int, wait_s: float | None, over: threading.Event) -> None:
        """Waits before the next try: as the server asked, or exponentially, always with jitter."""
        base_s = (
            min(LONGEST_REST_S, self._rest_s * 2.0 ** min(tries, 10)) if wait_s is None else wait_s
        )
        jitter = self._random.uniform(0.5, 1.0) if wait_s is None else self._random.uniform(1, 1.2)
        over.wait(min(base_s * jitter, self.patience_s))

    def wake(self) -> None:
        """Lets all that wait look again."""
        with self._condition:
            self._condition.notify_all()


class Room:
    """Answers of all requests in flight: no more than a server draws at once. Shared by threads."""

    def __init__(self, most: int | None) -> None:
        """Args:
        most: None: no end of room.
        """
        self._most = most
        self._taken = 0
        self._condition = threading.Condition()

    def take(self, answers: int, over: threading.Event) -> bool:
        """Waits until so many fit, or nothing else is in flight; False when it is over."""
        with self._condition:
            while self._most is not None and 0 < self._taken > self._most - answers:
                if over.is_set():
                    return False
                self._condition.wait(0.5)
            self._taken += answers
            return True

    def give(self, answers: int) -> None:
        """Gives the room back."""
        with self._condition:
            self._taken -= answers
            self._condition.notify_all()
