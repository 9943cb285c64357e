"""A verdict's words, and other systems' words for it."""

import io

from rich.console import Console

from problems.verdict import KATTIS_RUNNING, Verdict
from sandbox.limits import LimitKind
from solver.judges.server.present import JUDGEMENT_TYPES
from solver.types import RunStatus

NOT_TOLD = (Verdict.PARTIAL, Verdict.SKIPPED)


def test_every_verdict_has_words_and_a_colour_of_its_kind() -> None:
    assert len({verdict.words for verdict in Verdict}) == len(Verdict)
    assert [verdict for verdict in Verdict if verdict.colour == "green"] == [Verdict.AC]
    assert {Verdict(name).colour for name in ("WA", "TLE", "MLE", "OLE", "RE", "CE")} == {"red"}
    console = Console(file=io.StringIO(), force_terminal=True)
    for verdict in Verdict:
        console.print(f"[{verdict.colour}]{verdict}[/]")  # an unknown colour is an error


def test_what_the_contest_api_is_told_is_understood_again() -> None:
    for verdict in Verdict:
        understood = Verdict.of_ccs(verdict.ccs)
        assert understood is (Verdict.AC if verdict is Verdict.PARTIAL else verdict)
    assert Verdict.of_ccs("RE") is Verdict.WA  # "rejected", for no stated reason
    assert Verdict.of_ccs("asleep") is None


def test_what_a_kattis_grader_is_told_is_understood_again() -> None:
    for verdict in Verdict:
        if verdict not in NOT_TOLD:
            assert Verdict.of_grade(verdict.ccs) is verdict
    assert Verdict.of_grade("RTE") is Verdict.of_grade("RE") is Verdict.RE
    assert Verdict.of_grade("words") is None


def test_a_kattis_status_is_a_verdict_once_judging_has_ended() -> None:
    assert all(Verdict.of_kattis_status(status) is None for status in range(KATTIS_RUNNING + 1))
    assert Verdict.of_kattis_status(16) is Verdict.AC
    assert Verdict.of_kattis_status(13) is Verdict.RE


def test_every_limit_of_the_sandbox_is_a_verdict_and_a_status() -> None:
    assert {kind: Verdict.of_limit(kind).value for kind in LimitKind} == {
        LimitKind.CPU: "TLE",
        LimitKind.WALL: "TLE",
        LimitKind.MEMORY: "MLE",
        LimitKind.OUTPUT: "OLE",
        LimitKind.DISK: "OLE",
        LimitKind.PROCESSES: "RE",
    }
    assert RunStatus.of(Verdict.of_limit(LimitKind.WALL)) is RunStatus.TIMEOUT
    assert RunStatus.of(Verdict.RE) is RunStatus.of(Verdict.CE) is RunStatus.CRASH


def test_the_judge_servers_types_keep_their_ids_and_names() -> None:
    """Clients that read the list once hold on to it."""
    rows = [(row["id"], row["name"], row["penalty"], row["solved"]) for row in JUDGEMENT_TYPES]
    assert rows == [
        ("AC", "accepted", False, True),
        ("WA", "wrong answer", True, False),
        ("TLE", "time limit exceeded", True, False),
        ("MLE", "memory limit exceeded", True, False),
        ("OLE", "output limit exceeded", True, False),
        ("RTE", "run-time error", True, False),
        ("CE", "compile error", False, False),
        ("JE", "judging error", False, False),
    ]
