"""Many light requests: while parts of the service are killed, and while its memory is read."""

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from serving_parts.client import post
from serving_parts.services import Served


def light(count: int, first: int = 0) -> Iterator[bytes]:
    code = '#include <cstdio>\nint main(){long n;scanf("%ld",&n);printf("%ld",n*n);}'
    for number in range(first, first + count):
        fields = {"code": code, "language": "cpp", "stdin": str(number)}
        yield json.dumps(fields).encode()


def hit(url: str, count: int, connections: int, *, retry: bool, first: int = 0) -> dict[str, Any]:
    bodies = light(count, first)
    took_s: list[float] = []
    answered: dict[int, int] = {}
    wrong: list[str] = []

    def note(body: bytes, answer: bytes, seconds: float) -> None:
        number = int(json.loads(body)["stdin"])
        answered[number] = answered.get(number, 0) + 1
        took_s.append(seconds)
        found = json.loads(answer).get("run_result")
        if found is None or found["stdout"] != str(number * number):
            wrong.append(answer.decode()[:300])

    async def all_of_them() -> int:
        tasks = [post(f"{url}/run_code", bodies, note, retry) for _ in range(connections)]
        return sum(await asyncio.gather(*tasks))

    begun_s = time.perf_counter()
    again = asyncio.run(all_of_them())
    took_s.sort()
    return {
        "requests": count,
        "connections": connections,
        "lost": count - len(answered),
        "doubled": sum(times - 1 for times in answered.values()),
        "wrong": len(wrong),
        "first_wrong": wrong[:1],
        "sent_again": again,
        "per_s": round(count / (time.perf_counter() - begun_s), 1),
        "p50_s": round(took_s[len(took_s) // 2], 4),
        "p99_s": round(took_s[int(0.99 * len(took_s))], 4),
        "most_s": round(took_s[-1], 4),
    }


def children_of(pid: int) -> list[int]:
    rows = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True)
    pairs = [tuple(map(int, row.split())) for row in rows.stdout.splitlines()]
    return [child for child, parent in pairs if parent == pid]


def torture(options: argparse.Namespace) -> dict[str, Any]:
    kills = {"worker": 0, "front": 0, "owner": 0, "client": 0}
    stop = threading.Event()

    def hurt(served: Served) -> None:
        dice = random.Random(options.seed)
        while not stop.wait(options.every_s):
            children = served.children()
            if len(children) < 3:
                continue
            kind = dice.choices(list(kills), (5, 2, 1, 4))[0]
            owner, *fronts = children
            victims = {
                "worker": children_of(owner)[:1],
                "front": [dice.choice(fronts)],
                "owner": [owner],
                "client": [],
            }[kind]
            kills[kind] += 1
            for pid in victims:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if kind == "client":
                parts = urlsplit(served.url)
                with contextlib.suppress(OSError):
                    line = socket.create_connection((parts.hostname, parts.port))
                    body = next(light(1, 10**9 + kills["client"]))
                    head = (
                        f"POST /run_code HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n"
                    )
                    line.sendall(head.encode() + body)
                    line.close()

    with Served() as served:
        hit(served.url, 200, 8, retry=True, first=10**8)
        tormentor = threading.Thread(target=hurt, args=(served,))
        tormentor.start()
        try:
            found = hit(served.url, options.requests, options.connections, retry=True)
        finally:
            stop.set()
            tormentor.join()
    return {**found, "kills": kills}


def resident_bytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE")


STEPS = 10


def memory(options: argparse.Namespace) -> dict[str, Any]:
    """Resident memory of every process after each tenth of the requests, and its growth by tenth.

    For the first minute the owner's memory of answers fills; what grows after it is a leak.
    """
    rows: list[dict[str, Any]] = []
    with Served() as served:
        step = options.requests // STEPS
        last: dict[str, float] = {}
        for number in range(STEPS):
            found = hit(served.url, step, options.connections, retry=False, first=number * step)
            owner, *fronts = served.children()
            pids = {"keeper": [served.process.pid], "owner": [owner]}
            pids |= {f"front {place}": [pid] for place, pid in enumerate(fronts)}
            pids["workers"] = children_of(owner)
            now = {name: sum(map(resident_bytes, of)) / 2**20 for name, of in pids.items()}
            rows.append(
                {
                    "requests": (number + 1) * step,
                    "resident_mib": {name: round(mib, 2) for name, mib in now.items()},
                    "growth_mib": {
                        name: round(mib - last.get(name, mib), 2) for name, mib in now.items()
                    },
                    "kept_answers_mib": round(served.metric("solver_answers_bytes") / 2**20, 1),
                    "per_s": found["per_s"],
                    "p99_s": found["p99_s"],
                    "wrong": found["wrong"],
                }
            )
            last = now
            print(json.dumps(rows[-1]), file=sys.stderr)
    return {"rows": rows}
