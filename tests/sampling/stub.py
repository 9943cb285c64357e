"""A chat-completions server on loopback that behaves well or badly, as told.

It answers each sample with a text made of its seed and the choice's number, so that a test can tell
whether every answer came to the request that it belongs to. `python stub.py serve MODEL --port N`
starts it as a program, the way vLLM is started.
"""

import argparse
import contextlib
import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FAULTS = ("429", "429-date", "500", "503", "reset", "cut-body", "cut-json", "not-json", "stall")
STREAM_FAULTS = ("hang-up", "broken-event", "error-event", "stream-stall")


def text_of(seed: int) -> str:
    """What the sample of this seed says."""
    return f"Sample {seed}.\n```python\nprint({seed})\n```\n"


@dataclass(kw_only=True)
class Behaviour:
    """How the server behaves.

    Attributes:
        faults: Kinds of faults to commit.
        share: Of the tries that go wrong; from the fourth try on a request is always served.
        refuse: Fields of the body that get a 400, as `transformers serve` refuses `n`.
        latency_s: Before each answer.
        stall_s: How long a stall lasts.
        extra_events: Events that go on after the program is complete.
        most_choices: Answers that one request gets, whatever `n` says.
    """

    faults: tuple[str, ...] = ()
    share: float = 0.0
    refuse: tuple[str, ...] = ()
    latency_s: float = 0.0
    stall_s: float = 30.0
    extra_events: int = 0
    most_choices: int = 1_000_000


@dataclass(kw_only=True)
class Record:
    """What the server saw.

    Attributes:
        in_flight: Requests whose answer has not been sent whole; an answer may be read by then.
        drawing: Requests of whose answer nothing has been sent.
    """

    tries: Counter[int] = field(default_factory=Counter)
    committed: Counter[str] = field(default_factory=Counter)
    served: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    drawing: int = 0
    most_drawing: int = 0
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    events_sent: int = 0


class Stub(ThreadingHTTPServer):
    """The server; a thread a connection."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, behaviour: Behaviour, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.behaviour = behaviour
        self.record = Record()
        self.lock = threading.Lock()
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no error here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes: each answer took 40 ms
    server: Stub

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._send(200, {"data": [{"id": "stub"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        stub, record = self.server, self.server.record
        with stub.lock:
            record.bodies.append(body)
            record.headers.append(dict(self.headers))
            record.tries[body["seed"]] += 1
            tries = record.tries[body["seed"]]
            record.in_flight += 1
            record.most_in_flight = max(record.most_in_flight, record.in_flight)
            record.drawing += 1
            record.most_drawing = max(record.most_drawing, record.drawing)
        time.sleep(stub.behaviour.latency_s)
        with stub.lock:
            record.drawing -= 1
        try:
            self._answer(body, tries)
        finally:
            with stub.lock:
                record.in_flight -= 1

    def _answer(self, body: dict[str, Any], tries: int) -> None:
        behaviour = self.server.behaviour
        refused = [name for name in behaviour.refuse if name in body]
        if refused:
            self._send(400, {"error": {"message": f"unsupported: {refused}"}})
            return
        rng = random.Random(f"{body['seed']}/{tries}")
        fault = None
        if tries <= 3 and rng.random() < behaviour.share:
            stream = bool(body.get("stream"))
            kinds = [each for each in behaviour.faults if stream or each not in STREAM_FAULTS]
            fault = rng.choice(kinds) if kinds else None
        if fault is not None:
            with self.server.lock:
                self.server.record.committed[fault] += 1
        if body.get("stream"):
            self._stream(body, fault)
        else:
            self._whole(body, fault)

    def _whole(self, body: dict[str, Any], fault: str | None) -> None:
        choices = []
        for number in range(self._count(body)):
            choice = {
                "index": number,
                "message": {"role": "assistant", "content": text_of(body["seed"] + number)},
                "finish_reason": "stop",
            }
            if body.get("logprobs"):
                choice["logprobs"] = {"content": [{"token": "a", "logprob": -0.5}] * 7}
            choices.append(choice)
        usage = {"prompt_tokens": 11, "completion_tokens": 7 * len(choices)}
        content = json.dumps({"choices": choices, "usage": usage}).encode()
        if self._early(fault):
            return
        if fault == "cut-json":
            content = content[: len(content) // 2]
        elif fault == "not-json":
            content = b"<html>bad gateway</html>"
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if fault == "cut-body":
            self.wfile.write(content[: len(content) // 2])
            self._hang_up()
            return
        self.wfile.write(content)
        with self.server.lock:
            self.server.record.served += len(choices)

    def _stream(self, body: dict[str, Any], fault: str | None) -> None:
        if self._early(fault):
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        count = self._count(body)
        texts = [text_of(body["seed"] + number) for number in range(count)]
        # Choices take turns and end one after the other.
        pieces = [
            (number, text[at : at + 9])
            for at in range(0, max(map(len, texts)), 9)
            for number, text in enumerate(texts)
            if at < len(text)
        ]
        more = self.server.behaviour.extra_events
        pieces += [(number, "more words ") for _ in range(more) for number in range(count)]
        ends = {number: at for at, (number, _) in enumerate(pieces)}
        for at, (number, piece) in enumerate(pieces):
            # Late in the stream, so that of several choices some have ended and some have not.
            if at == len(pieces) - max(1, count // 2) - 1 and fault is not None:
                if fault == "broken-event":
                    self._event('{"choices": [{"del')
                elif fault == "error-event":
                    self._event(json.dumps({"error": {"message": "out of memory"}}))
                elif fault == "stream-stall":
                    self.server.over.wait(self.server.behaviour.stall_s)
                self._hang_up()
                return
            choice: dict[str, Any] = {"index": number, "delta": {"content": piece}}
            choice["finish_reason"] = None
            if body.get("logprobs"):
                choice["logprobs"] = {"content": [{"token": piece, "logprob": -0.25}]}
            self._event(json.dumps({"choices": [choice]}))
            if ends[number] == at:
                ended = {"index": number, "delta": {}, "finish_reason": "stop"}
                self._event(json.dumps({"choices": [ended]}))
                with self.server.lock:
                    self.server.record.served += 1
        if body.get("stream_options"):
            usage = {"prompt_tokens": 11, "completion_tokens": len(pieces)}
            self._event(json.dumps({"choices": [], "usage": usage}))
        self._event("[DONE]")
        self.close_connection = True

    def _count(self, body: dict[str, Any]) -> int:
        return min(int(body.get("n", 1)), self.server.behaviour.most_choices)

    def _event(self, data: str) -> None:
        with self.server.lock:
            self.server.record.events_sent += 1
        self.wfile.write(f"data: {data}\n\n".encode())
        self.wfile.flush()

    def _early(self, fault: str | None) -> bool:
        """Faults that come before any part of an answer."""
        if fault == "429":
            self._send(429, {"error": "slow down"}, {"Retry-After": "0.02"})
        elif fault == "429-date":
            self._send(429, {"error": "slow"}, {"Retry-After": self.date_time_string()})
        elif fault in ("500", "503"):
            self._send(int(fault), {"error": "mine"})
        elif fault == "reset":
            # An RST instead of a clean end.
            linger = b"\x01\0\0\0\0\0\0\0"
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self._hang_up()
        elif fault == "stall":
            self.server.over.wait(self.server.behaviour.stall_s)
            self._hang_up()
        else:
            return False
        return True

    def _hang_up(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)

    def _send(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def running(behaviour: Behaviour | None = None) -> Iterator[Stub]:
    """A server for the block."""
    stub = Stub(behaviour or Behaviour())
    thread = threading.Thread(target=stub.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield stub
    finally:
        stub.over.set()
        stub.shutdown()
        thread.join()
        stub.server_close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("verb", choices=["serve"])
    parser.add_argument("model")
    parser.add_argument("--host")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--generation-config")
    arguments = parser.parse_args()
    if arguments.model == "broken":
        raise SystemExit("ValueError: broken is no model")
    Stub(Behaviour(), arguments.port).serve_forever()


if __name__ == "__main__":
    main()
