"""What the service costs and gains: one JSON document, ratios taken side by side in one run.

benchmarks/serving.py speed      C++ programs of 20 tests each: our engine called directly, our own
                                 API, /run_code with and without compile hits, and /run_code of a
                                 plain subprocess service and of --other URL
benchmarks/serving.py torture    requests from many connections while workers, processes of HTTP
                                 and the owner are killed and clients leave
benchmarks/serving.py memory     resident memory over very many light requests
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from sandbox import Executable, Job, Limits, open_sandbox
from sandbox.compiling.compile import Compiler

ROOT = Path(__file__).parents[1]
TESTS = 20
SOURCE = """#include <bits/stdc++.h>
using namespace std;
int main() {
    long long n, sum = SALT;
    cin >> n;
    vector<long long> a(n);
    for (auto& x : a) { cin >> x; sum += x * x; }
    sort(a.begin(), a.end());
    cout << sum << " " << a.front() << "\\n";
}
"""
PLAIN = """
import asyncio, os, subprocess, sys, tempfile
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

turns = asyncio.Semaphore(len(os.sched_getaffinity(0)))

async def started(argv, stdin, seconds, cwd):
    process = await asyncio.create_subprocess_exec(
        *argv, cwd=cwd, stdin=-1, stdout=-1, stderr=-1)
    try:
        out, err = await asyncio.wait_for(process.communicate(stdin), seconds)
    except TimeoutError:
        process.kill()
        return None, "", ""
    return process.returncode, out.decode(), err.decode()

async def run_code(request):
    asked = await request.json()
    async with turns:
        with tempfile.TemporaryDirectory() as folder:
            open(folder + "/a.cpp", "w").write(asked["code"])
            code, _, err = await started(["g++", "-std=c++17", "a.cpp", "-o", "a"], b"", 30, folder)
            compiled = {"status": "Finished", "return_code": code, "stdout": "", "stderr": err}
            ran = None
            if code == 0:
                stdin = asked["stdin"].encode()
                code, out, err = await started(["./a"], stdin, asked["run_timeout"], folder)
                ran = {"status": "Finished", "return_code": code, "stdout": out, "stderr": err}
    return JSONResponse({"status": "Success", "compile_result": compiled, "run_result": ran})

app = Starlette(routes=[Route("/run_code", run_code, methods=["POST"])])
uvicorn.run(app, port=int(sys.argv[1]), log_level="error")
"""


class Served:
    """A service as a child process."""

    def __init__(self, *words: str) -> None:
        self.folder = tempfile.TemporaryDirectory()
        data = Path(self.folder.name)
        log = (data / "log").open("wb")
        command = [sys.executable, "-m", "solver", "sandbox", "serve", "--port", "0"]
        command += ["--data", str(data / "data"), *words]
        environment = {**os.environ, "XDG_CACHE_HOME": str(data / "cache")}
        self.process = subprocess.Popen(command, stderr=log, cwd=ROOT, env=environment)
        while "serving at" not in (said := (data / "log").read_text()):
            assert self.process.poll() is None, said
            time.sleep(0.05)
        self.url = said.split("serving at ")[1].split()[0]

    def children(self) -> list[int]:
        pid = self.process.pid
        return sorted(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))

    def metric(self, name: str) -> float:
        rows = httpx.get(f"{self.url}/metrics").text.splitlines()
        return sum(float(row.split()[-1]) for row in rows if row.startswith(name))

    def __enter__(self) -> "Served":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self.folder.cleanup()


class Plain:
    """The plain subprocess service."""

    def __init__(self) -> None:
        port = random.randint(20_000, 60_000)
        self.process = subprocess.Popen([sys.executable, "-c", PLAIN, str(port)])
        self.url = f"http://127.0.0.1:{port}"
        for _ in range(200):
            with contextlib.suppress(httpx.TransportError):
                httpx.get(self.url)
                return
            time.sleep(0.1)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait()


def programs(count: int, salt: int) -> list[str]:
    return [SOURCE.replace("SALT", str(salt + number)) for number in range(count)]


def inputs() -> list[str]:
    dice = random.Random(1)
    return [f"{n}\n{' '.join(str(dice.randint(1, 999)) for _ in range(n))}\n" for n in range(3, 23)]


def expected(source: str, text: str) -> str:
    numbers = list(map(int, text.split()[1:]))
    salt = int(source.split("sum = ")[1].split(";")[0])
    return f"{salt + sum(x * x for x in numbers)} {min(numbers)}\n"


def timed(work: Callable[[str], None], sources: list[str], threads: int) -> float:
    """Programs a second."""
    begun_s = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, sources))
    return len(sources) / (time.perf_counter() - begun_s)


def speed(options: argparse.Namespace) -> dict[str, Any]:
    texts = inputs()
    errors: list[str] = []

    def calls(url: str, sources: list[str]) -> float:
        """All tests of a program in one call of our own API: programs a second."""
        bodies = [
            {
                "program": {"language": "cpp17", "source": source},
                "tests": [{"stdin": text} for text in texts],
            }
            for source in sources
        ]
        seconds, answers = sent(f"{url}/v1/run", bodies, options.connections // 2)
        for source, answer in zip(sources, answers, strict=True):
            found = [row["stdout"] for row in json.loads(answer)["tests"]]
            if found != [expected(source, text) for text in texts]:
                errors.append(f"{url}: {found[0]}")
        return len(sources) / seconds

    def posts(url: str, sources: list[str], tests: int = TESTS) -> float:
        """A test a request, as trainers send them: programs of 20 tests a second, of so many of
        their tests."""
        pairs = [(source, text) for source in sources for text in texts[:tests]]
        bodies = [
            {"code": source, "language": "cpp", "stdin": text, "run_timeout": 10}
            for source, text in pairs
        ]
        seconds, answers = sent(f"{url}/run_code", bodies, options.connections)
        for (source, text), answer in zip(pairs, answers, strict=True):
            found = json.loads(answer).get("run_result")
            if found is None or found["stdout"] != expected(source, text):
                errors.append(f"{url}: {answer[:300]!r}")
        return len(pairs) / TESTS / seconds

    rates: dict[str, list[float]] = {}
    plain = Plain()
    warm = programs(options.programs, 0)
    cores = len(os.sched_getaffinity(0))
    with Served() as ours, tempfile.TemporaryDirectory() as cache, open_sandbox() as direct:
        compiler = Compiler(direct, cache=Path(cache))

        def engine(source: str, run: Any = None) -> None:
            program = compiler.compile({"main.cpp": source.encode()}, "cpp17")
            assert isinstance(program, Executable)
            jobs = [Job(program=program, limits=Limits(), stdin=text.encode()) for text in texts]
            found = [result.stdout.read().decode() for result in direct.run_many(jobs)]
            if found != [expected(source, text) for text in texts]:
                errors.append(f"engine: {found[0]}")

        for source in warm:
            engine(source)
        calls(ours.url, warm * 3)
        salts = itertools.count(10**6, 1000)
        for _ in range(options.rounds):
            ways: dict[str, Callable[[], float]] = {
                "engine": lambda: timed(engine, warm * 4, cores),
                "native": lambda: calls(ours.url, warm * 4),
                "run_code_hits": lambda: posts(ours.url, warm),
                "run_code_no_hits": lambda: posts(ours.url, programs(3, next(salts))),
                "plain": lambda: posts(plain.url, programs(1, next(salts)), 8),
            }
            if options.other:
                ways["other"] = lambda: posts(options.other, programs(1, next(salts)), 8)
            for name, way in ways.items():
                rates.setdefault(name, []).append(way())
                print(f"{name}: {rates[name][-1]:.2f} programs/s", file=sys.stderr)
    plain.close()
    median = {name: statistics.median(found) for name, found in rates.items()}
    return {
        "programs_per_s": {name: round(rate, 3) for name, rate in median.items()},
        "tests_per_program": TESTS,
        "native_over_engine": round(median["native"] / median["engine"], 3),
        **{
            f"{mine}_over_{theirs}": round(median[mine] / median[theirs], 1)
            for mine in ("native", "run_code_hits", "run_code_no_hits")
            for theirs in ("plain", "other")
            if theirs in median
        },
        "wrong": errors[:5],
        "rounds": rates,
    }


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


def torture(options: argparse.Namespace) -> dict[str, Any]:
    kills = {"worker": 0, "front": 0, "owner": 0, "client": 0}
    stop = threading.Event()

    def workers_of(pid: int) -> list[int]:
        rows = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True)
        pairs = [tuple(map(int, row.split())) for row in rows.stdout.splitlines()]
        return [child for child, parent in pairs if parent == pid]

    def hurt(served: Served) -> None:
        dice = random.Random(options.seed)
        while not stop.wait(options.every_s):
            children = served.children()
            if len(children) < 3:
                continue
            kind = dice.choices(list(kills), (5, 2, 1, 4))[0]
            owner, *fronts = children
            victims = {
                "worker": workers_of(owner)[:1],
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
                    import socket

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


def memory(options: argparse.Namespace) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    with Served() as served:
        step = options.requests // 10
        for number in range(10):
            found = hit(served.url, step, options.connections, retry=False, first=number * step)
            owner, *fronts = served.children()
            rows.append(
                {
                    "requests": (number + 1) * step,
                    "owner_mib": round(resident_bytes(owner) / 2**20, 1),
                    "fronts_mib": [round(resident_bytes(pid) / 2**20, 1) for pid in fronts],
                    "kept_answers_mib": round(served.metric("solver_answers_bytes") / 2**20, 1),
                    "per_s": found["per_s"],
                    "p99_s": found["p99_s"],
                    "wrong": found["wrong"],
                }
            )
            print(json.dumps(rows[-1]), file=sys.stderr)
    return {"rows": rows}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=("speed", "torture", "memory"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--programs", type=int, default=10)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--every-s", type=float, default=0.5, help="torture: between kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--other", help="URL of one more service of its API")
    options = parser.parse_args()
    parts = {"speed": speed, "torture": torture, "memory": memory}
    print(json.dumps({"part": options.part, **parts[options.part](options)}, indent=1))


if __name__ == "__main__":
    main()
