"""Between the player and any judge: writes every submission and result into the log, and answers
from the log what has been asked before, so that nothing is handed in twice."""

from collections.abc import Sequence
from pathlib import Path

from problems.submission import Submission
from problems.task import Task
from problems.verdict import Verdict
from solver.contests.logs.log import LogLine, SubmissionLog, verdicts_of
from solver.judges.base import Judge, JudgeLimits, Judgement, SubmissionState
from solver.judges.errors import ContestClosed, SubmissionRefused
from solver.kept.traces import span
from solver.kept.whole_files import whole_file
from solver.submissions import submission_digest


def judgement_of(record: LogLine) -> Judgement:
    """A logged judgement as the judge gave it."""
    verdict = record["verdict"]
    return Judgement(
        submission=record["id"],
        state=SubmissionState.JUDGED,
        verdict=None if verdict is None else Verdict(verdict),
        points=record["points"],
        score=record["score"],
        free=record["free"],
        verdicts=verdicts_of(record),
    )


class RecordedJudge:
    """A judge whose dealings are logged. The order makes a crash harmless: a submission is logged
    when the judge has taken it, and asking again under the same key gives the same one."""

    def __init__(self, judge: Judge, log: SubmissionLog, sources: Path) -> None:
        """Args:
        sources: Folder that keeps each handed-in program, named by its digest.
        """
        self._judge = judge
        self._log = log
        self._sources = sources
        self._submissions = {record["key"]: record for record in log.of_kind("submission")}
        self._refused = {record["key"]: record for record in log.of_kind("refused")}
        self._judgements = {record["id"]: record for record in log.of_kind("judgement")}

    def tasks(self) -> Sequence[Task]:
        """The contest's tasks."""
        return self._judge.tasks()

    def limits(self, task: str) -> JudgeLimits:
        """What the judge allows."""
        return self._judge.limits(task)

    def now_s(self) -> float:
        """The judge's clock."""
        return self._judge.now_s()

    def submitted_at_s(self, key: str) -> float:
        """Contest time of a submission that was taken."""
        return float(self._submissions[key]["at_s"])

    def judged_at_s(self, submission_id: str) -> float:
        """Contest time at which a result was learnt."""
        return float(self._judgements[submission_id]["at_s"])

    def submit(self, task: str, submission: Submission, key: str) -> str:
        """Hands in unless the log knows the key.

        Raises:
            LimitReached, ContestClosed: As the judge says; the same key may be tried again.
            SubmissionRefused: The judge will not take this program; logged, and said again without
                asking the judge.
        """
        if key in self._refused:
            raise SubmissionRefused(self._refused[key]["reason"])
        known = self._submissions.get(key)
        if known is not None:
            identifier = str(known["id"])
            if identifier not in self._judgements:
                # Taken before a crash and never answered: the judge finds it by its key.
                self._judge.submit(task, submission, key)
            return identifier
        digest = self._keep(submission)
        at_s = self._judge.now_s()
        try:
            with span("submit", task=task, language=submission.language):
                identifier = self._judge.submit(task, submission, key)
        except ContestClosed:
            raise
        except SubmissionRefused as refusal:
            self._refused[key] = self._log.append(
                "refused", {"key": key, "task": task, "at_s": at_s, "reason": str(refusal)}
            )
            raise
        self._submissions[key] = self._log.append(
            "submission",
            {
                "id": identifier,
                "key": key,
                "task": task,
                "language": submission.language,
                "source_sha256": digest,
                "bytes": sum(len(content) for content in submission.sources.values()),
                "at_s": at_s,
            },
        )
        return identifier

    def _keep(self, submission: Submission) -> str:
        digest = submission_digest(submission)
        folder = self._sources / digest
        for name, content in submission.sources.items():
            with whole_file(folder / Path(name).name) as partial:
                partial.write_bytes(content)
        return digest

    def poll(self, submission_id: str) -> Judgement:
        """The logged result, or the judge's; a result is logged when it comes."""
        known = self._judgements.get(submission_id)
        if known is not None:
            return judgement_of(known)
        judgement = self._judge.poll(submission_id)
        if judgement.state is SubmissionState.JUDGED:
            self._append(judgement, final=False)
        return judgement

    def poll_again(self, submission_id: str) -> Judgement:
        """The judge's present word; logged where it differs from the last one."""
        judgement = self._judge.poll(submission_id)
        known = self._judgements.get(submission_id)
        if judgement.state is SubmissionState.JUDGED and (
            known is None or judgement_of(known) != judgement
        ):
            self._append(judgement, final=True)
        return judgement

    def _append(self, judgement: Judgement, *, final: bool) -> None:
        line = {
            "id": judgement.submission,
            "at_s": self._judge.now_s(),
            "verdict": judgement.verdict,
            "points": dict(judgement.points),
            "score": judgement.score,
            "free": judgement.free,
            "final": final,
        }
        if judgement.verdicts:
            line["verdicts"] = dict(judgement.verdicts)
        self._judgements[judgement.submission] = self._log.append("judgement", line)
