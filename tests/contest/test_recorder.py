"""The recorded judge after a crash: what was taken is asked for again, what is known is not."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from problems.submission import Submission
from problems.task import Task
from problems.verdict import Verdict
from solver.contests.logs.log import SubmissionLog, read_log
from solver.contests.logs.recorder import RecordedJudge
from solver.contests.scoreboard import attempts_of
from solver.judges.base import JudgeLimits, Judgement, SubmissionState
from solver.judges.errors import SubmissionRefused

PROGRAM = Submission(language="python3", sources={"a.py": b"print(1)"})


class Listening:
    """A judge that writes down what it is asked. Like a real one's client it knows of a submission
    only what went through it since it was started, and the judge finds that by its key."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.refuses = refuses
        self.submitted: list[tuple[str, str]] = []
        self.polled: list[str] = []

    def tasks(self) -> Sequence[Task]:
        return ()

    def limits(self, task: str) -> JudgeLimits:
        return JudgeLimits()

    def now_s(self) -> float:
        return 7.0

    def submit(self, task: str, submission: Submission, key: str) -> str:
        assert submission == PROGRAM
        self.submitted.append((task, key))
        if self.refuses:
            raise SubmissionRefused("too large")
        return f"id of {key}"

    def poll(self, submission_id: str) -> Judgement:
        self.polled.append(submission_id)
        known = submission_id in {f"id of {key}" for _, key in self.submitted}
        assert known, "a client cannot tell of a submission that it never saw"
        return Judgement(submission=submission_id, state=SubmissionState.JUDGED, verdict=Verdict.WA)


def test_a_submission_without_an_answer_is_asked_for_again_under_its_key(tmp_path: Path) -> None:
    path = tmp_path / "submissions.jsonl"
    with SubmissionLog(path) as log:
        RecordedJudge(Listening(), log, tmp_path / "sources").submit("t", PROGRAM, "t/1")
    lines = path.read_bytes()
    after = Listening()
    with SubmissionLog(path) as log:
        judge = RecordedJudge(after, log, tmp_path / "sources")
        assert judge.submit("t", PROGRAM, "t/1") == "id of t/1"
        assert after.submitted == [("t", "t/1")]
        assert path.read_bytes() == lines
        assert judge.poll("id of t/1").verdict is Verdict.WA
        assert judge.submitted_at_s("t/1") == judge.judged_at_s("id of t/1") == 7.0


def test_what_was_answered_is_not_asked_for_again(tmp_path: Path) -> None:
    path = tmp_path / "submissions.jsonl"
    with SubmissionLog(path) as log:
        judge = RecordedJudge(Listening(), log, tmp_path / "sources")
        judge.poll(judge.submit("t", PROGRAM, "t/1"))
    lines = path.read_bytes()
    after = Listening()
    with SubmissionLog(path) as log:
        judge = RecordedJudge(after, log, tmp_path / "sources")
        assert judge.poll(judge.submit("t", PROGRAM, "t/1")).verdict is Verdict.WA
    assert after.submitted == after.polled == []
    assert path.read_bytes() == lines


def test_a_refusal_is_said_again_without_asking(tmp_path: Path) -> None:
    path = tmp_path / "submissions.jsonl"
    for asked in (1, 0):
        inner = Listening(refuses=True)
        with SubmissionLog(path) as log:
            judge = RecordedJudge(inner, log, tmp_path / "sources")
            with pytest.raises(SubmissionRefused, match="too large"):
                judge.submit("t", PROGRAM, "t/1")
        assert len(inner.submitted) == asked
    assert [record["kind"] for record in read_log(path).records] == ["refused"]


def test_what_is_shown_of_each_subtask_comes_back_from_the_log(tmp_path: Path) -> None:
    told = Judgement(
        submission="id of t/1",
        state=SubmissionState.JUDGED,
        verdict=Verdict.WA,
        points={"1": 40.0, "2": 0.0},
        verdicts={"1": Verdict.AC, "2": Verdict.TLE},
    )

    class Telling(Listening):
        def poll(self, submission_id: str) -> Judgement:
            return told

    with SubmissionLog(tmp_path / "log") as log:
        judge = RecordedJudge(Telling(), log, tmp_path / "sources")
        judge.poll(judge.submit("t", PROGRAM, "t/1"))
    with SubmissionLog(tmp_path / "log") as log:
        assert RecordedJudge(Listening(), log, tmp_path / "sources").poll("id of t/1") == told
    (attempt,) = attempts_of(read_log(tmp_path / "log").records)["t"]
    assert attempt.shown.verdicts == told.verdicts
