"""Role: builds submissions and runs them on inputs, for every task type; needs no answer.

The judge runs hidden tests through it, the solver's behaviour stage generated inputs: the same code
and the same limits, so what a solver observes is what the judge will see.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice

from problems.errors import UnsupportedTask
from problems.jury.programs import JURY_LIMITS, JuryPrograms
from problems.jury.sources import compile_files
from problems.score import ScoreFile
from problems.submission import Submission
from problems.task import Program, Task, TaskType, main_of
from problems.tasktypes import batch, communication, interactive, multi_pass, output_only
from problems.tasktypes.execution import Execution
from problems.tasktypes.side import Meeting, Side, TaskTypeRun
from problems.verdict import Verdict
from sandbox.backend import Executable, Job, Sandbox
from sandbox.compiling.compile import CompileError, Compiler
from sandbox.data import Blob, as_blob
from sandbox.limits import Limits, near_s

DEFAULT_TIME_S = 10.0
"""CPU limit where the package leaves it to measurement and nothing was measured yet."""

TOO_LONG = "too much code"
"""Reason of the compile error of a program above the task's limit of code."""

MOST_REPEATS = 2
"""How often a run near its limit is measured again; the machine's other users may be in the way."""

_RUNS: Mapping[TaskType, TaskTypeRun] = {
    TaskType.BATCH: batch.run,
    TaskType.INTERACTIVE: interactive.run,
    TaskType.COMMUNICATION: communication.run,
    TaskType.OUTPUT_ONLY: output_only.run,
    TaskType.MULTI_PASS: multi_pass.run,
}


class Runner:
    """Runs programs of one task. Safe to use from threads."""

    def __init__(
        self,
        task: Task,
        sandbox: Sandbox,
        compiler: Compiler,
        *,
        time_s: float | None = None,
        interactor: Program | None = None,
        checker: Program | None = None,
        programs: JuryPrograms | None = None,
        score_file: ScoreFile = ScoreFile.OPTIONAL,
        jury_limits: Limits | None = None,
    ) -> None:
        """Makes a runner.

        Args:
            time_s: CPU limit of one test; None takes the task's, or 10 s where it states none.
            interactor: The jury's interactor or manager; None takes the task's public one.
            checker: The jury's validator (multi-pass); None takes the task's public one.
            programs: Shared with a judge so that nothing is compiled twice.
            score_file: What holds for the `score.txt` of a Kattis validator.
            jury_limits: What the jury's programs may use; None: what is usual here.
        """
        self.task = task
        self._sandbox = sandbox
        self._compiler = compiler
        self._run = _RUNS[task.type]
        self.side = Side(
            task=task,
            time_s=time_s or task.limits.time_s or DEFAULT_TIME_S,
            programs=programs or JuryPrograms(sandbox, compiler),
            interactor=interactor or task.interactor,
            checker=checker or task.checker,
            score_file=score_file,
            jury_limits=jury_limits or JURY_LIMITS,
        )

    def build(self, submission: Submission) -> Executable | CompileError:
        """Compiles a submission with the task's managers for its language.

        Raises:
            UnknownLanguage, CompilerMissing: Nothing here compiles that language.
        """
        if self.task.type is TaskType.OUTPUT_ONLY:
            return output_only.build(submission.sources)
        submission = output_only.split(self.task, submission).program
        interface = self.task.interface
        managers = interface.managers.get(submission.language, {})
        size_bytes = sum(len(content) for content in submission.sources.values())
        if size_bytes > self.task.limits.code_bytes:
            said = f"{size_bytes} bytes of code, the limit is {self.task.limits.code_bytes}"
            return CompileError(reason=TOO_LONG, messages=said.encode(), limit=None)
        optional = interface.adds_files or interface.whole_program
        if interface.managers and not managers and not optional:
            offered = ", ".join(sorted(interface.managers))
            reason = f"the task has no grader for {submission.language} (it has: {offered})"
            return CompileError(reason=reason, messages=reason.encode(), limit=None)
        sources = self._named(submission)
        return compile_files(
            self._compiler,
            sources,
            submission.language,
            managers=managers,
            entry=submission.entry or self._entry(submission.language, sources),
        )

    def _named(self, submission: Submission) -> dict[str, bytes]:
        """The sources; one that is alone gets the name by which a grader imports it."""
        sources = dict(submission.sources)
        wanted = self.task.interface.submission_names.get(submission.language)
        if wanted is not None and len(sources) == 1 and wanted not in sources:
            (content,) = sources.values()
            return {wanted: content}
        return sources

    def _entry(self, language: str, sources: Mapping[str, bytes]) -> str | None:
        """The file that is started, where a grader beside the submission is the main program.

        Kattis: a file called `main.*`, else the first by name, graders and submission together.
        """
        managers = self.task.interface.managers.get(language, {})
        scripted = language in ("python3", "pypy3")
        grader = main_of(language, managers)
        if grader is not None and (scripted or language in ("java", "rust")):
            return grader
        if not scripted or not managers:
            return None
        names = sorted({*sources, *managers}, key=lambda name: (name.count("/"), name))
        scripts = [name for name in names if name.endswith((".py", ".py3"))]
        if not self.task.interface.adds_files:
            scripts.sort(key=lambda name: name not in managers)
        return main_of(language, dict.fromkeys(scripts, b"")) or next(iter(scripts), None)

    def run(
        self,
        executable: Executable,
        input: Blob | bytes,
        *,
        answer: Blob | None = None,
        args: tuple[str, ...] = (),
        testcase: str = "",
        alone: bool = False,
    ) -> Execution:
        """Runs a program on one input.

        Args:
            answer: For interactors that want one; the judge alone has it.
            args: The test's flags for the interactor.
            testcase: Name of the test (OutputOnly).
            alone: With no other run of the sandbox beside it.

        Raises:
            UnsupportedTask: Nothing here can run that kind of interactor.
            SandboxError: The sandbox failed, not the program.
        """
        meeting = Meeting(input=as_blob(input), answer=answer, args=args, testcase=testcase)
        side = replace(self.side, alone=True) if alone else self.side
        return self._settled(executable, meeting, self._run(side, executable, meeting))

    def _settled(self, program: Executable, meeting: Meeting, first: Execution) -> Execution:
        """A run that took a little more CPU time than it may is measured again alone: what runs
        beside a program costs it some."""
        time_s, found = self.side.time_s, first
        while found.failure is Verdict.TLE and time_s < found.cpu_s <= near_s(time_s):
            if found.repeats == MOST_REPEATS:
                break
            again = self._run(replace(self.side, alone=True), program, meeting)
            found = replace(again, repeats=found.repeats + 1)
        return found

    def run_many(self, pairs: Iterable[tuple[Executable, Blob]]) -> Iterator[Execution]:
        """Runs programs on inputs on all of the sandbox's slots; results in the order of `pairs`.

        Raises:
            UnsupportedTask: The task cannot be run without a jury's files (OutputOnly).
            SandboxError: The sandbox failed, not a program.
        """
        if self.task.type is TaskType.OUTPUT_ONLY:
            raise UnsupportedTask(f"{self.task.name}: an OutputOnly task has no program to run")
        if self.task.type is TaskType.BATCH:
            running: deque[tuple[Executable, Meeting]] = deque()
            for result in self._sandbox.run_many(self._jobs(pairs, running)):
                executable, meeting = running.popleft()
                yield self._settled(executable, meeting, batch.outcome(self.side, result))
            return
        remaining = iter(pairs)
        with ThreadPoolExecutor(self._sandbox.slots) as pool:
            # In chunks: `map` would take the whole (perhaps endless) iterable at once.
            while chunk := list(islice(remaining, 64 * self._sandbox.slots)):
                yield from pool.map(lambda pair: self.run(*pair), chunk)

    def _jobs(
        self,
        pairs: Iterable[tuple[Executable, Blob]],
        running: deque[tuple[Executable, Meeting]],
    ) -> Iterator[Job]:
        for executable, blob in pairs:
            meeting = Meeting(input=blob)
            running.append((executable, meeting))
            yield batch.job(self.side, executable, meeting)
