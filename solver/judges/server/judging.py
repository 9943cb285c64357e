"""The queue: one thread that judges what waits, oldest first. What a restart finds unjudged is
judged then; what was judged is judged again only when an admin asks for it, and after all else."""

import logging
import threading
import time
from collections.abc import Mapping

from problems.errors import ProblemsError
from problems.submission import Submission
from problems.verdict import SubmissionResult, Verdict
from sandbox.errors import SandboxError
from solver.judges.base import TaskJudge
from solver.judges.server.archive import read_archive
from solver.judges.server.store import ServerStore
from solver.judges.server.stored import Details, StoredJudgement, StoredSubmission, StoredSubtask

log = logging.getLogger(__name__)

RETRIES = 3
RETRY_PAUSE_S = 1.0
MESSAGE_CHARS = 8000
"""Of a compiler's messages that are kept; some say the same a thousand times."""


class JudgingQueue:
    """Judges the store's pending submissions until it is closed."""

    def __init__(
        self,
        store: ServerStore,
        graders: Mapping[str, TaskJudge],
        *,
        scored: Mapping[str, bool],
    ) -> None:
        """Args:
        graders: By problem.
        scored: Problems whose judgements carry a score.
        """
        self._store = store
        self._graders = graders
        self._scored = scored
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="judging", daemon=True)

    def start(self) -> None:
        """Begins with whatever is pending."""
        self._thread.start()

    def wake(self) -> None:
        """There is a new submission."""
        self._wake.set()

    def stop(self) -> None:
        """Begins nothing more. What is in work is dropped: the next start judges it."""
        self._closing.set()
        self._wake.set()

    def close(self) -> None:
        """Ends the thread; a grader that is at work ends by itself or with its sandbox."""
        self.stop()
        self._thread.join()

    def _work(self) -> None:
        while not self._closing.is_set():
            self._wake.clear()
            first = self._store.unjudged()
            # One at a time: what was handed in meanwhile goes before it.
            again = [] if first else self._store.again.pending()[:1]
            for number in first or again:
                if self._closing.is_set():
                    return
                submission = self._store.submission(number)
                assert submission is not None
                self._judge(submission, again=bool(again))
            if not first and not again:
                self._wake.wait()

    def _judge(self, stored: StoredSubmission, *, again: bool) -> None:
        start_s = time.time()
        submission = Submission(language=stored.language, sources=read_archive(stored.archive))
        result = self._result(stored, submission)
        if self._closing.is_set():
            return  # the sandbox may be going: nothing that it says now is a verdict
        if again and result is None:
            self._store.again.fail(stored.id)
            log.warning("submission %s: judging it again failed; its verdict stands", stored.id)
            return
        if result is None:
            verdict, score, max_run_s = Verdict.SKIPPED.ccs, None, 0.0
        else:
            verdict = result.verdict.ccs
            score = result.points if self._scored[stored.problem] else None
            max_run_s = result.cpu_s
        judgement = StoredJudgement(
            submission=stored.id,
            verdict=verdict,
            score=score,
            start_s=start_s,
            end_s=time.time(),
            max_run_s=max_run_s,
        )
        if again:
            self._store.again.judge(judgement, _details(result))
        else:
            self._store.judge(judgement, _details(result))
        points = "" if score is None else f", {score:g} points"
        word = " again" if again else ""
        log.info(
            "submission %s%s, %s on %s: %s%s",
            *(stored.id, word, stored.team, stored.problem, verdict, points),
        )

    def _result(self, stored: StoredSubmission, submission: Submission) -> SubmissionResult | None:
        """The grader's result; None when the judge itself failed again and again."""
        for attempt in range(RETRIES):
            try:
                return self._graders[stored.problem].judge(submission)
            except (ProblemsError, SandboxError) as error:
                if self._closing.wait(0):
                    return None
                log.warning("submission %s, try %d: %s", stored.id, attempt + 1, error)
                self._closing.wait(RETRY_PAUSE_S)
        return None


def _details(result: SubmissionResult | None) -> Details:
    if result is None:
        return Details()
    return Details(
        subtasks=tuple(
            StoredSubtask(
                name=each.subtask,
                verdict=each.verdict.value,
                points=each.points,
                max_points=each.max_points,
            )
            for each in result.subtasks
        ),
        message=result.compile_message[:MESSAGE_CHARS],
    )
