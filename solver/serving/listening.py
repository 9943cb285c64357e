"""A socket that a server of ours listens on."""

import socket


def listen(host: str, port: int, *, backlog: int | None = None) -> socket.socket:
    """Listens on an address, IPv4 or IPv6; port 0 takes a free one.

    What is accepted sends at once. asyncio sees to that only where the socket says that it speaks
    TCP, which those of `socket.create_server` do not: an answer that is written in two parts, head
    and body, then waits on every connection that is used again until the client's kernel
    acknowledges the first part, 40 ms later (Nagle's algorithm and delayed acknowledgements).

    Raises:
        OSError: The address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=backlog)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # accepted ones inherit it
    return listener
