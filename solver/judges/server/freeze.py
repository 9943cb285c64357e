"""The scoreboard's freeze: planned for the end of the contest, or told by an admin."""

import time
from collections.abc import Callable

from solver.judges.server.present import Ice, Window
from solver.judges.server.store import ServerStore

NAME = "freeze"


class Freeze:
    """Knows what is hidden now; what an admin said is kept in the store and outlives a restart."""

    def __init__(
        self,
        store: ServerStore,
        window: Window,
        *,
        last_s: float | None = None,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        """Args:
        store: Where an admin's word is kept.
        window: When the contest runs.
        last_s: The contest's last seconds that are hidden; None freezes only when told.
        now_s: The clock.
        """
        self._store = store
        self._planned_s = None if last_s is None else max(window.start_s, window.end_s - last_s)
        self._end_s = window.end_s
        self._now_s = now_s

    def ice(self) -> Ice:
        """What holds at this moment."""
        told = self._store.told(NAME)
        if told is not None:
            return Ice(frozen_s=told["frozen_s"], thawed_s=told["thawed_s"])
        if self._planned_s is not None and self._planned_s <= self._now_s():
            return Ice(frozen_s=self._planned_s)
        return Ice()

    def freeze(self) -> None:
        """Hides the results of what is handed in from now on.

        Frozen already, or with the contest over, it stays as it is.
        """
        now_s = self._now_s()
        if self.ice().hides_from_s is None and now_s < self._end_s:
            self._store.tell(NAME, {"frozen_s": now_s, "thawed_s": None})

    def thaw(self) -> None:
        """Shows everything from now on."""
        ice = self.ice()
        if ice.hides_from_s is not None:
            self._store.tell(NAME, {"frozen_s": ice.frozen_s, "thawed_s": self._now_s()})
