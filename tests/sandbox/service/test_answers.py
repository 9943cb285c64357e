"""Answers and the queue: what is joined, replayed or forgotten, and whose turn it is."""

import pickle
import threading
from typing import Any

import pytest

from sandbox.service.answers import MOST_FAILURES, Answers, Pending
from sandbox.service.frames import Kind
from sandbox.service.queue import FairQueue, QueueBounds
from sandbox.service.work import Ask, Refusal, Trouble


def an_ask(key: str, client: str = "a", size_bytes: int = 1) -> Ask:
    return Ask(
        kind="run",
        key=key,
        client=client,
        door="",
        begin_before_s=0.0,
        size_bytes=size_bytes,
        payload=None,
    )


class Listener:
    """What one who asked is told."""

    def __init__(self) -> None:
        self.heard: list[tuple[Kind, Any]] = []

    def __call__(self, kind: Kind, content: bytes) -> None:
        self.heard.append((kind, pickle.loads(content)))


def test_equal_asks_are_joined_and_then_replayed() -> None:
    answers = Answers()
    first, second, third = Listener(), Listener(), Listener()
    pending = answers.ask(an_ask("k"), 1, first)
    assert pending is not None
    answers.part(pending, "piece")
    assert answers.ask(an_ask("k"), 2, second) is None
    answers.settle(pending, "whole")
    assert answers.ask(an_ask("k"), 3, third) is None
    told = [(Kind.PART, "piece"), (Kind.END, "whole")]
    assert first.heard == second.heard == third.heard == told
    assert (answers.joined, answers.replayed) == (1, 1)


def test_answers_are_kept_for_a_while_and_up_to_a_bound() -> None:
    brief = Answers(kept_s=0.0)
    pending = brief.ask(an_ask("k"), 1, Listener())
    assert pending is not None
    brief.settle(pending, "x")
    assert brief.ask(an_ask("k"), 1, Listener()) is not None
    small = Answers(kept_bytes=20_000)
    for number in range(100):
        pending = small.ask(an_ask(str(number)), 1, Listener())
        assert pending is not None
        small.settle(pending, b"x" * 1000)
        assert small.kept_bytes <= 20_000
    assert small.ask(an_ask("99"), 1, Listener()) is None
    assert small.ask(an_ask("0"), 1, Listener()) is not None


def test_a_failure_of_ours_is_not_kept_but_counted() -> None:
    for kept_s, is_tried in ((600.0, False), (0.0, True)):
        answers = Answers(failures_kept_s=kept_s)
        for _ in range(MOST_FAILURES):
            pending = answers.ask(an_ask("k"), 1, Listener())
            assert pending is not None
            answers.refuse(pending, Refusal(Trouble.BROKEN, ""))
        if is_tried:
            assert answers.ask(an_ask("k"), 1, Listener()) is not None
        else:
            with pytest.raises(Refusal):
                answers.ask(an_ask("k"), 1, Listener())


def test_only_what_nobody_waits_for_is_dropped() -> None:
    answers = Answers()
    pending = answers.ask(an_ask("k"), 1, Listener())
    answers.ask(an_ask("k"), 2, Listener())
    assert pending is not None
    assert answers.leave("k", 1) is None
    assert answers.leave("k", 2) is pending
    assert not answers.begin(pending)
    begun = answers.ask(an_ask("k"), 1, Listener())
    assert begun is not None and answers.begin(begun)
    assert answers.leave("k", 1) is None
    late = Listener()
    answers.ask(an_ask("k"), 2, late)
    answers.settle(begun, "x")
    assert late.heard == [(Kind.END, "x")]


def test_clients_take_turns() -> None:
    queue: FairQueue[Pending] = FairQueue(QueueBounds())
    for number in range(3):
        queue.put(Pending(ask=an_ask(f"a{number}", "a")))
    queue.put(Pending(ask=an_ask("b0", "b")))
    taken = [queue.take() for _ in range(4)]
    assert [item.ask.key for item in taken if item] == ["a0", "b0", "a1", "a2"]


def test_a_client_leaves_room_for_others() -> None:
    queue: FairQueue[Pending] = FairQueue(QueueBounds(), client_takes=1)
    first, second = (Pending(ask=an_ask(f"a{number}", "a")) for number in range(2))
    other = Pending(ask=an_ask("b0", "b"))
    for item in (first, second, other):
        queue.put(item)
    assert queue.take() is first and queue.take() is other
    queue.done(first)
    assert queue.take() is second


def test_the_queue_is_bounded() -> None:
    bounds = QueueBounds(asks=3, client_asks=2, size_bytes=100)
    queue: FairQueue[Pending] = FairQueue(bounds)
    items = [Pending(ask=an_ask(str(number), "a")) for number in range(3)]
    queue.put(items[0])
    queue.put(items[1])
    with pytest.raises(Refusal, match="full"):
        queue.put(items[2])
    queue.put(Pending(ask=an_ask("b", "b", 200)))
    assert queue.is_full
    assert queue.drop(items[0]) and not queue.drop(items[0])
    with pytest.raises(Refusal):  # the bytes
        queue.put(items[2])
    queue.take()
    queue.take()
    queue.put(items[2])
    queue.put_back(items[0])
    assert queue.take() is items[0]


def test_a_closed_queue_gives_out_what_it_holds() -> None:
    queue: FairQueue[Pending] = FairQueue(QueueBounds())
    item = Pending(ask=an_ask("k"))
    queue.put(item)
    queue.close()
    with pytest.raises(Refusal):
        queue.put(Pending(ask=an_ask("l")))
    assert queue.take() is item
    found: list[Any] = [0]
    waiter = threading.Thread(target=lambda: found.append(queue.take()))
    waiter.start()
    waiter.join(10)
    assert found == [0, None]
