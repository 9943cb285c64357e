"""Plays the small contest in a process of its own, slowly enough to be killed in the middle.

Run as: python killed_player.py RUN_FOLDER
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from conftest import RecordedGrader, make_contest

from problems.submission import Submission
from problems.verdict import SubmissionResult


class SlowGrader(RecordedGrader):
    def judge(self, submission: Submission) -> SubmissionResult:
        time.sleep(0.01)
        return super().judge(submission)


if __name__ == "__main__":
    contest = make_contest(limit=12)
    graders = {task.name: SlowGrader(task, contest.points[task.name]) for task in contest.tasks}
    print("ready", flush=True)
    contest.play(Path(sys.argv[1]), rounds=2, graders=graders)
