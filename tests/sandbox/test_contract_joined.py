"""The contract of runs joined by pipes: no deadlock, each its own limits and its own result."""

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox.backend import Link
from sandbox.errors import InvalidJob
from sandbox.limits import MIB, LimitKind

BOTH_WAYS = (Link(writer=(0, 1), reader=(1, 0)), Link(writer=(1, 1), reader=(0, 0)))


def test_a_conversation(box, make_job):
    joined = box.run_joined([make_job("asks", "500"), make_job("answers", "-1")], BOTH_WAYS)
    assert [result.exit_code for result in joined.results] == [0, 0]
    assert joined.results[0].stderr == b"asked 500\n"
    assert joined.first_to_end == 0


def test_the_contestant_ends_early(box, make_job):
    joined = box.run_joined([make_job("asks", "100"), make_job("answers", "3")], BOTH_WAYS)
    asker, answerer = joined.results
    assert answerer.ok
    assert joined.first_to_end == 1
    assert asker.exit_code == 4


def test_the_contestant_crashes(box, make_job):
    joined = box.run_joined([make_job("asks", "100"), make_job("signal", "11")], BOTH_WAYS)
    asker, answerer = joined.results
    assert answerer.signal == signal.SIGSEGV
    assert not asker.ok
    assert asker.limit is None


def test_the_interactor_ends_early(box, make_job):
    joined = box.run_joined([make_job("exit", "7"), make_job("answers", "-1")], BOTH_WAYS)
    assert joined.results[0].exit_code == 7
    assert joined.first_to_end == 0
    assert joined.results[1].limit is None


def test_a_program_may_close_its_output_and_go_on(strong_box, make_job):
    joined = strong_box.run_joined([make_job("close-stdout"), make_job("cat")], BOTH_WAYS)
    assert all(result.ok for result in joined.results)


@pytest.mark.parametrize("partner", ["last-to-go", "shout"])
def test_who_ends_because_the_other_did_is_never_first(strong_box, make_job, partner):
    """On busy cores too, where a partner may well be gone before anybody looks at the first."""

    def meet(number: int) -> bool:
        first = number % 2
        jobs = [make_job("exit", "3"), make_job(partner, "4")]
        joined = strong_box.run_joined(jobs[::-1] if first else jobs, BOTH_WAYS)
        return joined.first_to_end == first

    with ThreadPoolExecutor(2) as threads:
        busy = threads.submit(list, strong_box.run_many([make_job("burn", "0.2")] * 8))
        assert all(threads.map(meet, range(60)))
        busy.result()


def test_both_wait_for_each_other(box, make_job):
    waiting = make_job("answers", "-1", wall_s=0.5)
    joined = box.run_joined([waiting, waiting], BOTH_WAYS)
    limits = [result.limit for result in joined.results]
    # The first to reach its limit closes its pipes, so the other may end by itself.
    assert LimitKind.WALL in limits
    assert all(limit in (LimitKind.WALL, None) for limit in limits)


def test_each_has_its_own_limits(box, make_job):
    joined = box.run_joined([make_job("asks", "100"), make_job("burn", "30", cpu_s=1.0)], BOTH_WAYS)
    assert joined.results[1].limit is LimitKind.CPU
    assert joined.results[0].limit is None
    assert joined.results[0].cpu_s < 0.5


def test_a_flood_into_a_partner_that_does_not_read(box, make_job):
    link = Link(writer=(0, 1), reader=(1, 0))
    flood = make_job("print", str(8 * MIB), wall_s=0.8)
    joined = box.run_joined([flood, make_job("sleep", "0.2")], [link])
    assert joined.results[1].ok
    assert not joined.results[0].ok


def test_a_manager_with_three_contestants(box, make_job):
    links, words = [], []
    for index in range(3):
        to, back = 10 + 2 * index, 11 + 2 * index
        links.append(Link(writer=(0, to), reader=(index + 1, 0)))
        links.append(Link(writer=(index + 1, 1), reader=(0, back)))
        words += [f"/dev/fd/{to}", f"/dev/fd/{back}"]
    jobs = [make_job("manage", *words), *(make_job("answers", "1") for _ in range(3))]
    joined = box.run_joined(jobs, links)
    assert [result.exit_code for result in joined.results] == [0, 0, 0, 0]
    assert joined.results[0].stdout.read() == b"managed\n"


def test_a_job_alone(box, make_job):
    joined = box.run_joined([make_job("cat", stdin=b"alone")], [])
    assert joined.results[0].stdout.read() == b"alone"


def test_many_at_once(box, make_job):
    def talk(_: int) -> bool:
        joined = box.run_joined([make_job("asks", "20"), make_job("answers", "-1")], BOTH_WAYS)
        return joined.results[0].ok

    with ThreadPoolExecutor(6) as threads:
        assert all(threads.map(talk, range(12)))


def test_single_runs_go_on_beside_joined_ones(box, make_job):
    with ThreadPoolExecutor(2) as threads:
        jobs = [make_job("asks", "50"), make_job("answers", "-1")]
        joined = threads.submit(box.run_joined, jobs, BOTH_WAYS)
        assert all(result.ok for result in box.run_many([make_job("exit", "0")] * 10))
        assert joined.result().results[0].ok


@pytest.mark.parametrize(
    "link",
    [
        Link(writer=(0, 1), reader=(5, 0)),
        Link(writer=(-1, 1), reader=(0, 0)),
        Link(writer=(0, -1), reader=(1, 0)),
        Link(writer=(0, 2), reader=(1, 0)),
    ],
)
def test_links_that_lead_nowhere_are_named(box, make_job, link):
    with pytest.raises(InvalidJob):
        box.run_joined([make_job("exit", "0"), make_job("exit", "0")], [link])
