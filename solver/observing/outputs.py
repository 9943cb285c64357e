"""Stage 3 for tasks that take outputs: what programs print becomes files that are handed in.

A *producer* is a model-written program that prints the file it is asked for (argv: the file's
name; the test's input on stdin where contestants have it). It may run longer than the task allows:
at home nobody counts. In a task of outputs alone every candidate is run so.

One submission holds a file for every test, so files are bundled: the first bundle has the output
that most producers agree on for each file, the second the next, and so on. A bundle is a candidate
of its own; what it is worth is not learned but told from agreement (`Produced.agreement`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from problems.task import Task, TaskType
from problems.tasktypes.output_only import LANGUAGE
from sandbox.data import digest_of
from solver.kept.answers import KeptAnswers
from solver.observing.bench import Bench
from solver.observing.build import Programs
from solver.observing.helpers import HelperBench
from solver.source_text import encoded
from solver.submissions import is_outputs, packed, takes_outputs, unpacked, within_reach
from solver.types import Behaviour, Candidate, Clusters, Estimate, HelperKind, HelperProgram

MOST_BUNDLES = 50
"""As many as an olympiad lets a contestant hand in."""
DOUBT = 2.0
"""Outputs that are thought to disagree before any was seen: one alone is believed at a third."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Produced:
    """What a task's candidates are once outputs are made.

    Attributes:
        programs: Those that can be handed in as programs.
        bundles: B candidates whose files are handed in as they are.
        agreement: (B, S) share of what was produced for a subtask's files that says the same; 0
            where the bundle lacks one of its files.
    """

    programs: tuple[Candidate, ...]
    bundles: tuple[Candidate, ...]
    agreement: NDArray[np.float64]

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """All rows: programs first."""
        return self.programs + self.bundles


def produce(
    candidates: Sequence[Candidate],
    helpers: Sequence[HelperProgram],
    bench: Bench,
    tried: Sequence[Candidate] = (),
) -> Produced:
    """Runs the producers and bundles what they print.

    Args:
        candidates: As drawn; some may be outputs that a model wrote out.
        tried: Candidates that were handed in before: their bundles keep their rows.

    Raises:
        SandboxError: The sandbox failed, not a program.
    """
    task = bench.task
    none = np.zeros((0, len(task.subtasks)))
    if not takes_outputs(task):
        return Produced(programs=tuple(candidates), bundles=(), agreement=none)
    written = [one for one in candidates if is_outputs(one)]
    programs = [one for one in candidates if not is_outputs(one)]
    producers = [one for one in helpers if one.kind is HelperKind.PRODUCER]
    if task.type is TaskType.OUTPUT_ONLY:
        producers += [_as_producer(one) for one in programs]
        programs = []
    votes = _votes(task, written, producers, bench)
    kept = tuple({one.id: one for one in tried if is_outputs(one)}.values())
    bundles = kept + _bundles(task, votes, kept)
    return Produced(
        programs=tuple(programs), bundles=bundles, agreement=_agreement(task, bundles, votes)
    )


def _as_producer(candidate: Candidate) -> HelperProgram:
    return HelperProgram(
        id=candidate.id,
        kind=HelperKind.PRODUCER,
        language=candidate.language,
        source=candidate.source,
        subtask=candidate.subtask,
    )


def _votes(
    task: Task,
    written: Sequence[Candidate],
    producers: Sequence[HelperProgram],
    bench: Bench,
) -> dict[str, Counter[str]]:
    """File name to its outputs and how many made each; the first made comes first among equals."""
    votes: dict[str, Counter[str]] = {file.name: Counter() for file in task.output_files}
    for candidate in written:
        for name, text in unpacked(candidate).items():
            if name in votes:
                votes[name][text] += 1
    if producers:
        with KeptAnswers(bench.run) as answers:
            running = HelperBench(producers, bench.compiler, bench.progress("outputs"), answers)
            made = running.of_kind(HelperKind.PRODUCER)
            calls = [(helper, file) for helper in made for file in task.output_files]
            for (_, file), content in zip(calls, running.produce(calls), strict=True):
                if content and content.strip():
                    votes[file.name][content.decode("utf-8", "replace")] += 1
    return votes


def _bundles(
    task: Task, votes: dict[str, Counter[str]], kept: Sequence[Candidate]
) -> tuple[Candidate, ...]:
    handed = {(name, text) for one in kept for name, text in unpacked(one).items()}
    ranked = {
        name: [text for text, _ in counts.most_common() if (name, text) not in handed]
        for name, counts in votes.items()
    }
    found = []
    for place in range(min(MOST_BUNDLES, max(map(len, ranked.values()), default=0))):
        source = packed(
            {name: texts[place] for name, texts in ranked.items() if place < len(texts)}
        )
        # Named by its content: another round may put another bundle in this place.
        name = f"{task.name}/outputs-{digest_of(encoded(source))[:12]}"
        found.append(
            Candidate(id=name, task=task.name, subtask=None, language=LANGUAGE, source=source)
        )
    return tuple(found)


def _agreement(
    task: Task, bundles: Sequence[Candidate], votes: dict[str, Counter[str]]
) -> NDArray[np.float64]:
    """A subtask is as good as its worst file."""
    found = np.zeros((len(bundles), len(task.subtasks)))
    for row, bundle in enumerate(bundles):
        files = unpacked(bundle)
        for s, subtask in enumerate(task.subtasks):
            wanted = [file.name for file in task.output_files if subtask.name in file.subtasks]
            if wanted and all(name in files for name in wanted):
                found[row, s] = min(
                    votes[name][files[name]] / (votes[name].total() + DOUBT) for name in wanted
                )
    return found


def extended(
    produced: Produced, task: Task, behaviour: Behaviour, clusters: Clusters, estimate: Estimate
) -> tuple[Behaviour, Clusters, Estimate]:
    """The arrays of the programs with a row for each bundle after them.

    Bundles ran on nothing; on each subtask whose files they hold, those with equal files are a
    cluster. A subtask that only files answer is out of the programs' reach.
    """
    bundles = produced.bundles
    if not bundles:
        return behaviour, clusters, estimate
    rows, subtasks = len(bundles), len(task.subtasks)
    more = ((0, rows), (0, 0))
    behaviour = replace(
        behaviour,
        candidate_ids=behaviour.candidate_ids + tuple(one.id for one in bundles),
        status=np.pad(behaviour.status, more),
        digest=np.pad(behaviour.digest, more),
        cpu_s=np.pad(behaviour.cpu_s, more),
    )
    label = np.full((rows, subtasks), -1, dtype=np.int32)
    for s, subtask in enumerate(task.subtasks):
        wanted = [file.name for file in task.output_files if subtask.name in file.subtasks]
        first = int(clusters.label[:, s].max(initial=-1)) + 1
        seen: dict[str, int] = {}
        for row in np.flatnonzero(produced.agreement[:, s] > 0):
            files = unpacked(bundles[row])
            same = packed({name: files[name] for name in wanted})
            label[row, s] = seen.setdefault(same, first + len(seen))
    probability = estimate.probability.copy()
    probability[:, [not reached for reached in within_reach(task)]] = 0.0
    features = np.zeros((rows, subtasks, estimate.features.shape[2]), dtype=np.float32)
    return (
        behaviour,
        Clusters(
            label=np.concatenate([clusters.label, label]),
            near=np.concatenate([clusters.near, label]),
        ),
        Estimate(
            probability=np.concatenate([probability, produced.agreement]),
            features=np.concatenate([estimate.features, features]),
        ),
    )


def unaccused(produced: Produced, accused: NDArray[np.float64]) -> NDArray[np.float64]:
    """(P, S) chances of being wrong, with a row of none a bundle: nothing breaks an output."""
    more = np.zeros((len(produced.bundles), accused.shape[1]))
    return np.concatenate([accused, more])


def nothing_ran(task: Task) -> tuple[Programs, Behaviour, Clusters, Estimate]:
    """Of no programs on no inputs: what is there before the bundles of a task of outputs alone."""
    subtasks = len(task.subtasks)
    behaviour = Behaviour(
        candidate_ids=(),
        input_ids=(),
        status=np.zeros((0, 0), dtype=np.uint8),
        digest=np.zeros((0, 0), dtype=np.uint64),
        cpu_s=np.zeros((0, 0), dtype=np.float32),
        in_subtask=np.zeros((0, subtasks), dtype=np.bool_),
        expected=np.zeros(0, dtype=np.uint64),
        subtasks=tuple(subtask.name for subtask in task.subtasks),
    )
    nobody = np.zeros((0, subtasks), dtype=np.int32)
    estimate = Estimate(
        probability=np.zeros((0, subtasks)), features=np.zeros((0, subtasks, 0), dtype=np.float32)
    )
    programs = Programs(candidate_ids=(), digests=(), executables={}, errors={})
    return programs, behaviour, Clusters(label=nobody, near=nobody), estimate
