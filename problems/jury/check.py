"""Role: what the end of a jury's program means: exit codes, words and files of its convention.

An exit code or number that the convention does not know is a `JudgeError`, never a verdict.
"""

import re
from dataclasses import dataclass

from problems.errors import BrokenProgram, JudgeError
from problems.jury.feedback import STATE
from problems.jury.programs import describe_end, jury_number
from problems.score import Score, ScoreFile, ScoreUse, Unit
from problems.verdict import Verdict
from sandbox.data import Blob
from sandbox.result import ExitStatus, RunResult

FEEDBACK = "feedback"
_SCORE, _MULTIPLIER = f"{FEEDBACK}/score.txt", f"{FEEDBACK}/score_multiplier.txt"
_MESSAGE, _NEXT_PASS = f"{FEEDBACK}/judgemessage.txt", f"{FEEDBACK}/nextpass.in"
FEEDBACK_KEPT = (_SCORE, _MULTIPLIER, _MESSAGE, _NEXT_PASS)
_MESSAGE_BYTES = 2000
_TESTLIB_POINTS = re.compile(rb"^points\s+(-?[0-9.]+(?:[eE][+-]?\d+)?)", re.MULTILINE)
_TESTLIB_PARTIAL = re.compile(rb"^partially correct \((-?\d+)\)", re.MULTILINE)
_TESTLIB_REJECTS = (1, 2, 4, 8)
_CMS_MESSAGES = {
    "translate:success": "Output is correct",
    "translate:partial": "Output is partially correct",
    "translate:wrong": "Output isn't correct",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a checker said.

    Attributes:
        accepted: The output is right, wholly or in part.
        score: The number that it gave; None: full marks or nothing.
        message: For people; may quote hidden data.
        next_pass: The next pass's input where a multi-pass validator asks for one.
        state: The feedback folder, packed, where the job was to keep it (`problems.jury.feedback`).
    """

    accepted: bool
    score: Score | None = None
    message: str = ""
    next_pass: Blob | None = None
    state: Blob | None = None

    def outcome(
        self, full_points: float | None = 1.0, use: ScoreUse = ScoreUse.COUNTED
    ) -> tuple[Verdict, float]:
        """The verdict, and the share of full marks (points where they have no bound).

        Args:
            full_points: What the test is worth, for a number in points; None: without bound.

        Raises:
            JudgeError: A number out of its bounds, or where there should be none.
        """
        score = self.score
        if score is not None and use is ScoreUse.FORBIDDEN:
            raise JudgeError(f"the jury's program gave {score} in a pass-fail group")
        if score is None or use is ScoreUse.IGNORED:
            return (Verdict.AC, 1.0) if self.accepted else (Verdict.WA, 0.0)
        share = score.share(full_points)
        if not self.accepted:
            return Verdict.WA, 0.0
        return Verdict.AC if share >= 1.0 else Verdict.PARTIAL, share

    @property
    def verdict(self) -> Verdict:
        """AC, PARTIAL or WA, for who does not know what a test is worth: points are PARTIAL."""
        if not self.accepted or self.score is None:
            return Verdict.AC if self.accepted else Verdict.WA
        return Verdict.PARTIAL if self.score.unit is Unit.POINTS else self.outcome()[0]


def _text(blob: Blob | None) -> str:
    if blob is None:
        return ""
    return blob.read(_MESSAGE_BYTES).decode("utf-8", "replace").strip()


def _said(result: RunResult) -> str:
    text = result.stderr[:300].decode("utf-8", "replace").strip()
    return f": {text}" if text else ""


def kattis_check(result: RunResult, rule: ScoreFile = ScoreFile.OPTIONAL) -> Check:
    """Reads the end of a Kattis output validator: exit code 42 or 43, and `feedback_dir`.

    Raises:
        JudgeError: Any other end, no readable `score.txt` where one is due, or one where none
            may be; `nextpass.in` beside a rejection.
    """
    message = _text(result.kept.get(_MESSAGE))
    if result.status is not ExitStatus.EXITED or result.exit_code not in (42, 43):
        raise BrokenProgram(f"the output validator {describe_end(result)}{_said(result)}")
    next_pass = result.kept.get(_NEXT_PASS)
    written = [name for name in (_SCORE, _MULTIPLIER) if name in result.kept]
    files = " and ".join(name.removeprefix(f"{FEEDBACK}/") for name in written)
    if result.exit_code == 43:
        if rule is ScoreFile.STRICT and (written or next_pass is not None):
            raise JudgeError(f"the output validator rejects and writes {files or 'nextpass.in'}")
        return Check(accepted=False, message=message)
    if written and rule is ScoreFile.FORBIDDEN:
        raise JudgeError(f"the output validator writes {files}, and the package has no such scores")
    if len(written) > 1:
        raise JudgeError(f"the output validator writes both {files}")
    score = None
    if written:
        try:
            value = jury_number(_text(result.kept[written[0]]))
        except JudgeError as error:
            raise JudgeError(f"the output validator accepts, but its {files}: {error}") from error
        score = Score(value=value, unit=Unit.POINTS if written == [_SCORE] else Unit.SHARE)
    elif rule is ScoreFile.REQUIRED and next_pass is None:
        raise JudgeError("the output validator accepts without a score.txt")
    state = result.kept.get(STATE)
    return Check(accepted=True, score=score, message=message, next_pass=next_pass, state=state)


def testlib_check(result: RunResult, points: Unit = Unit.POINTS) -> Check:
    """Reads the end of a testlib checker or interactor.

    `_pc(k)` ends with exit code k, which may be another verdict's, so its words are read: testlib
    begins them with `partially correct (k)`, and no other verdict's do.

    Args:
        points: Unit of `quitp`'s number.

    Raises:
        JudgeError: `_fail`, a crash, or points that are no number.
    """
    message = result.stderr[:_MESSAGE_BYTES].decode("utf-8", "replace").strip()
    code = result.exit_code if result.status is ExitStatus.EXITED else None
    partial = _partial(result.stderr, code)
    if partial is not None:
        return _scored(Score(value=float(partial[1]), unit=Unit.PERCENT), message)
    if code == 0:
        return Check(accepted=True, message=message)
    if code in _TESTLIB_REJECTS:
        return Check(accepted=False, message=message)
    if code == 7:
        match = _TESTLIB_POINTS.search(result.stderr)
        if match is None:
            raise JudgeError(f"the checker gave points without a number: {message[:200]!r}")
        return _scored(Score(value=jury_number(match.group(1)), unit=points), message)
    if code is not None and 16 <= code <= 116:  # an older testlib's _pc(p): p percent
        return _scored(Score(value=code - 16, unit=Unit.PERCENT), message)
    raise BrokenProgram(f"the checker {describe_end(result)}{_said(result)}")


def _partial(said: bytes, code: int | None) -> re.Match[bytes] | None:
    """testlib's words of a partial result.

    They come first, unless the checker printed lines of its own before. Then the exit code must be
    theirs, and no rejection's: a message quotes what a contestant printed, in lines as well.
    """
    if code is None:
        return None
    first = _TESTLIB_PARTIAL.match(said.lstrip())
    if first is not None or code in _TESTLIB_REJECTS:
        return first
    return next((one for one in _TESTLIB_PARTIAL.finditer(said) if int(one[1]) & 255 == code), None)


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
        value = jury_number(lines[0].strip())
    except JudgeError as error:
        raise JudgeError(f"no score on the checker's or manager's stdout: {error}") from error
    return _scored(Score(value=value), _CMS_MESSAGES.get(said, said))


def _scored(score: Score, message: str) -> Check:
    return Check(accepted=score.value > 0.0, score=score, message=message)
