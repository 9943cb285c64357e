"""Made-up worlds: programs of a few kinds, inputs, behaviour and truth that fit together.

A kind answers some inputs wrongly. The right kind is right on all. Kinds that are right on the
inputs of a small subtask alone solve that subtask. Some programs are slow on large inputs. A share
of the right kind's members fails the hidden tests, as no set of inputs is perfect.
"""

import numpy as np

from problems.task import Statement, Subtask, Task, TaskLimits, TaskType
from problems.verdict import Verdict
from solver.observing.cluster import by_behaviour
from solver.replays.record import Record
from solver.replays.truth import Truth
from solver.replays.world import Observed
from solver.scorer.features import features_of
from solver.submissions import text_digest
from solver.types import Behaviour, Candidate, RunStatus


def make_task(subtasks=3, scored=True, name="made"):
    parts = tuple(
        Subtask(
            name=f"s{index}",
            max_points=10.0 * (index + 1),
            includes=tuple(f"s{other}" for other in range(index)),
        )
        for index in range(subtasks)
    )
    return Task(
        name=name,
        title=name,
        type=TaskType.BATCH,
        statement=Statement(text=""),
        subtasks=parts,
        examples=(),
        limits=TaskLimits(time_s=1.0, memory_bytes=2**28),
        scored=scored,
    )


def make_record(
    seed=0, programs=300, inputs=40, subtasks=3, right=0.01, unlucky=0.2, contest="made"
):
    """A record whose right programs are rare and whose wrong kinds are often large."""
    rng = np.random.default_rng(seed)
    task = make_task(subtasks, name=f"made{seed}")
    reach = np.linspace(0.4, 1.0, subtasks)
    in_subtask = np.arange(inputs)[:, None] < (reach * inputs)[None, :]
    kinds = 40
    truth_out = rng.integers(1, 2**60, size=inputs).astype(np.uint64)
    wrong = rng.random((kinds, inputs)) < rng.random(kinds)[:, None] * 0.4
    wrong[0] = False
    for kind in range(1, kinds):
        depth = int(rng.integers(0, subtasks))
        # Right on the smaller subtasks, wrong somewhere beyond them.
        if rng.random() < 0.3:
            wrong[kind] = False
            start = int(reach[depth - 1] * inputs) if depth else 0
            wrong[kind, start:] = rng.random(inputs - start) < 0.3
            wrong[kind, -1] = True
        if not wrong[kind].any():
            wrong[kind, int(rng.integers(inputs))] = True
    outputs = np.where(
        wrong, rng.integers(1, 2**60, size=(kinds, inputs)).astype(np.uint64), truth_out
    )
    weight = rng.dirichlet(np.full(kinds - 1, 0.3))
    kind_of = 1 + rng.choice(kinds - 1, size=programs, p=weight)
    count = max(2, int(programs * right))
    good = rng.choice(programs, count, replace=False)
    kind_of[good] = 0
    slow = (rng.random(programs) < 0.15) & (kind_of != 0)
    slow_right = rng.choice(np.flatnonzero(slow), min(8, int(slow.sum())), replace=False)
    kind_of[slow_right] = 0
    status = np.full((programs, inputs), RunStatus.OK, dtype=np.uint8)
    digest = outputs[kind_of]
    cut = int(reach[0] * inputs)
    status[slow, cut:] = RunStatus.TIMEOUT
    digest[slow, cut:] = 0
    points = np.zeros((programs, subtasks))
    for s in range(subtasks):
        columns = in_subtask[:, s]
        passed = ~wrong[kind_of][:, columns].any(axis=1)
        passed &= ~slow | (s == 0)
        # The hidden tests find what the inputs do not; what fails a part fails the whole.
        passed &= rng.random(programs) > (unlucky if s == subtasks - 1 else 0.0)
        if s:
            passed &= points[:, s - 1] > 0
        points[:, s] = passed * task.subtasks[s].max_points
    keep = good[0]
    points[keep] = [subtask.max_points for subtask in task.subtasks]
    candidates = tuple(
        Candidate(
            id=f"c{index}",
            task=task.name,
            subtask=None,
            language="python3" if rng.random() < 0.2 else "cpp20",
            source=f"int k{kind_of[index]}; // {index}\n" + "x+=1;\n" * int(rng.integers(3, 30)),
        )
        for index in range(programs)
    )
    behaviour = Behaviour(
        candidate_ids=tuple(one.id for one in candidates),
        input_ids=tuple(f"i{j}" for j in range(inputs)),
        status=status,
        digest=digest,
        cpu_s=np.where(status == RunStatus.TIMEOUT, 1.0, 0.01).astype(np.float32),
        in_subtask=in_subtask,
        expected=np.where(np.arange(inputs) < 2, truth_out, 0).astype(np.uint64),
        subtasks=tuple(subtask.name for subtask in task.subtasks),
    )
    clusters = by_behaviour(behaviour, task)
    full = points[:, -1] > 0
    truth = Truth(
        task=task.name,
        subtasks=behaviour.subtasks,
        max_points=np.array([subtask.max_points for subtask in task.subtasks]),
        candidate_ids=behaviour.candidate_ids,
        source_digests=tuple(text_digest(one) for one in candidates),
        program_digests=tuple(f"p{index}" for index in range(programs)),
        points=points,
        verdicts=tuple(Verdict.AC if one else Verdict.WA for one in full),
    )
    observed = Observed(behaviour=behaviour, clusters=clusters)
    return Record(
        contest=contest,
        grown="made up",
        task=task,
        candidates=candidates,
        behaviour=observed.behaviour,
        clusters=observed.clusters,
        features=features_of(candidates, behaviour, clusters, task),
        truth=truth,
    )
