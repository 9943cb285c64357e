"""Stage 4, its memory while it works: what programs answered, so that a killed run asks once."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import zstandard

from sandbox.data import digest_of
from solver.kept.durable import DurableFile

_AT_ONCE = 500
_REMEDY = "remove it, with the -wal and -shm files beside it, and run again: helpers are asked anew"


class KeptAnswers:
    """Question (a digest) to answer (bytes), in the run folder's `answers.sqlite`."""

    def __init__(self, run: Path) -> None:
        """Opens or makes the file.

        Raises:
            RunFolderError: The disk is full or the file damaged, here and in all methods.
        """
        self._file = DurableFile(run / "answers.sqlite", what="a file of answers", remedy=_REMEDY)
        self._file.script(
            "CREATE TABLE IF NOT EXISTS answer (question TEXT PRIMARY KEY, content BLOB) "
            "WITHOUT ROWID;"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def load(self, questions: Sequence[str]) -> dict[str, bytes]:
        """Those of the questions that were answered."""
        found: dict[str, bytes] = {}
        for start in range(0, len(questions), _AT_ONCE):
            part = tuple(questions[start : start + _AT_ONCE])
            marks = ",".join("?" * len(part))
            query = f"SELECT question, content FROM answer WHERE question IN ({marks})"
            rows = self._file.rows(query, part)
            with self._file.making_sense():
                found |= {question: zstandard.decompress(packed) for question, packed in rows}
        if not found.keys() <= set(questions):
            raise self._file.damaged("it answers what was not asked")
        return found

    def check(self) -> int:
        """Reads all answers and tells how many there are.

        Raises:
            RunFolderError: The file is damaged.
        """
        self._file.check()
        questions = [row[0] for row in self._file.rows("SELECT question FROM answer")]
        for start in range(0, len(questions), _AT_ONCE):
            self.load(questions[start : start + _AT_ONCE])
        return len(questions)

    def save(self, answers: Mapping[str, bytes]) -> None:
        """Keeps answers, all or none of them."""
        if not answers:
            return
        # With a checksum: a damaged page must not pass for another answer.
        packer = zstandard.ZstdCompressor(write_checksum=True)
        rows = [(question, packer.compress(one)) for question, one in answers.items()]
        self._file.commit(
            lambda file: file.executemany("INSERT OR REPLACE INTO answer VALUES (?, ?)", rows)
        )


def question_of(*parts: str) -> str:
    """A question's name: who was asked what."""
    return digest_of("\0".join(parts).encode())
