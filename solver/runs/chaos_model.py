"""A model server whose answers are a recorded pool's: what is drawn of it is kept as any model's
draws are, and it can be killed.

It speaks chat completions, streamed. Which program an answer holds depends on the request's seed
alone, so that a server that was killed and started again answers as the first one would have.
"""

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from solver.sampling.pools.pool import read_pool

ANSWER_S = 0.15
"""Of one answer; they are given one after the other, as by one processor."""

_PIECES = 4
_HELPERS = {"test generators": "generator", "input validators": "validator"}
_LANGUAGES = {"Python": "python3", "C++": "cpp20"}


class ModelServer(ThreadingHTTPServer):
    """Answers on loopback."""

    daemon_threads = True

    def __init__(self, pool: Path, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.turn = threading.Lock()
        self._texts: dict[tuple[str, str], list[str]] = {}
        recorded = read_pool(pool)
        for each in recorded.candidates:
            text = f"```{each.language}\n{each.source}\n```\n"
            self._texts.setdefault(("candidate", each.language), []).append(text)
        for helper in recorded.helpers:
            text = f"```python\n{helper.source}\n```\n"
            self._texts.setdefault((str(helper.kind), "python3"), []).append(text)

    def text(self, prompt: str, seed: int) -> str:
        """What a sample says: a program of the kind and language that is asked for."""
        first = prompt[:400]
        kind = next((kind for words, kind in _HELPERS.items() if words in first), "candidate")
        language = "python3"
        if kind == "candidate":
            language = next(name for word, name in _LANGUAGES.items() if word in first)
        texts = self._texts[kind, language]
        return texts[seed % len(texts)]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A driver that was killed hung up."""


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._head("application/json")
        self.wfile.write(b'{"data": [{"id": "recorded"}]}')

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        prompt = "\n".join(turn["content"] for turn in body["messages"])
        self._head("text/event-stream")
        for index in range(body.get("n", 1)):
            text = self.server.text(prompt, body["seed"] + index)
            size = -(-len(text) // _PIECES)
            with self.server.turn:
                for start in range(0, len(text), size):
                    time.sleep(ANSWER_S / _PIECES)
                    self._event(index, {"content": text[start : start + size]})
            self._event(index, {}, finish="stop")
        self.wfile.write(b"data: [DONE]\n\n")

    def _head(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()

    def _event(self, index: int, delta: dict[str, str], finish: str | None = None) -> None:
        choice = {"index": index, "delta": delta, "finish_reason": finish}
        self.wfile.write(f"data: {json.dumps({'choices': [choice]})}\n\n".encode())
        self.wfile.flush()


def main() -> None:
    """`python -m solver.runs.chaos_model POOL PORT`; with port 0 the first line tells which."""
    server = ModelServer(Path(sys.argv[1]), int(sys.argv[2]))
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
