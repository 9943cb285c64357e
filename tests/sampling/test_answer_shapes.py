"""One answer in the shapes of many servers, whole and streamed: the same text, end and counts."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scripted import PROGRAM, Reply, scripted, streamed

from solver.sampling.answers.extraction import extract, is_settled
from solver.sampling.engine import Answer, Message, Request, SamplingParameters
from solver.sampling.engines.openai import OpenAIEngine
from solver.sampling.engines.openai_content import (
    TokenCount,
    count_of,
    finish_of,
    logprobs_of,
    said_in,
    whole_text,
)

THOUGHT = "Add them."
WITH_THOUGHT = f"<think>{THOUGHT}</think>\n{PROGRAM}"


def ask(reply: Reply, count: int = 1, **options: Any) -> list[Answer]:
    wanted = [
        Request(
            messages=(Message(role="user", content="add"),),
            parameters=SamplingParameters(),
            seed=1,
            index=index,
            language="python3",
        )
        for index in range(count)
    ]
    with scripted(lambda body: reply) as server:
        engine = OpenAIEngine(server.url, "m", rest_s=0.01, together=count, **options)
        try:
            got = dict(engine.sample(wanted))
        finally:
            engine.close()
    return [got[request] for request in wanted]


MESSAGES: dict[str, tuple[dict[str, Any], str]] = {
    "openai": ({"content": PROGRAM, "refusal": None, "annotations": []}, PROGRAM),
    "vllm": ({"content": PROGRAM, "reasoning_content": THOUGHT}, WITH_THOUGHT),
    "vllm, two names": (
        {"content": PROGRAM, "reasoning": THOUGHT, "reasoning_content": THOUGHT},
        WITH_THOUGHT,
    ),
    "sglang": ({"content": PROGRAM, "reasoning_content": None, "tool_calls": None}, PROGRAM),
    "ollama": ({"content": PROGRAM, "reasoning": THOUGHT}, WITH_THOUGHT),
    "ollama thinking": ({"content": PROGRAM, "thinking": THOUGHT}, WITH_THOUGHT),
    "mistral": (
        {
            "content": [
                {"type": "thinking", "thinking": [{"type": "text", "text": THOUGHT}]},
                {"type": "text", "text": PROGRAM},
            ]
        },
        WITH_THOUGHT,
    ),
    "anthropic parts": (
        {
            "content": [
                {"type": "thinking", "thinking": THOUGHT, "signature": "x"},
                {"type": "redacted_thinking", "data": "print('drafts')"},
                {"type": "text", "text": PROGRAM},
            ]
        },
        WITH_THOUGHT,
    ),
    "openrouter": (
        {
            "content": PROGRAM,
            "reasoning": THOUGHT,
            "reasoning_details": [{"type": "reasoning.text", "text": THOUGHT}],
        },
        WITH_THOUGHT,
    ),
    "details alone": (
        {
            "content": PROGRAM,
            "reasoning_details": [
                {"type": "reasoning.summary", "summary": THOUGHT},
                {"type": "reasoning.encrypted", "data": "print('no')"},
            ],
        },
        WITH_THOUGHT,
    ),
    "google parts": (
        {"content": [{"text": THOUGHT, "thought": True}, {"text": PROGRAM}]},
        WITH_THOUGHT,
    ),
    "responses": ({"content": [{"type": "output_text", "text": PROGRAM}]}, PROGRAM),
    "strings": ({"content": [PROGRAM[:9], PROGRAM[9:]]}, PROGRAM),
    "reasoning object": ({"content": PROGRAM, "reasoning": {"content": THOUGHT}}, WITH_THOUGHT),
    "a closing tag inside": (
        {"content": PROGRAM, "reasoning_content": "</think> is a tag"},
        f"<think>< /think> is a tag</think>\n{PROGRAM}",
    ),
    "thinking only": ({"content": None, "reasoning_content": THOUGHT}, f"<think>{THOUGHT}"),
    "nothing": ({"content": None}, ""),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_whole_answer(name: str) -> None:
    message, text = MESSAGES[name]
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    (answer,) = ask(Reply(body={"choices": [choice], "usage": None}))
    assert (answer.text, answer.finish, answer.logprob) == (text, "stop", None)


@pytest.mark.parametrize("name", MESSAGES)
def test_the_same_message_as_one_delta(name: str) -> None:
    message, text = MESSAGES[name]
    if not text:
        return
    (answer,) = ask(
        streamed(
            {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]},
            {"choices": [{"index": 0, "delta": message, "finish_reason": None}]},
            {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        )
    )
    assert (answer.text, answer.finish) == (text, "stop")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    thought=st.sampled_from(["", THOUGHT, f"Perhaps\n{PROGRAM}no.", "</think>quoted"]),
    text=st.sampled_from(
        [
            PROGRAM,
            f"First\n{PROGRAM}\nbetter:\n```python\nprint(1)\n```\n",
            f"```cpp\nint main() {{}}\n```\n{PROGRAM}",
            "```python\nprint(1)",
            "no code",
        ]
    ),
    cuts=st.lists(st.integers(0, 200), max_size=12),
    shape=st.sampled_from(["name", "parts"]),
    end=st.sampled_from(["stop", "length", "model_length"]),
)
def test_streamed_and_whole_answers_give_the_same_program(
    thought: str, text: str, cuts: list[int], shape: str, end: str
) -> None:
    def message(thought: str, text: str) -> dict[str, Any]:
        if shape == "name":
            return {"content": text} | ({"reasoning_content": thought} if thought else {})
        parts = [{"type": "thinking", "thinking": [{"type": "text", "text": thought}]}]
        return {"content": (parts if thought else []) + [{"type": "text", "text": text}]}

    whole = {"index": 0, "message": message(thought, text), "finish_reason": end}
    events: list[Any] = [{"delta": message(each, "")} for each in pieces(thought, cuts)]
    events += [{"delta": message("", each)} for each in pieces(text, cuts)]
    events.append({"delta": {}, "finish_reason": end})
    (one,) = ask(Reply(body={"choices": [whole]}))
    stream = streamed(*({"choices": [{"index": 0} | each]} for each in events))
    (other,) = ask(stream)
    assert (one.text, one.finish) == (other.text, other.finish)
    (cut,) = ask(stream, enough=is_settled)
    found = extract(one.text, "python3", one.finish)
    assert extract(other.text, "python3", other.finish) == found
    assert extract(cut.text, "python3", cut.finish) == found


def pieces(text: str, cuts: list[int]) -> list[str]:
    places = sorted({0, *(cut % (len(text) + 1) for cut in cuts), len(text)})
    return [text[a:b] for a, b in itertools.pairwise(places)]


@pytest.mark.parametrize(
    ("words", "finish"),
    [
        (("stop", "STOP", "end_turn", "eos_token", "stop_sequence", "COMPLETE"), "stop"),
        (("length", "model_length", "max_tokens", "MAX_TOKENS"), "length"),
        (("content_filter", "SAFETY", "refusal", "RECITATION"), "refused"),
        (("error", "abort", "cancelled"), "error"),
        (("something_new",), "something_new"),
        ((None, ""), None),
    ],
)
def test_finish_words(words: tuple[str | None, ...], finish: str | None) -> None:
    assert {finish_of(word) for word in words} == {finish}


def test_a_refusal_of_the_model_is_one() -> None:
    message = {"content": None, "refusal": "I will not."}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    (answer,) = ask(Reply(body={"choices": [choice]}))
    assert (answer.text, answer.finish) == ("I will not.", "refused")


@pytest.mark.parametrize(
    ("event", "count"),
    [
        ({"usage": {"prompt_tokens": 9, "completion_tokens": 20}}, (9, 20)),
        ({"usage": None, "timings": {"prompt_n": 4, "cache_n": 5, "predicted_n": 20}}, (9, 20)),
        ({"x_groq": {"usage": {"prompt_tokens": 9, "completion_tokens": 20}}}, (9, 20)),
        # Google and xAI count reasoning in the total alone.
        (
            {"usage": {"prompt_tokens": 9, "completion_tokens": 20, "total_tokens": 99}},
            (9, 90),
        ),
        ({"usage": {"prompt_tokens": 9, "total_tokens": 29}}, (9, 20)),
        ({"usage": {}}, (None, None)),
        ({"usage": {"prompt_tokens": None, "completion_tokens": "many"}}, (None, None)),
    ],
)
def test_counts(event: dict[str, Any], count: tuple[int | None, int | None]) -> None:
    assert count_of(event) == TokenCount(prompt=count[0], answer=count[1])


@pytest.mark.parametrize(
    ("logprobs", "found"),
    [
        (None, []),
        ({"content": None}, []),
        ({"content": [{"logprob": -1}, {"logprob": None}]}, [-1.0]),
        ({"token_logprobs": [None, -0.5]}, [-0.5]),
        ([], []),
    ],
)
def test_logprobs(logprobs: Any, found: list[float]) -> None:
    assert logprobs_of(logprobs) == found


def piece(text: str, **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text}} | more]}


@pytest.mark.parametrize(
    "reply",
    [
        streamed(piece(PROGRAM), piece("", finish_reason="stop"), done=False),
        streamed(piece(PROGRAM, finish_reason="stop")),
        streamed(piece(PROGRAM), piece("", finish_reason="stop"), {"choices": []}),
        streamed(piece(PROGRAM)),
        streamed(": PROCESSING", "event: message\ndata: " + json.dumps(piece(PROGRAM))),
        streamed({"choices": [{"delta": {"content": PROGRAM}, "finish_reason": "stop"}]}),
        streamed({"choices": [{"text": PROGRAM, "finish_reason": "stop"}]}),
        Reply(raw=b"\r\n" + streamed(piece(PROGRAM)).raw, kind="text/plain"),  # type: ignore[operator]
        Reply(body=[{"choices": [{"message": {"content": PROGRAM}, "finish_reason": None}]}]),
    ],
    ids=["no-done", "at-once", "empty", "no-finish", "comment", "no-index", "old", "plain", "list"],
)
def test_ends_of_streams(reply: Reply) -> None:
    (answer,) = ask(reply)
    assert (answer.text, answer.finish) == (PROGRAM, "stop")


def test_what_a_cut_stream_cost_is_counted() -> None:
    told = [{"prompt_tokens": 31, "completion_tokens": n} for n in (4, 8, 12)]
    events = [piece(PROGRAM[:30]) | {"usage": told[0]}, piece(PROGRAM[30:]) | {"usage": told[1]}]
    events.append(piece("and so on") | {"usage": told[2]})
    (answer,) = ask(streamed(*events), enough=lambda text, language: text == PROGRAM)
    assert (answer.finish, answer.tokens, answer.prompt_tokens) == ("enough", 8, 31)
    # No usage until then: the prompt by its length, the answer by its pieces or its length.
    events = [piece(PROGRAM[:30]), piece(PROGRAM[30:]), piece("and so on")]
    (answer,) = ask(streamed(*events), enough=lambda text, language: text == PROGRAM)
    assert answer.finish == "enough"
    assert len(PROGRAM) / 6 < answer.tokens < len(PROGRAM) / 2
    assert answer.prompt_tokens > 0


def test_a_server_with_a_tokenizer_counts_what_was_cut() -> None:
    def script(body: dict[str, Any]) -> Reply:
        if body["path"] == "/tokenize":
            return Reply(body={"tokens": [0] * len(body["content"])})
        return streamed(piece(PROGRAM), piece("and so on"))

    models = {"data": [{"id": "m", "owned_by": "llamacpp"}]}
    with scripted(script, models) as server:
        engine = OpenAIEngine(
            server.url, "m", together=1, enough=lambda text, language: text == PROGRAM
        )
        engine.check()
        wanted = Request(
            messages=(Message(role="user", content="add"),),
            parameters=SamplingParameters(),
            seed=1,
            index=0,
        )
        ((_, answer),) = engine.sample([wanted])
        engine.close()
    assert answer.tokens == len(PROGRAM)
    assert answer.prompt_tokens == len("user\nadd") + 4


def test_usage_of_one_of_several_answers_is_not_that_of_all() -> None:
    choices = [
        {"index": n, "message": {"content": PROGRAM * 20}, "finish_reason": "stop"}
        for n in range(4)
    ]
    usage = {"prompt_tokens": 9, "completion_tokens": 280}
    answers = ask(Reply(body={"choices": choices, "usage": usage}), count=4)
    assert sum(answer.tokens for answer in answers) > 800
    assert sum(answer.prompt_tokens for answer in answers) == 9


def test_parts_that_nobody_knows_are_no_text() -> None:
    said = said_in({"content": [{"type": "image_url", "image_url": {"url": "x"}}, 7, None]})
    assert whole_text(said) == ""
