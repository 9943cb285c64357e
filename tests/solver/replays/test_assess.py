"""The committee's report: chances with intervals, from candidates whose worth is known."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from worlds import make_record

from problems.task import Task
from problems.verdict import Verdict
from solver import strategies
from solver.replays.assess import Assessment, assess, pass_at, redrawn, wilson
from solver.replays.truth import Truth
from solver.report.assessing.markdown import as_markdown
from solver.strategies.base import View
from solver.submissions import text_digest
from solver.types import Candidate, FeedbackMode, PrepareRequest

BUNDLED = Path(__file__).parents[3] / "problems" / "bundled"


def test_pass_at() -> None:
    assert pass_at(10, 0, 5) == 0.0
    assert pass_at(10, 1, 1) == pytest.approx(0.1)
    assert pass_at(10, 1, 10) == 1.0
    assert pass_at(4, 2, 2) == pytest.approx(5 / 6)
    assert pass_at(10, 3, 50) == 1.0


def test_wilson_against_published_values() -> None:
    # Newcombe 1998 (table I): 81 of 263, 15 of 148, 0 of 20.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def world(task: Task, make_view: Any, points: list[list[float]], limit: int) -> tuple[View, Truth]:
    request = PrepareRequest(round=1, tried=(), feedback_mode=FeedbackMode.FULL, limit=limit)
    candidates = [
        Candidate(id=f"c{n}", task=task.name, subtask=None, language="cpp20", source=f"// {n}")
        for n in range(len(points))
    ]
    digests = tuple(text_digest(candidate) for candidate in candidates)
    truth = Truth(
        task=task.name,
        subtasks=tuple(subtask.name for subtask in task.subtasks),
        max_points=np.array([subtask.max_points for subtask in task.subtasks]),
        candidate_ids=tuple(candidate.id for candidate in candidates),
        source_digests=digests,
        program_digests=(*digests[:-1], ""),
        points=np.array(points),
        verdicts=(Verdict.WA,) * len(points),
    )
    return make_view(task, candidates, request), truth


@pytest.fixture
def found(contest: Any) -> Assessment:
    """Of 40 programs 20 solve the first subtask, one the second, none the third."""
    from tests.contest.conftest import make_view

    points = [[20.0, 30.0 * (n == 7), 0.0] if n % 2 else [0.0, 0.0, 0.0] for n in range(40)]
    view, truth = world(contest.tasks[0], make_view, points, limit=20)
    return assess(view, truth, "random", replays=200, marks=(1, 10, 20))


def test_chances_by_subtask(found: Assessment) -> None:
    easy, rare, never = found.subtasks
    assert (easy.right, rare.right, never.right) == (20, 1, 0)
    assert easy.by_random[1] == 0.5 and rare.by_random[20] == 0.5
    # The strategy draws at random: its replays agree with the exact chance.
    for each in (easy, rare):
        for k in (1, 10, 20):
            assert abs(each.by_strategy[k] - each.by_random[k]) < 0.12
    assert easy.first == pytest.approx(1.5, abs=0.6)
    assert never.first is None and never.by_strategy[20] == 0.0
    # Asked again, the one right program may be missing: it is among 40 with 1 - (1 - 1/40)^40, and
    # 20 submissions are half of the programs, or more where equal ones are handed in once.
    again = rare.again[20]
    there = 1 - (1 - 1 / 40) ** 40
    assert there / 2 < again.high and again.low < there
    assert again.high - again.low < 0.15
    assert never.again[20].value == 0.0
    assert found.oracle == 50.0
    assert found.compiled == 39
    means = list(found.points_strategy.values())
    assert means == sorted(means) and means[-1] <= 50.0


def test_the_report_answers_first(found: Assessment) -> None:
    text = as_markdown(found, model="some-model")
    assert text.startswith("# apples: The model solves this task in part: s1")
    row = next(line for line in text.splitlines() if line.startswith("| s1 |"))
    assert "100% (98% to 100%)" in row and "20 of 40" in row
    assert "40 programs were sampled, 39 of them compile" in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    widths = {line.count("|") for line in tables[:5]}
    assert widths == {6}
    for word in ("solved within 20", "submissions", "right programs"):
        assert f"*{word}*" in text


def test_who_was_near_a_cluster_that_was_not_drawn_is_on_its_own() -> None:
    """Programs that ran out of time point to the cluster that they agree with; it may be gone."""
    record = make_record(seed=3, programs=200, inputs=24)
    view = record.world(np.full(record.truth.points.shape, 0.1)).view
    slow = np.flatnonzero((view.clusters.near != view.clusters.label).any(axis=1))
    assert len(slow) > 5
    drawn = redrawn(view, slow[:6])
    near, label = drawn.clusters.near, drawn.clusters.label
    assert all(set(near[:, s]) <= set(label[:, s]) for s in range(label.shape[1]))
    strategy = strategies.make("expected_gain", drawn, np.random.default_rng(0))
    assert strategy.next(()) is not None  # it failed here


def test_words() -> None:
    from tests.contest.conftest import make_task, make_view

    task = make_task("x", (40, 60))
    every = [[40.0, 60.0]] * 10
    none = [[0.0, 0.0]] * 10
    seldom = [[40.0, 0.0]] + [[0.0, 0.0]] * 39
    for points, word in (
        (every, "The model solves this task."),
        (none, "The model solves no subtask of this task."),
        (seldom, "but seldom picks them."),
    ):
        view, truth = world(task, make_view, points, limit=2)
        assert assess(view, truth, "random", replays=30, marks=(1, 2)).word.endswith(word)


def test_command_on_a_bundled_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From package and recorded pool to the report, in the real sandbox; the folder is driven by
    nobody else meanwhile."""
    from solver.cli.app import cli
    from solver.kept.driver import driven_by
    from solver.report.assessing import drafts

    sheet_of, drivers = drafts.sheet_of, []

    def watched(package: Path, folder: Path, *rest: Any) -> Any:
        drivers.append(driven_by(folder))
        return sheet_of(package, folder, *rest)

    monkeypatch.setattr(drafts, "sheet_of", watched)
    run, pool = tmp_path / "run", tmp_path / "apples.jsonl"
    kept = {f"apples/{name}" for name in ("005", "003", "010", "006", "gen1", "val1")}
    lines = (BUNDLED / "pools/apples.jsonl").read_text().splitlines(keepends=True)
    pool.write_text("".join(line for line in lines if json.loads(line)["id"] in kept))
    arguments = ["assess", str(BUNDLED / "contest/apples"), "--run", str(run)]
    arguments += ["--model", f"pool:{pool}", "--limit", "4"]
    done = CliRunner().invoke(cli, [*arguments, "--replays", "10", "--json"])
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["candidates"] == 4
    assert len(drivers) == 1 and drivers[0] is not None and driven_by(run) is None
    assert {"name", "right", "again", "share_low", "first"} <= document["subtasks"][0].keys()
    assert "apples: " in done.stderr  # a line a stage where nobody looks at bars
    assert (run / "assessment.md").read_text().startswith("# apples: The model ")
