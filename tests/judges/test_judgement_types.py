"""What a Contest API server's own judgement types say of a failed attempt."""

import pytest

from problems.verdict import Verdict
from solver.judges.clients.contest_api import ContestApi
from solver.judges.clients.ledger import Ledger
from solver.judges.clients.transport import Transport

# As in the specification's table, and a type of the server's own.
TYPES = [
    {"id": "AC", "name": "correct", "penalty": False, "solved": True},
    {"id": "CE", "name": "compiler error", "penalty": True, "solved": False},
    {"id": "JE", "name": "judging error", "penalty": False, "solved": False},
    {"id": "RTE", "name": "run-time error", "penalty": True, "solved": False},
    {"id": "ZZZ", "name": "asleep", "penalty": False, "solved": False},
    {"id": "WA", "name": "wrong answer", "solved": False},
]


@pytest.mark.parametrize(
    ("kind", "verdict", "free"),
    [
        ("AC", Verdict.AC, False),
        ("CE", Verdict.CE, False),
        ("JE", Verdict.SKIPPED, True),
        ("RTE", Verdict.RE, False),
        ("ZZZ", Verdict.WA, True),
        ("WA", Verdict.WA, False),
    ],
)
def test_the_type_says_whether_an_attempt_costs(
    monkeypatch: pytest.MonkeyPatch, kind: str, verdict: Verdict, free: bool
) -> None:
    judge = ContestApi(Transport("http://127.0.0.1:1/"), Ledger(None, "x"), "cup")
    row = {"id": "7", "submission_id": "1", "judgement_type_id": kind}
    tables = {"judgement-types": TYPES, "judgements": [row]}
    monkeypatch.setattr(judge, "rows", lambda name, **params: tables[name])
    found = judge.poll("1")
    assert (found.verdict, found.free) == (verdict, free)
