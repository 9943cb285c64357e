"""The judge does not answer: the error, and telling people of it while the client waits."""

from collections.abc import Callable

from solver.wall import Wall

TELL_EVERY_S = 30.0


class Outage(Exception):
    """No answer, a 5xx or a 408: the judge may or may not have taken what was sent.

    Attributes:
        wait_s: What the judge asked to wait, None where it did not say.
        taken: False where the judge certainly did not act on the request (429, refused connection).
        absent: Nobody answers at the address.
    """

    def __init__(
        self,
        what: str,
        *,
        wait_s: float | None = None,
        taken: bool = True,
        absent: bool = False,
    ) -> None:
        super().__init__(what)
        self.wait_s = wait_s
        self.taken = taken
        self.absent = absent


class Outages:
    """Tells of an outage when it begins, now and then while it lasts, and when it ends."""

    def __init__(self, wall: Wall) -> None:
        """Args:
        wall: The clock.
        """
        self.note: Callable[[str], None] = lambda line: None
        """Hears the lines."""
        self._wall = wall
        self._since_s: float | None = None
        self._told_s = 0.0

    def begin(self, outage: Outage) -> None:
        """A call failed; the first of several, or a later one."""
        now_s = self._wall.monotonic_s()
        if self._since_s is None:
            self._since_s = self._told_s = now_s
            self.note(f"the judge does not answer ({outage}); trying again")
        elif now_s - self._told_s >= TELL_EVERY_S:
            self._told_s = now_s
            self.note(f"the judge is still away after {now_s - self._since_s:.0f} s")

    def end(self) -> None:
        """A call was answered."""
        if self._since_s is not None:
            away_s = self._wall.monotonic_s() - self._since_s
            self._since_s = None
            self.note(f"the judge answers again, after {away_s:.0f} s")
