"""What servers say when they refuse: bodies after the servers' documentation and sources, in the
shapes of OpenAI, Azure, vLLM, SGLang, llama.cpp, TGI, Mistral, Google, Anthropic, Groq, xAI and
gateways before them."""

import json
from typing import Any

import pytest

from solver.sampling.engines.openai_refusal import About, about, complaint, passes_by_itself

SENT = {
    "model": "m",
    "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}],
    "temperature": 0.8,
    "top_p": 0.95,
    "top_k": 0,
    "min_p": 0.0,
    "seed": 5,
    "logprobs": True,
    "stream": True,
    "stream_options": {"include_usage": True},
    "max_tokens": 4096,
    "stop": ["\n\n"],
    "n": 8,
}


def openai(message: str, param: str | None = None, code: str | None = None) -> Any:
    kind = "invalid_request_error"
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def fastapi(*fields: str) -> Any:
    said = "Extra inputs are not permitted"
    return {
        "detail": [
            {"type": "extra_forbidden", "loc": ["body", name], "msg": said, "input": 1}
            for name in fields
        ]
    }


def google(message: str, field: str | None = None) -> Any:
    violation = {"description": message} | ({"field": field} if field else {})
    details = [{"@type": "google.rpc.BadRequest", "fieldViolations": [violation]}]
    inner = {"code": 400, "message": message, "status": "INVALID_ARGUMENT", "details": details}
    return [{"error": inner}]


def vllm(message: str, param: str | None = None) -> Any:
    return {"error": {"message": message, "type": "BadRequestError", "param": param, "code": 400}}


FIELDS = {
    "openai max_tokens": (
        400,
        openai(
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
            "'max_completion_tokens' instead.",
            "max_tokens",
            "unsupported_parameter",
        ),
        "max_tokens",
    ),
    "openai temperature": (
        400,
        openai("Only the default (1) value is supported.", "temperature", "unsupported_value"),
        "temperature",
    ),
    "openai top_k unknown": (400, openai("Unrecognized request argument supplied: top_k"), "top_k"),
    "openai logprobs 403": (
        403,
        openai("You are not allowed to request logprobs from this model"),
        "logprobs",
    ),
    "nested": (400, openai("Unknown", "stream_options.include_usage"), "stream_options"),
    "fastapi 422": (422, fastapi("seed", "logprobs"), "seed"),
    "mistral": (422, {"object": "error", "message": fastapi("min_p"), "code": None}, "min_p"),
    "gateway quotes json": (
        422,
        {"object": "error", "message": json.dumps(fastapi("top_k")), "code": "1000"},
        "top_k",
    ),
    "gateway prefixes json": (
        400,
        {"error": f"Provider said: {json.dumps(openai('no', 'seed'))}"},
        "seed",
    ),
    "google": (
        400,
        google('Invalid JSON payload received. Unknown name "min_p": Cannot find field.'),
        "min_p",
    ),
    "google logprobs": (400, google("Logprobs is not enabled for models/x"), "logprobs"),
    "groq": (400, openai("property 'logprobs' is unsupported"), "logprobs"),
    "groq n": (400, openai("'n' : number must be at most 1"), "n"),
    "xai": (400, {"code": "bad", "error": "Argument not supported on this model: stop"}, "stop"),
    "tgi": (
        422,
        {"error": "Input validation error: `top_p` must be > 0.0", "error_type": "validation"},
        "top_p",
    ),
    "plain words": (400, "stream is not offered", "stream"),
    "llama.cpp n": (
        400,
        {"error": {"code": 400, "message": "n must be smaller than the slots", "type": "x"}},
        "n",
    ),
    "vllm top_k": (400, vllm("top_k must be -1 (disable), or at least 1, got 0."), "top_k"),
    "set of fields": (422, {"detail": "Unexpected fields in the request: {'seed'}"}, "seed"),
    "anthropic both": (
        400,
        {
            "type": "error",
            "error": {
                "type": "invalid_request_error",
                "message": "`temperature` and `top_p` cannot both be specified for this model.",
            },
        },
        "top_p",
    ),
    "deepseek": (400, openai("This model does not support the parameter `logprobs`"), "logprobs"),
}


@pytest.mark.parametrize("name", FIELDS)
def test_the_field_is_found(name: str) -> None:
    status, body, field = FIELDS[name]
    text = body if isinstance(body, str) else json.dumps(body)
    assert about(complaint(status, text), SENT) == (About.FIELD, field)


OTHERS = {
    "wrong key": (401, openai("Incorrect API key provided", code="invalid_api_key"), About.ALL),
    "google's wrong key": (400, google("API key not valid. Please pass one."), About.ALL),
    "no money": (402, {"error": {"message": "Insufficient credits", "code": 402}}, About.ALL),
    "no access": (403, openai("Your project has no access to model m"), About.ALL),
    "no such model": (404, openai("The model `m` does not exist", "model"), About.ALL),
    "no such model, 400": (400, openai("invalid model", "model", "invalid_model"), About.ALL),
    "quota": (429, openai("You exceeded your quota", code="insufficient_quota"), About.ALL),
    "openai filter": (400, openai("The prompt was rejected", "prompt", "content_filter"), "prompt"),
    "azure filter": (
        400,
        {
            "error": {
                "message": "The response was filtered due to the prompt triggering Azure OpenAI's "
                "content management policy. Please modify your prompt and retry.",
                "param": "prompt",
                "code": "content_filter",
                "innererror": {"code": "ResponsibleAIPolicyViolation"},
            }
        },
        "prompt",
    ),
    "openrouter moderation": (
        403,
        {"error": {"code": 403, "message": "Your input was flagged", "metadata": {"reasons": []}}},
        "prompt",
    ),
    "dashscope": (400, openai("Input data is bad", code="data_inspection_failed"), "prompt"),
    "too large": (413, "Payload Too Large", "prompt"),
    "openai length": (
        400,
        openai(
            "This model's maximum context length is 8192 tokens. However, your messages resulted "
            "in 9000 tokens.",
            "messages",
            "context_length_exceeded",
        ),
        "length",
    ),
    "vllm length": (
        400,
        vllm(
            "'max_tokens' or 'max_completion_tokens' is too large: 4096. This model's maximum "
            "context length is 4096 tokens and your request has 15 input tokens.",
            "max_tokens",
        ),
        "length",
    ),
    "llama.cpp length": (
        400,
        {
            "error": {
                "code": 400,
                "message": "the request exceeds the available context size, try increasing it",
                "type": "exceed_context_size_error",
            }
        },
        "length",
    ),
    "tgi length": (
        422,
        {"error": "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096."},
        "length",
    ),
    "anthropic length": (
        400,
        {"type": "error", "error": {"message": "prompt is too long: 250000 tokens > 200000"}},
        "length",
    ),
    "no system role": (400, openai("System role not supported by this model"), "system_role"),
    "openai system": (
        400,
        openai("Unsupported value", "messages[0].role", "unsupported_value"),
        "system_role",
    ),
    "template": (
        400,
        vllm("Conversation roles must alternate user/assistant/user/assistant/..."),
        "system_role",
    ),
    "google system": (
        400,
        google("Developer instruction is not enabled for models/gemma-x"),
        "system_role",
    ),
    "nothing said": (400, {"error": {"message": "Bad request"}}, "unsaid"),
    "an empty body": (400, "", "unsaid"),
    "html": (400, "<html><body><h1>400 Bad Request</h1></body></html>", "unsaid"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_a_refusal_is_about(name: str) -> None:
    status, body, what = OTHERS[name]
    found = complaint(status, body if isinstance(body, str) else json.dumps(body))
    assert about(found, SENT)[0] == what
    assert not passes_by_itself(found)
    assert str(status) in found.shown


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 529])
def test_what_passes(status: int) -> None:
    assert passes_by_itself(complaint(status, '{"error": "busy"}'))


def test_what_was_sent_and_is_quoted_names_no_field() -> None:
    body = {"detail": [{"loc": ["body", "seed"], "msg": "bad", "input": "'temperature' is `n`"}]}
    assert about(complaint(422, json.dumps(body)), SENT) == (About.FIELD, "seed")


def test_a_field_that_was_not_sent_is_not_dropped() -> None:
    found = complaint(400, json.dumps(openai("Unknown parameter: 'tools'", "tools")))
    assert about(found, SENT)[0] is About.UNSAID
