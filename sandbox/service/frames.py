"""Messages between processes of ours over a stream socket: a kind, the request's number, pickled
content. Only this service's own processes can open the socket (its folder is 0700)."""

import socket
import struct
from enum import IntEnum

HEAD = struct.Struct("<BIQ")
"""Kind, number of the request on this connection, bytes that follow."""


class Kind(IntEnum):
    """What a message says."""

    ASK = 1
    CANCEL = 2
    PART = 3
    END = 4
    REFUSED = 5


def frame(kind: Kind, number: int, content: bytes = b"") -> bytes:
    """One message as bytes."""
    return HEAD.pack(kind, number, len(content)) + content


def read_frame(stream: socket.socket) -> tuple[Kind, int, memoryview] | None:
    """The next message; None when the other end is gone."""
    head = _read(stream, HEAD.size)
    if head is None:
        return None
    kind, number, size_bytes = HEAD.unpack(head)
    content = _read(stream, size_bytes)
    return None if content is None else (Kind(kind), number, content)


def _read(stream: socket.socket, size_bytes: int) -> memoryview | None:
    view = memoryview(bytearray(size_bytes))
    done = 0
    while done < size_bytes:
        try:
            got = stream.recv_into(view[done:])
        except OSError:
            return None
        if not got:
            return None
        done += got
    return view
