"""What an agent at a seat may do, as plain values that any protocol can carry.

An answer holds nothing of the hidden tests: the statement's examples, what the agent's own program
did on an input of its own, and what the contest's rules show of a submission.
"""

from pydantic import BaseModel

from problems.task import Example, Task
from problems.tasktypes.execution import Execution
from sandbox.compiling.compile import CompileError
from solver.adapters.seat import Seat
from solver.errors import SolverError
from solver.judges.base import Judgement, SubmissionState
from solver.sampling.plan import allowed_languages

MOST_WAIT_S = 20.0
"""Agents' clients cut a call short after a minute or so."""
SHOWN_BYTES = 4096
MIB = 1024 * 1024


class ProblemLine(BaseModel):
    """One problem of the list; `submissions_left` is null where there is no limit."""

    name: str
    title: str
    points: float
    subtasks: dict[str, float]
    submissions_left: int | None


class Problems(BaseModel):
    """The contest's problems."""

    problems: list[ProblemLine]


class ShownExample(BaseModel):
    """A test that the statement prints; its index is what `run` takes."""

    index: int
    input: str
    output: str | None


class StatementText(BaseModel):
    """A problem in full. An empty list of languages takes all."""

    title: str
    statement: str
    languages: list[str]
    time_limit_s: float | None
    memory_limit_mib: int
    examples: list[ShownExample]
    files: dict[str, str]


class Ran(BaseModel):
    """What a program did: `ended` is "ok", "compile error", or how it failed.

    `output` holds the first and the last part where it is long; `output_bytes` is all of it.
    """

    ended: str
    output: str
    output_bytes: int
    message: str
    cpu_s: float
    memory_mib: float
    expected: str | None = None


class Submitted(BaseModel):
    """A submission that was taken; null where there is no limit."""

    id: str
    submissions_left: int | None


class Status(BaseModel):
    """What the contest shows: it may keep back the points, or the verdict too."""

    id: str
    judged: bool
    verdict: str | None
    points: dict[str, float]
    score: float | None


class BoardLine(BaseModel):
    """What one problem has brought."""

    problem: str
    points: float
    max_points: float
    submissions: int
    subtasks: dict[str, float]


class Board(BaseModel):
    """What all has brought."""

    points: float
    max_points: float
    medal: str | None
    problems: list[BoardLine]


def shown(content: bytes) -> str:
    """Text for a model: the first and the last part of what is long."""
    if len(content) <= 2 * SHOWN_BYTES:
        return content.decode(errors="replace")
    left_out = len(content) - 2 * SHOWN_BYTES
    head = content[:SHOWN_BYTES].decode(errors="replace")
    tail = content[-SHOWN_BYTES:].decode(errors="replace")
    return f"{head}\n[{left_out} bytes left out]\n{tail}"


class AgentTools:
    """The tools of one seat; the docstrings are what an agent reads of them."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def problems(self) -> Problems:
        """List the contest's problems, what each subtask is worth, and the submissions left."""
        lines = [
            ProblemLine(
                name=name,
                title=task.title,
                points=task.max_points,
                subtasks={one.name: one.max_points for one in task.subtasks},
                submissions_left=self._seat.left(name),
            )
            for name, task in self._seat.tasks.items()
        ]
        return Problems(problems=lines)

    def statement(self, problem: str) -> StatementText:
        """Read a problem: statement, limits, languages, examples, and the files given with it."""
        task = self._seat.task(problem)
        files = dict(task.attachments)
        for managers in task.interface.managers.values():
            files |= managers
        return StatementText(
            title=task.title,
            statement=task.statement.text,
            languages=list(allowed_languages(task)),
            time_limit_s=task.limits.time_s,
            memory_limit_mib=task.limits.memory_bytes // MIB,
            examples=[
                ShownExample(
                    index=index,
                    input=shown(one.input),
                    output=None if one.output is None else shown(one.output),
                )
                for index, one in enumerate(task.examples)
            ],
            files={name: shown(content) for name, content in files.items()},
        )

    def run(
        self,
        problem: str,
        language: str,
        source: str,
        stdin: str | None = None,
        example: int | None = None,
    ) -> Ran:
        """Run a program on your own input, or on an example by its index. Costs no submission.

        Languages: cpp17, cpp20, cpp23, c, python3, pypy3, java, rust.
        """
        task = self._seat.task(problem)
        if (stdin is None) == (example is None):
            raise SolverError("give either stdin or example")
        content, expected = (stdin or "").encode(errors="replace"), None
        if example is not None:
            chosen = _example(task, example)
            content, expected = chosen.input, chosen.output
        return _ran(self._seat.run(problem, language, source, content), expected)

    def submit(
        self, problem: str, language: str, source: str, request_id: str | None = None
    ) -> Submitted:
        """Hand a program in. Spends one submission; the same program or request_id again does not.

        Returns at once; ask `status` for the result.
        """
        handed = self._seat.submit(problem, language, source, request_id)
        return Submitted(id=handed.id, submissions_left=handed.left)

    def status(self, submission: str, wait_s: float = MOST_WAIT_S) -> Status:
        """Ask what a submission brought, waiting at most wait_s seconds (20 at most)."""
        found = self._seat.status(submission, min(max(wait_s, 0.0), MOST_WAIT_S))
        return _status(found)

    def scoreboard(self) -> Board:
        """See what your submissions have brought so far."""
        board = self._seat.scoreboard()
        return Board(
            points=board.total.points,
            max_points=board.total.max_points,
            medal=board.medal,
            problems=[
                BoardLine(
                    problem=line.task,
                    points=line.points,
                    max_points=line.max_points,
                    submissions=line.submissions,
                    subtasks={one.name: one.points for one in line.subtasks},
                )
                for line in board.tasks
            ],
        )


def _example(task: Task, index: int) -> Example:
    if not 0 <= index < len(task.examples):
        raise SolverError(f"{task.name} has {len(task.examples)} examples; the first one is 0")
    return task.examples[index]


def _ran(done: CompileError | Execution, expected: bytes | None) -> Ran:
    said = None if expected is None else shown(expected)
    if isinstance(done, CompileError):
        message = f"{done.reason}\n{shown(done.messages)}"
        return Ran(
            ended="compile error",
            output="",
            output_bytes=0,
            message=message,
            cpu_s=0.0,
            memory_mib=0.0,
            expected=said,
        )
    output = b"" if done.output is None else done.output.read()
    # Of an interactive task the other side's word says what came of it: it knows no hidden test.
    check = "" if done.check is None else done.check.message
    return Ran(
        ended="ok" if done.failure is None else done.failure.words,
        output=shown(output),
        output_bytes=len(output),
        message=done.message or check,
        cpu_s=done.cpu_s,
        memory_mib=done.memory_bytes / MIB,
        expected=said,
    )


def _status(found: Judgement) -> Status:
    return Status(
        id=found.submission,
        judged=found.state is SubmissionState.JUDGED,
        verdict=None if found.verdict is None else found.verdict.words,
        points=dict(found.points),
        score=found.score,
    )
