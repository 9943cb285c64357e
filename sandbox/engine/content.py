"""Content that runs refer to by number, placed once in each worker and shared by all its runs."""

import os
from collections import OrderedDict, deque
from dataclasses import dataclass

from sandbox.data import Blob
from sandbox.errors import SandboxError
from sandbox.limits import MIB

CAPACITY_ITEMS = 256
CAPACITY_BYTES = 1024 * MIB

MAX_TURN_ITEMS = CAPACITY_ITEMS
"""Items that one packet may name: there are numbers for twice that many."""


@dataclass(slots=True)
class Item:
    """A sealed memfd of a Blob's content; the Blob is held, so that its identity stays taken."""

    number: int
    serial: int
    fd: int
    blob: Blob
    turn: int


class ContentStore:
    """Sealed content by Blob, the least recently used let go first. Not safe to share by threads.

    A turn is a packet: what its jobs name is not let go before the next turn begins, however much
    it is, since the packet carries the items' descriptors and its jobs their numbers.

    Attributes:
        evictions: How many items were let go so far; workers look for theirs when it has grown.
        evicted_bytes: How large these were together.
    """

    def __init__(self) -> None:
        self.evictions = 0
        self.evicted_bytes = 0
        self._items: OrderedDict[int, Item] = OrderedDict()
        self._serials: dict[int, int] = {}
        self._free = deque(range(CAPACITY_ITEMS + MAX_TURN_ITEMS))
        self._next_serial = 0
        self._bytes = 0
        self._turn = 0
        self._closed = False

    def next_turn(self) -> None:
        """A new packet: what it names stays at least until the next one."""
        self._turn += 1

    @property
    def is_full(self) -> bool:
        """Whether this turn holds more than the store is meant to: send the packet."""
        return self._bytes > CAPACITY_BYTES or len(self._items) > CAPACITY_ITEMS

    def place(self, blob: Blob) -> Item:
        """The item of that Blob, made if it is not there.

        Raises:
            OSError: No memory, no descriptor, or the file behind the Blob is gone.
            SandboxError: The store is closed.
        """
        if self._closed:
            raise SandboxError("the sandbox is closed")
        item = self._items.get(id(blob))
        if item is not None:
            item.turn = self._turn
            self._items.move_to_end(id(blob))
            return item
        self._make_room(blob.size_bytes)
        if not self._free:
            raise SandboxError(f"one packet names over {MAX_TURN_ITEMS} files")
        fd = blob.seal()
        self._next_serial += 1
        item = Item(self._free.popleft(), self._next_serial, fd, blob, self._turn)
        self._serials[item.number] = item.serial
        self._bytes += blob.size_bytes
        self._items[id(blob)] = item
        return item

    def is_current(self, number: int, serial: int) -> bool:
        """Whether `number` still stands for the item of that serial number."""
        return self._serials.get(number) == serial

    def close(self) -> None:
        """Lets everything go, and places nothing any more."""
        self._closed = True
        for item in self._items.values():
            os.close(item.fd)
        self._items.clear()
        self._serials.clear()
        self._bytes = 0

    def _make_room(self, size_bytes: int) -> None:
        while self._items:
            key, item = next(iter(self._items.items()))
            full = len(self._items) >= CAPACITY_ITEMS or self._bytes + size_bytes > CAPACITY_BYTES
            if not full or item.turn == self._turn:
                return
            del self._items[key]
            os.close(item.fd)
            self._free.append(item.number)
            del self._serials[item.number]
            self.evictions += 1
            self.evicted_bytes += item.blob.size_bytes
            self._bytes -= item.blob.size_bytes
