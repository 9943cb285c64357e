"""The stage in the real sandbox, on a made task whose generators write small inputs only."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from problems.tasktypes.runner import Runner
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from solver.breaking.config import BreakingConfig
from solver.breaking.runs import Outcome
from solver.breaking.stage import is_out_of_time
from solver.breaking.types import BreakKind
from solver.observed import Observed, ObservingConfig, observe_all
from solver.observing.bench import Bench, Notify, silent
from solver.pipeline import plan
from solver.prepared import PreparedTask
from solver.scorer import estimate
from solver.strategies.base import View
from solver.types import Candidate, FeedbackMode, RunStatus

ROOT = Path(__file__).parents[3]
IDS = (
    "slow pairs",
    "slow while reading",
    "wrong 32 bits",
    "wrong neighbours",
    "wrong without the last",
    "wrong first thousand",
    "right sort scanf",
    "right gaps getchar",
    "right merge fread",
)


@pytest.fixture(scope="module")
def made() -> ModuleType:
    spec = importlib.util.spec_from_file_location("evenpairs", ROOT / "benchmarks/evenpairs.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["evenpairs"] = module
    spec.loader.exec_module(module)
    return module


def look(
    made: ModuleType, compiler: Compiler, run: Path, breaking: BreakingConfig, tell: Notify = silent
) -> tuple[list[Candidate], Observed]:
    known = {one.id: one for one in made.candidates()}
    given = [known[name] for name in IDS]
    bench = Bench.of(made.TASK, compiler, run, tell=tell)
    return given, observe_all(given, made.helpers(), bench, ObservingConfig(breaking=breaking))


@pytest.fixture(scope="module")
def heard() -> list[tuple[str, int, int]]:
    """What the stages told of how far they are, while `seen` was made."""
    return []


@pytest.fixture(scope="module")
def seen(
    made: ModuleType,
    compiler: Compiler,
    tmp_path_factory: pytest.TempPathFactory,
    heard: list[tuple[str, int, int]],
) -> tuple[list[Candidate], Observed, Path]:
    run = tmp_path_factory.mktemp("broken")

    def tell(stage: str, done: int, total: int) -> None:
        heard.append((stage, done, total))

    given, found = look(made, compiler, run, BreakingConfig(small=48), tell)
    return given, found, run


def test_who_waits_hears_that_programs_are_being_broken(
    seen: tuple[list[Candidate], Observed, Path], heard: list[tuple[str, int, int]]
) -> None:
    stages = [stage for stage, _, _ in heard]
    told = [(done, total) for stage, done, total in heard if stage == "breaking"]
    whole = told[0][1]
    attack = told[: told.index((whole, whole)) + 1]
    # At once, before anything is made; then input by input; its end once.
    assert attack[0] == (0, whole) and len(attack) > 6
    assert attack == sorted(attack) and all(total == whole for _, total in attack)
    assert "separating" in stages and "separating" not in stages[stages.index("breaking") :]


@pytest.mark.parametrize(
    ("cpu_s", "observed_s", "limit_s", "certain"),
    [
        (1.6, 1.5, 1.5, True),  # near it, so the runner measured it alone already
        (2.1, 1.5, 1.5, True),
        (0.1, 1.5, 1.5, False),  # the clock ended it
        (2.7, 2.0, 2.5, False),  # beside others, under another limit
        (2.7, 2.0, 4.0, False),
    ],
)
def test_what_ran_out_of_the_whole_time_is_not_run_again(
    cpu_s: float, observed_s: float, limit_s: float, certain: bool
) -> None:
    outcome = Outcome(status=RunStatus.TIMEOUT, digest=0, cpu_s=cpu_s, output=None)
    assert is_out_of_time(outcome, observed_s, limit_s) is certain


def view_of(made: ModuleType, given: list[Candidate], seen: Observed) -> View:
    return View(
        task=made.TASK,
        candidates=given,
        behaviour=seen.behaviour,
        clusters=seen.clusters,
        estimate=estimate(given, seen.behaviour, seen.clusters, made.TASK),
        feedback_mode=FeedbackMode.FULL,
        accused=seen.accused,
    )


def test_the_largest_legal_input_is_found_and_slow_programs_break_on_it(
    seen: tuple[list[Candidate], Observed, Path],
) -> None:
    _, found, _ = seen
    evidence = found.broken.evidence
    assert evidence["right sort scanf"].largest_bytes > 1_000_000
    for name in ("slow pairs", "slow while reading"):
        (slow,) = [one for one in evidence[name].breaks if one.kind is BreakKind.TIME]
        assert slow.probability > 0.9 and slow.claim is None
        assert slow.input.content.startswith(b"200000\n")


def test_wrong_programs_are_broken_and_right_ones_are_not(
    seen: tuple[list[Candidate], Observed, Path],
) -> None:
    _, found, _ = seen
    accused = {
        name: max([0.0, *one.accused.values()]) for name, one in found.broken.evidence.items()
    }
    assert {name for name in IDS if accused[name] < 0.5} == {
        name for name in IDS if name.startswith("right")
    }, accused


def test_a_wrong_answer_comes_short_and_with_what_was_expected(
    seen: tuple[list[Candidate], Observed, Path],
) -> None:
    _, found, _ = seen
    (one,) = [
        one
        for one in found.broken.evidence["wrong without the last"].breaks
        if one.kind is BreakKind.WRONG
    ]
    assert len(one.input.content) <= 40  # it needs five numbers
    n, *numbers = map(int, one.input.content.split())
    expected = sum(abs(a - b) for i, a in enumerate(numbers) for b in numbers[:i])
    assert len(numbers) == n
    assert one.claim is not None and one.claim.answer is not None and one.printed is not None
    assert int(one.claim.answer) == expected != int(one.printed)
    assert one.claim.families >= 2 and "right sort scanf" in one.claim.supporters


def test_a_right_program_is_handed_in_first(
    made: ModuleType, seen: tuple[list[Candidate], Observed, Path]
) -> None:
    given, found, _ = seen
    view = PreparedTask(view=view_of(made, given, found))
    firsts = {given[plan(view, "expected_gain", seed)[0].candidate].id for seed in range(10)}
    assert all(name.startswith("right") for name in firsts)


def test_a_second_look_runs_nothing_and_says_the_same(
    made: ModuleType,
    compiler: Compiler,
    sandbox: Sandbox,
    seen: tuple[list[Candidate], Observed, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, found, run = seen

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a program was run again")

    monkeypatch.setattr(Runner, "run", never)
    monkeypatch.setattr(type(sandbox), "run_many", lambda _, jobs: _none(jobs))
    _, again = look(made, compiler, run, BreakingConfig(small=48))
    assert again.broken.evidence == found.broken.evidence
    assert (again.behaviour.digest == found.behaviour.digest).all()


def _none(jobs: object) -> list[object]:
    assert list(jobs) == []  # type: ignore[call-overload]
    return []


def test_switched_off_it_leaves_no_trace(
    made: ModuleType, compiler: Compiler, seen: tuple[list[Candidate], Observed, Path]
) -> None:
    given, found, run = seen
    _, without = look(made, compiler, run, BreakingConfig(on=False))
    assert without.accused is None and without.broken.inputs == ()
    assert set(without.behaviour.input_ids) < set(found.behaviour.input_ids)
    # On what the generators write, the double loops do as well as the right programs.
    slow, right = given.index(_of(given, "slow pairs")), given.index(_of(given, "right sort scanf"))
    assert (without.behaviour.digest[slow] == without.behaviour.digest[right]).all()
    assert not np.array_equal(found.behaviour.digest[slow], found.behaviour.digest[right])


def _of(given: list[Candidate], name: str) -> Candidate:
    return next(one for one in given if one.id == name)
