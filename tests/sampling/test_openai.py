"""The client of OpenAI-compatible servers, against a real HTTP server that misbehaves."""

import threading
import time
from collections import Counter

import pytest
from stub import FAULTS, STREAM_FAULTS, Behaviour, running, text_of

from solver.errors import EngineError, ModelUnavailable
from solver.sampling.engine import Message, Request, SamplingParameters
from solver.sampling.engines.openai import OpenAIEngine
from solver.sampling.engines.openai_chunk import chunks_of
from solver.sampling.engines.pace import Pace, Room


def requests_for(count: int, prompts: int = 1, **parameters: float) -> list[Request]:
    per_prompt = count // prompts
    return [
        Request(
            messages=(Message(role="user", content=f"prompt {number // per_prompt}"),),
            parameters=SamplingParameters(**parameters),  # type: ignore[arg-type]
            seed=1_000_000 * (number // per_prompt),
            index=number % per_prompt,
        )
        for number in range(count)
    ]


def closed(text: str, language: str) -> bool:
    """For these tests an answer is settled once its block is closed."""
    return text.count("```") >= 2


def own_text(request: Request) -> str:
    return text_of(request.seed + request.index)


@pytest.mark.parametrize("together", [1, 8], ids=["streamed", "n-at-once"])
def test_hostile_server_2000_requests_none_lost_none_twice(together: int) -> None:
    behaviour = Behaviour(faults=FAULTS + STREAM_FAULTS, share=0.25, stall_s=20.0)
    wanted = requests_for(2000, prompts=20)
    with running(behaviour) as stub:
        engine = OpenAIEngine(
            stub.url, "stub", together=together, most_in_flight=128, request_s=1.0, rest_s=0.02
        )
        got = list(engine.sample(wanted))
        engine.close()
        kinds = FAULTS + STREAM_FAULTS if together == 1 else FAULTS
        assert set(stub.record.committed) >= set(kinds) - {"cut-body", "cut-json", "not-json"}
        assert stub.record.most_in_flight <= 128
    assert Counter(request for request, _ in got) == Counter(wanted)
    wrong = [request for request, answer in got if answer.text != own_text(request)]
    assert wrong == []


def test_a_slow_consumer_bounds_what_is_held() -> None:
    with running() as stub:
        engine = OpenAIEngine(stub.url, "stub", together=1, most_in_flight=16, held=32)
        stream = engine.sample(requests_for(400))
        next(stream)
        seen = -1
        while seen != stub.record.served:
            seen = stub.record.served
            time.sleep(0.3)
        # Held, one in each thread's hand, and the one that was taken.
        assert seen <= 32 + 16 + 1
        assert len(list(stream)) == 399
        engine.close()


def test_leaving_early_ends_all_threads() -> None:
    before = threading.active_count()
    with running(Behaviour(latency_s=0.01)) as stub:
        engine = OpenAIEngine(stub.url, "stub", together=1, most_in_flight=16)
        stream = engine.sample(requests_for(400))
        for _ in range(5):
            next(stream)
        stream.close()
        engine.close()
        assert stub.record.served < 400
    assert threading.active_count() <= before + 1


def test_stop_draws_no_more() -> None:
    with running(Behaviour(latency_s=0.005)) as stub:
        engine = OpenAIEngine(stub.url, "stub", together=1, most_in_flight=8)
        got: list[Request] = []
        for request, _ in engine.sample(requests_for(500), stop=lambda: len(got) >= 20):
            got.append(request)
        engine.close()
        assert 20 <= len(got) <= 20 + 2 * 8
        assert stub.record.served == len(got)


def test_n_is_used_and_choices_come_to_their_requests() -> None:
    wanted = requests_for(20)
    with running() as stub:
        engine = OpenAIEngine(stub.url, "stub", together=8)
        got = dict(engine.sample(wanted))
        engine.close()
        assert sorted(body.get("n", 1) for body in stub.record.bodies) == [4, 8, 8]
    assert {request: answer.text for request, answer in got.items()} == {
        request: own_text(request) for request in wanted
    }
    answer = got[wanted[3]]
    assert answer.tokens > 3
    assert (answer.logprob, answer.finish) == (-0.25, "stop")
    assert sum(each.prompt_tokens for each in got.values()) == 33


@pytest.mark.parametrize(
    "refuse",
    [("n",), ("logprobs",), ("n", "logprobs", "stream_options"), ("stream", "n", "logprobs")],
    ids="-".join,
)
def test_falls_back_where_the_server_refuses_a_part(refuse: tuple[str, ...]) -> None:
    wanted = requests_for(300)
    with running(Behaviour(refuse=refuse)) as stub:
        engine = OpenAIEngine(stub.url, "stub", together=8, most_in_flight=4)
        got = list(engine.sample(wanted))
        engine.close()
        refused = [body for body in stub.record.bodies if any(name in body for name in refuse)]
    assert {request: answer.text for request, answer in got} == {
        request: own_text(request) for request in wanted
    }
    assert len(got) == 300
    answers = [answer for _, answer in got]
    # Learnt once by trying, not again for each request.
    assert len(refused) <= 4 * 17
    if "logprobs" not in refuse:
        assert all(answer.logprob is not None for answer in answers)
    if "n" not in refuse:
        assert any("n" in body for body in stub.record.bodies)


def test_a_stream_is_cut_once_the_program_is_complete() -> None:
    with running(Behaviour(extra_events=20_000)) as stub:
        engine = OpenAIEngine(stub.url, "stub", together=1, enough=closed)
        ((request, answer),) = engine.sample(requests_for(1))
        engine.close()
        assert answer.finish == "enough"
        assert answer.text.startswith(own_text(request).rstrip("\n"))
        time.sleep(0.2)
        assert stub.record.events_sent < 20_000


def test_each_choice_of_a_stream_is_cut_once_its_program_is_complete() -> None:
    with running(Behaviour(extra_events=20_000)) as stub:
        engine = OpenAIEngine(stub.url, "stub", together=4, enough=closed)
        wanted = requests_for(4)
        got = dict(engine.sample(wanted))
        engine.close()
        assert [body["n"] for body in stub.record.bodies] == [4]
        time.sleep(0.2)
        assert stub.record.events_sent < 4 * 20_000
    for request in wanted:
        assert got[request].finish == "enough"
        assert got[request].text.startswith(own_text(request).rstrip("\n"))


@pytest.mark.parametrize("fault", STREAM_FAULTS)
def test_finished_choices_of_a_broken_stream_are_kept(fault: str) -> None:
    wanted = requests_for(8)
    with running(Behaviour(faults=(fault,), share=1.0, stall_s=5.0)) as stub:
        engine = OpenAIEngine(stub.url, "stub", together=8, request_s=0.5, rest_s=0.01)
        got = list(engine.sample(wanted))
        engine.close()
        counts = [body.get("n", 1) for body in stub.record.bodies]
    assert {request: answer.text for request, answer in got} == {
        request: own_text(request) for request in wanted
    }
    assert len(got) == 8
    # What had ended when the stream broke is not asked for again.
    assert counts[0] == 8
    assert counts[1] < 8


def test_a_server_that_gives_one_choice_is_asked_for_the_others() -> None:
    wanted = requests_for(5)
    with running(Behaviour(most_choices=1)) as stub:
        engine = OpenAIEngine(stub.url, "stub", together=5)
        got = list(engine.sample(wanted))
        engine.close()
    assert Counter(request for request, _ in got) == Counter(wanted)
    assert all(answer.text == own_text(request) for request, answer in got)


def test_all_samples_of_a_prompt_go_out_together() -> None:
    wanted = requests_for(40, prompts=2)
    with running() as stub:
        engine = OpenAIEngine(stub.url, "stub", together=1, most_in_flight=1)
        mixed = [each for pair in zip(wanted[:20], wanted[20:], strict=True) for each in pair]
        list(engine.sample(mixed))
        engine.close()
        order = [body["messages"][0]["content"] for body in stub.record.bodies]
    assert order == sorted(order)


def test_a_chunk_has_consecutive_indexes() -> None:
    wanted = requests_for(12)
    del wanted[3]
    sizes = [[each.index for each in chunk] for chunk in chunks_of(wanted, 4)]
    assert sizes == [[0, 1, 2], [4, 5, 6, 7], [8, 9, 10, 11]]


def test_gives_up_after_its_patience_and_keeps_what_came() -> None:
    with running(Behaviour(faults=("500",), share=1.0)) as stub:
        engine = OpenAIEngine(stub.url, "stub", together=1, patience_s=0.05, rest_s=0.2)
        with pytest.raises(EngineError, match=r"500.*--run"):
            list(engine.sample(requests_for(5)))
        engine.close()


def test_a_refusal_that_nothing_mends_is_told_at_once() -> None:
    with running(Behaviour(refuse=("model",))) as stub:
        engine = OpenAIEngine(stub.url, "stub", together=8, patience_s=600.0)
        with pytest.raises(EngineError, match="400"):
            list(engine.sample(requests_for(50)))
        engine.close()


def test_no_server() -> None:
    engine = OpenAIEngine("http://127.0.0.1:9/v1", "stub")
    with pytest.raises(ModelUnavailable, match="no server answers"):
        engine.check()
    engine.close()


def test_the_key_comes_from_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLVER_OPENAI_API_KEY", "sk-secret")
    with running() as stub:
        engine = OpenAIEngine(stub.url, "stub", together=1)
        list(engine.sample(requests_for(1)))
        assert stub.record.headers[0]["Authorization"] == "Bearer sk-secret"
        assert "sk-secret" not in repr({k: v for k, v in vars(engine).items() if k != "_client"})
        engine.close()


def test_pace_grows_with_success_and_halves_once_a_burst() -> None:
    pace = Pace(most=64, patience_s=10.0)
    over = threading.Event()
    first = pace.allowed
    for _ in range(200):
        assert pace.enter(over)
        pace.leave(succeeded=True)
    grown = pace.allowed
    assert first < grown <= 64
    for _ in range(5):
        assert pace.enter(over)
    for _ in range(5):
        pace.leave(succeeded=False)
    assert pace.allowed == grown // 2
    over.set()


def test_no_more_answers_in_flight_than_there_is_room_for() -> None:
    """A server that draws two answers at once is not asked for a third meanwhile: it would wait
    there while its time runs out."""
    with running(Behaviour(latency_s=0.02)) as stub:
        engine = OpenAIEngine(stub.url, "stub", together=1, most_in_flight=6, most_answers=2)
        assert len(list(engine.sample(requests_for(6, prompts=6)))) == 6
        engine.close()
        assert stub.record.most_drawing <= 2


def test_room_is_shared_by_its_answers() -> None:
    room, over = Room(4), threading.Event()
    assert room.take(9, over)  # larger than the room: by itself
    room.give(9)
    assert room.take(3, over) and room.take(1, over)
    over.set()
    assert not room.take(1, over)
    room.give(3)
    assert room.take(2, over)
