"""What programs did on inputs, on disk: kept a program and block of inputs at a time (stage 5)."""

from pathlib import Path

import numpy as np
import zstandard
from numpy.typing import NDArray

from sandbox.data import Blob
from solver.kept.durable import DurableFile

Observed = tuple[NDArray[np.uint8], NDArray[np.uint64], NDArray[np.float32]]
"""Status, output digest and CPU seconds of one program on I inputs: three (I,) arrays."""

_OUTPUT_BYTES = 256 * 1024
_TABLES = """
CREATE TABLE IF NOT EXISTS observation (program TEXT, inputs TEXT, status BLOB, digest BLOB,
    cpu_s BLOB, PRIMARY KEY (program, inputs)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS output (digest TEXT PRIMARY KEY, content BLOB);
"""


class ObservationStore:
    """What programs did, by (program, block of inputs)."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file.

        Raises:
            RunFolderError: The disk is full, here and in what is kept later.
        """
        self._file = DurableFile(path, what="a file of observations")
        self._file.script(_TABLES)

    def keep_output(self, digest: int, output: Blob) -> None:
        """Keeps an output for a checker to compare; one that is too large stays by itself."""
        if output.size_bytes <= _OUTPUT_BYTES:
            packed = zstandard.compress(output.read())
            with self._file.transaction() as file:
                file.execute("INSERT OR IGNORE INTO output VALUES (?, ?)", (str(digest), packed))

    def outputs(self) -> dict[int, bytes]:
        """Digest to content, all that were kept."""
        rows = self._file.rows("SELECT digest, content FROM output")
        return {int(digest): zstandard.decompress(packed) for digest, packed in rows}

    def load(self, program: str, inputs: str, count: int) -> Observed | None:
        """One program's row over `count` inputs, None where it was not observed yet."""
        row = self._file.row(
            "SELECT status, digest, cpu_s FROM observation WHERE program = ? AND inputs = ?",
            (program, inputs),
        )
        if row is None or len(row[0]) != count:
            return None
        return (
            np.frombuffer(row[0], dtype=np.uint8),
            np.frombuffer(row[1], dtype=np.uint64),
            np.frombuffer(row[2], dtype=np.float32),
        )

    def save(self, program: str, inputs: str, observed: Observed) -> None:
        """Keeps one program's row."""
        status, digest, cpu_s = observed
        with self._file.transaction() as file:
            file.execute(
                "INSERT OR REPLACE INTO observation VALUES (?, ?, ?, ?, ?)",
                (program, inputs, status.tobytes(), digest.tobytes(), cpu_s.tobytes()),
            )

    def close(self) -> None:
        """Closes the file."""
        self._file.close()
