"""What is written for other systems, read by those systems' own readers."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from problems.errors import PackageError
from problems.package import load_package
from solver.adapters.harbor import export_harbor
from solver.adapters.nemo_gym import export_nemo_gym
from solver.errors import SolverError
from tests.adapters.conftest import CONTEST, caller

Calling = Callable[..., subprocess.CompletedProcess[str]]

HARBORS = """
import json, sys, typing, typing_extensions
# The package wants Python 3.12 for this name alone, as far as it is read here.
typing.override = getattr(typing, "override", typing_extensions.override)
from pathlib import Path
from harbor.models.task.task import Task
from harbor.models.task.verifier_mode import resolve_verifier_environment_definition
task = Task(Path(sys.argv[1]))
box = resolve_verifier_environment_definition(task.config, task.paths)
print(json.dumps({
    "name": task.name, "instruction": task.instruction, "artifacts": task.config.artifacts,
    "network": task.config.environment.network_mode, "own_box": box.bundled_tests,
    "box": str(box.directory), "box_network": box.config.network_mode,
    "solution": str(task.paths.discovered_solve_path),
}))
"""
VERIFIERS = """
import json, sys, typing, typing_extensions
typing.override = getattr(typing, "override", typing_extensions.override)
sys.path.append(sys.argv[2])  # what it reads task folders with is the package harbor
from pathlib import Path
from verifiers.v1.tasksets.harbor.taskset import HarborConfig, parse_task, verifier_box_data
data = parse_task(Path(sys.argv[1]), 0, HarborConfig())
assert data.verifier is not None
print(json.dumps({
    "image": data.image, "box": verifier_box_data(data).image,
    "artifacts": [one.source for one in data.artifacts],
}))
"""


def test_harbors_own_reader_finds_a_verifier_in_a_box_of_its_own(
    tmp_path: Path, calling: Calling
) -> None:
    made = export_harbor(CONTEST / "canal", tmp_path / "tasks")
    found = json.loads(calling("readers", "python", "-c", HARBORS, str(made)).stdout)
    assert found["name"] == "solver/canal" and "Fish Canal" in found["instruction"]
    assert found["artifacts"] == ["/app/solution"]
    assert found["network"] == found["box_network"] == "no-network"
    assert found["own_box"] is True and Path(found["box"]) == made / "tests"
    assert Path(found["solution"]) == made / "solution/solve.sh"


def test_verifiers_own_reader_takes_it_with_its_images(tmp_path: Path, calling: Calling) -> None:
    made = export_harbor(
        CONTEST / "canal", tmp_path, image="mine/canal:1", verifier_image="mine/canal-judge:1"
    )
    (harbors,) = (caller("readers").parent / "lib").glob("python*/site-packages")
    words = ("-c", VERIFIERS, str(made), str(harbors))
    found = json.loads(calling("verifiers", "python", *words).stdout)
    assert found["image"] == "mine/canal:1" and found["box"] == "mine/canal-judge:1"
    assert found["artifacts"] == ["/app/solution"]


def test_no_hidden_test_lies_outside_of_the_verifiers_box(tmp_path: Path) -> None:
    made = export_harbor(CONTEST / "canal", tmp_path)
    package = load_package(CONTEST / "canal")
    shown = {one.input for one in package.task.examples}
    shown |= {one.output for one in package.task.examples if one.output is not None}
    hidden = {
        content
        for case in package.testset.testcases.values()
        for path in (case.input, case.answer)
        if path is not None and len(content := path.read_bytes()) > 16 and content not in shown
    }
    assert len(hidden) > 50
    outside = [
        path
        for path in made.rglob("*")
        if path.is_file() and not path.is_relative_to(made / "tests")
    ]
    assert made / "environment/files/grader.cpp" in outside
    for path in outside:
        text = path.read_bytes()
        assert not any(content.strip() in text for content in hidden), path
    inside = {path.read_bytes() for path in (made / "tests/package").rglob("*") if path.is_file()}
    assert hidden <= inside


def test_the_verifiers_box_runs_what_goes_along_and_no_more(tmp_path: Path) -> None:
    """The judge that is exported stands on its own: nothing of `solver`, nothing of the bundled."""
    made = export_harbor(CONTEST / "apples", tmp_path)
    judge = made / "tests/judge"
    assert not (judge / "solver").exists() and not (judge / "problems/bundled").exists()
    handed_in = tmp_path / "handed-in"
    handed_in.mkdir()
    solution = (CONTEST / "apples/submissions/accepted/sum.py").read_text()
    (handed_in / "a.py").write_text(solution)
    done = subprocess.run(
        [
            *(sys.executable, "-P", "-m", "problems.verifying.reward_file"),
            *(str(made / "tests/package"), str(handed_in), str(tmp_path / "reward.json")),
        ],
        env={**os.environ, "PYTHONPATH": str(judge)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "reward.json").read_text())["reward"] == 1.0


def test_a_folder_that_is_there_and_a_data_set_are_refused(tmp_path: Path) -> None:
    export_harbor(CONTEST / "apples", tmp_path)
    with pytest.raises(SolverError, match="is there already"):
        export_harbor(CONTEST / "apples", tmp_path)
    with pytest.raises(PackageError):
        export_harbor(tmp_path / "rows.jsonl#1", tmp_path)


READ_ROWS = """
import json, sys
from resources_servers.competitive_coding_challenges import ccc_eval
by_competition, index = ccc_eval._load_metadata_file(sys.argv[1])
evaluator = ccc_eval.CCCEvaluator({"test_file": sys.argv[1]})
evaluator.metadata_by_competition, evaluator.problem_index = by_competition, index
rows = [json.loads(line) for line in open(sys.argv[2])]
found = []
for row in rows:
    problem = evaluator.get_problem_metadata(row["problem_id"], row["competition_id"])
    subtask = problem["subtasks"][row["subtask"]]
    outputs = [{"score": 1.0} for _ in subtask["test_names"]]
    assert all(name in problem["all_tests"] for name in subtask["test_names"])
    found.append([row["problem_id"], row["subtask"], row["subtask_score"],
                  evaluator._aggregate_subtask_score(subtask, outputs),
                  evaluator._aggregate_subtask_score(subtask, [*outputs, {"score": 0.0}])])
print(json.dumps(found))
"""


def test_nemo_gyms_own_reader_adds_up_every_subtask(tmp_path: Path, calling: Calling) -> None:
    packages = [CONTEST / name for name in ("apples", "depots", "canal")]
    made = export_nemo_gym(packages, tmp_path, competition="cup")
    assert made.problems == 3 and made.left_out == {}
    words = ("-c", READ_ROWS, str(made.metadata), str(made.rows))
    found = json.loads(calling("readers", "python", *words).stdout)
    tasks = {path.name: load_package(path).task for path in packages}
    wanted = [
        [name, one.name, one.max_points, one.max_points, 0.0]
        for name, task in tasks.items()
        for one in task.subtasks
    ]
    assert found == wanted


@pytest.mark.parametrize(
    ("program", "wanted"),
    [
        ("int main(){long long a,b;cin>>a>>b;cout<<a+b<<endl;}", "1"),
        ("int main(){long long a,b;cin>>a>>b;cout<<a<<b<<endl;}", "0"),
        ("int main(){long long a,b;cin>>a>>b;cout<<a+b<<endl;return 1;}", "0"),
        ('int main(){ifstream f("correct_output.txt");for(;;);}', "0"),
    ],
)
def test_its_scripts_say_what_a_test_is_worth(tmp_path: Path, program: str, wanted: str) -> None:
    made = export_nemo_gym([CONTEST / "apples"], tmp_path / "out", competition="cup")
    problem: dict[str, Any] = json.loads(made.metadata.read_text())["metadata"]["apples"]
    test = next(one for one in problem["all_tests"].values() if one["group"] == "secret")
    work = tmp_path / "work"
    (work / "graders").mkdir(parents=True)
    source = f"#include <bits/stdc++.h>\nusing namespace std;\n{program}\n"
    (work / "graders/apples.cpp").write_text(source)
    (work / "input.txt").write_text(test["input"])
    (work / "correct_output.txt").write_text(test["output"])
    for name in ("compile", "run"):
        (work / f"{name}.sh").write_text(problem[name])
    compiled = subprocess.run(["bash", "compile.sh"], cwd=work, capture_output=True, check=True)
    assert compiled.stderr == b""
    ran = subprocess.run(["bash", "run.sh"], cwd=work, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == wanted


def test_a_task_that_its_scripts_cannot_judge_is_named(tmp_path: Path) -> None:
    package = tmp_path / "apples"
    subprocess.run(["cp", "-r", str(CONTEST / "apples"), str(package)], check=True)
    text = (package / "problem.yaml").read_text()
    (package / "problem.yaml").write_text(text + "validator_flags: float_tolerance 1e-6\n")
    made = export_nemo_gym([package], tmp_path / "out", competition="cup")
    assert made.problems == 0 and "not compared" in made.left_out["apples"]
