"""One program, one input, one answer, judged once: for callers that send everything each time.

The program is built and run in boxes that hold its input alone; the answer and the checker meet its
output in another.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from problems.errors import JudgeError, ProblemsError
from problems.jury.checkers import CMS_CHECKER, CMS_MANAGER, TESTLIB_CHECKER, Checker
from problems.jury.programs import JuryPrograms
from problems.jury.testlib import is_cms_testlib, uses_testlib, with_testlib
from problems.submission import Submission
from problems.task import Interface, Program, Statement, Subtask, Task, TaskLimits, TaskType
from problems.tasktypes.runner import Runner
from problems.verdict import Verdict
from sandbox.backend import Sandbox
from sandbox.compiling.compile import CompileError, Compiler
from sandbox.data import Blob, digest_of
from sandbox.service.work import Files, Refusal, Refused, Trouble

_KEPT = 128
_WORDS = {
    Verdict.TLE: "Time limit exceeded",
    Verdict.MLE: "Memory limit exceeded",
    Verdict.OLE: "Output limit exceeded",
    Verdict.RE: "Execution failed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOffWork:
    """All of it.

    Attributes:
        managers: Files compiled with the program.
        manager: Sources of the program on the other side (Communication); empty: Batch.
        pipes_in_argv: Communication's pipes are named in argv (fifo_io).
        checker: The checker's sources; empty: the built-in `comparison`.
        input_file, output_file: None: stdin, stdout.
    """

    language: str
    sources: Files
    input: bytes
    answer: bytes
    time_s: float
    memory_bytes: int
    managers: Files = field(default_factory=dict)
    manager: Files = field(default_factory=dict)
    processes: int = 1
    pipes_in_argv: bool = False
    checker: Files = field(default_factory=dict)
    checker_language: str = "cpp17"
    comparison: str = "white-diff"
    input_file: str | None = None
    output_file: str | None = None

    @property
    def bench_key(self) -> str:
        """What the task is, without program, input and answer."""
        parts = [self.language, self.checker_language, self.comparison, str(self.processes)]
        parts += [str(self.time_s), str(self.memory_bytes), str(self.pipes_in_argv)]
        parts += [self.input_file or "", self.output_file or ""]
        for files in (self.managers, self.manager, self.checker):
            parts += ["", *(f"{name}:{digest_of(text)}" for name, text in sorted(files.items()))]
        return digest_of("\0".join(parts).encode(errors="surrogateescape"))


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOffAnswer:
    """The share of full marks, and CMS's words for it; or why the program does not compile."""

    share: float
    words: str
    refused: Refused | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bench:
    """A task that is ready for programs."""

    runner: Runner
    checker: Checker


class OneOff:
    """Serves them. Safe to use from threads."""

    def __init__(self, sandbox: Sandbox, compiler: Compiler) -> None:
        self._sandbox = sandbox
        self._compiler = compiler
        self._benches: OrderedDict[str, _Bench] = OrderedDict()
        self._building: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def serve(
        self, work: OneOffWork, emit: Callable[[object], None], resume: Callable[[], None]
    ) -> OneOffAnswer:
        """Judges one.

        Raises:
            Refusal: BROKEN where the checker or manager failed, which is never a verdict.
        """
        try:
            return self._serve(work)
        except JudgeError as error:
            raise Refusal(Trouble.BROKEN, "the jury's own program failed on this one") from error
        except ProblemsError as error:
            raise Refusal(Trouble.INVALID, str(error)) from error

    def _serve(self, work: OneOffWork) -> OneOffAnswer:
        bench = self._bench(work)
        submission = Submission(language=work.language, sources=work.sources)
        # One compilation at a time of one program: callers send all of its tests at once.
        with self._alone(digest_of(repr(sorted(work.sources.items())).encode())):
            built = bench.runner.build(submission)
        if isinstance(built, CompileError):
            refused = Refused(reason=built.reason, messages=built.messages, limit=built.limit)
            return OneOffAnswer(share=0.0, words="Compilation failed", refused=refused)
        input_, answer = Blob.of_bytes(work.input), Blob.of_bytes(work.answer)
        execution = bench.runner.run(built, input_, answer=answer)
        if execution.failure is not None:
            words = _WORDS.get(execution.failure, "Execution failed")
            return OneOffAnswer(share=0.0, words=words)
        check = execution.check
        if check is None:
            if execution.output is None:
                raise JudgeError(execution.message)
            check = bench.checker.check(input_, execution.output, answer)
        verdict, share = check.outcome(1.0)
        if verdict is Verdict.AC:
            return OneOffAnswer(share=1.0, words="Output is correct")
        if share > 0.0:
            return OneOffAnswer(share=share, words="Output is partially correct")
        return OneOffAnswer(share=0.0, words="Output isn't correct")

    def _alone(self, key: str) -> threading.Lock:
        with self._lock:
            if len(self._building) > 4096:
                self._building = {k: lock for k, lock in self._building.items() if lock.locked()}
            return self._building.setdefault(key, threading.Lock())

    def _bench(self, work: OneOffWork) -> _Bench:
        key = work.bench_key
        with self._lock:
            found = self._benches.get(key)
            if found is not None:
                self._benches.move_to_end(key)
                return found
        made = self._made(work)
        with self._lock:
            found = self._benches.setdefault(key, made)
            while len(self._benches) > _KEPT:
                self._benches.popitem(last=False)
            return found

    def _made(self, work: OneOffWork) -> _Bench:
        programs = JuryPrograms(self._sandbox, self._compiler)
        manager = None
        if work.manager:
            sources = with_testlib(work.manager, work.manager)
            manager = Program(role=CMS_MANAGER, language="cpp17", sources=sources)
        task = Task(
            name="oneoff",
            title="",
            type=TaskType.BATCH if manager is None else TaskType.COMMUNICATION,
            statement=Statement(text=""),
            subtasks=(Subtask(name="all", max_points=1.0),),
            examples=(),
            limits=TaskLimits(
                time_s=work.time_s, memory_bytes=work.memory_bytes, code_bytes=1024 * 1024
            ),
            scored=True,
            interface=Interface(
                managers={work.language: work.managers} if work.managers else {},
                input_file=work.input_file,
                output_file=work.output_file,
                pipes_in_argv=work.pipes_in_argv,
            ),
            interactor=manager,
            processes=work.processes,
        )
        return _Bench(
            runner=Runner(task, self._sandbox, self._compiler, programs=programs),
            checker=Checker(programs, program=_checker(work), comparison={"kind": work.comparison}),
        )


def _checker(work: OneOffWork) -> Program | None:
    if not work.checker:
        return None
    if work.checker_language != "cpp17":
        return Program(role=CMS_CHECKER, language=work.checker_language, sources=dict(work.checker))
    sources: Mapping[str, bytes] = with_testlib(work.checker, work.checker)
    testlib = uses_testlib(work.checker) and not is_cms_testlib(sources)
    return Program(
        role=TESTLIB_CHECKER if testlib else CMS_CHECKER, language="cpp17", sources=sources
    )
