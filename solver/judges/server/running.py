"""The server as a process: it runs until it is told to end, and then ends in about a second."""

import contextlib
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import uvicorn

from solver.judges.server.app import JudgeServer

GRACEFUL_S = 2
"""For requests that are being answered. A submission is on the disk before it is acknowledged."""


def run_server(
    server: JudgeServer,
    listener: socket.socket,
    *,
    tls_cert: Path | None = None,
    tls_key: Path | None = None,
) -> signal.Signals | None:
    """Serves until SIGINT or SIGTERM; the one that ended it."""
    config = uvicorn.Config(
        server.app,
        # Its warnings are about what clients send: anybody could fill the log.
        log_level="error",
        ssl_certfile=tls_cert,
        ssl_keyfile=tls_key,
        timeout_graceful_shutdown=GRACEFUL_S,
        timeout_keep_alive=15,
    )
    process = _Process(config, server)
    process.run(sockets=[listener])
    return process.ended_by


class _Process(uvicorn.Server):
    """Tells the handlers that go on for ever, and the judging thread, before it waits for them.

    Uvicorn's own raises the signal again once it has shut down: the process would die of SIGTERM
    before its sandbox was closed.
    """

    def __init__(self, config: uvicorn.Config, server: JudgeServer) -> None:
        super().__init__(config)
        self._server = server
        self.ended_by: signal.Signals | None = None

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {
            number: signal.signal(number, self.handle_exit)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        if self._captured_signals:
            self.ended_by = signal.Signals(self._captured_signals[0])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Not in the signal's handler: what it interrupts may hold the locks that this wants."""
        self._server.stop()
        await super().shutdown(sockets)
