"""What a repair prompt tells, and what it does not."""

from pathlib import Path

from problems.loading import load_task
from problems.verdict import Verdict
from solver.repair.findings import SHOWN_CHARACTERS, shown_input
from solver.sampling.config import SamplingConfig
from solver.sampling.prompts import Prompts
from solver.sampling.repairs import (
    Counterexample,
    Failing,
    RepairMode,
    RepairOrder,
    RepairPlan,
    keep_plan,
    kept_plan,
    plan_repairs,
)
from solver.types import Candidate, Tried

TASK = load_task(Path(__file__).parents[3] / "problems/bundled/contest/evens")


def candidate(name: str, source: str, parent: str | None = None) -> Candidate:
    return Candidate(
        id=name, task="evens", subtask=None, language="python3", source=source, parent=parent
    )


def counterexample(**fields: object) -> Counterexample:
    known = {
        "input_id": "a",
        "input": "1\n394106",
        "size_bytes": 9,
        "failing": Failing.WRONG,
        "got": "0",
        "expected": "1",
        "word": "3 programs of 2 kinds print this",
        "probability": 0.95,
    }
    return Counterexample.model_validate(known | fields)


def asked(order: RepairOrder, *candidates: Candidate, tried: tuple[Tried, ...] = ()) -> list[str]:
    plan = RepairPlan(orders=(order,))
    named = {one.id: one for one in candidates}
    config = SamplingConfig(repair_share=0.5)
    wanted = plan_repairs(TASK, config, Prompts(), plan, named, round=1, step=1, tried=tried)
    low, high = (0.2, 0.4) if order.mode is RepairMode.MEND else config.temperature
    assert all(low <= each.request.parameters.temperature <= high for each in wanted)
    assert {each.parent for each in wanted} <= {order.parent}
    return ["\n".join(turn.content for turn in each.request.messages) for each in wanted]


def order(**fields: object) -> RepairOrder:
    known = {
        "parent": "evens/1.0.0",
        "subtask": None,
        "mode": RepairMode.MEND,
        "drafts": 2,
        "examples": (counterexample(),),
    }
    return RepairOrder.model_validate(known | fields)


def test_it_tells_the_input_what_was_printed_what_is_expected_who_says_so_and_how_sure() -> None:
    mine = candidate("evens/1.0.0", "print('mine')")
    first, second = asked(order(), mine)
    assert first == second
    for told in ("print('mine')", "1\n394106", "```text\n0\n```", "```text\n1\n```"):
        assert told in first
    assert "3 programs of 2 kinds print this. This is very likely." in first
    assert "fewest changes" in first and "answer with the same program" in first
    assert "handed in" not in first


def test_a_fresh_draft_is_asked_for_in_other_words_and_a_limit_needs_no_output() -> None:
    slow = counterexample(failing=Failing.TIME, expected=None, word="nobody needs an answer")
    (told, *_) = asked(
        order(mode=RepairMode.FRESH, examples=(slow,)), candidate("evens/1.0.0", "x")
    )
    assert "runs out of time" in told and "find another one" in told
    assert "fewest changes" not in told and "Expected:" not in told and "It prints:" not in told


def test_the_judges_word_and_earlier_programs_stand_beside_it() -> None:
    first = candidate("evens/1.0.0", "print('first')")
    second = candidate("evens/1.1000.0", "print('second')", parent=first.id)
    word = Tried(candidate=second, points={"group1": 0.0}, verdict=Verdict.WA)
    (told, *_) = asked(order(parent=second.id, earlier=(first.id,)), first, second, tried=(word,))
    assert told.index("print('second')") < told.index("print('first')")
    assert "The judge's verdict: WA." in told and "group1: 0.0 of 20" in told


def test_an_order_whose_program_is_gone_is_left_out() -> None:
    assert asked(order()) == []


def test_a_long_input_is_told_by_its_size_its_shape_and_its_first_lines() -> None:
    short = b"3\n1 2 3\n"
    assert shown_input(short) == "3\n1 2 3"
    told = shown_input(b"100000\n" + b" ".join(b"%d" % n for n in range(100_000)) + b"\n")
    assert len(told) < SHOWN_CHARACTERS
    assert (
        "588897 bytes: 2 lines, the longest of 100000 words" in told and "\n100000\n0 1 2" in told
    )


def test_a_plan_is_read_as_it_was_kept_and_a_cut_one_is_none(tmp_path: Path) -> None:
    plan = RepairPlan(orders=(order(),), tokens=7, risk=0.25)
    file = tmp_path / "plan.json"
    keep_plan(file, plan)
    assert kept_plan(file) == plan
    file.write_bytes(file.read_bytes()[:-20])
    assert kept_plan(file) is None
