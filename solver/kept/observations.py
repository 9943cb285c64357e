"""What programs did on inputs, on disk: kept a program and block of inputs at a time (stage 5)."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import zstandard
from numpy.typing import NDArray

from sandbox.data import Blob
from solver.kept.durable import DurableFile

Observed = tuple[NDArray[np.uint8], NDArray[np.uint64], NDArray[np.float32]]
"""Status, output digest and CPU seconds of one program on I inputs: three (I,) arrays."""

_OUTPUT_BYTES = 256 * 1024
# `seen` holds the three arrays of a row one behind the other, compressed with a checksum: a damaged
# page must not pass for a program that behaved otherwise.
_TABLES = """
CREATE TABLE IF NOT EXISTS seen (program TEXT, inputs TEXT, count INTEGER, packed BLOB,
    PRIMARY KEY (program, inputs)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS output (digest TEXT PRIMARY KEY, content BLOB);
"""
_REMEDY = "remove it, with the -wal and -shm files beside it, and run again: it is made anew"


class ObservationStore:
    """What programs did, by (program, block of inputs)."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file.

        Raises:
            RunFolderError: The disk is full or the file damaged, here and in all methods.
        """
        self._file = DurableFile(path, what="a file of observations", remedy=_REMEDY)
        self._file.script(_TABLES)
        self._outputs: set[int] = set()

    def output(self, digest: int) -> bytes | None:
        """The output with this digest, None where it was not kept."""
        row = self._file.row("SELECT content FROM output WHERE digest = ?", (str(digest),))
        with self._file.making_sense():
            return None if row is None else zstandard.decompress(row[0])

    def keeps(self, digest: int) -> bool:
        """Whether this output is on the disk already, as far as this process knows."""
        return digest in self._outputs

    def load(self, program: str, inputs: str, count: int) -> Observed | None:
        """One program's row over `count` inputs, None where it was not observed yet."""
        row = self._file.row(
            "SELECT count, packed FROM seen WHERE program = ? AND inputs = ?", (program, inputs)
        )
        if row is None or row[0] != count:
            return None
        with self._file.making_sense():
            content = zstandard.decompress(row[1])
            if len(content) != count * _BYTES:
                raise ValueError(f"{len(content)} bytes for {count} inputs")
        # Copies: the arrays must not lie in memory that cannot be written to.
        return (
            np.frombuffer(content, np.uint8, count).copy(),
            np.frombuffer(content, np.uint64, count, offset=count).copy(),
            np.frombuffer(content, np.float32, count, offset=9 * count).copy(),
        )

    def check(self) -> int:
        """Reads all rows and outputs and tells how many rows there are.

        Raises:
            RunFolderError: The file is damaged.
        """
        self._file.check()
        rows = self._file.rows("SELECT program, inputs, count FROM seen")
        for program, inputs, count in rows:
            self.load(program, inputs, count)
        for (digest,) in self._file.rows("SELECT digest FROM output"):
            self.output(int(digest))
        return len(rows)

    def save(
        self, program: str, inputs: str, observed: Observed, outputs: Mapping[int, bytes]
    ) -> None:
        """Keeps one program's row, and outputs for a checker to compare, both or neither.

        Args:
            outputs: Digest to content, as `packed_output` makes it.
        """
        status, digest, cpu_s = observed
        content = (
            status.astype(np.uint8).tobytes()
            + digest.astype(np.uint64).tobytes()
            + cpu_s.astype(np.float32).tobytes()
        )
        packed = _packed(content)
        rows = [(str(one), output) for one, output in outputs.items()]

        def write(file: sqlite3.Connection) -> None:
            file.executemany("INSERT OR IGNORE INTO output VALUES (?, ?)", rows)
            file.execute(
                "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)",
                (program, inputs, len(status), packed),
            )

        self._file.commit(write)
        self._outputs |= outputs.keys()

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


_BYTES = 1 + 8 + 4
"""Of one input in `seen`."""


def packed_output(output: Blob) -> bytes | None:
    """An output as `save` takes it; None for one that is too large, which stays by itself."""
    return _packed(output.read()) if output.size_bytes <= _OUTPUT_BYTES else None


def _packed(content: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(content)
