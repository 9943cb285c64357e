"""One caller at a time may have a sandbox to itself, for what it measures."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox.backend import Link
from sandbox.compiling.in_time import run_in_time
from sandbox.limits import LimitKind
from sandbox.result import ExitStatus


def _joined(box, make_job):
    pair = [make_job("say", "1"), make_job("cat")]
    return box.run_joined(pair, [Link(writer=(0, 1), reader=(1, 0))])


def test_nobody_runs_beside_the_holder(box, make_job):
    with ThreadPoolExecutor(3) as threads:
        with box.alone():
            others = [
                threads.submit(box.run, make_job("say", "other")),
                threads.submit(_joined, box, make_job),
                threads.submit(lambda: list(box.run_many([make_job("exit", "0")] * 3))),
            ]
            for _ in range(5):
                assert box.run(make_job("sleep-say", "0.05", "mine")).stdout.read() == b"mine\n"
            assert not any(other.done() for other in others)
            assert _joined(box, make_job).results[1].stdout.read() == b"1"
            assert not any(other.done() for other in others)
        assert others[0].result(60).ok
        assert all(result.ok for result in others[1].result(60).results)
        assert all(result.ok for result in others[2].result(60))


@pytest.mark.parametrize("joined", [False, True])
def test_the_holder_waits_for_those_who_run(box, make_job, joined):
    started, ended = threading.Event(), threading.Event()

    def long() -> None:
        job = make_job("sleep-say", "0.5", "done")
        started.set()
        if joined:
            box.run_joined([job, make_job("cat")], [Link(writer=(0, 1), reader=(1, 0))])
        else:
            box.run(job)
        ended.set()

    box.run(make_job("exit", "0"))
    thread = threading.Thread(target=long)
    thread.start()
    started.wait()
    while not _is_busy(box):
        pass
    with box.alone():
        was_over = ended.is_set() or not _is_busy(box)
        assert box.run(make_job("exit", "0")).ok
    thread.join()
    assert was_over


def _is_busy(box) -> bool:
    engine = getattr(box, "_engine", None)
    if engine is None:
        return box._solitude.runs > 0
    return engine.solitude.runs > 0 or any(core.busy for core in engine._cores)


def test_holding_in_the_middle_of_a_batch(box, make_job):
    codes = []
    for result in box.run_many(make_job("exit", str(code)) for code in range(12)):
        codes.append(result.exit_code)
        with box.alone():
            assert box.run(make_job("exit", "77")).exit_code == 77
    assert codes == list(range(12))


def test_holders_take_turns_and_an_exception_lets_others_in(box, make_job):
    inside = []

    def hold(number: int) -> None:
        with box.alone():
            inside.append(number)
            assert box.run(make_job("exit", "0")).ok
            inside.append(number)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(hold, range(8)))
    assert all(inside[index] == inside[index + 1] for index in range(0, 16, 2))
    with pytest.raises(KeyError), box.alone():
        raise KeyError
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(box.run, make_job("exit", "0")).result(60).ok


def test_near_its_limit_a_run_is_measured_again_alone(strong_box, make_job, monkeypatch):
    """Issue 16: a compiler that took 30.5 s beside others was over its limit of 30 s."""
    held = []
    alone = strong_box.alone

    def noted():
        held.append(1)
        return alone()

    monkeypatch.setattr(strong_box, "alone", noted)
    within = run_in_time(strong_box, make_job("burn", "0.1", cpu_s=0.3, wall_s=60.0))
    assert within.ok
    assert not held
    near = run_in_time(strong_box, make_job("burn", "0.34", cpu_s=0.3, wall_s=60.0))
    assert (near.status, near.limit, near.exit_code) == (ExitStatus.LIMIT, LimitKind.CPU, None)
    assert held == [1]
    far = run_in_time(strong_box, make_job("burn", "2", cpu_s=0.3, wall_s=60.0))
    assert far.limit is LimitKind.CPU
    assert held == [1]
