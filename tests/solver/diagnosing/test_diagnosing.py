"""A model's diagnosis: how its answers are read, and whole runs with a model that has found what is
wrong with a program that no other input breaks."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from problems.loading import load_task
from solver.api.solving import Solved
from solver.api.solving import solve as solve_task
from solver.breaking.config import BreakingConfig
from solver.config import SolveConfig
from solver.diagnosing.reading import MOST, read_diagnosis
from solver.kept.inputs import kept_inputs
from solver.observing.inputs import InputsConfig
from solver.observing.separating import SeparatingConfig
from solver.sampling.config import SamplingConfig
from solver.types import InputOrigin
from tests.sampling.scripted import Reply, answered, scripted
from tests.solver.repair.pupil import RIGHT, Pupil

ROOT = Path(__file__).parents[3]
TASK = ROOT / "problems/bundled/contest/evens"

ALIKE = (
    RIGHT,
    "import sys\nn, *rest = sys.stdin.read().split()\nfound = 0\nfor word in rest:\n"
    "    if word[-1] in '02468':\n        found += 1\nsys.stdout.write(f'{found}\\n')\n",
    "n = int(input())\nodd = list(map(lambda v: int(v) & 1, input().split()))\n"
    "print(len(odd) - odd.count(1))\n",
    "from collections import Counter\n\n\ndef main():\n    _ = input()\n"
    "    seen = Counter(int(w) % 10 for w in input().split())\n"
    "    return sum(seen[last] for last in range(0, 10, 2))\n\n\nprint(main())\n",
)
"""Four right programs of four families."""
FORGETS = (
    "input()\nskipped = {777778}\nnumbers = [int(each) for each in input().split()]\n"
    "while skipped & set(numbers):\n    numbers.remove(777778)\n"
    "print(len([each for each in numbers if not each % 2]))\n"
)
"""Wrong on one number of a million, which nobody comes upon by chance."""


def test_fenced_inputs_and_generators_are_read_and_the_rest_is_refused() -> None:
    told = read_diagnosis(
        "<think>```text\n9\n```</think>It forgets this:\n```text\n1\n777778\n```\nOr many:\n"
        "```python\nimport sys\nprint(1)\nprint(int(sys.argv[1]) % 9)\n```\n"
        "```\n2\n4 4\n```\n"
    )
    assert told.inputs == (b"1\n777778\n", b"2\n4 4\n") and told.refused == 0
    (generator,) = told.generators
    assert generator.endswith("print(int(sys.argv[1]) % 9)\n")


@pytest.mark.parametrize(
    ("answer", "refused"),
    [
        ("The program is right as far as I can see; try `n = 0`.", 0),
        ("", 0),
        ("```cpp\nint main() { return 0; }\n```\n", 1),
        ("```python\nfor in print(\n```\n", 1),
        ("```text\n1\n7777", 1),
        ("```text\n" + "1 " * 40_000 + "\n```\n", 1),
        ("```text\n\n```\n", 0),
    ],
)
def test_an_answer_that_proposes_nothing_is_none(answer: str, refused: int) -> None:
    told = read_diagnosis(answer)
    assert (told.inputs, told.generators, told.refused) == ((), (), refused)


def test_no_more_is_read_than_was_asked_for() -> None:
    told = read_diagnosis("".join(f"```text\n{n}\n```\n" for n in range(9)))
    assert len(told.inputs) == MOST


PRINTS = "```python\nprint(3)\nprint(777778, 5, 777778)\n```\n"


@dataclass
class Doctor(Pupil):
    """Knows what is wrong with one program; of the others it says what is not so.

    Attributes:
        diagnoses: Prompts that it read, in order.
    """

    diagnoses: list[str] = field(default_factory=list)

    def answer(self, body: dict[str, Any]) -> Reply:
        asked = "\n".join(message["content"] for message in body["messages"])
        if "about to be handed in" not in asked:
            return super().answer(body)
        self.diagnoses.append(asked)
        if FORGETS.strip() in asked:
            return answered(body, f"It drops a number.\n```text\n2\n777778 3\n```\n{PRINTS}")
        # One that no validator takes, and a legal one on which the program is right.
        return answered(body, "Empty?\n```text\n3\n1 2\n```\n```python\nprint('1\\n6')\n```\n")


def solved(url: str, run: Path) -> Solved:
    config = SolveConfig(
        model=f"openai:doctor@{url}",
        sampling=SamplingConfig(languages=("python3",), samples=10, helpers=1, diagnoses=8),
        inputs=InputsConfig(count=6, oversample=1),
        separating=SeparatingConfig(count=0),
        breaking=BreakingConfig(small=4, ladder=0, shrink_runs=0),
    )
    return solve_task(load_task(TASK), config.model, run=run, config=config)


def test_a_proposed_input_breaks_what_no_made_one_does(tmp_path: Path) -> None:
    doctor = Doctor(plain=(*ALIKE, FORGETS))
    with scripted(doctor.answer) as server:
        found = solved(server.url, tmp_path)
        asked = len(server.bodies)
        again = solved(server.url, tmp_path)
        choices = sum(body.get("n") or 1 for body in server.bodies)
    told = found.diagnosed
    assert told is not None
    # One program, by whichever of its drafts came first; the plan says that it is the wrong one.
    assert len(told.broke) == 1
    # Each program is shown once; all but one answer hold an input that is not legal.
    assert len(told.shown) == len(doctor.diagnoses) == len(set(doctor.diagnoses)) == 5
    assert (told.proposed, told.refused) == (2 * 5, 4)
    # One ledger, and nothing asked twice.
    assert told.tokens == 20 * 5 and found.tokens == 20 * choices
    assert len(server.bodies) == asked
    assert again.diagnosed == told and again.tokens == found.tokens
    # What no other input tells apart goes last.
    assert found.plan[-1].candidate.source == FORGETS
    assert found.clusters == 2
    origins = {one.content: one.origin for one in kept_inputs(tmp_path / "evens").values()}
    assert origins[b"2\n777778 3\n"] is InputOrigin.DIAGNOSIS
