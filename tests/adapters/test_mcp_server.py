"""An agent's own client (the package `mcp`) starts `solver judge mcp` and plays over stdio."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from solver.contests.logs.audit import audit
from tests.adapters.conftest import CONTEST, caller, surroundings

PLAY = """
import asyncio, json, sys
from mcp import Client, StdioServerParameters

async def main():
    words, env, calls = json.load(sys.stdin)
    parameters = StdioServerParameters(command=words[0], args=words[1:], env=env)
    answers = []
    async with Client(parameters) as client:
        answers.append(sorted(tool.name for tool in (await client.list_tools()).tools))
        for name, arguments in calls:
            told = await client.call_tool(name, arguments)
            while name == "status" and not told.is_error and not told.structured_content["judged"]:
                told = await client.call_tool(name, arguments)
            text = "".join(part.text for part in told.content)
            answers.append([told.is_error, text, told.structured_content])
    json.dump(answers, sys.stdout)

asyncio.run(main())
"""
Call = tuple[str, dict[str, Any]]


class Answers:
    """What the client heard, in the order of the calls."""

    def __init__(self, heard: list[Any]) -> None:
        self.tools, *self._calls = heard

    def value(self, call: int) -> dict[str, Any]:
        failed, text, content = self._calls[call]
        assert not failed, text
        assert isinstance(content, dict)
        return content

    def refusal(self, call: int) -> str:
        failed, text, _ = self._calls[call]
        assert failed
        return str(text)


def play(words: Sequence[str], calls: Sequence[Call]) -> Answers:
    python = caller("inspect") / "python"
    command = [str(python), "-m", "solver", "judge", "mcp", *words]
    done = subprocess.run(
        [str(python), "-c", PLAY],
        input=json.dumps([command, surroundings(), calls]),
        capture_output=True,
        text=True,
        env=surroundings(),
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return Answers(json.loads(done.stdout))


def apples(source: str) -> dict[str, str]:
    return {"problem": "apples", "language": "python3", "source": source}


RIGHT = (CONTEST / "apples/submissions/accepted/sum.py").read_text()
JOINED = (CONTEST / "apples/submissions/wrong_answer/joined.py").read_text()


def test_an_agent_reads_runs_and_submits_under_the_limit(tmp_path: Path) -> None:
    run = tmp_path / "run"
    words = [str(CONTEST), "--run", str(run), "--limit", "2", "--interval", "0"]
    heard = play(
        words,
        [
            ("problems", {}),
            ("statement", {"problem": "apples"}),
            ("run", apples(RIGHT) | {"stdin": "20 22\n"}),
            ("run", apples(JOINED) | {"example": 0}),
            ("run", apples("print(") | {"example": 7}),
            ("submit", apples(JOINED)),
            ("status", {"submission": "apples-1"}),
            ("submit", apples(JOINED)),
            ("submit", apples(RIGHT) | {"request_id": "mine"}),
            ("status", {"submission": "apples-2"}),
            ("submit", apples(RIGHT + "# once more\n")),
            ("submit", {"problem": "pears", "language": "python3", "source": RIGHT}),
            ("scoreboard", {}),
        ],
    )
    assert heard.tools == ["problems", "run", "scoreboard", "statement", "status", "submit"]
    lines = {one["name"]: one for one in heard.value(0)["problems"]}
    assert lines["apples"]["submissions_left"] == 2 and len(lines) == 5
    statement = heard.value(1)
    assert statement["title"] == "Two Baskets" and statement["examples"]
    assert heard.value(2) == heard.value(2) | {"ended": "ok", "output": "42\n", "expected": None}
    example = heard.value(3)
    assert example["expected"] == statement["examples"][0]["output"] != example["output"]
    assert "the first one is 0" in heard.refusal(4)
    assert heard.value(5) == {"id": "apples-1", "submissions_left": 1}
    wrong = heard.value(6)
    assert wrong["judged"] and wrong["verdict"] == "wrong answer" and wrong["score"] == 0
    assert heard.value(7) == {"id": "apples-1", "submissions_left": 1}
    assert heard.value(8) == {"id": "apples-2", "submissions_left": 0}
    assert heard.value(9)["verdict"] == "accepted" and heard.value(9)["score"] == 20
    assert "all 2 submissions are spent" in heard.refusal(10)
    assert "no problem is called 'pears'" in heard.refusal(11)
    assert heard.value(12)["points"] == 20 and heard.value(12)["max_points"] == 260

    again = play(
        words,
        [
            ("status", {"submission": "apples-2", "wait_s": 0}),
            ("submit", apples(RIGHT) | {"request_id": "mine"}),
            ("submit", apples(RIGHT + "# a third\n")),
        ],
    )
    assert again.value(0)["score"] == 20
    assert again.value(1) == {"id": "apples-2", "submissions_left": 0}
    assert "all 2 submissions are spent" in again.refusal(2)
    found = audit(run / "submissions.jsonl")
    assert found.problems == () and found.submissions == 2 and found.sources_checked == 2
