"""All that a solver may know of a task. No field here can hold a hidden test or its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class TaskType(StrEnum):
    """How a contestant's program meets the task."""

    BATCH = "batch"
    INTERACTIVE = "interactive"
    COMMUNICATION = "communication"
    OUTPUT_ONLY = "output_only"
    MULTI_PASS = "multi_pass"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtask:
    """A part of the task that gives points of its own.

    Attributes:
        name: Unique in the task ("group2", "05-full"; "all" for a pass-fail task).
        max_points: Points at full marks.
        includes: Names of the subtasks whose every test is one of this subtask's tests too.
        description: The statement's line on it, where one was found.
    """

    name: str
    max_points: float
    includes: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A test that the statement prints. `output` is None where the task type has no answer file."""

    name: str
    input: bytes
    output: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Source code that the task supplies: a checker, an interactor, a manager.

    Attributes:
        role: Which calling convention it follows ("kattis-output-validator", "testlib-checker",
            "cms-checker", "cms-manager", ...), as `problems/jury/checkers.py` lists them.
        language: Language id of the sandbox's table.
        sources: File name to content, everything that is compiled together.
        args: Flags that the package passes to it.
    """

    role: str
    language: str
    sources: Mapping[str, bytes]
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """How a contestant's source is built into a program.

    Attributes:
        managers: Language id to the files (grader, stub, header) compiled with the submission;
            empty where the submission is a whole program.
        submission_names: Language id to the file name that the grader expects ("sphinx.cpp").
        signatures: The header's text for prompts, language id to text.
        input_file: Name of the input file, None for stdin.
        output_file: Name of the output file, None for stdout.
        whole_program: The managers only run a submission that is a whole program (what a data set
            puts around one); a language without managers is then run as it is.
        pipes_in_argv: Communication: the pipes from and to the manager are named in argv (CMS's
            fifo_io) instead of being stdin and stdout (std_io).
    """

    managers: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    submission_names: Mapping[str, str] = field(default_factory=dict)
    signatures: Mapping[str, str] = field(default_factory=dict)
    input_file: str | None = None
    output_file: str | None = None
    pipes_in_argv: bool = False
    whole_program: bool = False

    @property
    def is_function(self) -> bool:
        """The contestant writes functions that a grader calls."""
        return bool(self.managers) and not self.whole_program


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLimits:
    """Limits that the statement states.

    Attributes:
        time_s: CPU time a test; None where the package leaves it to measurement.
        time_multiplier: Factor over the slowest accepted jury submission where `time_s` is None.
        safety_margin: Factor between the limit and the time within which the jury's labels must
            still hold (Kattis's `time_safety_margin`); 1 where the format knows none.
    """

    time_s: float | None
    memory_bytes: int
    output_bytes: int = 64 * 1024 * 1024
    code_bytes: int = 256 * 1024
    time_multiplier: float = 5.0
    safety_margin: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The statement as text for a model.

    Attributes:
        text: The whole statement, Markdown with TeX formulas.
        language: Language code of the text ("en").
        source_format: tex, markdown, html, pdf or text.
        per_subtask: Subtask name to the version that leaves the other subtasks' lines out.
    """

    text: str
    language: str = "en"
    source_format: str = "text"
    per_subtask: Mapping[str, str] = field(default_factory=dict)

    def for_subtask(self, subtask: str) -> str:
        """The version for this subtask, or the whole text where there is none."""
        return self.per_subtask.get(subtask, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A contest task as a contestant meets it.

    Attributes:
        name: Short id: the package folder's own code.
        type: How a program meets the task.
        subtasks: In the task's order; a pass-fail task has one, "all", worth 1 point.
        scored: Points count (olympiad); False for pass-fail.
        examples: The statement's tests.
        interface: How sources become programs and where input and output are.
        interactor: The other side of an interactive or Communication task, given to contestants
            as a testing tool is: it holds no test and no answer.
        processes: Contestant processes of a Communication task.
        passes: Most passes of a multi-pass task.
        checker: The task's public checker where outputs are not compared by bytes.
        attachments: Files given to contestants.
        languages: Language ids that the contest allows; empty means all.
        score_precision: Decimals of a subtask's points (CMS).
    """

    name: str
    title: str
    type: TaskType
    statement: Statement
    subtasks: tuple[Subtask, ...]
    examples: tuple[Example, ...]
    limits: TaskLimits
    scored: bool
    interface: Interface = field(default_factory=Interface)
    interactor: Program | None = None
    processes: int = 1
    passes: int = 2
    checker: Program | None = None
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    score_precision: int = 2

    @property
    def max_points(self) -> float:
        """Points of a full solution."""
        return sum(subtask.max_points for subtask in self.subtasks)

    def subtask(self, name: str) -> Subtask:
        """The subtask of that name.

        Raises:
            KeyError: There is none.
        """
        for subtask in self.subtasks:
            if subtask.name == name:
                return subtask
        raise KeyError(name)
