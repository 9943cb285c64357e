"""A Ray cluster as a sandbox: two logical nodes on this machine, one of which is killed."""

import json
import socket
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ray_nodes import seen_in

from sandbox import Executable, Job, Limits, Sandbox, open_sandbox
from sandbox.data import Blob
from sandbox.errors import BackendUnavailable
from sandbox.remote.batches import _batches
from sandbox.remote.coding import Batch, blobs_of, decode_results, encode
from sandbox.remote.keeping import KeptContent
from sandbox.remote.ray_cluster import Member, cost_of
from sandbox.remote.ray_connect import place_of
from sandbox.remote.ray_node import RayNode
from solver.cli.app import cli, exit_code_of

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def scene() -> dict[str, Any]:
    """What `scene.py` saw; the cluster is gone."""
    return seen_in(Path(__file__).with_name("scene.py"), timeout_s=560)


def test_results_are_the_local_ones(scene: dict[str, Any]) -> None:
    assert scene["slots"] == 2 and sorted(scene["cores"]) == [0, 1]
    assert len(set(scene["niceness"])) == 1  # Ray's own workers have 15
    assert len({json.dumps(each) for each in scene["local"]}) > 15  # they end in many ways
    assert scene["ray"] == scene["local"]
    assert scene["again"] == scene["local"]
    assert scene["joined"] == scene["local joined"]


def test_content_comes_once_to_each_node(scene: dict[str, Any]) -> None:
    first, then, all_bytes = scene["came"]
    assert all(0 < came <= all_bytes for came in first)
    assert all(came <= all_bytes for came in then)


def test_what_a_job_left_behind_does_not_travel_to_where_it_was_made(scene: dict[str, Any]) -> None:
    made = scene["made"]
    assert made["said"] == [str(made["size"])] * 4
    assert max(made["travelled"]) < 1000  # the jobs' own words, and not the file


def test_a_node_is_killed_and_another_comes(scene: dict[str, Any]) -> None:
    assert scene["killed"] == {"found": [str(n) for n in range(80)], "slots": 1}
    assert scene["slots with a new node"] == 2
    assert scene["with a new node"] == scene["local"]
    assert not scene["still connected"]


def test_a_node_without_a_compiler_is_named(scene: dict[str, Any]) -> None:
    said, host = scene["no compiler"]
    assert f"no-such-compiler is not installed on {host}; to fix it: apt install none" in said


def test_a_wrong_address_is_said_at_once(scene: dict[str, Any]) -> None:
    assert "nothing listens there" in scene["wrong address"]


def test_where_ray_is_to_connect(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setenv("RAY_TMPDIR", str(tmp_path))
    note = tmp_path / "ray/ray_current_cluster"
    note.parent.mkdir()
    assert place_of(None) is None
    with socket.create_server(("127.0.0.1", 0)) as server:
        there = f"127.0.0.1:{server.getsockname()[1]}"
        note.write_text(there)
        assert place_of(None) is None and place_of(there) == there
        assert place_of("bogus") == "bogus" and place_of("ray://far:1") == "ray://far:1"
    assert place_of(None) == "local"  # what a cluster that was killed left behind
    monkeypatch.setenv("RAY_ADDRESS", there)
    with pytest.raises(BackendUnavailable, match="nothing listens there"):
        place_of(None)


def test_without_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(BackendUnavailable, match=r"contest-solver\[ray\]"):
        open_sandbox("ray:10.0.0.1:6379")
    program = tmp_path / "hello.py"
    program.write_text("print('hello')")
    error = CliRunner().invoke(cli, ["sandbox", "run", str(program), "--sandbox", "ray"]).exception
    assert isinstance(error, BackendUnavailable) and exit_code_of(error) == 3


@pytest.fixture
def node(sandbox: Sandbox) -> Iterator[RayNode]:
    yield RayNode(lambda name="", *, slots=None: sandbox, "namespaces", 1, 1_000)


def batch(stdin: bytes) -> Batch:
    program = Executable(language="", argv=("/bin/cat",), files={})
    return Batch(jobs=(Job(program=program, limits=Limits(), stdin=stdin),))


def test_what_an_earlier_call_brings_is_waited_for(node: RayNode) -> None:
    """Ray begins calls in order; which of them is read first is chance."""
    work = batch(b"brought by call 0")
    blobs = blobs_of(work.jobs)
    begun = threading.Event()

    def second() -> bytes:
        begun.set()
        return node.run(1, encode(work, blobs, known=blobs), {}).results

    with ThreadPoolExecutor(1) as threads:
        later = threads.submit(second)
        begun.wait()
        assert node.run(0, encode(work, blobs, known=()), {}).results
        results = decode_results(later.result(60)).results
    assert results[0].stdout.read() == b"brought by call 0"
    assert node.came() == len(b"brought by call 0")


def test_what_a_node_lacks_it_names(node: RayNode) -> None:
    work = batch(b"never sent")
    blobs = blobs_of(work.jobs)
    answer = node.run(0, encode(work, blobs, known=blobs), {})
    assert answer.missing == tuple(blobs) and not answer.results


def test_a_large_program_goes_where_it_is_unless_others_are_idle() -> None:
    def node(busy: int, *fetched: str) -> Member:
        known = dict.fromkeys(fetched)
        return Member(
            node="",
            host="",
            slots=2,
            first_core=0,
            actor=None,
            started=None,
            busy=busy,
            fetched=known,
        )

    def chosen(*nodes: Member) -> int:
        return min(range(len(nodes)), key=lambda index: cost_of(nodes[index], ("program",)))

    assert chosen(node(0), node(1, "program")) == 1
    assert chosen(node(0), node(2, "program")) == 0  # both of its slots are taken
    assert chosen(node(3), node(3, "program")) == 1
    assert chosen(node(1, "other"), node(0)) == 1


@pytest.mark.parametrize("usual", [1, 1000])
def test_few_jobs_fall_to_all_slots_and_many_travel_together(usual: int) -> None:
    job = batch(b"").jobs[0]
    for count in (7, 64, 5000):
        lots = [len(lot) for lot in _batches([job] * count, 2, lambda: usual)]
        assert sum(lots) == count and lots[0] == 4
        assert max(lots) <= max(4, count // 4)  # the last one is no more than half a slot's part
    assert max(lots) == (4 if usual == 1 else 128)


def test_kept_content_has_bounds() -> None:
    kept = KeptContent(most_bytes=10, most_pieces=3)
    for number in range(4):
        kept.keep(number, Blob.of_bytes(b"ab"))
        assert kept.find(0) is not None or number > 2  # asked for: it is let go last
    assert [kept.find(number) is None for number in range(4)] == [False, True, False, False]
    kept.keep("large", Blob.of_bytes(b"9 bytes.."))
    assert [kept.find(number) is None for number in range(4)] == [True, True, True, True]
    assert kept.find("large") is not None
