"""How large the inputs get, and which of them are run; the validator runs in the real sandbox."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pytest
from worlds import make_task

from problems.task import Statement, Task
from sandbox.compiling.compile import Compiler
from sandbox.data import digest_of
from solver.breaking.config import BreakingConfig
from solver.breaking.drafts import Drafts
from solver.breaking.ladder import large_drafts, rungs
from solver.breaking.legal import Legal
from solver.breaking.workplace import Workplace
from solver.kept.answers import KeptAnswers
from solver.observing.helpers import HelperBench
from solver.types import GeneratedInput, HelperKind, HelperProgram, InputOrigin

# Two rows of numbers, each with its own count; `most` numbers in both together.
VALIDATOR = """import sys
lines = [line.split() for line in sys.stdin.read().split("\\n")[:-1]]
ok = len(lines) == 3 and len(lines[0]) == 2
if ok:
    n, m = map(int, lines[0])
    ok = [len(lines[1]), len(lines[2])] == [n, m] and 1 <= n <= 4000 and 1 <= m <= 2000
    ok = ok and n + m <= {most} and all(0 <= int(x) <= 9 for line in lines[1:] for x in line)
sys.exit(0 if ok else 1)
"""
SAMPLES = (b"3 2\n9 2 0\n4 8\n", b"1 4\n7\n1 9 2 9\n", b"2 1\n0 5\n3\n", b"5 3\n1 9 0 4 5\n6 0 8\n")


def given(content: bytes) -> GeneratedInput:
    return GeneratedInput(
        id=digest_of(content),
        content=content,
        subtasks=frozenset({"all"}),
        origin=InputOrigin.GENERATOR,
    )


def task_of() -> Task:
    task = make_task(1)
    words = Statement(text="At most 4000 numbers, then at most 2000.")
    subtask = dataclasses.replace(task.subtasks[0], name="all")
    return dataclasses.replace(task, statement=words, subtasks=(subtask,), examples=())


def large(
    compiler: Compiler, run: Path, most: int, inputs: Sequence[bytes]
) -> tuple[Workplace, list[GeneratedInput]]:
    task = task_of()
    source = VALIDATOR.format(most=most)
    helper = HelperProgram(id="v", kind=HelperKind.VALIDATOR, language="python3", source=source)
    with KeptAnswers(run) as answers:
        drafts = Drafts([], ["all"], compiler, answers, seed=1)
        place = Workplace.of(task, [helper], drafts, [given(one) for one in inputs])
        legal = Legal(task, HelperBench([helper], compiler, kept=answers), list(inputs))
        assert legal.trusted
        return place, large_drafts(place, legal, BreakingConfig())


@pytest.mark.parametrize(("most", "both"), [(6000, 6000), (4500, 2000)])
def test_all_counts_are_large_at_once(
    compiler: Compiler, tmp_path: Path, most: int, both: int
) -> None:
    _, found = large(compiler, tmp_path, most, SAMPLES)
    sizes = [tuple(map(int, one.content.split(b"\n")[0].split())) for one in found]
    # Each by itself as before, and both together as far as their sum lets them.
    assert max(n for n, _ in sizes) == 4000 and max(m for _, m in sizes) == 2000
    assert max(n + m for n, m in sizes if min(n, m) >= 100) >= both


def test_an_input_of_another_shape_is_run_beside_one_that_was_a_little_longer(
    compiler: Compiler, tmp_path: Path
) -> None:
    # The generators wrote a long input by themselves: a path, say. The star is no longer than it.
    longer = b"4000 2000\n" + b" ".join([b"1"] * 4000) + b"\n" + b" ".join([b"2"] * 2000) + b"\n"
    place, found = large(compiler, tmp_path, 6000, [*SAMPLES, longer])
    chosen = rungs(found, place, 6)
    fresh = [one for one in chosen if one.id != digest_of(longer)]
    assert sum(2 * len(one.content) > len(longer) for one in fresh) >= 3
