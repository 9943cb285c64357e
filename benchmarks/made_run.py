"""A run folder of any size, made without a model or a sandbox, for benchmarks and browser tests.

Programs are the bundled pools' own, each with names and numbers of its own so that no two are the
same text; what they do and what they are worth is drawn at random. The contest is played for real:
log, strategy and simulated judge are the product's.
"""

import json
import re
from pathlib import Path

import numpy as np
from made_play import play_contest

from problems.task import Statement, Subtask, Task, TaskLimits, TaskType
from problems.verdict import Verdict
from sandbox.data import digest_of
from solver.kept.about import keep_about
from solver.kept.inputs import save_inputs
from solver.kept.samples import RunFolder, StoredSample
from solver.kept.votes import keep_votes, refused_input
from solver.observing.cluster import by_behaviour
from solver.replays.truth import Truth
from solver.report.truths import TRUTH_NAME
from solver.sampling.plan import ROUND_NUMBERS, place_of
from solver.scorer import estimate
from solver.strategies.base import View
from solver.strategies.views import KeptView, keep_view
from solver.submissions import text_digest
from solver.types import (
    Behaviour,
    Candidate,
    FeedbackMode,
    GeneratedInput,
    HelperKind,
    HelperProgram,
    InputOrigin,
    RunStatus,
)

POOLS = Path(__file__).parent.parent / "problems" / "bundled" / "pools"
NAMES = ("harbour", "lanterns", "ropeway", "orchard", "signals", "ferries")
PROMPT = (
    "You solve a task of a programming contest.",
    "Write one program in C++20 that solves the subtask. Answer with the program alone.\n\n"
    "# The task\n\nA line of lamps stands along the quay ...",
)


def make_run(
    folder: Path,
    *,
    tasks: int = 3,
    programs: int = 120,
    inputs: int = 48,
    seed: int = 0,
    truth: bool = True,
    answers: bool = True,
) -> Path:
    """Writes a run of `tasks` tasks with `programs` candidates each; returns the folder."""
    rng = np.random.default_rng(seed)
    sources = _sources()
    views: dict[str, View] = {}
    truths: dict[str, Truth] = {}
    for number in range(tasks):
        task = _task(NAMES[number % len(NAMES)], int(rng.integers(2, 6)))
        views[task.name], truths[task.name] = _world(task, sources, programs, inputs, rng)
        _keep(folder, views[task.name], truths[task.name] if truth else None, rng, answers)
    keep_about(folder)
    config = {"model": "openai:made@http://127.0.0.1:1/v1", "sampling": {"samples": programs}}
    (folder / "config.json").write_text(json.dumps(config))
    play_contest(folder, views, truths)
    return folder


def _sources() -> list[tuple[str, str]]:
    found = []
    for file in sorted(POOLS.glob("*.jsonl")):
        for line in file.read_text().splitlines():
            row = json.loads(line)
            if row.get("kind", "candidate") == "candidate":
                found.append((str(row["language"]), str(row["source"])))
    return found


def _task(name: str, subtasks: int) -> Task:
    worth = np.diff(np.linspace(0, 20, subtasks + 1).round() * 5)
    return Task(
        name=name,
        title=name.title(),
        type=TaskType.BATCH,
        statement=Statement(text=""),
        subtasks=tuple(
            Subtask(
                name=f"group{s + 1}",
                max_points=float(points),
                includes=tuple(f"group{other + 1}" for other in range(s)),
            )
            for s, points in enumerate(worth)
        ),
        examples=(),
        limits=TaskLimits(time_s=2.0, memory_bytes=2**28),
        scored=True,
    )


def _own(source: str, number: int, rng: np.random.Generator) -> str:
    """The program with names and numbers of its own."""
    words = sorted(set(re.findall(r"\b[a-z]{1,8}\b", source)))
    chosen = rng.choice(words, size=min(3, len(words)), replace=False)
    keywords = re.compile(r"int|long|for|if|else|while|return|include|using|def|in|import|main|std")
    for word in chosen:
        if not keywords.fullmatch(word) and len(word) < 4:
            source = re.sub(rf"\b{word}\b", f"{word}{rng.integers(10)}", source)
    return f"{source.rstrip()}\n// {number}\n"


def _content(task: str, number: int) -> str:
    return f"{number} {len(task)}\n" * (1 + number)


def _world(
    task: Task, sources: list[tuple[str, str]], programs: int, inputs: int, rng: np.random.Generator
) -> tuple[View, Truth]:
    names = tuple(subtask.name for subtask in task.subtasks)
    reach = np.linspace(0.4, 1.0, len(names))
    in_subtask = np.arange(inputs)[:, None] < (reach * inputs)[None, :]
    kinds = max(8, programs // 12)
    wrong = rng.random((kinds, inputs)) < rng.random(kinds)[:, None] * 0.5
    for kind in range(kinds // 2):  # right up to some subtask
        start = int(reach[int(rng.integers(0, len(names)))] * inputs)
        wrong[kind, :start] = False
        wrong[kind, start:] = rng.random(inputs - start) < 0.5
    wrong[0] = False
    right_out = rng.integers(1, 2**60, size=inputs).astype(np.uint64)
    other = rng.integers(1, 2**60, size=(kinds, inputs)).astype(np.uint64)
    kind_of = rng.choice(kinds, size=programs, p=rng.dirichlet(np.full(kinds, 0.4)))
    digest = np.where(wrong, other, right_out)[kind_of]
    status = np.full((programs, inputs), RunStatus.OK, dtype=np.uint8)
    slow = rng.random(programs) < 0.12
    status[slow, int(reach[0] * inputs) :] = RunStatus.TIMEOUT
    broken = rng.random(programs) < 0.04
    status[broken] = RunStatus.NOT_RUN
    digest[status != RunStatus.OK] = 0
    points = np.zeros((programs, len(names)))
    for s, subtask in enumerate(task.subtasks):
        passed = ~wrong[kind_of][:, in_subtask[:, s]].any(axis=1) & ~broken
        points[:, s] = (passed & (~slow | (s == 0))) * subtask.max_points
    candidates: list[Candidate] = []
    for row in range(programs):
        language, source = sources[int(rng.integers(len(sources)))]
        target = None if row % 4 == 0 else names[row % len(names)]
        candidates.append(
            Candidate(
                id=f"{task.name}/{place_of(ROUND_NUMBERS + row)}",
                task=task.name,
                subtask=target,
                language=language,
                source=_own(source, row, rng),
                model="made",
                parent=candidates[row - 9].id if row % 10 == 9 else None,
            )
        )
    contents = [_content(task.name, j) for j in range(inputs)]
    behaviour = Behaviour(
        candidate_ids=tuple(one.id for one in candidates),
        input_ids=tuple(digest_of(content.encode()) for content in contents),
        status=status,
        digest=digest,
        cpu_s=np.where(status == RunStatus.TIMEOUT, 2.0, rng.random(status.shape) * 0.3).astype(
            np.float32
        ),
        in_subtask=in_subtask,
        expected=np.where(np.arange(inputs) < 2, right_out, 0).astype(np.uint64),
        subtasks=names,
    )
    clusters = by_behaviour(behaviour, task)
    view = View(
        task=task,
        candidates=tuple(candidates),
        behaviour=behaviour,
        clusters=clusters,
        estimate=estimate(tuple(candidates), behaviour, clusters, task),
        feedback_mode=FeedbackMode.FULL,
        limit=50,
    )
    lacking = points.sum(axis=1) < sum(subtask.max_points for subtask in task.subtasks)
    truth = Truth(
        task=task.name,
        subtasks=names,
        max_points=np.array([subtask.max_points for subtask in task.subtasks]),
        candidate_ids=behaviour.candidate_ids,
        source_digests=tuple(text_digest(one) for one in candidates),
        program_digests=tuple("" if one else "p" for one in broken.tolist()),
        points=points,
        verdicts=tuple(Verdict.WA if one else Verdict.AC for one in lacking.tolist()),
    )
    return view, truth


def _keep(
    run: Path, view: View, truth: Truth | None, rng: np.random.Generator, answers: bool
) -> None:
    task = view.task
    folder = run / task.name
    folder.mkdir(parents=True)
    broken = (view.behaviour.status == RunStatus.NOT_RUN).all(axis=1)
    helpers = tuple(
        HelperProgram(
            id=f"{task.name}/{kind}{number}",
            kind=kind,
            language="python3",
            source=f"import sys\nrandom_seed = int(sys.argv[1])  # {number}\nprint(random_seed)\n",
        )
        for kind, number in ((HelperKind.GENERATOR, 1), (HelperKind.VALIDATOR, 2))
    )
    keep_view(
        folder,
        KeptView(
            round=1,
            view=view,
            programs=tuple(None if bad else f"p{row}" for row, bad in enumerate(broken.tolist())),
            errors={
                view.candidates[row].id: "error: 'x' was not declared in this scope"
                for row in np.flatnonzero(broken).tolist()
            },
            helpers=helpers,
            tokens=0,
            cpu_s=float(view.behaviour.cpu_s.sum()),
            tally=None,
        ),
    )
    if truth is not None:
        truth.write(folder / TRUTH_NAME)
    rng2 = np.random.default_rng(1)
    made = []
    for j, name in enumerate(view.behaviour.input_ids):
        content = _content(task.name, j).encode()
        made.append(
            GeneratedInput(
                id=name,
                content=content,
                subtasks=frozenset(),
                origin=InputOrigin.EXAMPLE if j < 2 else InputOrigin.GENERATOR,
                accepted_share=float(rng2.random()),
            )
        )
    save_inputs(folder, "made", made)
    keep_votes(
        folder,
        "made",
        made=140,
        kept=46,
        broken=[],
        validators={helpers[1].id: True},
        refused=[refused_input(b"0 1\n", "group1", 0.0, [helpers[1].id])],
    )
    if answers:
        _draw(run, view, rng)


def _draw(run: Path, view: View, rng: np.random.Generator) -> None:
    with RunFolder(run) as kept:
        prompt = kept.blobs.put(json.dumps([["system", PROMPT[0]], ["user", PROMPT[1]]]).encode())
        kept.add(
            StoredSample(
                key=f"{view.task.name}-{row}",
                task=view.task.name,
                kind="candidate",
                subtask=candidate.subtask,
                number=ROUND_NUMBERS + row,
                text=f"Sort, then sweep; see below.\n\n```cpp\n{candidate.source}```\n",
                logprob=None,
                tokens=int(rng.integers(150, 900)),
                prompt_tokens=700,
                finish="stop",
                model="made",
                elapsed_s=4.0,
                extra={
                    "language": candidate.language,
                    "round": 1,
                    "prompt": prompt,
                    "temperature": 0.8,
                },
            )
            for row, candidate in enumerate(view.candidates)
        )
