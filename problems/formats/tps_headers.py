"""Role: the label at the head of a jury program that TPS exported: its entry of `solutions.json`.

The export keeps no `solutions.json`, only a folder for each general word; which subtasks end
otherwise ("except") stands, in some of the IOI's tasks, in a comment before the program:

    // solution/NAME
    // {"verdict": WORD, "except": {SUBTASK: WORD}}      (over as many lines as it takes)
    // END HEADER
"""

import re
from collections.abc import Collection
from pathlib import Path

from problems.errors import PackageError
from problems.files.documents import parse_json
from problems.formats.tps_labels import SolutionWords, entry_of, word_of
from problems.submission import Submission

_COMMENT = re.compile(r"\s*(?://|#)")
_END = "END HEADER"
_MOST_LINES = 200


def header_of(
    submission: Submission, path: Path, folder_word: str, subtasks: Collection[str]
) -> tuple[SolutionWords | None, str]:
    """What a program's header says, and a note where it says something that cannot be used.

    Args:
        path: The program's file, for the note.
        folder_word: The word of the folder that it lies in, which the header's must agree with.
        subtasks: Names that may be excepted, as TPS has them, those without points too.
    """
    if len(submission.sources) != 1:
        return None, ""
    (content,) = submission.sources.values()
    text = _header(content.decode(errors="replace"))
    if text is None:
        return None, ""
    try:
        words = entry_of(parse_json(text, path))
    except PackageError as error:
        return None, f"its header is not used: {error}"
    unknown = next((name for name in words.exceptions if name not in subtasks), None)
    if unknown is not None:
        return None, f"{path}: its header is not used: no subtask is called {unknown!r}"
    if words.verdict != word_of(folder_word):
        reason = f"it says {words.verdict!r}, the folder {folder_word!r}"
        return None, f"{path}: its header is not used: {reason}"
    return words, ""


def _header(text: str) -> str | None:
    """The JSON of the header, its lines where they were; None where there is no header."""
    found: list[str] = []
    for line in text.splitlines()[:_MOST_LINES]:
        mark = _COMMENT.match(line)
        if mark is None:
            return None
        inner = line[mark.end() :]
        if inner.strip() == _END:
            return "\n".join(found)
        # Before the opening brace stands the file's name.
        found.append(inner if any(found) or inner.lstrip().startswith("{") else "")
    return None
