"""A contestant's seat for an agent: tasks, a place to run programs, submissions under the limit.

The rules, the limit and the least time between two submissions are the contest's (`SimulatedJudge`)
and hold whatever the agent asks. A submission is on the disk before it is acknowledged
(`RecordedJudge`), so a seat that is opened again goes on where it was, and `solver contest audit`
checks what happened. `run` knows the public task alone: no hidden test can come back through it.
"""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Self

from problems.errors import ProblemsError
from problems.submission import Submission
from problems.task import Task
from problems.tasktypes.execution import Execution
from problems.verdict import SubmissionResult
from sandbox.compiling.compile import CompileError
from sandbox.errors import SandboxError
from solver.adapters.grading import Grading
from solver.contests.clock import Clock, RealClock
from solver.contests.logs.log import SubmissionLog
from solver.contests.logs.recorder import RecordedJudge
from solver.contests.run import LOG_NAME, SOURCES_NAME
from solver.contests.scoreboard import Scoreboard, plan_record, scoreboard
from solver.contests.simulated import SimulatedJudge, received_before
from solver.errors import RunFolderError, SolverError
from solver.judges.base import Judgement, SubmissionState
from solver.sampling.plan import allowed_languages
from solver.submissions import as_submission, submission_digest
from solver.types import Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A submission that was taken.

    Attributes:
        left: Submissions that the limit leaves for the task; None without a limit.
    """

    id: str
    left: int | None


class _Remembering:
    """A task's judge as `SimulatedJudge` asks for it; what was found before it asks is not found
    again."""

    def __init__(self, grading: Grading, task: str) -> None:
        self._grading = grading
        self._task = task

    def judge(self, submission: Submission) -> SubmissionResult:
        return self._grading.judge(self._task, submission)


class Seat:
    """One contestant's seat at one contest. Threads may share it."""

    def __init__(self, grading: Grading, run: Path, *, clock: Clock | None = None) -> None:
        """Sits down, or sits down again at what a run folder holds.

        Args:
            clock: The contest's; the wall's where none is given, stopped while nobody sat there.

        Raises:
            RunFolderError: The run belongs to another contest.
            LogDamaged: The log is not what was written.
            SolverError: Another process sits there.
        """
        self._grading = grading
        self._plan = grading.place.plan
        self._tasks = grading.place.tasks
        self._lock = Lock()
        self._log = SubmissionLog(run / LOG_NAME)
        try:
            self._begin()
            records = self._log.records
            elapsed_s = max((float(one["at_s"]) for one in records if "at_s" in one), default=0.0)
            judge = SimulatedJudge(
                self._plan,
                list(self._tasks.values()),
                {name: _Remembering(grading, name) for name in self._tasks},
                clock or RealClock(elapsed_s=elapsed_s),
                latency_s=0.0,
                received=received_before(self._log, run / SOURCES_NAME),
            )
            self._judge = RecordedJudge(judge, self._log, run / SOURCES_NAME)
        except BaseException:
            self._log.close()
            raise
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="seat")
        judged = {one["id"] for one in self._log.of_kind("judgement")}
        self._judging: dict[str, Future[SubmissionResult]] = {}
        self._work: dict[str, tuple[str, Submission]] = {}
        for one in received_before(self._log, run / SOURCES_NAME):
            if one.id not in judged:
                self._work[one.id] = one.task, one.submission
                self._start(one.id)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Gets up; what was handed in is kept, and judged when somebody sits down again."""
        self._threads.shutdown(cancel_futures=True)
        self._log.close()

    def _begin(self) -> None:
        wanted = plan_record(self._plan)
        if not self._log.records:
            self._log.append("contest", wanted)
        elif any(self._log.records[0].get(key) != value for key, value in wanted.items()):
            raise RunFolderError(
                f"{self._log.path}: this run belongs to another contest, or to other rules; "
                "name another --run folder"
            )

    @property
    def tasks(self) -> Mapping[str, Task]:
        """The tasks' public sides by their names."""
        return self._tasks

    def task(self, name: str) -> Task:
        """The public side of a task.

        Raises:
            SolverError: There is none of this name; says which there are.
        """
        found = self._tasks.get(name)
        if found is None:
            raise SolverError(f"no problem is called {name!r}; there are {', '.join(self._tasks)}")
        return found

    def left(self, task: str) -> int | None:
        """Submissions that the limit leaves; None without a limit."""
        limit = self._plan.limit
        spent = sum(one["task"] == task for one in self._log.of_kind("submission"))
        return None if limit is None else max(0, limit - spent)

    def run(self, task: str, language: str, source: str, stdin: bytes) -> CompileError | Execution:
        """Runs a program on one input, as the task's judge would, and judges nothing.

        Raises:
            SolverError: No such task, or it does not take the language.
            UnknownLanguage, CompilerMissing, SandboxError: As running does.
        """
        submission = self._submission(task, language, source)
        runner = self._grading.public_runner(task)
        program = runner.build(submission)
        if isinstance(program, CompileError):
            return program
        return runner.run(program, stdin)

    def submit(self, task: str, language: str, source: str, request: str | None) -> HandedIn:
        """Hands a program in; on the disk when this returns. The same program, or the same request,
        is handed in once: asking again gives the same id and costs nothing.

        Args:
            request: The agent's own name for this submission.

        Raises:
            SolverError: No such task, or it does not take the language.
            TooSoon, LimitReached: As the contest's rules say; nothing was spent.
        """
        submission = self._submission(task, language, source)
        key = request or f"{task}:{submission_digest(submission)}"
        with self._lock:
            known = {one["key"] for one in self._log.of_kind("submission")}
            identifier = self._judge.submit(task, submission, key)
            if key not in known:
                self._work[identifier] = task, submission
                self._start(identifier)
            return HandedIn(id=identifier, left=self.left(task))

    def _submission(self, task: str, language: str, source: str) -> Submission:
        public = self.task(task)
        allowed = allowed_languages(public)
        if allowed and language not in allowed:
            raise SolverError(f"{task} takes {', '.join(allowed)}, not {language}")
        return as_submission(
            public,
            Candidate(id=task, task=task, subtask=None, language=language, source=source),
        )

    def _start(self, identifier: str) -> None:
        self._judging[identifier] = self._threads.submit(
            self._grading.judge, *self._work[identifier]
        )

    def status(self, identifier: str, wait_s: float) -> Judgement:
        """What the contest shows of a submission, after at most so long a wait.

        Raises:
            SolverError: There is no such submission.
            JudgeError, SandboxError: The judge failed; nothing was learnt, and asking again tries
                again.
        """
        with self._lock:
            record = next(
                (one for one in self._log.of_kind("submission") if one["id"] == identifier), None
            )
            if record is None:
                raise SolverError(f"no submission is called {identifier!r}")
            judging = self._judging.get(identifier)
        if judging is not None:
            try:
                judging.result(wait_s)
            except TimeoutError:
                return Judgement(submission=identifier, state=SubmissionState.PENDING)
            except (ProblemsError, SandboxError):
                with self._lock:
                    if self._judging[identifier] is judging:
                        self._start(identifier)
                raise
        with self._lock:
            return self._judge.poll(identifier)

    def scoreboard(self) -> Scoreboard:
        """What the submissions have brought so far."""
        with self._lock:
            return scoreboard(self._plan, self._log.records)
