"""What chat-completions servers put into a choice: text, reasoning, refusals, finish words, counts.

Every server means the same and writes it in another way: content as a string, as parts or as null;
reasoning under a name of its own, as parts of the content, or in a list of details.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

REASONING_KEYS = ("reasoning_content", "reasoning", "thinking", "reasoning_text", "thought")
"""vLLM, SGLang, llama.cpp, DeepSeek: the first; vLLM (newer), Groq, OpenRouter, Ollama: the second;
the others are of gateways. Several of them in one message say the same: the first counts."""
THINKING_TYPES = {
    "thinking",
    "thought",
    "reasoning",
    "reasoning_content",
    "reasoning_text",
    "reasoning.text",
    "reasoning.summary",
    "summary_text",
}
HIDDEN_TYPES = {"redacted_thinking", "reasoning.encrypted", "image_url", "tool_use"}
TEXT_KEYS = ("text", "content", "output_text", "value")
THINKING_KEYS = ("thinking", "reasoning", "text", "summary", "content", *REASONING_KEYS)

_CUT = {"length", "max_tokens", "model_length", "max_output_tokens", "max_new_tokens"}
_CUT |= {"max_length", "token_limit", "context_length", "context_window_exceeded"}
_REFUSED = {"content_filter", "refusal", "refused", "safety", "recitation", "blocklist"}
_REFUSED |= {"prohibited_content", "spii", "sensitive", "content_filtered", "guardrail_intervened"}
_BROKEN = {"error", "abort", "aborted", "cancelled", "canceled", "failed", "server_error"}
_BROKEN |= {"insufficient_system_resource", "network_error", "malformed_response"}
_ENDED = {"stop", "eos", "eos_token", "end_turn", "stop_sequence", "complete", "end", "done"}
_ENDED |= {"stop_str", "stop_token", "tool_calls", "function_call", "tool_use", "finished"}

# A closing tag that reasoning quotes would end it for whoever reads the answer afterwards.
_CLOSER = re.compile(r"</(?=think|reasoning|thought|seed:think)", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one message, or one piece of it, says in each channel."""

    text: str = ""
    reasoning: str = ""
    refusal: str = ""

    def __bool__(self) -> bool:
        return bool(self.text or self.reasoning or self.refusal)

    def __add__(self, other: "Said") -> "Said":
        return Said(
            text=self.text + other.text,
            reasoning=self.reasoning + other.reasoning,
            refusal=self.refusal + other.refusal,
        )


def said_in(message: Mapping[str, Any]) -> Said:
    """What a message (or the delta of one) says."""
    said = _content(message.get("content"))
    if not said.reasoning:
        for name in REASONING_KEYS:
            reasoning = _text(message.get(name), THINKING_KEYS)
            if reasoning:
                said += Said(reasoning=reasoning)
                break
        else:
            details = message.get("reasoning_details")
            if isinstance(details, Sequence) and not isinstance(details, str):
                said += Said(reasoning=_content(details).reasoning)
    refusal = message.get("refusal")
    return said + Said(refusal=refusal) if isinstance(refusal, str) else said


def choice_says(choice: Mapping[str, Any]) -> Said:
    """What a whole choice says; `text` is what the older completions put there."""
    message = choice.get("message")
    if isinstance(message, Mapping):
        return said_in(message)
    return Said(text=_text(message if message is not None else choice.get("text"), TEXT_KEYS))


def _content(value: Any) -> Said:
    if isinstance(value, str):
        return Said(text=value)
    if isinstance(value, Mapping):
        return _part(value)
    said = Said()
    if isinstance(value, Sequence):
        for part in value:
            said += _content(part)
    return said


def _part(part: Mapping[str, Any]) -> Said:
    kind = str(part.get("type") or "").lower()
    if kind in HIDDEN_TYPES:
        return Said()
    if kind == "refusal" or (not kind and "refusal" in part):
        return Said(refusal=_text(part.get("refusal"), TEXT_KEYS))
    if kind in THINKING_TYPES or part.get("thought") is True or (not kind and "thinking" in part):
        return Said(reasoning=_first(part, THINKING_KEYS))
    return Said(text=_first(part, TEXT_KEYS))


def _first(part: Mapping[str, Any], names: Sequence[str]) -> str:
    return next((text for name in names if (text := _text(part.get(name), names))), "")


def _text(value: Any, names: Sequence[str]) -> str:
    """All text in a value of any shape."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return _first(value, names)
    if isinstance(value, Sequence):
        return "".join(_text(each, names) for each in value)
    return ""


def whole_text(said: Said) -> str:
    """The answer as it is kept: reasoning in its tags, left open where nothing followed it."""
    if not said.reasoning:
        return said.text or said.refusal
    reasoning = _CLOSER.sub("< /", said.reasoning)
    if not said.text:
        return f"<think>{reasoning}"
    return f"<think>{reasoning}</think>\n{said.text}"


def finish_of(word: Any, *, only_refusal: bool = False) -> str | None:
    """Why a choice ended, in one vocabulary; None while it goes on.

    Args:
        only_refusal: All that the model said stands in the channel for refusals.

    Returns:
        "stop"; "length" (cut off by a limit); "refused" (by a filter, or the model said so in the
        channel for it); "error" (the server broke off: worth another try); else the server's word.
    """
    if word is None or word == "":
        return None
    name = str(word).lower()
    if name in _BROKEN:
        return "error"
    if name in _CUT:
        return "length"
    if name in _REFUSED or only_refusal:
        return "refused"
    return "stop" if name in _ENDED else name


def logprobs_of(logprobs: Any) -> list[float]:
    """The tokens' log-probabilities; empty where the server tells none (null, or no list)."""
    if not isinstance(logprobs, Mapping):
        return []
    content = logprobs.get("content")
    if not isinstance(content, list):
        content = logprobs.get("token_logprobs")
    found = []
    for each in content if isinstance(content, list) else []:
        value = each.get("logprob") if isinstance(each, Mapping) else each
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            found.append(float(value))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCount:
    """What the server counted; None where it did not say."""

    prompt: int | None = None
    answer: int | None = None


def count_of(event: Mapping[str, Any]) -> TokenCount:
    """The counts in an answer or in an event of a stream.

    They stand under `usage`, under `x_groq` in Groq's streams, or in llama.cpp's `timings`. What a
    server leaves out of `completion_tokens` (reasoning: Google, xAI) is in its total, and was paid.
    """
    usage = event.get("usage")
    if not isinstance(usage, Mapping):
        other = event.get("x_groq")
        usage = other.get("usage") if isinstance(other, Mapping) else None
    if isinstance(usage, Mapping):
        prompt = _whole(usage.get("prompt_tokens", usage.get("input_tokens")))
        answer = _whole(usage.get("completion_tokens", usage.get("output_tokens")))
        total = _whole(usage.get("total_tokens"))
        if total is not None and prompt is not None:
            answer = max(answer or 0, total - prompt)
        return TokenCount(prompt=prompt, answer=answer)
    timings = event.get("timings")
    if isinstance(timings, Mapping):
        read = _whole(timings.get("prompt_n"))
        cached = _whole(timings.get("cache_n")) or 0
        return TokenCount(
            prompt=None if read is None else read + cached,
            answer=_whole(timings.get("predicted_n")),
        )
    return TokenCount()


def _whole(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return max(0, int(value))
