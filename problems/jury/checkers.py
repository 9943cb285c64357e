"""Role: decides whether an output is right: built-in comparisons, and the jury's own programs.

A jury's checker is code of a stranger as well and runs in the sandbox. Its conventions, by
`Program.role`:

- kattis-output-validator: arguments input, answer, feedback_dir/ and flags; the team's output on
  stdin; exit code 42 or 43; `score.txt` in feedback_dir.
- testlib-checker: arguments input, output, answer, flags; exit code 0 right; 1, 2, 4, 8 wrong;
  7 points, named on stderr.
- cms-checker: arguments input, answer, output, flags; a share on stdout, a message on stderr.

Whatever else such a program does is a `JudgeError`, never a verdict.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from problems.errors import JudgeError, UnsupportedTask
from problems.jury.compare import KattisFlags, kattis_compare, white_diff
from problems.jury.dataset_compare import decimal_lines, equal_values
from problems.jury.feedback import STATE, with_state
from problems.jury.programs import JURY_LIMITS, JuryPrograms, describe_end, jury_number
from problems.task import Program
from problems.verdict import Verdict
from sandbox.backend import Job
from sandbox.data import Blob
from sandbox.limits import Limits
from sandbox.result import ExitStatus, RunResult

KATTIS_VALIDATOR = "kattis-output-validator"
TESTLIB_CHECKER = "testlib-checker"
CMS_CHECKER = "cms-checker"
CMS_MANAGER = "cms-manager"
TESTLIB_INTERACTOR = "testlib-interactor"

FEEDBACK = "feedback"
FEEDBACK_KEPT = tuple(
    f"{FEEDBACK}/{name}"
    for name in ("score.txt", "score_multiplier.txt", "judgemessage.txt", "nextpass.in")
)
_MESSAGE_BYTES = 2000
_TESTLIB_POINTS = re.compile(rb"points\s+(-?[0-9.]+(?:[eE][+-]?\d+)?)")
_CMS_MESSAGES = {
    "translate:success": "Output is correct",
    "translate:partial": "Output is partially correct",
    "translate:wrong": "Output isn't correct",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a checker said.

    Attributes:
        verdict: AC, PARTIAL (0 < score < 1) or WA.
        score: Share of full marks; a Kattis validator's `score.txt` may have its own scale.
        message: For people; may quote hidden data.
        next_pass: The next pass's input where a multi-pass validator asks for one.
        in_points: The score is what `score.txt` says, not a share.
        state: The feedback folder, packed, where the job was to keep it (`problems.jury.feedback`).
    """

    verdict: Verdict
    score: float
    message: str = ""
    next_pass: Blob | None = None
    in_points: bool = False
    state: Blob | None = None


def check_of_score(score: float, message: str = "") -> Check:
    """A share of full marks, a finite number, as a verdict."""
    if score <= 0.0:
        return Check(verdict=Verdict.WA, score=score, message=message)
    verdict = Verdict.AC if score >= 1.0 else Verdict.PARTIAL
    return Check(verdict=verdict, score=score, message=message)


class Checker:
    """Checks outputs of one task. Safe to use from threads."""

    def __init__(
        self,
        programs: JuryPrograms,
        *,
        program: Program | None,
        comparison: Mapping[str, float | bool | str],
        custom_score: bool | None = None,
        limits: Limits = JURY_LIMITS,
    ) -> None:
        """Makes a checker.

        Args:
            program: The jury's checker, or None for the built-in `comparison`.
            comparison: `kind`: "kattis" (with `flags`), "white-diff", "exact", or a data set's:
                "decimal-lines", "equal-values".
            custom_score: Whether a Kattis validator must write `score.txt` when it accepts; None:
                it may.

        Raises:
            UnsupportedTask: Nothing here knows that kind of checker.
        """
        self._programs = programs
        self._program = program
        self._limits = limits
        self._custom_score = custom_score
        self._kind = str(comparison.get("kind", "kattis"))
        self._flags = str(comparison.get("flags", "")).split()
        if program is not None and program.role not in _CONVENTIONS:
            raise UnsupportedTask(f"checker of kind {program.role!r}")
        if program is None and self._kind not in ("kattis", "exact", *_COMPARISONS):
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
            complaint = kattis_compare(output, answer, flags)
            verdict = Verdict.AC if complaint is None else Verdict.WA
            return Check(verdict=verdict, score=float(complaint is None), message=complaint or "")
        return Check(verdict=Verdict.AC if right else Verdict.WA, score=float(right))

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
                args=("input.txt", "answer.txt", f"{FEEDBACK}/", *flags),
                files=files,
                folders=(FEEDBACK,),
                keep=FEEDBACK_KEPT,
            )
            result = self._programs.sandbox.run(job if state is None else with_state(job, state))
            return kattis_check(result, custom_score=self._custom_score)
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
        return testlib_check(result) if program.role == TESTLIB_CHECKER else cms_check(result)


_COMPARISONS = {
    "white-diff": white_diff,
    "decimal-lines": decimal_lines,
    "equal-values": equal_values,
}
_CONVENTIONS = (KATTIS_VALIDATOR, TESTLIB_CHECKER, CMS_CHECKER)


def _text(blob: Blob | None) -> str:
    if blob is None:
        return ""
    return blob.read(_MESSAGE_BYTES).decode("utf-8", "replace").strip()


def _said(result: RunResult) -> str:
    text = result.stderr[:300].decode("utf-8", "replace").strip()
    return f": {text}" if text else ""


def kattis_check(result: RunResult, *, custom_score: bool | None) -> Check:
    """Reads the end of a Kattis output validator: exit code 42 or 43, and `feedback_dir`.

    Args:
        custom_score: Whether acceptance must come with a score; None: it may.

    Raises:
        JudgeError: Any other end, or no readable `score.txt` where one is due.
    """
    message = _text(result.kept.get(f"{FEEDBACK}/judgemessage.txt"))
    if result.status is not ExitStatus.EXITED or result.exit_code not in (42, 43):
        raise JudgeError(f"the output validator {describe_end(result)}{_said(result)}")
    if result.exit_code == 43:
        return Check(verdict=Verdict.WA, score=0.0, message=message)
    next_pass = result.kept.get(f"{FEEDBACK}/nextpass.in")
    multiplier = result.kept.get(f"{FEEDBACK}/score_multiplier.txt")
    written = result.kept.get(f"{FEEDBACK}/score.txt") or multiplier
    optional = custom_score is None or next_pass is not None
    if custom_score is False or (written is None and optional):
        state = result.kept.get(STATE)
        return Check(
            verdict=Verdict.AC, score=1.0, message=message, next_pass=next_pass, state=state
        )
    try:
        score = jury_number(_text(written))
    except JudgeError as error:
        why = f"the output validator accepted without a readable score.txt: {error}"
        raise JudgeError(why) from error
    verdict = Verdict.PARTIAL if 0.0 <= score < 1.0 else Verdict.AC
    return Check(
        verdict=verdict,
        score=score,
        message=message,
        next_pass=next_pass,
        in_points=written is not multiplier,
        state=result.kept.get(STATE),
    )


def testlib_check(result: RunResult) -> Check:
    """Reads the end of a testlib checker.

    Raises:
        JudgeError: `_fail`, a crash, or points that are no number.
    """
    message = result.stderr[:_MESSAGE_BYTES].decode("utf-8", "replace").strip()
    code = result.exit_code if result.status is ExitStatus.EXITED else None
    if code == 0:
        return Check(verdict=Verdict.AC, score=1.0, message=message)
    if code in (1, 2, 4, 8):
        return Check(verdict=Verdict.WA, score=0.0, message=message)
    if code == 7:
        match = _TESTLIB_POINTS.search(result.stderr)
        if match is None:
            raise JudgeError(f"the checker gave points without a number: {message[:200]!r}")
        return check_of_score(jury_number(match.group(1)), message)
    if code is not None and 16 <= code <= 116:  # _pc(p): p percent
        return check_of_score((code - 16) / 100, message)
    raise JudgeError(f"the checker {describe_end(result)}{_said(result)}")


def cms_check(result: RunResult) -> Check:
    """Reads a CMS checker's or manager's word: a share on stdout, a message on stderr.

    Raises:
        JudgeError: It did not end with exit code 0, or its stdout is no number.
    """
    if not result.ok:
        raise JudgeError(f"the checker or manager {describe_end(result)}{_said(result)}")
    lines = result.stdout.read(_MESSAGE_BYTES).split(b"\n", 1)
    said = result.stderr[:_MESSAGE_BYTES].decode("utf-8", "replace").split("\n", 1)[0].strip()
    try:
        score = jury_number(lines[0].strip())
    except JudgeError as error:
        raise JudgeError(f"no score on the checker's or manager's stdout: {error}") from error
    return check_of_score(score, _CMS_MESSAGES.get(said, said))
