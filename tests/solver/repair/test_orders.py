"""Which programs are repaired, how, and when another round is not worth it."""

from typing import cast

import numpy as np
import pytest
from worlds import make_task

from sandbox.data import digest_of
from solver.cli.solve import solve
from solver.observing.bench import Bench
from solver.observing.build import Programs
from solver.repair.findings import Finding, Looked
from solver.repair.orders import orders_of, pair_of
from solver.repair.stops import LEAST_RISK, MARGIN, plain_gain, promised, repair_gain, some_right
from solver.sampling.repairs import Failing, RepairMode
from solver.strategies.base import View
from solver.types import (
    Behaviour,
    Candidate,
    Clusters,
    Estimate,
    FeedbackMode,
    GeneratedInput,
    InputOrigin,
    RunStatus,
)


def looked(labels: list[int], chances: list[float], drafts_from: int | None = None) -> Looked:
    """One subtask; the candidates from `drafts_from` on came by repair."""
    programs = len(labels)
    candidates = tuple(
        Candidate(
            id=f"made/{n}",
            task="made",
            subtask=None,
            language="python3",
            source=f"print({n})\n",
            parent="made/0" if drafts_from is not None and n >= drafts_from else None,
        )
        for n in range(programs)
    )
    view = View(
        task=make_task(1),
        candidates=candidates,
        behaviour=Behaviour(
            candidate_ids=tuple(one.id for one in candidates),
            input_ids=("a", "b", "c", "d"),
            status=np.full((programs, 4), RunStatus.OK, dtype=np.uint8),
            digest=np.tile(np.arange(1, programs + 1, dtype=np.uint64)[:, None], 4),
            cpu_s=np.zeros((programs, 4), dtype=np.float32),
            in_subtask=np.ones((4, 1), dtype=np.bool_),
            expected=np.zeros(4, dtype=np.uint64),
            subtasks=("s0",),
        ),
        clusters=Clusters(
            label=np.array(labels, dtype=np.int32)[:, None],
            near=np.array(labels, dtype=np.int32)[:, None],
        ),
        estimate=Estimate(
            probability=np.array(chances)[:, None],
            features=np.zeros((programs, 1, 1), dtype=np.float32),
        ),
        feedback_mode=FeedbackMode.NONE,
    )
    built = Programs(
        candidate_ids=view.behaviour.candidate_ids,
        digests=tuple(map(str, range(programs))),
        executables={},
        errors={},
    )
    return Looked(view=view, programs=built, bench=cast(Bench, None))


def finding(content: bytes = b"1\n", **fields: object) -> Finding:
    one = GeneratedInput(
        id=digest_of(content),
        content=content,
        subtasks=frozenset({"s0"}),
        origin=InputOrigin.GENERATOR,
    )
    known: dict[str, object] = {
        "input": one,
        "failing": Failing.WRONG,
        "printed": b"0",
        "expected": b"1",
        "word": "somebody says so",
        "probability": 0.95,
    }
    return Finding(**(known | fields))  # type: ignore[arg-type]


def chance_of(one: Looked) -> np.ndarray:
    return one.view.estimate.probability


def test_one_parent_a_family_surely_broken_first_and_drafts_shared_out() -> None:
    # Two families; the first one's likelier program is only in doubt.
    one = looked([0, 0, 1, 2], [0.3, 0.2, 0.1, 0.4])
    found = {
        0: [finding(probability=0.4)],
        1: [finding()],
        2: [finding()],
    }
    orders = orders_of(one, chance_of(one), found, 7, set())
    assert [(each.parent, each.drafts) for each in orders] == [("made/1", 4), ("made/2", 3)]
    # With drafts for one parent alone, the likelier one.
    (alone,) = orders_of(one, chance_of(one), found, 2, set())
    assert (alone.parent, alone.drafts) == ("made/1", 2)


def test_what_was_told_once_waits_for_news() -> None:
    one = looked([0, 0, 1], [0.3, 0.2, 0.1])
    found = {0: [finding()], 1: [finding()], 2: [finding(b"2\n")]}
    used = {pair_of(one.view.candidates[0], found[0][0].input.id)}
    orders = orders_of(one, chance_of(one), found, 6, used)
    assert [each.parent for each in orders] == ["made/2"]  # the whole family of 0 waits
    news = {**found, 0: [finding(b"3\n")], 1: [finding(b"3\n")]}
    assert len(orders_of(one, chance_of(one), news, 6, used)) == 2


def test_a_slow_program_wants_another_idea_and_one_that_fails_once_a_mend() -> None:
    one = looked([0, 1, 2], [0.3, 0.2, 0.1])
    found = {
        0: [finding(failing=Failing.TIME, printed=None, expected=None)],
        1: [finding()],
        # Wrong on three of the four inputs that it ran on.
        2: [finding(b"1\n"), finding(b"2\n"), finding(b"3\n")],
    }
    orders = orders_of(one, chance_of(one), found, 9, set())
    assert {each.parent: each.mode for each in orders} == {
        "made/0": RepairMode.FRESH,
        "made/1": RepairMode.MEND,
        "made/2": RepairMode.FRESH,
    }


def test_a_draft_names_what_it_came_from_and_a_believed_subtask_is_left_alone() -> None:
    one = looked([0, 1], [0.3, 0.2], drafts_from=1)
    (order,) = orders_of(one, chance_of(one), {1: [finding()]}, 2, set())
    assert order.earlier == ("made/0",)
    solved = looked([0, 1], [0.95, 0.2])
    assert orders_of(solved, chance_of(solved), {1: [finding()]}, 2, set()) == ()


def test_the_gain_falls_with_what_was_drawn_in_vain_and_with_what_is_believed() -> None:
    few = looked([0, 1], [0.1, 0.1])
    many = looked([0, 1] + [0] * 8, [0.1] * 10, drafts_from=2)
    assert repair_gain(few.view, chance_of(few), 4) > repair_gain(many.view, chance_of(many), 4)
    assert repair_gain(few.view, chance_of(few), 4) > plain_gain(few.view, chance_of(few), 4)
    believed = looked([0, 1], [0.9, 0.1])
    assert repair_gain(believed.view, chance_of(believed), 4) < 1e-9
    # Programs that behave alike are one chance, and copies of one idea are no progress.
    copies = looked([0] * 6, [0.5] * 6)
    assert some_right(copies.view, chance_of(copies)) == pytest.approx([0.5])


def test_the_promise_leaves_room_for_the_calibration() -> None:
    assert promised(None) == 1.0
    assert promised(0.3) == pytest.approx(0.7 + MARGIN)
    # However sure the strategy is: so many first submissions failed that were as sure.
    assert promised(0.99) == promised(0.9) == LEAST_RISK
    (option,) = [one for one in solve.params if one.name == "alpha"]
    assert f"below {LEAST_RISK:g}:" in (option.help or "")
    assert promised(0.001) == 1.0
