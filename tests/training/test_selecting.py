"""Which right programs become rows."""

from collections import Counter
from pathlib import Path

import made
import pytest

from solver.sampling.config import SamplingConfig
from solver.training.building import program_rows
from solver.training.collecting import collect_rows
from solver.training.errors import TrainingError
from solver.training.rows import Difficulty, Kind
from solver.training.selecting import SelectConfig, cells_of, chosen
from solver.training.verifier_prompt import VerifierPrompts


def texts(count: int, what: str = "a") -> list[str]:
    return [f"print(input() + '{what}{number}')" for number in range(count)]


def test_the_same_program_in_other_words_is_one_row() -> None:
    same = ["x = int(input())\nprint(x)\n", "n=int(input())  # read\nprint(n)\n"]
    (cell,) = cells_of([made.source(made.task("t"), [(one, "a", [True]) for one in same])])
    assert cell.solved == cell.total == 2
    assert [one.candidate.source for one in cell.right] == same[:1]


def test_programs_that_behave_alike_do_not_fill_a_subtask() -> None:
    programs = [(text, "common", [True]) for text in texts(9)]
    programs += [(text, "rare", [True]) for text in texts(1, "b")]
    cells = cells_of([made.source(made.task("t"), programs)])
    kept = [one.candidate.source for _, one in chosen(cells, SelectConfig(per_behaviour=3))]
    assert len(kept) == 4
    # The rare one is among the first two: one of each behaviour before a second of any.
    assert texts(1, "b")[0] in kept[:2]


def test_a_program_that_is_right_on_a_part_is_a_row_of_that_part_alone() -> None:
    task = made.task("t", subtasks=2)
    task = made.replace_versions(task)
    programs = [("print(1)", "a", [True, False]), ("print(2)", "b", [False, False])]
    rows = program_rows(chosen(cells_of([made.source(task, programs)]), SelectConfig()), PROMPTS)
    (row,) = rows
    assert (row.subtask, row.share) == ("s0", 1.0)
    assert "version of s0" in row.prompt and 'subtask "s0" alone' in row.prompt
    assert row.completion == "```python\nprint(1)\n```"


PROMPTS = VerifierPrompts()


def test_where_rows_are_few_tasks_and_difficulties_share_them() -> None:
    easy = [(text, f"e{n}", [True]) for n, text in enumerate(texts(40))]
    hard = [(text, f"h{n}", [n < 3]) for n, text in enumerate(texts(40))]
    sources = [
        made.source(made.task("easy1"), easy),
        made.source(made.task("easy2"), easy),
        made.source(made.task("hard1"), hard),
        made.source(made.task("hard2"), hard),
    ]
    kept = chosen(cells_of(sources), SelectConfig(rows=8, per_cell=20))
    assert Counter(cell.of.task.name for cell, _ in kept) == {
        "easy1": 2,
        "easy2": 2,
        "hard1": 2,
        "hard2": 2,
    }
    assert kept[0][0].difficulty is Difficulty.HARD


def test_the_judges_word_becomes_as_many_right_as_wrong_rows() -> None:
    programs = [(text, f"{n}", [n < 2]) for n, text in enumerate(texts(9))]
    found = collect_rows(
        [made.source(made.task("t"), programs)], SelectConfig(per_cell=8), kinds=[Kind.VERDICT]
    )
    assert Counter((row.completion, row.share) for row in found.rows) == {
        ("RIGHT", 1.0): 2,
        ("WRONG", 0.0): 2,
    }


def test_what_is_held_out_is_left_out_and_the_card_says_so() -> None:
    from solver.training.honesty import HeldOut

    programs = [("print(1)", "a", [True])]
    own = made.task("own", "Print one.")
    other = made.task("other")
    sources = [made.source(own, programs), made.source(other, programs, contest="final")]
    held = HeldOut.of(made.held(other, "final"), whole_contest=False)
    found = collect_rows(sources, SelectConfig(), held_out=[held])
    assert [row.task for row in found.rows] == ["own"]
    assert found.card["held_out"] == ["final/other"]
    assert {one["task"] for one in found.card["left_out"]} == {"other"}
    (origin,) = found.card["origins"]
    assert (origin["candidate"], origin["place"], origin["contest"]) == (
        "own/0",
        "pool.jsonl",
        "cup",
    )
    with pytest.raises(TrainingError, match="held-out tasks: final/other is in 1 rows"):
        collect_rows(sources[1:], SelectConfig(), held_out=[held])


def test_rows_are_asked_as_the_model_is_sampled(tmp_path: Path) -> None:
    (tmp_path / "candidate.jinja").write_text(
        "{% block system %}own{% endblock %}{% block user %}Do {{ task.name }}.{% endblock %}"
    )
    source = made.source(made.task("t"), [("print(1)", "a", [True])])
    asked = SamplingConfig(prompts=str(tmp_path))
    (row,) = collect_rows([source], SelectConfig(), asked=asked).rows
    assert [turn.content for turn in row.messages] == ["own", "Do t."]
    asked = asked.model_copy(update={"system": "Be brief."})
    (row,) = collect_rows([source], SelectConfig(), asked=asked).rows
    assert [turn.content for turn in row.messages] == ["Be brief.", "Do t."]
