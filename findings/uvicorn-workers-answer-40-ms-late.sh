#!/usr/bin/env bash
# uvicorn 0.54.0, Python 3.11: with a socket that is handed over (as with several workers, a reload or
# your own `sockets=`) each answer on a connection that is used again comes 40 ms late.
#
# Guess written down before the run: asyncio's documentation says that TCP_NODELAY is set by default, so
# the same application answers as quickly whether uvicorn binds the port within the loop (one
# process) or before it (`Config.bind_socket()`, which is what the workers are given).
# Seen: asyncio sets the option only on sockets whose protocol number is IPPROTO_TCP. Those that it
# makes itself have it; `socket.socket(AF_INET, SOCK_STREAM)`, and so `bind_socket()`, has 0, and what
# is accepted there as well. Head and body of an answer are two small segments; the second
# waits for the acknowledgement of the first, which the client delays: from the second request of a
# connection on, some 40 ms where it was below one. A judge that is asked a thousand times a second loses
# nearly all of it. `socket.socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)` (last line) is quick.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check uvicorn==0.54.0 h11==0.16.0 2>/dev/null
"$work/env/bin/python" - <<'PY'
import asyncio
import http.client
import socket
import statistics
import sys
import threading
import time
from importlib.metadata import version

import uvicorn


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def median_ms(sockets, port):
    """Of 20 requests over one connection, the first left out."""
    config = uvicorn.Config(app, host="127.0.0.1", port=port, http="h11", loop="asyncio",
                            lifespan="off", log_level="error")
    if sockets == "bind_socket":
        config.port = 0
        given = [config.bind_socket()]
    elif sockets == "tcp":
        given = [socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)]
        given[0].bind(("127.0.0.1", 0))
    else:
        given = None
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=(given,))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    connection = http.client.HTTPConnection("127.0.0.1", port)
    times = []
    for _ in range(21):
        start = time.perf_counter()
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"ok"
        times.append(1e3 * (time.perf_counter() - start))
    connection.close()
    server.should_exit = True
    thread.join()
    return statistics.median(times[1:])


async def no_delay(**words):
    """Whether an accepted connection has TCP_NODELAY."""
    seen = asyncio.Queue()

    async def accepted(reader, writer):
        line = writer.get_extra_info("socket")
        await seen.put(bool(line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
        writer.close()

    async with await asyncio.start_server(accepted, **words) as server:
        port = server.sockets[0].getsockname()[1]
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        found = await seen.get()
        writer.close()
    return found


print("uvicorn", version("uvicorn"), "Python", sys.version.split()[0])
own = asyncio.run(no_delay(host="127.0.0.1", port=0))
given = asyncio.run(no_delay(sock=socket.create_server(("127.0.0.1", 0))))
print("TCP_NODELAY of accepted connections: asyncio binds", own, "; a socket is handed over", given)
inside, before, tcp = median_ms(None, 0), median_ms("bind_socket", 0), median_ms("tcp", 0)
print(f"median of 20 requests on one connection: uvicorn binds {inside:.1f} ms; "
      f"Config.bind_socket() {before:.1f} ms; a socket with IPPROTO_TCP {tcp:.1f} ms")
assert own and not given, "behaviour of asyncio changed"
assert before > 20 and before > 4 * max(inside, tcp), "behaviour of uvicorn changed"
PY
