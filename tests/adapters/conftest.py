"""For the tests of adapters: the callers' own packages, and a model that answers from a script."""

import json
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import platformdirs
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

ROOT = Path(__file__).parents[2]
CONTEST = ROOT / "problems/bundled/contest"
CALLERS = Path(os.environ.get("SOLVER_CALLERS", platformdirs.user_cache_path("solver") / "callers"))

Answers = Mapping[str, Sequence[str]]
"""A task's title to what the model answers: to its first turn, to its second, ..."""


def caller(name: str) -> Path:
    """The programs of a caller's environment; skips where it was not installed."""
    folder = CALLERS / name
    if not (folder / ".pins").is_file():
        pytest.skip(f"nothing at {folder}: run scripts/callers.sh")
    return folder / "bin"


@pytest.fixture
def calling(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a program of a caller's environment, with this checkout's solver on its path."""

    def call(name: str, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(caller(name) / words[0]), *words[1:]],
            cwd=tmp_path,
            env=surroundings(**env),
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
        return done

    return call


def surroundings(**more: str) -> dict[str, str]:
    """The environment of a caller's process."""
    # pytest's and Python's own say nothing to a caller; a proxy's or an index's must go along.
    left_out = ("PYTEST", "PYTHON", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return {**kept, "PYTHONPATH": str(ROOT), "TERM": "dumb", "NO_COLOR": "1", **more}


def program(path: str, tag: str) -> str:
    """An answer with a program of a bundled task's jury."""
    return f"Here it is.\n```{tag}\n{(CONTEST / path).read_text()}\n```\n"


@pytest.fixture
def scripted(httpserver: HTTPServer) -> Callable[[Answers], tuple[str, list[dict[str, object]]]]:
    """Serves chat completions on loopback; gives the base URL and what was asked."""
    asked: list[dict[str, object]] = []

    def serve(answers: Answers) -> tuple[str, list[dict[str, object]]]:
        def answer(request: Request) -> Response:
            body = json.loads(request.data)
            asked.append(body)
            turn = sum(one["role"] == "assistant" for one in body["messages"])
            prompt = json.dumps(body["messages"])
            (title,) = [title for title in answers if f"# {title}" in prompt]
            return _completion(answers[title][turn], stream=bool(body.get("stream")))

        httpserver.expect_request("/v1/chat/completions").respond_with_handler(answer)
        httpserver.expect_request("/v1/models").respond_with_json({"data": [{"id": "script"}]})
        return httpserver.url_for("/v1"), asked

    return serve


def _completion(text: str, *, stream: bool) -> Response:
    usage = {"prompt_tokens": 10, "completion_tokens": 20, "total_tokens": 30}
    common = {"id": "c1", "created": 1, "model": "script"}
    if not stream:
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        whole = {**common, "object": "chat.completion", "choices": [choice], "usage": usage}
        return Response(json.dumps(whole), content_type="application/json")
    chunk = {**common, "object": "chat.completion.chunk"}
    first = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
    last = {"index": 0, "delta": {}, "finish_reason": "stop"}
    lines = [
        {**chunk, "choices": [first]},
        {**chunk, "choices": [last]},
        {**chunk, "choices": [], "usage": usage},
    ]
    body = "".join(f"data: {json.dumps(line)}\n\n" for line in lines) + "data: [DONE]\n\n"
    return Response(body, content_type="text/event-stream")
