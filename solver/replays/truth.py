"""Labels: what every candidate of a pool is worth on the hidden tests.

One of the few modules of the solver that may open a test set. What leaves it are points and
verdicts a candidate, which replays hand out one submission at a time; nothing of a test does.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock

import numpy as np
import platformdirs
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from problems.errors import JudgeError
from problems.judging.judge import Judge
from problems.judging.verdict_key import code_version, deciding, key_of
from problems.package import Package, load_package
from problems.verdict import POINTS_TOLERANCE, SubmissionResult, Verdict
from problems.verifying.timelimits import with_time_limit
from sandbox.backend import Executable, Sandbox
from sandbox.compiling.compile import CompileError, Compiler
from solver.errors import PoolError
from solver.kept.durable import DurableFile
from solver.kept.whole_files import whole_file
from solver.submissions import as_submission, text_digest
from solver.types import Candidate, Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Points and verdicts of P candidates on S subtasks.

    Attributes:
        task: The task's name.
        subtasks: Names, length S.
        max_points: (S,).
        candidate_ids: Length P.
        source_digests: Length P, `text_digest` of each.
        program_digests: Length P; empty where a candidate did not compile.
        points: (P, S) float64, unrounded.
        verdicts: Length P; of a wrong candidate that of one of the tests that it fails.
        notes: How the labels were made (time limit, tests' digest), for people.
    """

    task: str
    subtasks: tuple[str, ...]
    max_points: NDArray[np.float64]
    candidate_ids: tuple[str, ...]
    source_digests: tuple[str, ...]
    program_digests: tuple[str, ...]
    points: NDArray[np.float64]
    verdicts: tuple[Verdict, ...]
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def right(self) -> NDArray[np.bool_]:
        """(P, S) full points on the subtask."""
        full: NDArray[np.bool_] = self.points >= self.max_points[None, :] - POINTS_TOLERANCE
        return full

    @property
    def oracle(self) -> float:
        """Points of the whole pool: each subtask's best candidate."""
        return float(self.points.max(axis=0, initial=0.0).sum())

    def of(self, candidates: Sequence[Candidate]) -> "Truth":
        """The rows of these candidates, in their order, found by source.

        Raises:
            PoolError: A candidate was never labelled.
        """
        where = {digest: row for row, digest in enumerate(self.source_digests)}
        rows = []
        for candidate in candidates:
            row = where.get(text_digest(candidate))
            if row is None:
                raise PoolError(
                    f"candidate {candidate.id} of {self.task} has no label; "
                    "run `solver pool label` on this pool again"
                )
            rows.append(row)
        return Truth(
            task=self.task,
            subtasks=self.subtasks,
            max_points=self.max_points,
            candidate_ids=tuple(candidate.id for candidate in candidates),
            source_digests=tuple(self.source_digests[row] for row in rows),
            program_digests=tuple(self.program_digests[row] for row in rows),
            points=self.points[rows],
            verdicts=tuple(self.verdicts[row] for row in rows),
            notes=self.notes,
        )

    def write(self, path: Path) -> None:
        """Writes a Parquet file of digests and verdicts, no third-party text."""
        table = pa.table(
            {
                "candidate": list(self.candidate_ids),
                "source": list(self.source_digests),
                "program": list(self.program_digests),
                "verdict": [str(verdict) for verdict in self.verdicts],
                "points": [row.tolist() for row in self.points],
            }
        )
        about = {
            "task": self.task,
            "subtasks": list(self.subtasks),
            "max_points": self.max_points.tolist(),
            "notes": dict(self.notes),
        }
        with whole_file(path) as partial:
            pq.write_table(
                table.replace_schema_metadata({"solver.truth": json.dumps(about)}),
                partial,
                compression="zstd",
            )


def read_truth(path: Path) -> Truth:
    """Reads what `Truth.write` wrote.

    Raises:
        PoolError: The file is missing or is no truth table.
    """
    if not path.is_file():
        raise PoolError(f"{path}: no such truth table; `solver pool label` makes one")
    try:
        table = pq.read_table(path)
        about = json.loads((table.schema.metadata or {})[b"solver.truth"])
        columns = table.to_pydict()
        return Truth(
            task=about["task"],
            subtasks=tuple(about["subtasks"]),
            max_points=np.array(about["max_points"], dtype=np.float64),
            candidate_ids=tuple(columns["candidate"]),
            source_digests=tuple(columns["source"]),
            program_digests=tuple(columns["program"]),
            points=np.array(columns["points"], dtype=np.float64).reshape(
                len(columns["candidate"]), len(about["subtasks"])
            ),
            verdicts=tuple(Verdict(word) for word in columns["verdict"]),
            notes=about["notes"],
        )
    except (pa.ArrowInvalid, KeyError, ValueError) as error:
        raise PoolError(f"{path}: not a truth table ({error})") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One program's result: verdict and points a subtask (S,)."""

    verdict: Verdict
    points: tuple[float, ...]


class Labeller:
    """Runs candidates on a package's hidden tests; never the same program twice on one machine."""

    def __init__(
        self,
        package: Package | Path,
        sandbox: Sandbox,
        compiler: Compiler,
        *,
        time_s: float | None = None,
        cache: Path | None = None,
    ) -> None:
        """Opens the package and the label cache.

        Args:
            package: The package or its folder.
            time_s: CPU limit a test; None takes the package's own, measured where it states none.
            cache: Folder of label caches; None means the user's cache folder.

        Raises:
            PackageError, UnsupportedTask, JudgeError: As reading and judging do.
        """
        opened = load_package(package) if isinstance(package, Path) else package
        self.package = opened if time_s else with_time_limit(opened, sandbox, compiler)
        self.task = self.package.task
        self._sandbox = sandbox
        # Candidates run side by side, so one candidate's tests need not; and of a wrong one only
        # the points count, so that the tests which tell most come first.
        self.judge = Judge(
            self.task,
            self.package.testset,
            sandbox,
            compiler,
            time_s=time_s,
            parallel=1,
            any_order=True,
        )
        self._key = _verdict_key(self.package, self.judge, sandbox.name)
        folder = cache or Path(platformdirs.user_cache_dir("solver")) / "labels"
        self._store = _LabelStore(folder / f"{self.task.name}.sqlite", self._key)
        self.failures: dict[str, str] = {}

    def label(
        self, candidates: Iterable[Candidate], progress: Progress | None = None
    ) -> Mapping[str, tuple[str, Label]]:
        """Labels candidates on all slots.

        A candidate on which the jury's own part failed is left out and named in `failures`.

        Returns:
            Candidate id to (program digest or "", label).
        """
        listed = list(candidates)
        done = 0
        found: dict[str, tuple[str, Label]] = {}
        with ThreadPoolExecutor(self._sandbox.slots) as threads:
            for candidate, result in zip(listed, threads.map(self._one, listed), strict=True):
                done += 1
                if result is not None:
                    found[candidate.id] = result
                if progress is not None:
                    progress(done, len(listed))
        return found

    def label_programs(
        self, programs: Sequence[tuple[str, Executable]]
    ) -> Mapping[str, tuple[str, Label]]:
        """As `label`, for programs that are compiled already, each under a name of its own."""
        found: dict[str, tuple[str, Label]] = {}
        with ThreadPoolExecutor(self._sandbox.slots) as threads:
            results = threads.map(lambda item: self._program(*item), programs)
            for (name, _), result in zip(programs, results, strict=True):
                if result is not None:
                    found[name] = result
        return found

    def truth(self, candidates: Sequence[Candidate], progress: Progress | None = None) -> Truth:
        """The truth table of these candidates (without those in `failures`)."""
        labels = self.label(candidates, progress)
        kept = [candidate for candidate in candidates if candidate.id in labels]
        subtasks = self.task.subtasks
        return Truth(
            task=self.task.name,
            subtasks=tuple(subtask.name for subtask in subtasks),
            max_points=np.array([subtask.max_points for subtask in subtasks]),
            candidate_ids=tuple(candidate.id for candidate in kept),
            source_digests=tuple(text_digest(candidate) for candidate in kept),
            program_digests=tuple(labels[candidate.id][0] for candidate in kept),
            points=np.array(
                [labels[candidate.id][1].points for candidate in kept], dtype=np.float64
            ).reshape(len(kept), len(subtasks)),
            verdicts=tuple(labels[candidate.id][1].verdict for candidate in kept),
            notes={"time_limit_s": f"{self.judge.time_s:g}", "tests": self._key},
        )

    def _one(self, candidate: Candidate) -> tuple[str, Label] | None:
        executable = self.judge.runner.build(as_submission(self.task, candidate))
        if isinstance(executable, CompileError):
            zeros = (0.0,) * len(self.task.subtasks)
            return "", Label(verdict=Verdict.CE, points=zeros)
        return self._program(candidate.id, executable)

    def _program(self, name: str, executable: Executable) -> tuple[str, Label] | None:
        digest = executable.digest
        # Two candidates with one program at the same moment: the second waits for the first.
        with self._store.claim(digest):
            known = self._store.load(digest)
            if known is None:
                try:
                    known = _label_of(self.judge.judge_executable(executable))
                except JudgeError as error:
                    self.failures[name] = str(error)
                    return None
                self._store.save(digest, known)
        return digest, known


def _label_of(result: SubmissionResult) -> Label:
    return Label(
        verdict=result.verdict, points=tuple(subtask.points for subtask in result.subtasks)
    )


def _verdict_key(package: Package, judge: Judge, backend: str) -> str:
    """Identity of all that labels depend on: tests, scoring, the jury's programs, limits, and our
    own judge. Under another key nothing is found, so that no label outlives what made it."""
    task = deciding(replace(package.task, examples=()))
    testset = replace(package.testset, validators=(), jury_time_s=None)
    return key_of(code_version(), backend, judge.time_s, task, testset)


class _LabelStore:
    """Labels on disk by (verdict key, program), safe to use from threads and processes."""

    def __init__(self, path: Path, key: str) -> None:
        self._file = DurableFile(path, what="a file of labels")
        self._file.script(
            "CREATE TABLE IF NOT EXISTS label (tests TEXT, program TEXT, verdict TEXT, "
            "points TEXT, PRIMARY KEY (tests, program)) WITHOUT ROWID;"
        )
        self._key = key
        self._lock = Lock()
        self._claims: dict[str, Lock] = {}

    def claim(self, program: str) -> Lock:
        """A lock that only one thread holds while it labels this program."""
        with self._lock:
            return self._claims.setdefault(program, Lock())

    def load(self, program: str) -> Label | None:
        row = self._file.row(
            "SELECT verdict, points FROM label WHERE tests = ? AND program = ?",
            (self._key, program),
        )
        if row is None:
            return None
        return Label(verdict=Verdict(row[0]), points=tuple(json.loads(row[1])))

    def save(self, program: str, label: Label) -> None:
        row = (self._key, program, str(label.verdict), json.dumps(label.points))
        self._file.commit(
            lambda file: file.execute("INSERT OR REPLACE INTO label VALUES (?, ?, ?, ?)", row)
        )
