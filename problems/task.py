"""All that a solver may know of a task. No field here can hold a hidden test or its answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from problems.score import Unit
from sandbox.java_source import main_source


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
    """A test that contestants get.

    Attributes:
        input: What a program can be run on.
        output: The jury's output; None where the task type has no answer file.
        shown_input, shown_output: What the statement prints instead, where that is something else
            (Kattis 2025-09: `.in.statement`, `.ans.statement`).
    """

    name: str
    input: bytes
    output: bytes | None
    shown_input: bytes | None = None
    shown_output: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Source code that the task supplies: a checker, an interactor, a manager.

    Attributes:
        role: Which calling convention it follows ("kattis-output-validator", "testlib-checker",
            "cms-checker", "cms-manager", ...), as `problems/jury/checkers.py` lists them.
        language: Language id of the sandbox's table.
        sources: File name to content, everything that is compiled together.
        args: Flags that the package passes to it.
        name: The file's or folder's name in the package, by which flags may be meant for it.
        points: Unit of the points that a testlib program gives.
        if_named: An input validator that runs on those tests alone whose flags name it.
    """

    role: str
    language: str
    sources: Mapping[str, bytes]
    args: tuple[str, ...] = ()
    name: str = ""
    points: Unit = Unit.POINTS
    if_named: bool = False


_MAINS = {
    "c": re.compile(rb"\bmain\s*\("),
    "rust": re.compile(rb"\bfn\s+main\s*\("),
}


def main_of(language: str, files: Mapping[str, bytes]) -> str | None:
    """The file among a task's managers that is the main program, or None.

    Python's is a file called main or `__main__`; the others' holds a main function.
    """
    outer_first = sorted(files, key=lambda name: (name.count("/"), name))
    if language in ("python3", "pypy3"):
        stems = {name: name.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower() for name in outer_first}
        return next((name for name in outer_first if stems[name] in ("main", "__main__")), None)
    if language == "java":
        return main_source({name: files[name] for name in outer_first if name.endswith(".java")})
    main = _MAINS.get("c" if language.startswith("cpp") else language)
    sources = [name for name in outer_first if not name.endswith((".h", ".hpp"))]
    return next((name for name in sources if main and main.search(files[name])), None)


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
        adds_files: The managers are files that are added to submissions of the languages that have
            them (Kattis's `include/`); another language takes whole programs.
    """

    managers: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    submission_names: Mapping[str, str] = field(default_factory=dict)
    signatures: Mapping[str, str] = field(default_factory=dict)
    input_file: str | None = None
    output_file: str | None = None
    pipes_in_argv: bool = False
    whole_program: bool = False
    adds_files: bool = False

    @property
    def is_function(self) -> bool:
        """The contestant writes functions that a grader calls."""
        if self.adds_files:
            mains = (main_of(language, files) for language, files in self.managers.items())
            return any(mains) or bool(self.submission_names)
        return bool(self.managers) and not self.whole_program


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFile:
    """A test whose output may be handed in: CMS's BatchAndOutput (beside the program, or instead of
    it), and every test of an OutputOnly task.

    Attributes:
        name: The file as it is handed in ("output_007.txt").
        testcase: The test's name, which contestants know by the file's.
        subtasks: Subtasks that hold the test, in the task's order.
        program_runs: The program answers where no file was handed in; False: only a file counts.
        input: The test's input, where it is among the attachments: contestants have it.
    """

    name: str
    testcase: str
    subtasks: tuple[str, ...] = ()
    program_runs: bool = True
    input: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLimits:
    """Limits that the statement states.

    Attributes:
        time_s: CPU time a test; None where the package leaves it to measurement.
        time_multiplier: Factor over the slowest accepted jury submission where `time_s` is None.
        time_resolution_s: A measured limit is a multiple of this.
        tle_multiplier: Factor within which the jury's too slow submissions must still be too slow;
            None where the format knows none (Kattis 2025-09's `time_limit_to_tle`).
        safety_margin: Factor between the limit and the time within which the jury's labels must
            still hold (Kattis's `time_safety_margin`); 1 where the format knows none.
    """

    time_s: float | None
    memory_bytes: int
    output_bytes: int = 64 * 1024 * 1024
    code_bytes: int = 256 * 1024
    time_multiplier: float = 5.0
    time_resolution_s: float = 1.0
    tle_multiplier: float | None = None
    safety_margin: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The statement as text for a model.

    Attributes:
        text: The whole statement, Markdown with TeX formulas.
        language: Language code of the text ("en").
        source_format: tex, markdown, html, pdf or text.
        per_subtask: Subtask name to the version that leaves the other subtasks' lines out.
        languages: Codes of the statements that the package has beside this one.
    """

    text: str
    language: str = "en"
    source_format: str = "text"
    per_subtask: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()

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
        comparison: How outputs are compared where there is no checker, its tolerance above all
            (`problems.jury.comparison`); empty: by tokens, whatever their case.
        attachments: Files given to contestants.
        languages: Language ids that the contest allows; empty means all.
        score_precision: Decimals of a subtask's points (CMS).
        output_files: Outputs that may be handed in.
        helpers: Generators and validators that were published with the task, where its format says
            so (CodeContests+); each makes or takes whole inputs and knows no test.
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
    comparison: Mapping[str, str] = field(default_factory=dict)
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    score_precision: int = 2
    output_files: tuple[OutputFile, ...] = ()
    helpers: tuple[Program, ...] = ()

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
