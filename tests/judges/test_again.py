"""Judging a submission again: by whom, what follows it, and what stands meanwhile."""

import json
import re

import httpx

from problems.errors import JudgeError
from problems.submission import Submission
from solver.judges.server import judging
from tests.judges.seen import CUP, RIGHT, judged, row_of, settled


class Mended:
    """A grader of a package whose answers were wrong until somebody mended them."""

    def __init__(self, right) -> None:
        self._right = right
        self.mended = self.fails = False

    def judge(self, submission):
        if self.fails:
            raise JudgeError("the checker is gone")
        source = b"print(-1)\n"
        wrong = Submission(language="python3", sources={"main.py": source})
        return self._right.judge(submission if self.mended else wrong)


def feed_of(http: httpx.Client, wanted: int) -> list[dict]:
    """The first judgements of the event feed."""
    found: list[dict] = []
    with http.stream("GET", "contests/cup/event-feed") as answer:
        for line in answer.iter_lines():
            row = json.loads(line)
            if row["type"] == "judgements":
                found.append(row["data"])
                if len(found) == wanted:
                    break
    return found


def test_a_submission_is_judged_again_and_the_scoreboard_follows(serve, graders) -> None:
    """A judge that was wrong is mended, an admin has it judge again, all that shows it follows."""
    wrong = Mended(graders["apples"].grader)
    running = serve(graders={"apples": wrong})
    mine, admin = running.person(), running.person("admin")
    mine.hand_in("apples", "python3", RIGHT)
    mine.hand_in("evens", "python3", "print(0)\n")
    assert "wrong answer" in judged(mine, 1) and "wrong answer" in judged(mine, 2)
    assert row_of(mine.get(f"{CUP}/scoreboard").text, "Team 1").split()[3] == "0"
    assert "Judge it again" in admin.get(f"{CUP}/submissions/1").text
    assert "Judge it again" not in mine.get(f"{CUP}/submissions/1").text
    wrong.mended = True
    page = f"{CUP}/submissions/1"
    assert admin.post(f"{CUP}/admin/rejudge", page, {"submission": "1"}).url.path == page
    text = settled(mine, 1)
    assert "accepted" in text.split("<h2>Judged before")[0]
    assert "wrong answer" in text.split("<h2>Judged before")[1]
    assert row_of(mine.get(f"{CUP}/scoreboard").text, "Team 1").split()[3] == "20"
    with running.http() as http:
        rows = http.get("contests/cup/judgements?submission_id=1").json()
        assert [(row["id"], row["current"]) for row in rows] == [("j1", False), ("j1-2", True)]
        assert [row["judgement_type_id"] for row in rows] == ["WA", "AC"]
        board = http.get("contests/cup/scoreboard").json()
        assert board["rows"][0]["score"]["score"] == 20
    # All that a filter shows, and nothing else.
    listed = f"{CUP}/admin/submissions?problem=evens"
    assert "Judge it again" in admin.get(listed).text
    admin.post(f"{CUP}/admin/rejudge", listed, {})
    settled(mine, 2)
    with running.http() as http:
        ids = [row["id"] for row in http.get("contests/cup/judgements").json()]
        assert ids == ["j1", "j1-2", "j2", "j2-2"]
        lines = feed_of(http, 4)
    assert [(one["id"], one["current"], one["judgement_type_id"]) for one in lines[:2]] == [
        ("j1", True, "WA"),
        ("j2", True, "WA"),
    ]
    assert [(one["id"], one["current"]) for one in lines[2:]] == [("j1", False), ("j1-2", True)]


def test_nobody_else_has_a_submission_judged_again(serve) -> None:
    running = serve()
    mine, admin = running.person(), running.person("admin")
    mine.hand_in("apples", "python3", RIGHT)
    judged(mine, 1)
    path, fields = f"{CUP}/admin/rejudge", {"submission": "1"}
    assert mine.post(path, CUP, fields).status_code == 403  # with a token of its own
    foreign = re.search(r'name="token" value="([^"]*)"', mine.get(CUP).text)
    assert foreign is not None
    for token in ({}, {"token": foreign[1]}):
        answer = admin.http.post(path, data=fields | token)
        assert answer.status_code == 403 and "not ours" in answer.text
    assert admin.post(path, CUP, {"submission": "one"}).status_code == 404
    assert admin.post(path, CUP, {"submission": "9"}).status_code == 404
    assert running.store.again.states() == {} and running.store.again.replaced() == []


def test_a_judge_that_fails_again_leaves_the_verdict(serve, graders, monkeypatch) -> None:
    monkeypatch.setattr(judging, "RETRY_PAUSE_S", 0.0)
    failing = Mended(graders["apples"].grader)
    running = serve(graders={"apples": failing})
    mine, admin = running.person(), running.person("admin")
    mine.hand_in("apples", "python3", RIGHT)
    assert "wrong answer" in judged(mine, 1)
    failing.fails = True
    admin.post(f"{CUP}/admin/rejudge", f"{CUP}/submissions/1", {"submission": "1"})
    text = settled(admin, 1)
    assert "wrong answer" in text and "the verdict of before stands" in text
    assert "Their verdicts stand" in admin.get(f"{CUP}/admin").text
    failing.fails, failing.mended = False, True
    admin.post(f"{CUP}/admin/rejudge", f"{CUP}/submissions/1", {"submission": "1"})
    assert "accepted" in settled(mine, 1)
