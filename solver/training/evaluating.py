"""What training was worth: the model before and after, on tasks that were never trained on.

All answers count, also those without a program. pass@k is the unbiased estimator of Chen et al.
2021 (arXiv 2107.03374, section 2.1); points at k are those of k answers drawn without repetition,
each subtask's best. Intervals are 95 %, by resampling the answers and the tasks; those of a
difference draw the same tasks on both sides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.verdict import POINTS_TOLERANCE
from sandbox import open_sandbox
from sandbox.compiling.compile import Compiler
from solver.replays.truth import Truth
from solver.report.comparing.measures import (
    Figure,
    best_figure,
    difference,
    over_tasks,
    pass_figure,
)
from solver.training.config import TrainingConfig
from solver.training.errors import Contaminated, TrainingError
from solver.training.honesty import HeldOut, overlaps
from solver.training.rounds import adapter_of, check_tasks, round_folder, rounds_of
from solver.training.rows import ROWS_NAME, read_rows
from solver.training.sampling import Sampled, draw_samples, judged
from solver.training.sources import Told, TrainingTask, tasks_in

MARKS = (1, 10, 50)
BASE = "base"
_SEED_APART = 1000
"""Answers of a measurement are drawn with seeds that no round used."""
_CURVE = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One model's answers to one task.

    Attributes:
        points: (N, S), a row an answer; 0 for one without a program.
        max_points: (S,).
    """

    points: NDArray[np.float64]
    max_points: NDArray[np.float64]
    programs: int

    @property
    def right(self) -> int:
        """Answers with full marks."""
        full = self.points >= self.max_points[None, :] - POINTS_TOLERANCE
        return int(full.all(axis=1).sum())

    @classmethod
    def of(cls, one: TrainingTask, sampled: Sampled, truth: Truth | None) -> "Answers":
        """The judge's points, and zeros for answers that held no program."""
        most = np.array([subtask.max_points for subtask in one.task.subtasks])
        known = np.zeros((0, len(most))) if truth is None else truth.points
        lacking = max(0, sampled.tally.answers - len(known))
        points = np.vstack([known, np.zeros((lacking, len(most)))])
        return cls(points=points, max_points=most, programs=len(sampled.candidates))


def evaluate(
    config: TrainingConfig,
    run: Path,
    places: Sequence[Path],
    *,
    samples: int,
    rounds: Sequence[int] | None,
    tell: Told,
) -> dict[str, Any]:
    """Samples and judges what the run's `eval` folder does not hold yet, and measures.

    Args:
        places: Packages and contests that were never trained on.
        samples: Of a task and model.
        rounds: Whose adapters are measured; None: all.

    Raises:
        Contaminated: One of the tasks was trained on; says by what it is seen.
        TrainingError: No round is done.
        SolverError, ProblemsError, SandboxError: As the parts do; what was drawn is kept.
    """
    done = len(rounds_of(run))
    wanted = [*range(1, done + 1)] if rounds is None else list(rounds)
    if not wanted or max(wanted) > done:
        raise TrainingError(
            f"{run}: {done} rounds are done; `solver train run --run {run}` goes on"
        )
    tasks = tasks_in(places)
    check_unseen(config, run, tasks, wanted)
    sampling = config.sampling.model_copy(
        update={"samples": samples, "seed": config.sampling.seed + _SEED_APART, "helpers": 0}
    )
    drawing = config.model_copy(update={"sampling": sampling})
    found: dict[str, dict[str, Answers]] = {}
    for number in [0, *wanted]:
        name = f"round {number}" if number else BASE
        folder = run / "eval" / f"{number}-{samples}"
        adapter = adapter_of(run, number) if number else None
        called = config.name + (f"+round{number}" if number else "")
        drawn = draw_samples(drawing, tasks, folder / "samples", adapter, called, tell)
        found[name] = {}
        with open_sandbox(config.backend) as sandbox:
            compiler = Compiler(sandbox)
            for task, sampled in drawn.items():
                truth = judged(tasks[task], sampled, folder, sandbox, compiler, tell)
                found[name][task] = Answers.of(tasks[task], sampled, truth)
    return measured(found) | {"run": str(run), "model": config.model}


def check_unseen(
    config: TrainingConfig, run: Path, tasks: Mapping[str, TrainingTask], rounds: Sequence[int]
) -> None:
    """None of the tasks is in what the run trained on.

    Raises:
        Contaminated: One is.
    """
    held = [HeldOut.of(one, whole_contest=False) for one in tasks.values()]
    try:
        check_tasks(tasks_in([Path(each) for each in config.tasks]), held)
    except Contaminated as error:
        raise Contaminated(f"{run}: {error}") from error
    for number in rounds:
        file = round_folder(run, number) / ROWS_NAME
        found = overlaps(read_rows(file), held) if file.is_file() else []
        if found:
            raise Contaminated(f"{file}: {found[0].words}; it would be no measurement")


def measured(found: Mapping[str, Mapping[str, Answers]]) -> dict[str, Any]:
    """The document of `solver train eval --json`.

    Args:
        found: Model ("base" first) to task to its answers; every model has every task.
    """
    names = list(found)
    tasks = list(found[names[0]])
    least = min(len(one.points) for each in found.values() for one in each.values())
    marks = [mark for mark in MARKS if mark <= least]
    curve = [mark for mark in _CURVE if mark <= least]
    passed = {name: {k: _pass(found[name], name, k) for k in marks} for name in names}
    points = {
        name: {k: _points(found[name], name, k) for k in sorted({*marks, *curve})} for name in names
    }
    return {
        "tasks": tasks,
        "samples": least,
        "marks": marks,
        "left_out_marks": [mark for mark in MARKS if mark > least],
        "max_points": float(sum(one.max_points.sum() for one in found[names[0]].values())),
        "entries": [
            {
                "name": name,
                "pass_at": {str(k): _plain(passed[name][k]) for k in marks},
                "points_at": {str(k): _plain(points[name][k]) for k in marks},
                "oracle": float(sum(_oracle(one) for one in found[name].values())),
                "tasks": [_task(task, one, name, marks) for task, one in found[name].items()],
            }
            for name in names
        ],
        "differences": [
            {"entry": name, "against": names[0], "what": f"{what} {k}"}
            | _plain(difference(of[names[0]][k], of[name][k]))
            for name in names[1:]
            for what, of in (("pass at", passed), ("points at", points))
            for k in marks
        ],
        "curves": {
            "rounds": {
                str(k): [{"entry": name} | _plain(points[name][k]) for name in names] for k in marks
            },
            "samples": {
                name: [{"samples": k} | _plain(points[name][k]) for k in curve] for name in names
            },
        },
    }


def _rng(*parts: object) -> np.random.Generator:
    return np.random.default_rng([*" ".join(map(str, parts)).encode()])


def _pass(answers: Mapping[str, Answers], name: str, k: int) -> Figure:
    each = {
        task: pass_figure(len(one.points), one.right, k, _rng(name, task, k))
        for task, one in answers.items()
    }
    return _over({task: figure for task, figure in each.items() if figure}, mean=True)


def _points(answers: Mapping[str, Answers], name: str, k: int) -> Figure:
    each = {task: best_figure(one.points, k, _rng(name, task, k)) for task, one in answers.items()}
    return _over(each, mean=False)


def _over(figures: Mapping[str, Figure], *, mean: bool) -> Figure:
    # Equal generators draw the same tasks for every model: their differences are paired.
    found = over_tasks(figures, mean=mean, rng=np.random.default_rng(7))
    assert found is not None  # there is a task, and it has k answers
    return found


def _oracle(one: Answers) -> float:
    return float(one.points.max(axis=0, initial=0.0).sum())


def _task(task: str, one: Answers, name: str, marks: Sequence[int]) -> dict[str, Any]:
    passed = {k: pass_figure(len(one.points), one.right, k, _rng(name, task, k)) for k in marks}
    return {
        "task": task,
        "answers": len(one.points),
        "programs": one.programs,
        "right": one.right,
        "oracle": _oracle(one),
        "max_points": float(one.max_points.sum()),
        "pass_at": {str(k): figure and figure.value for k, figure in passed.items()},
        "points_at": {str(k): best_figure(one.points, k, _rng(name, task, k)).value for k in marks},
    }


def _plain(figure: Figure) -> dict[str, float]:
    return {
        "value": round(figure.value, 6),
        "low": round(figure.low, 6),
        "high": round(figure.high, 6),
    }
