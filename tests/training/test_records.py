"""Rows for a repairer and a verifier, from what a run's repair rounds kept."""

import json
from dataclasses import replace
from pathlib import Path

import made
import pytest

from solver.kept.samples import RunFolder, StoredSample
from solver.sampling.plan import CELL_NUMBERS, ROUND_NUMBERS, STEP_CELLS
from solver.sampling.repairs import (
    Counterexample,
    Failing,
    RepairMode,
    RepairOrder,
    RepairPlan,
    keep_plan,
)
from solver.training.records import break_rows, repair_rows, verdict_rows
from solver.training.rows import Kind
from solver.training.sources import Source
from solver.training.verifier_prompt import VerifierPrompts

PARENT, MENDED, WORSE = (
    ROUND_NUMBERS,
    *(ROUND_NUMBERS + STEP_CELLS * CELL_NUMBERS + index for index in range(2)),
)
ASKED = [["system", "You mend."], ["user", "It fails on 7.\n```\nprint(0)\n```"]]


def sample(number: int, prompt: str, parent: str | None = None) -> StoredSample:
    return StoredSample(
        key=str(number),
        task="t",
        kind="candidate",
        subtask=None,
        number=number,
        text="",
        logprob=None,
        tokens=1,
        prompt_tokens=1,
        finish="stop",
        model="m",
        elapsed_s=0.0,
        extra={"prompt": prompt} | ({"parent": parent} if parent else {}),
    )


@pytest.fixture
def run(tmp_path: Path) -> Source:
    """A program that is wrong, a draft that mended it, and one that did not."""
    names = ["t/1.0.0", "t/1.1000.0", "t/1.1000.1"]
    programs = [("print(0)", "a", [False]), ("print(1)", "b", [True]), ("print(2)", "c", [False])]
    one = made.source(made.task("t"), programs)
    candidates = tuple(
        replace(each, id=name, parent=names[0] if row else None)
        for row, (each, name) in enumerate(zip(one.candidates, names, strict=True))
    )
    with RunFolder(tmp_path) as kept:
        asked = kept.blobs.put(json.dumps(ASKED).encode())
        plain = kept.blobs.put(b"[]")
        kept.add(
            [
                sample(PARENT, plain),
                sample(MENDED, asked, names[0]),
                sample(WORSE, asked, names[0]),
            ]
        )
    known = Counterexample(
        input_id="i", input="7", size_bytes=2, failing=Failing.WRONG, word="w", probability=0.9
    )
    longer = known.model_copy(update={"input": "7 8 9", "size_bytes": 6})
    cut = known.model_copy(update={"input": "(9000 bytes: ...)", "size_bytes": 9000})
    orders = [
        RepairOrder(parent=parent, subtask=None, mode=RepairMode.MEND, drafts=1, examples=examples)
        # The votes held the right one to be wrong as well; the judge knows better.
        for parent, examples in (
            (names[0], (longer, known)),
            (names[1], (known,)),
            (names[2], (cut,)),
        )
    ]
    (tmp_path / "t").mkdir()
    keep_plan(tmp_path / "t/repair-1-1-64.json", RepairPlan(orders=tuple(orders)))
    return replace(one, place=str(tmp_path), candidates=candidates)


def test_a_draft_that_mended_its_program_is_a_row_with_the_prompt_that_asked_for_it(
    run: Source,
) -> None:
    (row,) = repair_rows([run])
    assert [[turn.role, turn.content] for turn in row.messages] == ASKED
    assert (row.kind, row.completion) == (Kind.REPAIR, "```python\nprint(1)\n```")
    assert (row.origin.candidate, row.origin.parent) == ("t/1.1000.0", "t/1.0.0")
    assert repair_rows([replace(run, place="pool.jsonl")]) == []


def test_the_shortest_whole_input_that_breaks_a_wrong_program_is_a_row(run: Source) -> None:
    (row,) = break_rows([run], VerifierPrompts())
    assert row.origin.candidate == "t/1.0.0" and "print(0)" in row.prompt
    assert row.completion == "It fails on this input:\n```text\n7\n```"


def test_a_verifier_is_told_the_input_where_one_is_known(run: Source) -> None:
    said = {
        row.origin.candidate: row.completion for row in verdict_rows([run], VerifierPrompts(), 6)
    }
    assert said.pop("t/1.1000.0") == "RIGHT"
    (wrong,) = said.values()  # as many wrong ones as right ones
    assert wrong in ("WRONG", "WRONG\n\nIt fails on this input:\n```text\n7\n```")
