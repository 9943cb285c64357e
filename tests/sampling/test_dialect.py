"""A server that refuses: any field, said in any way, is learnt once and every sample is drawn."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scripted import PROGRAM, Reply, Scripted, answered, scripted, streamed

from solver.errors import EngineError
from solver.sampling.engine import Answer, Message, Request, SamplingParameters
from solver.sampling.engines.openai import OpenAIEngine

FIELDS = ("temperature", "top_p", "top_k", "min_p", "seed", "logprobs", "stop", "n")
STYLES = {
    "param": lambda name: {"error": {"message": "No.", "param": name, "code": "unsupported"}},
    "loc": lambda name: {"detail": [{"loc": ["body", name], "msg": "Extra inputs"}]},
    "words": lambda name: {"error": f"Unsupported parameter: '{name}'"},
    "violation": lambda name: [
        {"error": {"code": 400, "message": f'Unknown name "{name}": Cannot find field.'}}
    ],
    "nothing": lambda name: {"error": {"message": "Bad request"}},
}


def requests_for(count: int, prompts: int = 2, **parameters: Any) -> list[Request]:
    fields: dict[str, Any] = {"max_tokens": 500, "stop": ("END",)} | parameters
    return [
        Request(
            messages=(
                Message(role="system", content="be brief"),
                Message(role="user", content=f"task {number % prompts}"),
            ),
            parameters=SamplingParameters(**fields),
            seed=1000 * (number % prompts),
            index=number // prompts,
            language="python3",
        )
        for number in range(count)
    ]


def drawn(server: Scripted, wanted: list[Request], **options: Any) -> dict[Request, Answer]:
    engine = OpenAIEngine(server.url, "m", **({"together": 4, "rest_s": 0.01} | options))
    try:
        return dict(engine.sample(wanted))
    finally:
        engine.close()


def reply(body: dict[str, Any], refuse: tuple[str, ...], style: str, status: int = 400) -> Reply:
    for name in refuse:
        if name in body:
            return Reply(status=status, body=STYLES[style](name))
    if body.get("stream"):
        choices = range(body.get("n") or 1)
        events = [{"index": n, "delta": {"content": PROGRAM}} for n in choices]
        ends = [{"index": n, "delta": {}, "finish_reason": "stop"} for n in choices]
        return streamed(*({"choices": [each]} for each in events + ends))
    return answered(body)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    refuse=st.sets(st.sampled_from([*FIELDS, "stream", "stream_options", "max_tokens"])),
    style=st.sampled_from(sorted(STYLES)),
    status=st.sampled_from([400, 422]),
)
def test_whatever_is_refused_in_whatever_words_every_sample_is_drawn(
    refuse: set[str], style: str, status: int
) -> None:
    wanted = requests_for(16)
    with scripted(lambda body: reply(body, tuple(refuse), style, status)) as server:
        got = drawn(server, wanted)
        refused = [body for body in server.bodies if refuse & body.keys()]
        last = server.bodies[-1]
    assert got.keys() == set(wanted)
    assert {answer.text for answer in got.values()} == {PROGRAM}
    # Learnt once a run, and no more is left out than was refused.
    assert len(refused) <= 2 + len(refuse) + (style == "nothing")
    kept = set(FIELDS) - refuse - {"n"} | ({"max_tokens"} - refuse)
    if style != "nothing":
        assert kept <= last.keys()


def test_what_comes_back_after_a_refusal_that_says_nothing() -> None:
    wanted = requests_for(60, prompts=1)
    with scripted(lambda body: reply(body, ("seed", "min_p"), "nothing")) as server:
        drawn(server, wanted)
        last = server.bodies[-1]
        assert any("n" in body for body in server.bodies[1:])
    assert {"temperature", "top_p", "top_k", "logprobs", "stream", "stop"} <= last.keys()
    assert not {"seed", "min_p"} & last.keys()
    assert last["messages"][0]["role"] == "system"


def test_the_limit_goes_by_its_other_name() -> None:
    def script(body: dict[str, Any]) -> Reply:
        if "max_tokens" in body:
            said = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
            return Reply(status=400, body={"error": {"message": said, "param": "max_tokens"}})
        return answered(body)

    with scripted(script) as server:
        got = drawn(server, requests_for(8))
        assert server.bodies[-1]["max_completion_tokens"] == 500
    assert len(got) == 8
    assert len(server.bodies) == 3


def test_no_top_k_is_written_as_the_server_wants_it() -> None:
    def script(body: dict[str, Any]) -> Reply:
        if body["top_k"] == 0:
            said = "top_k must be -1 (disable), or at least 1, got 0."
            return Reply(status=400, body={"error": {"message": said, "code": 400}})
        return answered(body)

    with scripted(script) as server:
        drawn(server, requests_for(8))
        assert server.bodies[-1]["top_k"] == -1


def test_fewer_choices_where_the_server_has_fewer_slots() -> None:
    def script(body: dict[str, Any]) -> Reply:
        if body.get("n", 1) > 2:
            return Reply(status=400, body={"error": {"code": 400, "message": "n must be <= 2"}})
        return answered(body)

    with scripted(script) as server:
        got = drawn(server, requests_for(16), together=8)
        assert [body.get("n", 1) for body in server.bodies][-1] == 2
    assert len(got) == 16


@pytest.mark.parametrize("status", [400, 500])
def test_a_model_without_a_system_turn_gets_one_turn(status: int) -> None:
    def script(body: dict[str, Any]) -> Reply:
        if body["messages"][0]["role"] == "system":
            return Reply(status=status, body={"error": "System role not supported"})
        return answered(body)

    with scripted(script) as server:
        got = drawn(server, requests_for(8))
        assert server.bodies[-1]["messages"] == [{"role": "user", "content": "be brief\n\ntask 1"}]
    assert len(got) == 8
    assert {answer.extra["left_out"] for answer in got.values()} == {"system"}


def test_a_server_that_fails_at_a_system_turn_without_a_word_gets_one_turn() -> None:
    def script(body: dict[str, Any]) -> Reply:
        if body["messages"][0]["role"] == "system":
            return Reply(status=500, raw=b"Internal Server Error", kind="text/plain")
        return answered(body)

    with scripted(script) as server:
        got = drawn(server, requests_for(8), most_in_flight=1)
        assert len(server.bodies) <= 5
    assert {answer.text for answer in got.values()} == {PROGRAM}


def test_a_server_that_recovers_keeps_its_system_turn() -> None:
    tries = iter(range(100))

    def script(body: dict[str, Any]) -> Reply:
        if next(tries) < 5:
            return Reply(status=500, raw=b"loading", kind="text/plain")
        return answered(body)

    with scripted(script) as server:
        drawn(server, requests_for(8), most_in_flight=1)
        assert server.bodies[-1]["messages"][0]["role"] == "system"


@pytest.mark.parametrize("status", [401, 402, 403, 404])
def test_what_no_request_can_mend_ends_at_once(status: int) -> None:
    said = {"error": {"message": "not for you", "code": None}}
    with scripted(lambda body: Reply(status=status, body=said)) as server:
        with pytest.raises(EngineError, match=rf"{status} .*not for you") as caught:
            drawn(server, requests_for(64, prompts=8))
        # An unknown model and a wrong key are bad input; an account that is empty is not.
        assert caught.value.exit_code == (1 if status == 402 else 2)
        assert ("OPENAI_API_KEY" in str(caught.value)) is (status in (401, 403))
        assert len(server.bodies) == 1


def test_a_quota_that_is_spent_is_not_waited_for() -> None:
    said = {"error": {"message": "You exceeded your quota", "code": "insufficient_quota"}}
    with scripted(lambda body: Reply(status=429, body=said)) as server:
        with pytest.raises(EngineError, match="exceeded your quota"):
            drawn(server, requests_for(8))
        assert len(server.bodies) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"error": {"message": "filtered", "param": "prompt", "code": "content_filter"}},
        {"error": {"code": 400, "message": "prompt is too long: 9000 tokens > 4096 maximum"}},
        {"error": {"message": "Something about this one"}},
    ],
    ids=["filter", "length", "unsaid"],
)
@pytest.mark.parametrize("first", [True, False], ids=["comes-first", "comes-later"])
def test_one_prompt_that_is_refused_is_told_and_the_others_are_drawn(
    said: Any, first: bool
) -> None:
    bad = "task 0" if first else "task 3"

    def script(body: dict[str, Any]) -> Reply:
        if bad in body["messages"][-1]["content"]:
            return Reply(status=400, body=said)
        return answered(body)

    wanted = requests_for(32, prompts=4)
    with scripted(script) as server:
        got = drawn(server, wanted, most_in_flight=2)
        asked = [body for body in server.bodies if bad in body["messages"][-1]["content"]]
    assert got.keys() == set(wanted)
    refused = [answer for request, answer in got.items() if request.messages[1].content == bad]
    assert {answer.finish for answer in refused} == {"refused"}
    assert all("400" in answer.extra["said"] for answer in refused)
    assert sum(answer.text == PROGRAM for answer in got.values()) == 24
    assert len(asked) <= 4


def test_a_limit_that_does_not_fit_one_prompt_is_left_to_the_model_for_it() -> None:
    def script(body: dict[str, Any]) -> Reply:
        if "task 0" in body["messages"][-1]["content"] and "max_tokens" in body:
            said = "This model's maximum context length is 8192 tokens. However, you requested 9000"
            return Reply(status=400, body={"error": {"message": said, "param": "messages"}})
        return answered(body)

    with scripted(script) as server:
        got = drawn(server, requests_for(16), most_in_flight=1)
        others = [body for body in server.bodies if "task 1" in body["messages"][-1]["content"]]
    assert {answer.finish for answer in got.values()} == {"stop"}
    assert all(body["max_tokens"] == 500 for body in others)


def test_where_every_prompt_is_refused_that_is_an_error() -> None:
    said = {"error": {"message": "no", "code": "content_filter"}}
    with scripted(lambda body: Reply(status=400, body=said)) as server:
        with pytest.raises(EngineError, match=r"every prompt was refused: 400 .*content_filter"):
            drawn(server, requests_for(40, prompts=4))
        assert len(server.bodies) <= 10


def test_an_error_that_comes_with_200_is_one() -> None:
    def script(body: dict[str, Any]) -> Reply:
        error = {"error": {"message": "'seed' is unknown", "code": 400}}
        if "seed" in body:
            return streamed(error) if body.get("stream") else Reply(body=error)
        return reply(body, (), "param")

    with scripted(script) as server:
        got = drawn(server, requests_for(8))
        assert "seed" not in server.bodies[-1]
    assert {answer.text for answer in got.values()} == {PROGRAM}


def test_an_answer_that_the_server_breaks_off_is_asked_for_again_and_kept_at_last() -> None:
    def script(body: dict[str, Any]) -> Reply:
        broken = {"choices": [{"index": 0, "delta": {"content": "x"}, "finish_reason": "error"}]}
        return streamed(broken)

    with scripted(script) as server:
        ((_, answer),) = drawn(server, requests_for(1)).items()
        assert len(server.bodies) == 3
    assert (answer.finish, answer.text) == ("error", "x")


def test_bodies_state_every_parameter() -> None:
    with scripted(answered) as server:
        drawn(server, requests_for(1, top_k=7, min_p=0.1))
        drawn(server, requests_for(1, max_tokens=None))
    first, second = server.bodies
    assert (first["top_k"], first["min_p"], first["max_tokens"]) == (7, 0.1, 500)
    assert (second["top_k"], second["min_p"]) == (0, 0.0)
    assert "max_tokens" not in second and "max_completion_tokens" not in second
    assert "samplers" not in first


@pytest.mark.parametrize("by", ["header", "owner"])
def test_llama_cpp_is_told_the_order_of_the_others(by: str) -> None:
    owner = "llamacpp" if by == "owner" else "x"
    models = {"data": [{"id": "m", "owned_by": owner}]}
    with scripted(answered, models, "llama.cpp" if by == "header" else "nginx") as server:
        engine = OpenAIEngine(server.url, "m")
        engine.check()
        list(engine.sample(requests_for(1)))
        engine.close()
        assert server.bodies[0]["samplers"] == ["temperature", "top_k", "top_p", "min_p"]
        assert json.dumps(server.bodies[0])
