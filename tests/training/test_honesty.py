"""A held-out task is found in the rows however it came there."""

from dataclasses import replace
from pathlib import Path

import made
from click.testing import CliRunner

from problems.task import Statement
from solver.cli.app import cli
from solver.training.honesty import HeldOut, overlaps
from solver.training.rows import read_rows, write_rows

ROOT = Path(__file__).parents[2]
CONTEST = ROOT / "problems/bundled/contest"


def seen(row_task, held_task, *, contest: str = "cup", whole: bool = False) -> set[str]:
    held = HeldOut.of(made.held(held_task, "final"), whole_contest=whole)
    return {one.by for one in overlaps([made.row(row_task, contest)], [held])}


def test_another_task_is_not_held_for_it() -> None:
    plain = made.task("own", "Sort the given list of words by length and print the longest.")
    assert seen(plain, made.task("other")) == set()


def test_by_name_by_contest_by_statement_by_examples() -> None:
    other = made.task("other")
    plain = replace(other, statement=Statement(text="Something else altogether, in few words."))
    assert seen(replace(plain, examples=()), other) == {"task"}
    own = replace(plain, name="own", title="Own", examples=())
    assert seen(own, other, contest="Final", whole=True) == {"contest"}
    assert seen(own, other, contest="Final") == set()
    copied = replace(own, statement=other.statement)
    assert seen(copied, other) == {"statement"}


def test_a_statement_that_was_touched_up_is_still_seen() -> None:
    other = made.task("other")
    text = other.statement.text.replace("baker", "miller").replace("sheep", "goats").upper()
    own = replace(other, name="own", title="Own", statement=Statement(text=text), examples=())
    assert seen(own, other) == {"statement"}


def test_long_examples_tell_a_task_and_short_ones_do_not() -> None:
    other = made.task("other")
    example = replace(other.examples[0], input=b"7 3 9 12 4 4 8 1 100 32 7\n", output=b"187\n")
    own = replace(
        other, name="own", title="Own", statement=Statement(text="Add."), examples=(example,)
    )
    assert seen(own, replace(other, examples=(example,))) == {"examples"}
    assert seen(replace(own, examples=other.examples), other) == set()


def test_a_form_letter_of_many_tasks_is_no_copy_but_many_copies_are() -> None:
    letter = (
        "The first line has one integer, the number of things. The second line has so many "
        "integers. Print one integer on a line of its own and nothing else, as the judge reads it."
    )

    def with_letter(name: str, own: str):
        return replace(made.task(name), statement=Statement(text=f"{own} {letter}"), examples=())

    tasks = [
        with_letter(name, f"How many {name} stand on the {name} shelf when {name} are sold twice?")
        for name in ("apples", "pears", "plums", "nuts")
    ]
    held = HeldOut.of(made.held(tasks[0]), whole_contest=False)
    assert overlaps([made.row(one) for one in tasks[1:]], [held]) == []
    copies = [replace(tasks[0], name=f"copy{n}", title=f"Copy {n}") for n in range(4)]
    found = overlaps([made.row(one) for one in copies], [held])
    assert {(one.task, one.by) for one in found} == {(f"copy{n}", "statement") for n in range(4)}


def test_the_command_names_what_overlaps_and_ends_with_1(tmp_path: Path) -> None:
    from solver.training.sources import tasks_in

    apples = tasks_in([CONTEST / "apples"])["apples"]
    write_rows(tmp_path / "rows.jsonl", [made.row(replace(apples.task, name="fruit"), "mine")])
    assert read_rows(tmp_path)[0].task == "fruit"
    words = ["train", "check", str(tmp_path), "--held-out"]
    done = CliRunner().invoke(cli, [*words, str(CONTEST)])
    assert done.exit_code == 1
    assert "Lighthouse Cup/apples is in 1 rows of task fruit, by statement" in done.output
    assert "evens" not in done.output
    fine = CliRunner().invoke(cli, [*words, str(CONTEST / "evens")])
    assert fine.exit_code == 0 and "none of 1 held-out tasks" in fine.output


def test_a_line_that_is_no_row_is_named(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"id": "x"}\n')
    done = CliRunner().invoke(
        cli, ["train", "check", str(tmp_path), "--held-out", str(CONTEST / "evens")]
    )
    assert "rows.jsonl:1" in str(done.exception)
