"""An agent's seat: the contest's rules hold, and a failure of the judge is never a result."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from problems.submission import Submission
from problems.verdict import SubmissionResult
from sandbox.errors import SandboxError
from solver.adapters.agent_tools import SHOWN_BYTES, AgentTools, Status
from solver.adapters.grading import Grading, read_place
from solver.adapters.seat import Seat
from solver.contests.clock import SimulatedClock
from solver.contests.folders.folder import PlanOptions
from solver.errors import LimitReached, RunFolderError, SolverError, TooSoon
from tests.adapters.conftest import CONTEST

DEPOTS = CONTEST / "depots/submissions"
MEDIANS = (DEPOTS / "partially_accepted/medians.cpp").read_text()
SPLIT = (DEPOTS / "accepted/split.cpp").read_text()


class Failing(Grading):
    """A judge whose machine fails for the first `failures` times."""

    failures = 0

    def judge(self, task: str, submission: Submission) -> SubmissionResult:
        if self.failures:
            self.failures -= 1
            raise SandboxError("the machine is gone")
        return super().judge(task, submission)


@pytest.fixture(scope="module")
def grading() -> Iterator[Failing]:
    with Failing(read_place(CONTEST / "depots", PlanOptions(limit=3))) as opened:
        yield opened


def judged(tools: AgentTools, submission: str) -> Status:
    while not (found := tools.status(submission)).judged:
        pass
    return found


def test_points_add_up_and_the_interval_is_kept(grading: Failing, tmp_path: Path) -> None:
    clock = SimulatedClock()
    with Seat(grading, tmp_path, clock=clock) as seat:
        tools = AgentTools(seat)
        first = tools.submit("depots", "cpp17", MEDIANS)
        assert judged(tools, first.id).score == 26
        with pytest.raises(TooSoon):
            tools.submit("depots", "cpp17", SPLIT)
        clock.wait_until(60.0)
        second = tools.submit("depots", "cpp17", SPLIT)
        assert judged(tools, second.id).verdict == "accepted" and second.submissions_left == 1
        board = tools.scoreboard()
        assert board.points == 100 and board.problems[0].submissions == 2
        clock.wait_until(10**9)
        with pytest.raises(LimitReached):
            tools.submit("depots", "cpp17", SPLIT + "// late\n")


def test_a_failure_of_the_judge_is_said_and_tried_again(grading: Failing, tmp_path: Path) -> None:
    with Seat(grading, tmp_path, clock=SimulatedClock()) as seat:
        tools = AgentTools(seat)
        grading.failures = 1
        handed = tools.submit("depots", "cpp17", MEDIANS + "// another text\n")
        with pytest.raises(SandboxError):
            judged(tools, handed.id)
        assert tools.scoreboard().points == 0
        assert judged(tools, handed.id).score == 26
        assert tools.submit("depots", "cpp17", MEDIANS + "// another text\n").id == handed.id


def test_what_was_not_judged_is_judged_at_the_next_sitting(
    grading: Failing, tmp_path: Path
) -> None:
    grading.failures = 1
    with Seat(grading, tmp_path, clock=SimulatedClock()) as seat:
        handed = seat.submit("depots", "cpp17", MEDIANS, None)
    with Seat(grading, tmp_path, clock=SimulatedClock()) as seat:
        assert judged(AgentTools(seat), handed.id).score == 26
        with pytest.raises(SolverError, match="another process"):
            Seat(grading, tmp_path)
    with Failing(read_place(CONTEST / "apples")) as other, pytest.raises(RunFolderError):
        Seat(other, tmp_path)


def test_rules_that_keep_points_back_keep_them_back(tmp_path: Path) -> None:
    place = read_place(CONTEST / "depots", PlanOptions(rules="icpc"))
    with Grading(place) as grading, Seat(grading, tmp_path) as seat:
        tools = AgentTools(seat)
        handed = tools.submit("depots", "cpp17", MEDIANS)
        assert handed.submissions_left is None
        told = judged(tools, handed.id)
        assert told.verdict == "wrong answer" and told.points == {} and told.score is None


def test_long_outputs_are_cut_in_the_middle_and_said_to_be(
    grading: Failing, tmp_path: Path
) -> None:
    with Seat(grading, tmp_path) as seat:
        tools = AgentTools(seat)
        ran = tools.run("depots", "python3", "print('a' * 50_000 + 'z')", stdin="")
        assert ran.ended == "ok" and ran.output_bytes == 50_002
        assert len(ran.output) < 3 * SHOWN_BYTES and "bytes left out" in ran.output
        assert ran.output.endswith("z\n")
        failed = tools.run("depots", "python3", "raise SystemExit(3)", example=0)
        assert failed.ended == "run-time error" and failed.expected
        broken = tools.run("depots", "cpp17", "int main( {", stdin="")
        assert broken.ended == "compile error" and "main" in broken.message
