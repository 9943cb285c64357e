"""Role: decides whether an output is right: built-in comparisons, and the jury's own programs.

A jury's checker is code of a stranger as well and runs in the sandbox. Its conventions, by
`Program.role`:

- kattis-output-validator: arguments input, answer, feedback_dir/ and flags; the team's output on
  stdin; exit code 42 or 43; `score.txt` in feedback_dir.
- testlib-checker: arguments input, output, answer, flags; exit code 0 right; 1, 2, 4, 8 wrong;
  7 points, named on stderr; a partial result, named there too, whatever the exit code.
- cms-checker: arguments input, answer, output, flags; a share on stdout, a message on stderr.

Whatever else such a program does is a `JudgeError`, never a verdict.
"""

from collections.abc import Mapping, Sequence

from problems.errors import JudgeError, UnsupportedTask
from problems.jury.check import (
    FEEDBACK,
    FEEDBACK_KEPT,
    Check,
    cms_check,
    kattis_check,
    testlib_check,
)
from problems.jury.compare import KattisFlags, kattis_compare, white_diff
from problems.jury.dataset_compare import (
    decimal_lines,
    equal_values,
    lines_in_any_order,
    same_letters,
    same_lines,
    words_in_any_order,
)
from problems.jury.feedback import with_state
from problems.jury.programs import JURY_LIMITS, JuryPrograms
from problems.score import ScoreFile
from problems.task import Program
from sandbox.backend import Job
from sandbox.data import Blob
from sandbox.host.rootfs import WORK_FOLDER
from sandbox.limits import Limits

KATTIS_VALIDATOR = "kattis-output-validator"
TESTLIB_CHECKER = "testlib-checker"
CMS_CHECKER = "cms-checker"
CMS_MANAGER = "cms-manager"
TESTLIB_INTERACTOR = "testlib-interactor"

# Whole paths, so that a validator may change its folder.
VALIDATOR_ARGS = tuple(
    f"{WORK_FOLDER}/{name}" for name in ("input.txt", "answer.txt", f"{FEEDBACK}/")
)


class Checker:
    """Checks outputs of one task. Safe to use from threads."""

    def __init__(
        self,
        programs: JuryPrograms,
        *,
        program: Program | None,
        comparison: Mapping[str, float | bool | str],
        score_file: ScoreFile = ScoreFile.OPTIONAL,
        limits: Limits = JURY_LIMITS,
    ) -> None:
        """Makes a checker.

        Args:
            program: The jury's checker, or None for the built-in `comparison`.
            comparison: `kind`: "kattis" or "line-words" (with `flags`), "white-diff", "exact", or
                one of a data set or DMOJ (`problems.jury.dataset_compare`).
            score_file: What holds for the `score.txt` of a Kattis validator.

        Raises:
            UnsupportedTask: Nothing here knows that kind of checker.
        """
        self._programs = programs
        self._program = program
        self._limits = limits
        self._score_file = score_file
        self._kind = str(comparison.get("kind", "kattis"))
        self._flags = str(comparison.get("flags", "")).split()
        if program is not None and program.role not in _CONVENTIONS:
            raise UnsupportedTask(f"checker of kind {program.role!r}")
        if program is None and self._kind not in (*_WITH_FLAGS, "exact", *_COMPARISONS):
            raise UnsupportedTask(f"comparison of kind {self._kind!r}")

    def check(
        self,
        input_: Blob,
        output: Blob,
        answer: Blob | None,
        args: Sequence[str] = (),
        *,
        state: Blob | None = None,
    ) -> Check:
        """Judges one output.

        Args:
            args: The test case's own flags; they come after the program's.
            state: A multi-pass validator's feedback folder of the last pass (empty: the first).

        Raises:
            JudgeError: The jury's program crashed, or its answer cannot be understood.
        """
        if self._program is not None:
            return self._run(self._program, input_, output, answer, args, state)
        if answer is None:
            raise JudgeError("the built-in comparison needs an answer file")
        if self._kind in _COMPARISONS:
            right = _COMPARISONS[self._kind](output, answer)
        elif self._kind == "exact":
            right = output.digest == answer.digest
        else:
            try:
                flags = KattisFlags.parse(tuple(args) or self._flags)
            except ValueError as error:
                raise JudgeError(str(error)) from error
            if self._kind == "line-words" and not same_lines(output, answer):
                return Check(accepted=False, message="other lines")
            complaint = kattis_compare(output, answer, flags)
            return Check(accepted=complaint is None, message=complaint or "")
        return Check(accepted=right)

    def _run(
        self,
        program: Program,
        input_: Blob,
        output: Blob,
        answer: Blob | None,
        args: Sequence[str],
        state: Blob | None,
    ) -> Check:
        executable = self._programs.executable(program)
        flags = (*program.args, *args)
        files = {"input.txt": input_, "answer.txt": answer or Blob.of_bytes(b"")}
        if program.role == KATTIS_VALIDATOR:
            job = Job(
                program=executable,
                limits=self._limits,
                stdin=output,
                args=(*VALIDATOR_ARGS, *flags),
                files=files,
                folders=(FEEDBACK,),
                keep=FEEDBACK_KEPT,
            )
            result = self._programs.sandbox.run(job if state is None else with_state(job, state))
            return kattis_check(result, self._score_file)
        order = (
            ("output.txt", "answer.txt")
            if program.role == TESTLIB_CHECKER
            else ("answer.txt", "output.txt")
        )
        result = self._programs.sandbox.run(
            Job(
                program=executable,
                limits=self._limits,
                args=("input.txt", *order, *flags),
                files={**files, "output.txt": output},
            )
        )
        if program.role == TESTLIB_CHECKER:
            return testlib_check(result, program.points)
        return cms_check(result)


_COMPARISONS = {
    "white-diff": white_diff,
    "decimal-lines": decimal_lines,
    "equal-values": equal_values,
    "same-letters": same_letters,
    "any-order-lines": lines_in_any_order,
    "any-order-words": words_in_any_order,
}
_WITH_FLAGS = ("kattis", "line-words")
_CONVENTIONS = (KATTIS_VALIDATOR, TESTLIB_CHECKER, CMS_CHECKER)
