"""A bare client of HTTP: what is measured with it is the service, not a library (`httpx` costs 2 ms
a request, more than a run)."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit


def sent(url: str, documents: list[dict[str, Any]], connections: int) -> tuple[float, list[bytes]]:
    """Seconds for all of them over so many connections, and the answers in order. The client is
    bare, so that what is measured is the service and not a library of HTTP."""
    bodies = [json.dumps(document).encode() for document in documents]
    answers = [b""] * len(bodies)
    numbered = iter(enumerate(bodies))

    async def one() -> None:
        last = 0

        def own() -> Iterator[bytes]:
            nonlocal last
            for number, body in numbered:
                last = number
                yield body

        def note(_: bytes, answer: bytes, __: float) -> None:
            answers[last] = answer

        await post(url, own(), note, False)

    async def all_of_them() -> None:
        await asyncio.gather(*(one() for _ in range(connections)))

    begun_s = time.perf_counter()
    asyncio.run(all_of_them())
    return time.perf_counter() - begun_s, answers


async def post(
    url: str,
    bodies: Iterator[bytes],
    note: Callable[[bytes, bytes, float], None],
    retry: bool,
) -> int:
    """One connection's requests, one after the other; how often it had to send one again."""
    parts = urlsplit(url)
    reader = writer = None
    again = 0
    for body in bodies:
        head = f"POST {parts.path} HTTP/1.1\r\nhost: x\r\nx-solver-fresh: {int(not retry)}\r\n"
        head += "content-type: application/json\r\n"
        head += f"content-length: {len(body)}\r\n\r\n"
        begun_s = time.perf_counter()
        while True:
            try:
                if writer is None:
                    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
                assert reader is not None
                writer.write(head.encode() + body)
                answer_head = await reader.readuntil(b"\r\n\r\n")
                length = int(answer_head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                answer = await reader.readexactly(length)
                good = b" 200 " in answer_head[:20] and b'"SandboxError"' not in answer
                if good or not retry:  # what is no answer counts as a wrong one
                    note(body, answer, time.perf_counter() - begun_s)
                    break
            except (OSError, asyncio.IncompleteReadError):
                if writer is not None:
                    writer.close()
                writer = None
            if not retry:
                raise RuntimeError("a request failed")
            again += 1
            await asyncio.sleep(0.05)
    return again
