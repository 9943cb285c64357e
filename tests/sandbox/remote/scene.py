"""Two logical nodes of a real Ray cluster on this machine, and what is seen of them, as JSON.

Run by an interpreter that has ray; the tests beside it read what it prints.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

import ray
from ray.cluster_utils import Cluster
from ray_nodes import started

from sandbox import Blob, Executable, Job, Limits, Link, RunResult, Sandbox, open_sandbox
from sandbox.compiling.compile import Compiler
from sandbox.compiling.languages import LanguageTable
from sandbox.errors import BackendUnavailable, CompilerMissing
from sandbox.remote.ray_sandbox import RaySandbox

LANGUAGE = """
[none]
name = "None"
extensions = [".none"]
compiler = "/usr/bin/no-such-compiler"
install = "apt install none"
version = ["/usr/bin/no-such-compiler"]
compile = ["/usr/bin/no-such-compiler", "{sources}"]
produces = ["main"]
run = ["./main"]
"""


def shell(text: str) -> Executable:
    return Executable(language="sh", argv=("/bin/sh", "-c", text), files={})


def given(text: str, size_bytes: int) -> Executable:
    """A program that is a file of some size, as a compiled one is."""
    body = f"{text}\nexit\n".encode()
    blob = Blob.of_bytes(body + b"#" * (size_bytes - len(body)))
    return Executable(language="sh", argv=("/bin/sh", "program"), files={"program": blob})


def jobs() -> list[Job]:
    """Each ends in another way; with small content and with some that goes to the store."""
    # A busy machine must not make a wall limit of a CPU limit.
    limits = Limits(cpu_s=0.3, wall_s=100.0)
    large = Blob.of_bytes(bytes(range(256)) * 800)
    echo, small = given("cat", 100_000), given("cat", 2_000)
    found = [
        Job(program=program, limits=limits, stdin=b"%d" % n)
        for program in (echo, small)
        for n in range(12)
    ]
    found += [
        Job(program=small, limits=limits, stdin=large),
        Job(program=echo, limits=limits, stdin=large, files={"in": large}),
        Job(program=shell("echo said >&2; exit 3"), limits=limits),
        Job(program=shell("kill -9 $$"), limits=limits),
        Job(program=shell("while :; do :; done"), limits=limits),
        Job(
            program=shell("cat in in > out/a"),
            limits=limits,
            files={"in": b"\xff\0"},
            keep=("out/a", "never"),
            folders=("out",),
        ),
        Job(program=shell("cat in"), limits=Limits(output_bytes=1000), files={"in": large}),
        Job(
            program=Executable(
                language="", argv=("/usr/bin/tr", "a", "b"), files={}, env={"A": "1"}
            ),
            limits=limits,
            stdin=b"banana",
        ),
    ]
    return found


def shape(result: RunResult) -> list[Any]:
    """All of a result but its times and memory."""
    kept = {name: blob.digest for name, blob in result.kept.items()}
    stdout = [result.stdout.digest, result.stdout.size_bytes]
    ended = [result.status, result.exit_code, result.signal, result.limit, result.memory_source]
    return [*ended, *stdout, result.stderr.hex(), kept]


def joined(sandbox: Sandbox) -> list[list[Any]]:
    pair = [shell("echo 6; read answer; test $answer = 12"), shell("read n; echo $((n * 2))")]
    links = [Link(writer=(0, 1), reader=(1, 0)), Link(writer=(1, 1), reader=(0, 0))]
    with sandbox.alone():
        done = sandbox.run_joined([Job(program=one, limits=Limits()) for one in pair], links)
        alone = sandbox.run(Job(program=shell("echo alone"), limits=Limits()))
    return [shape(result) for result in (*done.results, alone)]


def came_bytes(sandbox: RaySandbox) -> list[int]:
    return [int(ray.get(member.actor.came.remote())) for member in sandbox.cluster.members]


def made(sandbox: RaySandbox) -> dict[str, Any]:
    """What a job leaves behind, as a compiler a program, is the next job's: it is there already."""
    limits = Limits()
    leaves = shell("yes | head -c 300000 > out/a; od -An -N8 -tx1 /dev/urandom >> out/a")
    done = sandbox.run(Job(program=leaves, limits=limits, keep=("out/a",), folders=("out",)))
    left = done.kept["out/a"]
    before = came_bytes(sandbox)
    counted = Job(program=shell("wc -c < in"), limits=limits, files={"in": left})
    said = [sandbox.run(counted).stdout.read().decode().strip() for _ in range(2)]
    travelled = [now - then for now, then in zip(came_bytes(sandbox), before, strict=True)]
    for member in sandbox.cluster.members:  # forgotten by the driver: it comes from the store
        member.fetched.pop(left.digest, None)
    again = sandbox.run(counted).stdout.read().decode().strip()
    # Let go by the node, which the driver does not know: it is asked for.
    for member in sandbox.cluster.members:
        ray.get(member.actor.forget.remote())
        member.fetched[left.digest] = None
    sandbox._shared.clear()
    said.append(sandbox.run(counted).stdout.read().decode().strip())
    return {"size": left.size_bytes, "said": [*said, again], "travelled": travelled}


def distinct_bytes(work: Sequence[Job]) -> int:
    from sandbox.remote.coding import blobs_of

    return sum(blob.size_bytes for blob in blobs_of(work).values())


def killed(sandbox: RaySandbox, cluster: Cluster, node: Any) -> dict[str, Any]:
    """A node goes while its batches run."""
    program = shell("sleep 0.05; cat")
    work = (Job(program=program, limits=Limits(), stdin=b"%d" % n) for n in range(80))
    found: list[str] = []
    for number, result in enumerate(sandbox.run_many(work)):
        found.append(result.stdout.read().decode())
        if number == 8:
            cluster.remove_node(node, allow_graceful=False)
    return {"found": found, "slots": sandbox.slots}


def no_compiler(sandbox: Sandbox) -> tuple[str, str]:
    """What is said where a node lacks one, and the nodes' host."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "languages.toml"
        table.write_text(LANGUAGE)
        compiler = Compiler(sandbox, languages=LanguageTable.load(table))
        try:
            compiler.compile({"main.none": b""}, "none")
        except CompilerMissing as error:
            return str(error), ray.nodes()[0]["NodeManagerHostname"]
    return "", ""


def main() -> None:
    cluster = Cluster()
    started(cluster, include_dashboard=False)
    second = started(cluster)
    said: dict[str, Any] = {}
    work = jobs()
    with open_sandbox(slots=2) as local:
        said["local"] = [shape(result) for result in local.run_many(work)]
        said["local joined"] = joined(local)
    with open_sandbox(f"ray:{cluster.address}") as sandbox:
        assert isinstance(sandbox, RaySandbox)
        said["slots"] = sandbox.slots
        said["cores"] = [member.first_core for member in sandbox.cluster.members]
        nice = [member.actor.niceness.remote() for member in sandbox.cluster.members]
        said["niceness"] = [os.getpriority(os.PRIO_PROCESS, 0), *ray.get(nice)]
        said["ray"] = [shape(result) for result in sandbox.run_many(work)]
        said["joined"] = joined(sandbox)
        came = came_bytes(sandbox)
        said["again"] = [shape(result) for result in sandbox.run_many(work)]
        said["came"] = [came, came_bytes(sandbox), distinct_bytes(work)]
        said["made"] = made(sandbox)
        said["no compiler"] = no_compiler(sandbox)
        said["killed"] = killed(sandbox, cluster, second)
        started(cluster)
        until_s = time.monotonic() + 60
        while sandbox.slots < 2 and time.monotonic() < until_s:
            time.sleep(0.1)
        said["slots with a new node"] = sandbox.slots
        said["with a new node"] = [shape(result) for result in sandbox.run_many(work)]
    said["still connected"] = ray.is_initialized()
    host, _, _ = cluster.address.rpartition(":")
    cluster.shutdown()
    try:
        open_sandbox(f"ray:{host}:1")
    except BackendUnavailable as error:
        said["wrong address"] = str(error)
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
