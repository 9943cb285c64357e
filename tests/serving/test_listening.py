"""Sockets that servers listen on."""

import socket

import pytest

from solver.serving.listening import listen


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_what_is_accepted_sends_at_once(host: str) -> None:
    """Else every answer on a connection that is used again takes 40 ms."""
    try:
        listener = listen(host, 0)
    except OSError as error:
        pytest.skip(f"no {host} here: {error}")
    with listener:
        with socket.create_connection(listener.getsockname()[:2]):
            accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
