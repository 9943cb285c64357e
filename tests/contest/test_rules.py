"""Each rule set on attempts whose worth is known from its publisher's rules."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from problems.verdict import SubmissionResult, SubtaskResult, TestcaseResult, Verdict
from solver.contests.rules import RULES, rules_named
from solver.contests.rules.atcoder import AtCoderRules
from solver.contests.rules.base import Attempt, Rules, Shown, TaskScore, TaskSheet
from solver.contests.rules.codeforces import CodeforcesRules
from solver.contests.rules.icpc import IcpcRules
from solver.contests.rules.ioi import IoiRules
from solver.errors import SolverError

HOUR_S = 3600.0


def attempt(
    minute: float,
    verdict: Verdict = Verdict.WA,
    points: Mapping[str, float] | None = None,
    *,
    free: bool = False,
    final: Verdict | None = None,
) -> Attempt:
    shown = Shown(verdict=verdict, points=points or {}, free=free)
    end = shown if final is None else Shown(verdict=final, points=points or {}, free=free)
    return Attempt(at_s=minute * 60, shown=shown, final=end)


def sheet(*points: float, name: str = "t", precision: int = 2, worth: float = 1.0) -> TaskSheet:
    subtasks = {str(i): value for i, value in enumerate(points, start=1)}
    return TaskSheet(name=name, subtasks=subtasks, precision=precision, worth=worth)


def result(*cases: Verdict, verdict: Verdict | None = None) -> SubmissionResult:
    failed = next((case for case in cases if case not in (Verdict.AC, Verdict.SKIPPED)), None)
    return SubmissionResult(
        verdict=verdict or failed or Verdict.AC,
        points=0.0 if failed else 1.0,
        subtasks=(SubtaskResult(subtask="1", points=2.5, max_points=5, verdict=Verdict.PARTIAL),),
        testcases=tuple(
            TestcaseResult(testcase=str(i), verdict=case, score=float(case is Verdict.AC))
            for i, case in enumerate(cases)
        ),
    )


def test_ioi_2024_union_of_the_published_subtask_table() -> None:
    # o1-ioi with 10,000 submissions (arXiv 2502.06807). Mosaic's programs of 5, 22 and 20 points
    # all contain its first subtask, so their union is 5 + 17 + 15 = 37 and not 47.
    rules = IoiRules()
    table = {
        "nile": (sheet(100, name="nile"), [{"1": 100.0}]),
        "message": (sheet(10, 90, name="message"), [{"1": 10.0, "2": 69.64}]),
        "tree": (sheet(17, 13, 70, name="tree"), [{"1": 17.0}, {"2": 13.0}]),
        "hieroglyphs": (sheet(34, 10, 56, name="hieroglyphs"), [{"1": 34.0}, {"2": 10.0}]),
        "mosaic": (
            sheet(5, 17, 15, 63, name="mosaic"),
            [{"1": 5.0}, {"1": 5.0, "2": 17.0}, {"1": 5.0, "3": 15.0}],
        ),
        "sphinx": (sheet(64, 36, name="sphinx"), [{"1": 64.0}, {"1": 64.0, "2": 7.5}]),
    }
    scores = [
        rules.score(
            task, [attempt(i, points=points) for i, points in enumerate(submissions)], 5 * HOUR_S
        )
        for task, submissions in table.values()
    ]
    assert [score.points for score in scores] == [100, 79.64, 30, 44, 37, 71.5]
    assert rules.total(scores).points == 362.14
    assert rules.total(scores).max_points == 600


def test_ioi_rounds_the_maxima_and_not_the_submissions() -> None:
    third = 10 / 3
    score = IoiRules().score(
        sheet(10, 10, precision=2),
        [attempt(1, points={"1": third, "2": 0.0}), attempt(2, points={"1": 1.0, "2": third})],
        5 * HOUR_S,
    )
    assert [subtask.points for subtask in score.subtasks] == [3.33, 3.33]
    assert score.points == 6.66


def test_ioi_is_solved_when_the_union_is_full_and_zero_point_subtasks_do_not_matter() -> None:
    score = IoiRules().score(
        TaskSheet(name="t", subtasks={"0": 0.0, "1": 40.0, "2": 60.0}),
        [attempt(1, points={"1": 40.0}), attempt(9, points={"2": 60.0}), attempt(12)],
        5 * HOUR_S,
    )
    assert score.points == 100
    assert score.solved_at_s == 9 * 60
    assert score.submissions == 3


def test_ioi_shows_all_subtasks_and_no_test_case() -> None:
    shown = IoiRules().show(result(Verdict.AC, Verdict.WA), sheet(5, 7), ended=False)
    assert shown.points == {"1": 2.5, "2": 0.0}
    assert shown.verdict is Verdict.WA
    # And how one test of each ended: CMS's oi_restricted.
    assert shown.verdicts == {"1": Verdict.PARTIAL}


def test_icpc_penalty() -> None:
    rules = IcpcRules()
    solved = rules.score(
        sheet(1),
        [
            attempt(10),
            attempt(20, Verdict.CE, free=True),
            attempt(30, Verdict.TLE),
            attempt(45.9, Verdict.AC),
            attempt(50),
        ],
        5 * HOUR_S,
    )
    assert (solved.points, solved.failed) == (1, 2)
    assert solved.penalty_s == (45 + 2 * 20) * 60
    unsolved = rules.score(sheet(1, name="u"), [attempt(5), attempt(6)], 5 * HOUR_S)
    assert (unsolved.points, unsolved.penalty_s, unsolved.failed) == (0, 0, 2)
    total = rules.total([solved, unsolved])
    assert (total.points, total.penalty_s) == (1, 85 * 60)


def test_icpc_keeps_points_back() -> None:
    shown = IcpcRules().show(result(Verdict.AC, Verdict.RE), sheet(1), ended=False)
    assert (shown.verdict, shown.points, shown.free) == (Verdict.RE, {}, False)
    assert IcpcRules().show(result(verdict=Verdict.CE), sheet(1), ended=False).free


@pytest.mark.parametrize(
    ("minute", "failures", "points"),
    [
        (0, 0, 500),
        (50, 0, 400),  # 500 - 50 * 500 / 250
        (50, 2, 300),
        (119, 7, 150),  # never below 30 %
    ],
)
def test_codeforces_points_fall_with_time_and_failures(
    minute: int, failures: int, points: float
) -> None:
    attempts = [attempt(0)] * failures + [attempt(minute, Verdict.AC)]
    score = CodeforcesRules().score(sheet(1, worth=500), attempts, 2 * HOUR_S)
    assert score.points == pytest.approx(points)
    assert score.failed == failures


def test_codeforces_longer_rounds_fall_more_slowly() -> None:
    score = CodeforcesRules().score(sheet(1, worth=500), [attempt(100, Verdict.AC)], 4 * HOUR_S)
    assert score.points == pytest.approx(400)


def test_codeforces_system_tests_take_the_points_back() -> None:
    rules = CodeforcesRules()
    task = sheet(1, worth=500)
    fails_late = result(Verdict.AC, Verdict.AC, Verdict.TLE)
    with_pretests = TaskSheet(name="t", subtasks={"1": 1.0}, worth=500, pretests=2)
    assert rules.show(fails_late, with_pretests, ended=False).verdict is Verdict.AC
    assert rules.show(fails_late, with_pretests, ended=True).verdict is Verdict.TLE
    assert rules.show(fails_late, task, ended=False).verdict is Verdict.TLE
    score = rules.score(task, [attempt(5, Verdict.AC, final=Verdict.TLE)], 2 * HOUR_S)
    assert (score.points, score.solved_at_s) == (0, None)


def test_codeforces_resubmission_judges_the_last_and_counts_the_first_as_failed() -> None:
    score = CodeforcesRules().score(
        sheet(1, worth=1000),
        [attempt(0, Verdict.AC, final=Verdict.WA), attempt(25, Verdict.AC), attempt(30)],
        2 * HOUR_S,
    )
    assert score.points == pytest.approx(1000 - 100 - 50)


def test_codeforces_failing_on_the_first_test_is_free() -> None:
    rules = CodeforcesRules()
    assert rules.show(result(Verdict.WA, Verdict.SKIPPED), sheet(1), ended=False).free
    assert not rules.show(result(Verdict.AC, Verdict.WA), sheet(1), ended=False).free


def test_atcoder_total_is_last_solve_plus_five_minutes_a_failure() -> None:
    rules = AtCoderRules()
    first = rules.score(
        sheet(1, name="a", worth=300), [attempt(3), attempt(10, Verdict.AC)], 100 * 60
    )
    second = rules.score(sheet(1, name="b", worth=400), [attempt(40, Verdict.AC)], 100 * 60)
    unsolved = rules.score(sheet(1, name="c", worth=500), [attempt(50)], 100 * 60)
    total = rules.total([first, second, unsolved])
    assert (total.points, total.max_points) == (700, 1200)
    assert total.penalty_s == (40 + 5) * 60


def test_only_the_ioi_has_a_limit_and_it_is_fifty_a_minute_apart() -> None:
    assert (IoiRules().submission_limit, IoiRules().interval_s) == (50, 60)
    assert all(rules_named(name).name == name for name in RULES)
    with pytest.raises(SolverError, match="known: atcoder, codeforces, icpc, ioi"):
        rules_named("topcoder")


# Is it ever better to stop before a task is solved? What `--least-gain` is for, and what not.


@st.composite
def attempts_of(draw: st.DrawFn) -> list[Attempt]:
    """Attempts of a task in order of time, none of them accepted."""
    times = sorted(draw(st.lists(st.floats(0, 7000), max_size=12)))
    kinds = st.sampled_from([Verdict.WA, Verdict.TLE, Verdict.RE, Verdict.CE])
    shown = [Shown(verdict=draw(kinds), free=draw(st.booleans())) for _ in times]
    return [
        Attempt(at_s=at_s, shown=one, final=one) for at_s, one in zip(times, shown, strict=True)
    ]


def standing(rules: Rules, score: TaskScore) -> tuple[float, float]:
    """Larger is better: points, then less penalty."""
    total = rules.total([score])
    return total.points, -total.penalty_s


@pytest.mark.parametrize("name", ["icpc", "codeforces", "atcoder"])
@given(attempts=attempts_of(), more=attempts_of(), solved=st.booleans())
def test_going_on_is_never_worse_than_leaving_a_task_unsolved(
    name: str, attempts: list[Attempt], more: list[Attempt], solved: bool
) -> None:
    """However many attempts fail: unsolved they cost nothing, and the worst solve beats none. So no
    rule stops early on account of the penalty."""
    rules, sheet = rules_named(name), TaskSheet(name="x", subtasks={"all": 1.0}, worth=500.0)
    length_s = rules.duration_s
    left = standing(rules, rules.score(sheet, attempts, length_s))
    later = [replace(one, at_s=7000 + one.at_s / 1000) for one in more]
    if solved:
        right = Shown(verdict=Verdict.AC)
        later.append(Attempt(at_s=7100.0, shown=right, final=right))
    gone_on = standing(rules, rules.score(sheet, [*attempts, *later], length_s))
    assert gone_on >= left
    assert (gone_on > left) == solved


@pytest.mark.parametrize("name", ["icpc", "codeforces", "atcoder"])
def test_after_the_solve_another_attempt_never_helps(name: str) -> None:
    """There the rules stop: under Codeforces a second accepted one replaces the first, later and
    with a failed attempt more."""
    rules, sheet = rules_named(name), TaskSheet(name="x", subtasks={"all": 1.0}, worth=1000.0)
    right, wrong = Shown(verdict=Verdict.AC), Shown(verdict=Verdict.WA)
    first = Attempt(at_s=600.0, shown=right, final=right)
    once = standing(rules, rules.score(sheet, [first], rules.duration_s))
    for shown in (right, wrong):
        second = Attempt(at_s=1200.0, shown=shown, final=shown)
        assert standing(rules, rules.score(sheet, [first, second], rules.duration_s)) <= once
    if name == "codeforces":
        second = Attempt(at_s=1200.0, shown=right, final=right)
        assert standing(rules, rules.score(sheet, [first, second], rules.duration_s)) < once
