"""What a committee is told: the verdict, right programs, likeness, and agents' trials."""

import json
from pathlib import Path

import numpy as np
import pytest

from problems.verdict import Verdict
from solver.errors import PoolError
from solver.replays.assess import Assessment, Chance, SubtaskAssessment
from solver.replays.likeness import likeness
from solver.replays.trials import OWN_ORDER, assess_trials, read_trials
from solver.replays.truth import Truth
from solver.report.assessing.markdown import as_markdown
from solver.report.assessing.sheet import contamination_notes, right_programs
from solver.report.assessing.verdict import Level, advice_of
from solver.submissions import text_digest
from solver.types import Candidate

LONG = """
#include <bits/stdc++.h>
using namespace std;
int main() {
    int n, best = 0; cin >> n;
    vector<int> value(n);
    for (int i = 0; i < n; i++) cin >> value[i];
    sort(value.begin(), value.end());
    for (int i = 1; i < n; i++) best = max(best, value[i] - value[i - 1]);
    cout << best << endl;
}
"""


def part(name: str, points: float, right: int, chance: float, total: int = 40) -> SubtaskAssessment:
    return SubtaskAssessment(
        name=name,
        max_points=points,
        right=right,
        share=right / total,
        share_low=0.0,
        share_high=0.3 if total < 100 else 0.01,
        by_random={50: chance},
        by_strategy={50: chance},
        again={50: Chance(value=chance, low=chance, high=chance)},
        first=None,
    )


def assessed(*parts: SubtaskAssessment, points: float, total: int = 40) -> Assessment:
    return Assessment(
        task="t",
        candidates=total,
        compiled=total,
        max_points=sum(each.max_points for each in parts),
        oracle=points,
        points_strategy={50: points},
        subtasks=parts,
        strategy="random",
        replays=10,
    )


def test_four_verdicts() -> None:
    easy, hard = part("easy", 40, 20, 0.9), part("hard", 60, 0, 0.0)
    advice = advice_of(assessed(part("all", 100, 20, 1.0), points=100))
    assert advice.level is Level.SOLVED and "about 100 of 100 points" in advice.head
    advice = advice_of(assessed(easy, part("hard", 60, 9, 0.8), points=90))
    assert advice.level is Level.MOSTLY and "about 84 of 100 points" in advice.head
    advice = advice_of(assessed(part("easy", 70, 20, 0.9), part("hard", 30, 0, 0.0), points=70))
    assert advice.level is Level.MOSTLY and "30 points" in advice.steps[0]
    advice = advice_of(assessed(easy, hard, points=40))
    assert advice.level is Level.PARTLY
    assert "takes for granted: easy (40 points)" in advice.steps[0]
    assert "Draw about 600" in advice.steps[2]  # 40 programs exclude no 30 %
    nothing = advice_of(assessed(part("easy", 40, 0, 0.0), hard, points=0))
    assert nothing.level is Level.HOLDS and "few" in nothing.steps[1]
    many = [part("easy", 40, 0, 0.0, total=400), part("hard", 60, 0, 0.0, total=400)]
    assert "at most 1.0%" in advice_of(assessed(*many, points=0, total=400)).steps[1]


def test_likeness_puts_names_aside() -> None:
    other = LONG.replace("value", "heights").replace("best", "gap").replace("n;", "n; /* read */")
    assert likeness(other, [LONG]) == pytest.approx(1.0)
    assert likeness("n = int(input())\nprint(sum(range(n)) * 3 - n // 2 + 1)\n", [LONG]) < 0.2
    assert likeness("x", [LONG]) == 0.0 and likeness(LONG, []) == 0.0


def truth_of(candidates: list[Candidate], points: list[list[float]]) -> Truth:
    digests = tuple(text_digest(candidate) for candidate in candidates)
    return Truth(
        task="t",
        subtasks=("a", "b"),
        max_points=np.array([40.0, 60.0]),
        candidate_ids=tuple(candidate.id for candidate in candidates),
        source_digests=digests,
        program_digests=digests,
        points=np.array(points),
        verdicts=(Verdict.WA,) * len(candidates),
    )


def candidate(name: str, source: str) -> Candidate:
    return Candidate(id=name, task="t", subtask=None, language="cpp20", source=source)


def test_right_programs_and_notes() -> None:
    copy = LONG.replace("value", "row")
    mine = [candidate("whole", copy), candidate("half", "int h;"), candidate("none", "int x;")]
    truth = truth_of(mine, [[40, 60], [40, 0], [0, 0]])
    right, count = right_programs(mine, truth, [LONG])
    assert count == 1
    assert [(one.candidate.id, one.solves) for one in right] == [
        ("whole", ("a", "b")),
        ("half", ("a",)),
    ]
    notes = contamination_notes(mine, truth, [LONG])
    assert "whole is nearly a jury program" in notes[1]
    assert "no right program of the jury" in contamination_notes(mine, truth, [])[0]


def test_a_line_separator_within_a_program_ends_no_line_of_trials(tmp_path: Path) -> None:
    row = {"task": "t", "language": "cpp20", "source": "int a; // \u2028", "id": "p", "trial": 7}
    file = tmp_path / "agent.jsonl"
    file.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    assert read_trials(file, "t").of == {"7": (0,)}


def test_an_agents_trials(tmp_path: Path) -> None:
    """Three trials: right at the second submission, right at the first, never."""
    lines = [
        {"id": "p1", "trial": 1, "source": "int p1;"},
        {"id": "q1", "trial": 2, "source": "int q1;"},
        {"id": "p2", "trial": 1, "source": "int p2;"},
        {"id": "r1", "trial": 3, "source": "int r1;"},
    ]
    file = tmp_path / "agent.jsonl"
    file.write_text(
        "".join(json.dumps({"task": "t", "language": "cpp20", **line}) + "\n" for line in lines)
    )
    trials = read_trials(file, "t")
    assert list(trials.of.values()) == [(0, 2), (1,), (3,)]
    truth = truth_of(list(trials.candidates), [[0, 0], [40, 60], [40, 0], [0, 0]])
    found = assess_trials(trials, truth, [1, 10])
    first, second = found.subtasks
    assert first.by_strategy == {1: pytest.approx(1 / 3), 10: pytest.approx(2 / 3)}
    assert second.by_strategy[10] == pytest.approx(1 / 3)
    assert found.points_strategy == {1: pytest.approx(100 / 3), 10: pytest.approx(140 / 3)}
    assert found.replays == 3 and found.strategy == OWN_ORDER
    assert "share of 3 trials" in as_markdown(found, model="agent")
    with pytest.raises(PoolError, match=r"write them as \.jsonl"):
        read_trials(tmp_path / "agent.parquet", "t")
