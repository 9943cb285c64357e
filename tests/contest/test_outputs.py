"""Outputs that are handed in: made by model-written programs or written out, bundled, submitted."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from problems.package import load_package
from problems.submission import Submission
from problems.task import Task
from sandbox.compiling.compile import Compiler
from solver.cli.contest import contest as contest_command
from solver.errors import SolverError
from solver.observing.bench import Bench
from solver.observing.outputs import extended, nothing_ran, produce
from solver.sampling.answers.written import written_outputs
from solver.sampling.config import SamplingConfig
from solver.sampling.plan import plan_helpers
from solver.sampling.prompts import Prompts
from solver.submissions import as_submission, packed, unpacked
from solver.types import Candidate, HelperKind, HelperProgram

SHARES = """import sys
given, answer, output = [open(name).read().split() for name in sys.argv[1:4]]
print(1.0 if answer == output else 0.5 if output else 0.0)
"""


def write(root: Path, task_type: str, **kinds: bool) -> Path:
    """Doubling numbers: test a in part 1, tests b and c in part 2; c's input is an attachment."""
    batch = task_type == "BatchAndOutput"
    problem = {
        "code": "twice",
        "protocol_version": 2,
        "task_type": task_type,
        "task_type_params": ["alone", ["", ""], "comparator"] if batch else ["comparator"],
        "time_limit": 1.0,
        "memory_limit": 268435456,
    }
    files = {"problem.json": json.dumps(problem), "checker/checker.py": SHARES, "en.md": "Twice."}
    for number, tests in ((1, ["a"]), (2, ["b", "c"])):
        subtask: dict[str, Any] = {"score": 50, "testcases": tests}
        files[f"subtasks/0{number}-part.json"] = json.dumps(
            subtask | (kinds if number == 2 else {})
        )
    for test, value in (("a", 3), ("b", 40), ("c", 500)):
        files[f"tests/{test}.in"] = f"{value}\n"
        files[f"tests/{test}.out"] = f"{2 * value}\n"
    files["attachments/inputs/c.txt"] = "500\n"
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def producer(number: int, source: str) -> HelperProgram:
    return HelperProgram(
        id=f"twice/p{number}", kind=HelperKind.PRODUCER, language="python3", source=source
    )


def candidate(name: str, source: str, language: str = "python3") -> Candidate:
    return Candidate(id=name, task="twice", subtask=None, language=language, source=source)


BOTH = "import sys\nprint({'output_b.txt': 80, 'output_c.txt': 1000}[sys.argv[1]])\n"
READS = "import sys\nprint(2 * int(sys.stdin.read() or 7))\n"
CRASHES = "raise SystemExit(1)\n"


@pytest.fixture
def mixed(tmp_path: Path) -> Task:
    return load_package(write(tmp_path / "twice", "BatchAndOutput", output_only=True)).task


def bench_of(task: Task, compiler: Compiler, tmp_path: Path) -> Bench:
    (tmp_path / "run").mkdir()
    return Bench.of(task, compiler, tmp_path / "run")


def test_an_input_is_public_where_contestants_were_given_it(mixed: Task) -> None:
    files = {file.testcase: (file.input, file.program_runs) for file in mixed.output_files}
    assert files == {"b": (None, False), "c": (b"500\n", False)}


def test_the_first_bundle_is_what_most_producers_agree_on(
    mixed: Task, compiler: Compiler, tmp_path: Path
) -> None:
    helpers = [producer(n, text) for n, text in enumerate((BOTH, CRASHES, READS, READS))]
    program = candidate("twice/1", "print(2 * int(input()))\n")
    written = candidate("twice/w", packed({"output_b.txt": "80\n", "else": ""}), "output-only")
    made = produce([program, written], helpers, bench_of(mixed, compiler, tmp_path))
    assert made.programs == (program,)
    first, second = (unpacked(one) for one in made.bundles)
    # b: 80 twice (one printed, one written), 14 twice; c: three times 1000, from the public input.
    assert first == {"output_b.txt": "80\n", "output_c.txt": "1000\n"}
    assert second == {"output_b.txt": "14\n"}
    assert made.agreement == pytest.approx(np.array([[0, 2 / 6], [0, 0]]))


def test_what_was_handed_in_keeps_its_row_and_is_not_bundled_again(
    mixed: Task, compiler: Compiler, tmp_path: Path
) -> None:
    bench = bench_of(mixed, compiler, tmp_path)
    (before,) = produce([], [producer(0, BOTH)], bench).bundles
    helpers = [producer(0, BOTH), producer(1, READS)]
    again = produce([], helpers, bench, tried=[before, before])
    assert again.bundles[0] == before
    assert [unpacked(one) for one in again.bundles[1:]] == [{"output_b.txt": "14\n"}]


def test_rows_of_bundles_stand_below_the_programs(
    mixed: Task, compiler: Compiler, tmp_path: Path
) -> None:
    made = produce([], [producer(0, BOTH)], bench_of(mixed, compiler, tmp_path))
    _, *parts = nothing_ran(mixed)
    behaviour, clusters, estimate = extended(made, mixed, *parts)
    assert behaviour.candidate_ids == (made.bundles[0].id,)
    assert clusters.label.tolist() == [[-1, 0]]
    assert estimate.probability == pytest.approx(np.array([[0, 1 / 3]]))


def test_files_are_handed_in_under_their_names(mixed: Task) -> None:
    made = candidate("twice/o", packed({"output_b.txt": "80\n"}), "output-only")
    wanted = Submission(language="output-only", sources={"output_b.txt": b"80\n"})
    assert as_submission(mixed, made) == wanted
    with pytest.raises(SolverError, match="twice/x: in language output-only"):
        unpacked(candidate("twice/x", "80", "output-only"))


def test_a_model_may_write_the_files_out(mixed: Task) -> None:
    text = (
        "<think>```output_b.txt\n1\n```</think>Try:\n```output_b.txt\n79\n```\n"
        "No:\n\n```output_b.txt\n80\n```\n```Output_C.txt\n1000\n```\n"
        "```python\nprint(1)\n```\n```output_b.txt\ncut"
    )
    assert written_outputs(text, mixed) == {"output_b.txt": "80\n", "output_c.txt": "1000\n"}


def test_producers_are_asked_for_where_programs_and_files_are_taken(
    mixed: Task, tmp_path: Path
) -> None:
    config = SamplingConfig(samples=16, helpers=1)
    wanted = plan_helpers(mixed, config, Prompts())
    assert Counter(one.kind for one in wanted)["producer"] == 4
    prompt = next(one for one in wanted if one.kind == "producer").request.messages[-1].content
    assert "- output_b.txt (subtask 02-part)" in prompt and "C++" in prompt
    alone = load_package(write(tmp_path / "alone", "OutputOnly")).task
    assert {one.kind for one in plan_helpers(alone, config, Prompts())} == {
        "generator",
        "validator",
    }


def run(folder: Path, tmp_path: Path, lines: list[dict[str, str]]) -> Any:
    pools = tmp_path / "pools"
    pools.mkdir()
    rows = [
        {"task": "twice", "id": f"twice/{n}", "language": "python3"} | line
        for n, line in enumerate(lines)
    ]
    (pools / "twice.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    words = ["run", str(folder), "--pool-dir", str(pools), "--run", str(tmp_path / "run")]
    done = CliRunner().invoke(contest_command, [*words, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)["tasks"][0]


def test_a_program_and_files_together_solve_a_task_of_both(tmp_path: Path) -> None:
    write(tmp_path / "cup/twice", "BatchAndOutput", output_only=True)
    lines = [
        {"kind": "candidate", "source": "print(2 * int(input()))\n"},
        {"kind": "producer", "source": BOTH},
    ]
    task = run(tmp_path / "cup", tmp_path, lines)
    assert (task["points"], task["submissions"]) == (100, 2)
    assert any("outputs-" in line["candidate"] for line in task["history"])


def test_candidates_of_a_task_of_outputs_alone_are_run_on_its_inputs(tmp_path: Path) -> None:
    """Test c's input alone is public: the second program knows nothing of the others."""
    write(tmp_path / "cup/twice", "OutputOnly")
    knows = "import sys\nprint({'output_a.txt': 6, 'output_b.txt': 80}.get(sys.argv[1], ''))\n"
    lines = [
        {"kind": "candidate", "source": knows},
        {"kind": "candidate", "source": "print(2 * int(input()))\n"},
    ]
    task = run(tmp_path / "cup", tmp_path, lines)
    assert task["points"] == 100
    assert task["submissions"] == 1


def test_nothing_to_hand_in_is_said(tmp_path: Path) -> None:
    write(tmp_path / "cup/twice", "OutputOnly")
    with pytest.raises(SolverError, match="no program printed an output file"):
        run(tmp_path / "cup", tmp_path, [{"kind": "candidate", "source": CRASHES}])
