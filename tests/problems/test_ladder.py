"""The ladder: small tasks of rising difficulty, and the pools that a small model drew for them."""

import re
import shutil
from pathlib import Path

import pytest

from problems.loading import load_task
from problems.verifying.verify import Verifier
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from solver.contests.folders.folder import read_contest
from solver.sampling.pools.pool import read_pool
from tests.problems.test_bundled import script

BUNDLED = Path(__file__).parents[2] / "problems" / "bundled"
LADDER = BUNDLED / "ladder"
TASKS = sorted(path.parent.name for path in LADDER.glob("*/problem.yaml"))
DRAWN = sorted((LADDER / "drawn").glob("*.jsonl"))
# One of each kind of input, for what takes compiling.
SOME = ("second", "nightbus", "ponds")


def test_the_contest_lists_every_task() -> None:
    assert sorted(entry.name for entry in read_contest(LADDER).entries) == TASKS
    assert len(TASKS) >= 10


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_groups_and_says_their_limits(task: str) -> None:
    loaded = load_task(LADDER / task)
    assert len(loaded.subtasks) >= 2
    assert sum(subtask.max_points for subtask in loaded.subtasks) == 100
    assert all(subtask.description for subtask in loaded.subtasks)
    assert loaded.subtasks[-1].includes
    assert len(loaded.examples) == 2
    # Short: a small model draws quickly, and its answer is short as well.
    assert len(loaded.statement.text) < 2500


@pytest.mark.parametrize("task", SOME)
def test_committed_data_is_what_the_plan_makes(task: str) -> None:
    if shutil.which("g++") is None:
        pytest.skip("no g++: the reference solutions cannot be compiled")
    assert script(BUNDLED / "make_data.py").differences(task) == []


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_all_committed_data_is_what_the_plans_make() -> None:
    if shutil.which("g++") is None:
        pytest.skip("no g++: the reference solutions cannot be compiled")
    make_data = script(BUNDLED / "make_data.py")
    assert [name for task in TASKS for name in make_data.differences(task)] == []


def labels_hold(tasks: list[str], sandbox: Sandbox, compiler: Compiler, store: Path) -> None:
    report = Verifier(sandbox, compiler, store=store).verify([LADDER / task for task in tasks])
    assert not report.unreadable
    wrong = [(row.submission.name, row.disagreements, row.error) for row in report.judged]
    assert [entry for entry in wrong if entry[1] or entry[2]] == []
    assert len(report.judged) == 4 * len(tasks)


@pytest.mark.timeout(600)
def test_some_jury_submissions_get_their_labels(
    sandbox: Sandbox, compiler: Compiler, tmp_path: Path
) -> None:
    labels_hold(list(SOME), sandbox, compiler, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_jury_submission_gets_its_label(
    sandbox: Sandbox, compiler: Compiler, tmp_path: Path
) -> None:
    labels_hold(TASKS, sandbox, compiler, tmp_path)


@pytest.mark.parametrize("path", DRAWN, ids=[path.stem for path in DRAWN])
def test_drawn_pools_read(path: Path) -> None:
    pool = read_pool(path)
    assert pool.task == path.stem in TASKS
    names = {subtask.name for subtask in load_task(LADDER / pool.task).subtasks} | {None}
    for one in pool.candidates:
        assert one.subtask in names
        assert one.logprob is not None and one.logprob < 0
        assert one.model is not None and re.search("qwen2.5-coder-0.5b", one.model)
