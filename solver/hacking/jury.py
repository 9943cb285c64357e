"""A package opened for an attack: its validators, checker and programs. Only the jury may use it:
it holds the hidden tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from problems.errors import JudgeError, UnsupportedTask
from problems.inclusion import nodes_of
from problems.judging.judge import Judge
from problems.jury.checkers import Checker
from problems.jury.programs import JURY_LIMITS, JuryPrograms
from problems.jury.validators import InputValidators
from problems.package import Package, load_package
from problems.submission import Submission
from problems.task import TaskType
from problems.tasktypes.execution import Execution
from problems.verdict import POINTS_TOLERANCE, SubmissionResult, Verdict
from problems.verifying.report import Row
from problems.verifying.timelimits import is_accepted
from sandbox.backend import Executable
from sandbox.compiling.compile import CompileError, Compiler
from sandbox.data import Blob, digest_of
from sandbox.errors import CompilerMissing, UnknownLanguage
from solver.hacking.types import Flags, Standing, SuiteQuality
from solver.submissions import as_submission
from solver.types import Candidate, GeneratedInput, InputOrigin

MOST_BASES = 60
"""Tests of a group that inputs are made from, the smallest."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Attacked:
    """A program to be attacked.

    Attributes:
        flags: Of the groups of tests whose every test it passes; None: of all.
    """

    name: str
    standing: Standing
    executable: Executable
    flags: frozenset[Flags] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Tests that the validators see with the same flags.

    Attributes:
        name: One of its tests.
        args: The flags, as the validators take them.
        inputs: Contents of its tests, the smallest first.
    """

    name: str
    flags: Flags
    args: Mapping[str, Sequence[str]]
    inputs: tuple[bytes, ...]


class Jury:
    """A package's own word on what is legal and what is right.

    Attributes:
        package: As it was read.
        time_s: CPU limit of one run.
    """

    def __init__(
        self, package: Package, compiler: Compiler, *, time_s: float | None = None
    ) -> None:
        """Args:
            time_s: CPU limit of one run; None takes the package's own.

        Raises:
            UnsupportedTask: It has no input validators, so that nobody says what is legal; or its
                programs are no programs that read an input and print an output.
        """
        if package.task.type is not TaskType.BATCH:
            raise UnsupportedTask(f"a task of type {package.task.type.value} is not attacked")
        if not package.testset.validators:
            raise UnsupportedTask("it has no input validators: nobody says what is legal")
        self.package = package
        sandbox = compiler.sandbox
        self._judge = Judge(package.task, package.testset, sandbox, compiler, time_s=time_s)
        self.time_s = self._judge.time_s
        programs = JuryPrograms(sandbox, compiler)
        self._validators = InputValidators(programs, package.testset.validators)
        self._checker = Checker(
            programs,
            program=package.testset.checker,
            comparison=package.testset.comparison,
            limits=package.testset.jury_limits or JURY_LIMITS,
        )
        self._legal: dict[tuple[Flags, bytes], bool] = {}

    @property
    def name(self) -> str:
        """The task's."""
        return self.package.task.name

    def texts(self) -> tuple[str, list[tuple[str, str]]]:
        """Where bounds are named: the statement, and (source, language) of the validators."""
        sources = [
            (content.decode("utf-8", "replace"), validator.language)
            for validator in self.package.testset.validators
            for content in validator.sources.values()
        ]
        return self.package.task.statement.text, sources

    def groups(self) -> list[Group]:
        """Tests by the validators' flags, in the tests' order."""
        found: dict[Flags, list[str]] = {}
        for name in self._scoring():
            case = self.package.testset.testcases[name]
            found.setdefault(_flags(case.validator_args), []).append(name)
        made = []
        for flags, names in found.items():
            paths = {self.package.testset.testcases[name].input for name in names}
            by_size = sorted(paths, key=lambda path: (path.stat().st_size, str(path)))
            made.append(
                Group(
                    name=names[0],
                    flags=flags,
                    args=dict(flags),
                    inputs=tuple(path.read_bytes() for path in by_size[:MOST_BASES]),
                )
            )
        return made

    def _scoring(self) -> list[str]:
        """Tests of the subtasks that give points: who passes the examples has passed nothing."""
        task, testset = self.package.task, self.package.testset
        nodes = nodes_of(testset.scoring, task.subtasks)
        worth = [each for each in task.subtasks if each.max_points > 0] or task.subtasks
        names = [name for each in worth for name in nodes[each.name].all_testcases()]
        return list(dict.fromkeys(names)) or list(testset.testcases)

    def legal(self, group: Group, contents: Sequence[bytes]) -> list[GeneratedInput]:
        """Those that all validators accept with the group's flags, in order, each once.

        What a validator does that its convention does not know (a crash on nonsense, say) is no
        acceptance.
        """
        fresh = [
            content
            for content in dict.fromkeys(contents)
            if (group.flags, content) not in self._legal
        ]
        told = self._validators.accepted([(Blob.of_bytes(each), group.args) for each in fresh])
        for content, word in zip(fresh, told, strict=True):
            self._legal[group.flags, content] = word
        return [
            GeneratedInput(
                id=digest_of(content),
                content=content,
                subtasks=frozenset({group.name}),
                origin=InputOrigin.BREAKING,
            )
            for content in dict.fromkeys(contents)
            if self._legal[group.flags, content]
        ]

    def run(self, programs: Sequence[Attacked], content: bytes) -> list[Execution]:
        """Each program on one input.

        Raises:
            SandboxError: The sandbox failed, not a program.
        """
        blob = Blob.of_bytes(content)
        return list(self._judge.runner.run_many((each.executable, blob) for each in programs))

    def right(self, content: bytes, output: Blob, answer: Blob) -> bool:
        """Whether the package's checker takes an output beside that answer; what it does that its
        convention does not know is no acceptance."""
        try:
            check = self._checker.check(Blob.of_bytes(content), output, answer)
        except JudgeError:
            return False
        share = 1.0 if check.score is None else check.outcome()[1]
        return check.accepted and share >= 1.0

    def attacked(self, rows: Sequence[Row]) -> list[Attacked]:
        """The jury's programs that the tests accept, wholly or in some groups.

        Args:
            rows: What `verify` found of this package.
        """
        found = []
        for row in rows:
            if row.result is None:
                continue
            whole = _full(self.package, row.result)
            accepted = is_accepted(row.submission)
            flags = None if whole else self._passed(row.result)
            if (whole and not accepted) or flags == frozenset():
                continue
            made = self._built(row.submission.submission)
            if made is not None:
                found.append(
                    Attacked(
                        name=row.submission.name,
                        standing=Standing.ACCEPTED if whole else Standing.PARTIAL,
                        executable=made,
                        flags=flags,
                    )
                )
        return found

    def sampled(self, candidates: Sequence[Candidate]) -> list[Attacked]:
        """Programs of a model, all of which pass the package's tests, those that compile here."""
        found = []
        for candidate in candidates:
            made = self._built(as_submission(self.package.task, candidate))
            if made is not None:
                found.append(
                    Attacked(
                        name=candidate.id,
                        standing=Standing.SAMPLED,
                        executable=made,
                        flags=None,
                    )
                )
        return found

    def _built(self, submission: Submission) -> Executable | None:
        try:
            made = self._judge.runner.build(submission)
        except (CompilerMissing, UnknownLanguage):
            return None
        return None if isinstance(made, CompileError) else made

    def _passed(self, result: SubmissionResult) -> frozenset[Flags]:
        """Flags of groups whose every test ended with AC."""
        verdicts = {case.testcase: case.verdict for case in result.testcases}
        all_: dict[Flags, bool] = {}
        for name in self._scoring():
            flags = _flags(self.package.testset.testcases[name].validator_args)
            all_[flags] = all_.get(flags, True) and verdicts.get(name) is Verdict.AC
        return frozenset(flags for flags, passed in all_.items() if passed)


def _flags(args: Mapping[str, tuple[str, ...]]) -> Flags:
    return tuple(sorted((name, tuple(words)) for name, words in args.items()))


def _full(package: Package, result: SubmissionResult) -> bool:
    if package.task.scored:
        return result.points >= package.task.max_points - POINTS_TOLERANCE
    return result.verdict is Verdict.AC


def opened(path: Path) -> Package:
    """The package at a path.

    Raises:
        PackageError, UnsupportedTask: As `problems.package.load_package` does.
    """
    return load_package(path)


def suite_quality(package: Package, rows: Sequence[Row]) -> SuiteQuality:
    """What the package's tests say of its labelled programs, those that were judged."""
    quality = SuiteQuality()
    for row in rows:
        if row.result is None:
            continue
        full = _full(package, row.result)
        if is_accepted(row.submission):
            quality = replace(
                quality,
                accepted=quality.accepted + 1,
                accepted_pass=quality.accepted_pass + full,
            )
        elif Verdict.AC not in (row.submission.expected.verdicts or ()):
            quality = replace(
                quality,
                rejected=quality.rejected + 1,
                rejected_fail=quality.rejected_fail + (not full),
            )
    return quality
