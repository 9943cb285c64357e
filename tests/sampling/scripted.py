"""A chat-completions server on loopback whose every reply a test states: exchanges as the servers'
documentation describes them, replayed over real HTTP."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PROGRAM = "```python\nprint(sum(map(int, input().split())))\n```\n"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What is sent back."""

    status: int = 200
    body: Any = None
    raw: bytes | None = None
    kind: str = "application/json"


Script = Callable[[dict[str, Any]], Reply]


@dataclass
class Scripted:
    """The server's address and what it was sent."""

    url: str
    bodies: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


def answered(body: dict[str, Any], text: str = PROGRAM) -> Reply:
    """A whole answer of as many choices as were asked for."""
    choices = [
        {"index": n, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        for n in range(body.get("n") or 1)
    ]
    usage = {"prompt_tokens": 40, "completion_tokens": 20 * len(choices)}
    return Reply(body={"choices": choices, "usage": usage})


def streamed(*events: Any, done: bool = True) -> Reply:
    """Events, one after the other; strings stay as they are."""
    lines = [each if isinstance(each, str) else f"data: {json.dumps(each)}" for each in events]
    if done:
        lines.append("data: [DONE]")
    raw = "".join(f"{line}\n\n" for line in lines).encode()
    return Reply(raw=raw, kind="text/event-stream; charset=utf-8")


@contextmanager
def scripted(script: Script, models: Any = None, server: str = "test") -> Iterator[Scripted]:
    """A server for the block.

    Args:
        models: What `GET models` answers.
        server: Its `Server` header.
    """
    state = Scripted(url="")
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body are two writes: each answer took 40 ms
        server_version = server
        sys_version = ""

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            self._send(Reply(body=models or {"data": [{"id": "m"}]}))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                state.paths.append(self.path)
                state.bodies.append(body)
            self._send(script(body | {"path": self.path}))

        def _send(self, reply: Reply) -> None:
            content = reply.raw if reply.raw is not None else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    state.url = f"http://127.0.0.1:{http.server_address[1]}/v1"
    try:
        yield state
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
