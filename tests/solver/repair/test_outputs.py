"""Repair rounds where outputs are handed in beside programs: the programs are mended too."""

import json
from pathlib import Path
from typing import Any

import pytest

from problems.package import load_package
from problems.task import Task
from solver.api.solving import Solved, solve
from solver.breaking.config import BreakingConfig
from solver.config import SolveConfig
from solver.observing.inputs import InputsConfig
from solver.observing.separating import SeparatingConfig
from solver.sampling.config import SamplingConfig
from solver.submissions import is_outputs, unpacked, within_reach
from tests.sampling.scripted import Reply, answered, scripted
from tests.solver.repair.pupil import RIGHT, Pupil, blind

STATEMENT = "Count the even numbers.\n"
PRODUCER = "import sys\nprint({'output_c.txt': 3}[sys.argv[1]])\n"


@pytest.fixture
def task(tmp_path: Path) -> Task:
    """Programs for part 1, whose test a is an example; a file for part 2's test c."""
    files = {
        "problem.json": json.dumps(
            {
                "code": "both",
                "protocol_version": 2,
                "task_type": "BatchAndOutput",
                "task_type_params": ["alone", ["", ""], "diff"],
                "time_limit": 1.0,
                "memory_limit": 268435456,
            }
        ),
        "en.md": STATEMENT,
        "subtasks/00-samples.json": '{"score": 0, "testcases": ["a"]}',
        "subtasks/01-programs.json": '{"score": 50, "testcases": ["a", "b"]}',
        "subtasks/02-files.json": '{"score": 50, "testcases": ["c"], "output_only": true}',
    }
    for name, numbers in {"a": [2, 3, 4], "b": [5000], "c": [2, 4, 6]}.items():
        files[f"tests/{name}.in"] = f"{len(numbers)}\n{' '.join(map(str, numbers))}\n"
        files[f"tests/{name}.out"] = f"{sum(x % 2 == 0 for x in numbers)}\n"
    for name, text in files.items():
        (tmp_path / "both" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "both" / name).write_text(text)
    return load_package(tmp_path / "both").task


def test_what_a_program_can_solve(task: Task) -> None:
    assert within_reach(task) == (True, False)


def solved(task: Task, run: Path, pupil: Pupil, **sampling: Any) -> Solved:
    def answer(body: dict[str, Any]) -> Reply:
        asked = "\n".join(message["content"] for message in body["messages"])
        if "is called with the name of one of these files" in asked:
            return answered(body, f"```python\n{PRODUCER}```\n")
        return pupil.answer(body)

    with scripted(answer) as server:
        config = SolveConfig(
            model=f"openai:pupil@{server.url}",
            sampling=SamplingConfig(languages=("python3",), **sampling),
            inputs=InputsConfig(count=16, oversample=1),
            separating=SeparatingConfig(count=0),
            breaking=BreakingConfig(on=False),
        )
        return solve(task, config.model, run=run, config=config)


def test_programs_are_mended_and_files_handed_in(task: Task, tmp_path: Path) -> None:
    pupil = Pupil()
    found = solved(task, tmp_path / "run", pupil, samples=12, repair_share=0.5, repair_rounds=1)
    begun = [one for one in found.repaired if not one.stopped]
    assert begun and begun[0].drafts and pupil.repairs
    # A bundle of files is never what a prompt tells to be wrong.
    assert not any("outputs-" in parent for one in begun for parent in one.parents)
    chosen = [choice.candidate for choice in found.plan]
    assert any(one.source == RIGHT and one.parent for one in chosen)
    assert next(unpacked(one) for one in chosen if is_outputs(one)) == {"output_c.txt": "3\n"}
    assert all(choice.subtask != "02-files" for choice in found.plan if choice.candidate.parent)


def test_programs_are_compared_and_files_are_not(task: Task, tmp_path: Path) -> None:
    """The file's subtask is worth as much, and no vote is spent on it."""
    pupil = Pupil(plain=(RIGHT, blind(700, RIGHT).source, blind(4000, RIGHT).source))
    found = solved(task, tmp_path / "run", pupil, samples=9, pairs=4, seed=1)
    assert found.compared is not None and pupil.asked_to_vote
    assert found.compared.subtask == "01-programs"
    assert not any("outputs-" in one for one in found.compared.contenders)
