"""The reward: the judge's share of the points of what was asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from problems.errors import JudgeError
from sandbox.backend import Sandbox
from solver.adapters.grading import Grading
from solver.training.grpo import JudgeReward, place_of_tasks
from solver.training.sources import tasks_in

LADDER = Path(__file__).parents[2] / "problems/bundled/ladder"
RIGHT = "n = int(input())\na = input().split()\nprint(sum(a.count(x) == 2 for x in set(a)))"
SMALL = f"n = int(input())\nif n > 200: print(-1); raise SystemExit\n{RIGHT[17:]}"


@pytest.fixture(scope="module")
def grading(sandbox: Sandbox) -> Iterator[Grading]:
    with Grading(place_of_tasks(tasks_in([LADDER / "twins"]))) as opened:
        yield opened


def fenced(program: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": f"So:\n```python\n{program}\n```"}]


def test_a_program_is_worth_its_share_of_the_subtask_that_was_asked_for(grading: Grading) -> None:
    reward = JudgeReward(grading, threads=1)
    asked = [("1", SMALL), ("2", SMALL), ("", SMALL), ("2", "print(0)")]
    names = [one.name for one in grading.place.tasks["twins"].subtasks]
    found = reward(
        [""] * 4,
        [fenced(program) for _, program in asked],
        task=["twins"] * 4,
        subtask=[names[int(which) - 1] if which else "" for which, _ in asked],
        language=["python3"] * 4,
        trainer_state=None,
    )
    assert found == [1.0, 0.0, 0.4, 0.0]
    assert (reward.judged, reward.programs, reward.total) == (4, 4, pytest.approx(1.4))


def test_no_program_and_an_answer_that_was_cut_off_are_worth_nothing(grading: Grading) -> None:
    reward = JudgeReward(grading, threads=1, longest=50)
    columns = {"task": ["twins"] * 2, "subtask": [""] * 2, "language": ["python3"] * 2}
    texts = ["I do not know.", fenced(SMALL)[0]["content"].removesuffix("\n```")]
    ids = [[1] * 10, [1] * 50]
    assert reward(["", ""], texts, completion_ids=ids, **columns) == [0.0, 0.0]
    assert reward.programs == 0


def test_a_judge_that_fails_is_no_reward(grading: Grading, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise JudgeError("the checker crashed")

    monkeypatch.setattr(grading, "grade_answer", broken)
    columns = {"task": ["twins"], "subtask": [""], "language": ["python3"]}
    with pytest.raises(JudgeError):
        JudgeReward(grading)([""], ["x"], **columns)
