"""Role: Submission x Testset -> SubmissionResult, as the package's own system would judge it.

Equal tests (the same input file reached by links, the same flags) run once a submission; a group
ends where its rules say that nothing after can change the result. All of the sandbox's slots work
on one submission's tests.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from threading import Lock
from types import MappingProxyType

from problems.errors import JudgeError
from problems.inclusion import nodes_of
from problems.judging.kattis_grading import KattisGrading
from problems.judging.order import RunOrder
from problems.judging.results import cms_result, compile_error, kattis_result
from problems.jury.checkers import Checker
from problems.jury.programs import JURY_LIMITS, JuryPrograms, describe_end
from problems.score import ScoreFile
from problems.scoring import KattisRules, pending
from problems.submission import Submission
from problems.task import Task, TaskType
from problems.tasktypes.execution import Execution
from problems.tasktypes.output_only import handed_in, no_program, split
from problems.tasktypes.runner import TOO_LONG, Runner
from problems.testset import Testset
from problems.verdict import SubmissionResult, TestcaseResult, Verdict
from sandbox.backend import Executable, Job, Sandbox
from sandbox.compiling.compile import CompileError, Compiler
from sandbox.data import Blob

_KEPT_BLOBS = 256
_SCRIPTED = ("python3", "pypy3")
_INTERNAL = (TaskType.INTERACTIVE, TaskType.COMMUNICATION, TaskType.MULTI_PASS)

Seen = Callable[[TestcaseResult], None]
Key = tuple[Path, Path | None, tuple[str, ...], str]


class Judge:
    """Judges submissions to one task. Safe to use from threads."""

    def __init__(
        self,
        task: Task,
        testset: Testset,
        sandbox: Sandbox,
        compiler: Compiler,
        *,
        time_s: float | None = None,
        parallel: int | None = None,
        any_order: bool = False,
    ) -> None:
        """Makes a judge.

        Args:
            time_s: CPU limit of one test; None takes the task's, or the test set's measured one.
            parallel: Tests of one submission that run at once; None means the sandbox's slots.
            any_order: Tests are run in the order that is cheapest for many submissions
                (`problems.judging.order`). Points stay the same; of a rejected submission the
                verdict may be that of another test.

        Raises:
            UnsupportedTask: Nothing here knows the task's checker.
            SubtaskMismatch: A subtask of the task has no group of tests in the test set.
            JudgeError: The package states no time limit and none was measured.
        """
        nodes_of(testset.scoring, task.subtasks)
        self.task = task
        self._testset = testset
        self._sandbox = sandbox
        self._parallel = parallel or sandbox.slots
        limit_s = time_s or task.limits.time_s or testset.jury_time_s
        if limit_s is None:
            raise JudgeError(
                f"{task.name}: the package states no time limit; measure it first "
                "(problems.verifying.timelimits.with_time_limit)"
            )
        self.time_s = limit_s
        self._programs = JuryPrograms(sandbox, compiler)
        interface = task.interface
        if testset.managers:
            interface = replace(interface, managers=testset.managers)
        score_file = _score_file(testset)
        self.runner = Runner(
            replace(task, interface=interface),
            sandbox,
            compiler,
            time_s=limit_s,
            interactor=testset.interactor,
            checker=testset.checker,
            programs=self._programs,
            score_file=score_file,
            jury_limits=testset.jury_limits,
        )
        self._checker = Checker(
            self._programs,
            program=testset.checker,
            comparison=testset.comparison,
            score_file=score_file,
            limits=testset.jury_limits or JURY_LIMITS,
        )
        self._by_name = {file.testcase for file in task.output_files}
        if task.type is TaskType.OUTPUT_ONLY:
            self._by_name = set(testset.testcases)
        self._names: dict[Key, list[str]] = {}
        for name in dict.fromkeys(testset.scoring.all_testcases()):
            self._names.setdefault(self._key(name), []).append(name)
        self._order = RunOrder(testset.scoring, self._key) if any_order else None
        self._blobs: OrderedDict[Path, Blob] = OrderedDict()
        self._lock = Lock()

    def judge(
        self, submission: Submission, *, every_test: bool = False, seen: Seen | None = None
    ) -> SubmissionResult:
        """Compiles a submission and runs it on the tests.

        Args:
            every_test: Tests are run though they can change no points: a label speaks of them.
            seen: Told each test case's result as it comes.

        Raises:
            UnknownLanguage, CompilerMissing: Nothing here compiles its language.
            JudgeError: The jury's checker, interactor or grader failed.
            SandboxError: The sandbox failed.
        """
        parts = split(self.task, submission)
        if parts.outputs and not parts.program.sources:
            return self.judge_executable(None, parts.outputs, seen=seen)
        executable = self.runner.build(parts.program)
        if isinstance(executable, CompileError):
            kattis = self._testset.scoring.kattis is not None
            scripted = submission.language in _SCRIPTED and executable.reason != TOO_LONG
            # Where Python is not compiled, a program that is none crashes on its first test: so
            # Kattis's juries file it.
            verdict = Verdict.RE if kattis and scripted else Verdict.CE
            return compile_error(self.task, executable, verdict)
        return self.judge_executable(executable, parts.outputs, every_test=every_test, seen=seen)

    def judge_executable(
        self,
        executable: Executable | None,
        outputs: Mapping[str, Blob] = MappingProxyType({}),
        *,
        every_test: bool = False,
        seen: Seen | None = None,
    ) -> SubmissionResult:
        """As `judge`, for a program that is compiled already.

        Args:
            executable: None where only outputs were handed in.
            outputs: Test case to its output, of a task with `output_files`.
        """
        grading = KattisGrading(
            self._testset.scoring, self._run_grader, any_order=self._order is not None
        )
        outcomes: dict[str, TestcaseResult] = {}
        running: dict[Future[TestcaseResult], Key] = {}
        with ThreadPoolExecutor(self._parallel) as pool:
            while True:
                started = set(running.values())
                for name in self._pending(grading, outcomes, every_test):
                    key = self._key(name)
                    if key in started:
                        continue
                    if len(running) >= self._parallel:
                        break
                    started.add(key)
                    running[pool.submit(self._judge_case, executable, outputs, name)] = key
                if not running:
                    break
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    case = future.result()
                    key = running.pop(future)
                    if self._order is not None:
                        self._order.note(key, case)
                    for name in self._names[key]:
                        outcomes[name] = _renamed(case, name)
                        if seen is not None:
                            seen(outcomes[name])
        root = self._testset.scoring
        if root.kattis is not None:
            return kattis_result(self.task, root, grading, outcomes)
        return cms_result(self.task, root, outcomes)

    def regraded(self, result: SubmissionResult, limit_s: float) -> SubmissionResult | None:
        """What the same runs come to under another time limit; nothing is run.

        Returns:
            None where a test would count that was not run.

        Raises:
            JudgeError: The package's own grader failed.
        """
        outcomes = {
            case.testcase: case
            if case.cpu_s <= limit_s
            else replace(case, verdict=Verdict.TLE, score=0.0)
            for case in result.testcases
            if case.verdict is not Verdict.SKIPPED
        }
        root = self._testset.scoring
        if root.kattis is None:
            missing = next(pending(root, outcomes), None)
            return None if missing is not None else cms_result(self.task, root, outcomes)
        grading = KattisGrading(root, self._run_grader)
        if next(grading.pending(outcomes), None) is not None:
            return None
        return kattis_result(self.task, root, grading, outcomes)

    def alone_s(self, executable: Executable, name: str) -> float:
        """CPU time of one test with no other run of the sandbox beside it."""
        case = self._testset.testcases[name]
        answer = self._blob(case.answer) if case.answer is not None else None
        return self.runner.run(
            executable,
            self._blob(case.input),
            answer=answer,
            args=case.checker_args,
            testcase=name,
            alone=True,
        ).cpu_s

    def _pending(
        self, grading: KattisGrading, outcomes: Mapping[str, TestcaseResult], every_test: bool
    ) -> Iterator[str]:
        scoring = self._testset.scoring
        names = (
            grading.pending(outcomes)
            if scoring.kattis
            else pending(scoring, outcomes, every_test=every_test)
        )
        return names if self._order is None else self._order.sorted(names)

    def _judge_case(
        self, executable: Executable | None, outputs: Mapping[str, Blob], name: str
    ) -> TestcaseResult:
        case = self._testset.testcases[name]
        input_ = self._blob(case.input)
        answer = self._blob(case.answer) if case.answer is not None else None
        execution = handed_in(self.task, outputs, name)
        if execution is None and executable is not None:
            execution = self.runner.run(
                executable, input_, answer=answer, args=case.checker_args, testcase=name
            )
        if execution is None:
            execution = no_program(name)
        if execution.failure is not None:
            return _testcase(name, execution, execution.failure, 0.0, execution.message)
        check = execution.check
        try:
            if check is None:
                if self.task.type in _INTERNAL:
                    raise JudgeError(execution.message)
                if execution.output is None:
                    return _testcase(name, execution, Verdict.WA, 0.0, execution.message)
                check = self._checker.check(input_, execution.output, answer, case.checker_args)
            verdict, share = check.outcome(case.full_points, case.score_use)
        except JudgeError as error:
            raise JudgeError(f"{self.task.name}, test {name}: {error}") from error
        return _testcase(name, execution, verdict, share, check.message)

    def _key(self, name: str) -> Key:
        """What makes two tests the same; an output is handed in for a test by its name."""
        case = self._testset.testcases[name]
        return case.input, case.answer, case.checker_args, name if name in self._by_name else ""

    def _blob(self, path: Path) -> Blob:
        with self._lock:
            found = self._blobs.get(path)
            if found is None:
                found = Blob.of_file(path)
                self._blobs[path] = found
            self._blobs.move_to_end(path)
            while len(self._blobs) > _KEPT_BLOBS:
                self._blobs.popitem(last=False)
            return found

    def _run_grader(self, rules: KattisRules, lines: bytes) -> bytes:
        assert rules.grader is not None
        result = self._sandbox.run(
            Job(
                program=self._programs.executable(rules.grader),
                limits=JURY_LIMITS,
                stdin=lines,
                args=rules.grader_flags,
            )
        )
        if not result.ok:
            raise JudgeError(f"{self.task.name}: the package's grader {describe_end(result)}")
        return result.stdout.read(1000)


def _score_file(testset: Testset) -> ScoreFile:
    """What holds for a Kattis validator's scores: legacy packages have rules, 2025-09 is strict."""
    rules = testset.scoring.kattis
    if rules is None:
        return ScoreFile.STRICT
    return ScoreFile.REQUIRED if rules.custom_score else ScoreFile.FORBIDDEN


def _testcase(
    name: str, execution: Execution, verdict: Verdict, score: float, message: str
) -> TestcaseResult:
    return TestcaseResult(
        testcase=name,
        verdict=verdict,
        score=score,
        cpu_s=execution.cpu_s,
        wall_s=execution.wall_s,
        memory_bytes=execution.memory_bytes,
        message=message,
        waited_s=execution.waited_s,
        repeats=execution.repeats,
    )


def _renamed(case: TestcaseResult, name: str) -> TestcaseResult:
    return case if case.testcase == name else replace(case, testcase=name)
