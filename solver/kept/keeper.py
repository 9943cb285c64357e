"""Stage 2, during: answers go to the disk in a thread of their own, as many at a time as came in.

One transaction an answer would wait for the disk ten thousand times; a fixed batch would hold back
answers that were paid for. So a commit takes whatever has come in during the one before.
"""

import queue
import threading
from collections.abc import Callable, Sequence

from solver.errors import RunFolderError
from solver.kept.samples import RunFolder, StoredSample

MOST_AT_ONCE = 256


class Keeper:
    """Writes samples to the run folder in the order in which they came."""

    def __init__(self, run: RunFolder, kept: Callable[[Sequence[StoredSample]], None]) -> None:
        """Args:
        kept: Called in the keeper's thread with samples that are on the disk now.
        """
        self._run = run
        self._kept = kept
        # Bounded: an engine must not run ahead of a disk that is slower.
        self._waiting: queue.Queue[StoredSample | None] = queue.Queue(2 * MOST_AT_ONCE)
        self._failure: RunFolderError | None = None
        self._thread = threading.Thread(target=self._write, name="keeper")

    def __enter__(self) -> "Keeper":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Waits until all that was given is on the disk, also after an interruption."""
        self._waiting.put(None)
        self._thread.join()

    def keep(self, sample: StoredSample) -> None:
        """Hands a sample over.

        Raises:
            RunFolderError: An earlier one could not be written.
        """
        self.check()
        self._waiting.put(sample)

    def check(self) -> None:
        """Raises the failure of an earlier write, if there was one."""
        if self._failure is not None:
            raise self._failure

    def _write(self) -> None:
        ended = False
        while not ended:
            batch: list[StoredSample] = []
            item = self._waiting.get()
            while item is not None:
                batch.append(item)
                if len(batch) == MOST_AT_ONCE:
                    break
                try:
                    item = self._waiting.get_nowait()
                except queue.Empty:
                    break
            ended = item is None
            # After a failure the queue is still emptied, so that nobody waits for room in it.
            if batch and self._failure is None:
                self._add(batch)

    def _add(self, batch: Sequence[StoredSample]) -> None:
        try:
            self._run.add(batch)
            self._kept(batch)
        except RunFolderError as error:
            if len(batch) == 1:
                self._failure = error
                return
            # A disk that is nearly full has room for some of them still, and all were paid for.
            for sample in batch:
                if self._failure is None:
                    self._add([sample])
