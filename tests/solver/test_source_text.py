"""One encoding of a source: whoever compiles, digests or hands in a program has the same bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from problems.task import Statement, Subtask, Task, TaskLimits, TaskType
from solver.observing.families import families_of
from solver.sampling.answers.dedup import representatives
from solver.source_text import cleaned, encoded
from solver.submissions import as_submission, text_digest
from solver.types import Candidate

TASK = Task(
    name="t",
    title="t",
    type=TaskType.BATCH,
    statement=Statement(text=""),
    subtasks=(Subtask(name="all", max_points=1.0),),
    examples=(),
    limits=TaskLimits(time_s=1.0, memory_bytes=2**28),
    scored=False,
)


def candidate(source: str) -> Candidate:
    return Candidate(id="c", task="t", subtask=None, language="python3", source=source)


@given(st.text(st.characters(codec=None)))
def test_every_text_has_bytes_and_cleaning_keeps_them(text: str) -> None:
    assert encoded(cleaned(text)) == encoded(text)
    assert cleaned(cleaned(text)) == cleaned(text)
    if not any(0xD800 <= ord(each) <= 0xDFFF for each in text):
        assert cleaned(text) == text


@pytest.mark.parametrize("half", ["\ud800", "\udbff", "\udc80", "\udfff"])
def test_what_is_handed_in_is_what_is_digested(half: str) -> None:
    made = candidate(f"print(1)  # {half} five words of a comment\nx = '{half}'\n")
    (handed_in,) = as_submission(TASK, made).sources.values()
    assert handed_in == encoded(made.source)
    tidy = candidate(cleaned(made.source))
    assert text_digest(made) == text_digest(tidy)
    assert representatives([made, tidy]) == [0, 0]
    assert len(set(families_of([made.source, tidy.source]).tolist())) == 1
