"""What a server's refusal of a request says: which field it does not take, or that it is the
prompt.

Read from where the servers say it: `error.param` (OpenAI, Azure, vLLM), a list of places (`loc`:
FastAPI, Mistral), `fieldViolations` (Google), and the words of the message for all others.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SHOWN_CHARACTERS = 300


class About(StrEnum):
    """What a refusal is about."""

    FIELD = "field"
    SYSTEM_ROLE = "system_role"
    PROMPT = "prompt"
    LENGTH = "length"
    """The prompt with the answer's limit is longer than the model's context."""
    ALL = "all"
    """Every request will be refused: the key, the account, the model's name, the address."""
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """A server's refusal, read.

    Attributes:
        status: HTTP status, or the number that an error in a stream carries.
        text: All that it says in words, for finding names in it.
        shown: The same for people, at one line.
        codes: Words of its own for what is wrong (`code`, `type`, `status`, `reason`), lower case.
        places: Names of fields as it gives them apart from the words.
    """

    status: int
    text: str
    shown: str
    codes: frozenset[str]
    places: tuple[str, ...]


_PROMPT_CODES = {
    "content_filter",
    "content_policy_violation",
    "responsibleaipolicyviolation",
    "data_inspection_failed",
    "moderation",
    "moderation_blocked",
    "prompt_blocked",
    "sensitive_content",
    "string_above_max_length",
}
_LENGTH_CODES = {"context_length_exceeded", "exceed_context_size_error", "context_window_exceeded"}
_ALL_CODES = {
    "invalid_api_key",
    "api_key_invalid",
    "authentication_error",
    "permission_denied",
    "insufficient_quota",
    "billing_hard_limit_reached",
    "billing_not_active",
    "account_deactivated",
    "model_not_found",
}
_LENGTH_WORDS = re.compile(
    r"context (?:length|size|window)|maximum (?:\w+ ){0,3}(?:length|tokens)|prompt is too long"
    r"|(?:inputs?|prompt|messages?)\b.{0,40}too (?:long|large)|exceeds?.{0,60}(?:tokens|context)"
    r"|`inputs` tokens",
    re.I,
)
_FILTER_WORDS = re.compile(
    r"content[ _-]?(?:filter|policy|management|moderation)|content.{0,20}\bpolic|moderation|flagged"
    r"|\bsafety\b|inappropriate|\bfiltered\b|prohibited|sensitive|usage polic",
    re.I,
)
_KEY_WORDS = re.compile(r"api[ _-]?key|credential|unauthor|authenticat", re.I)
_SYSTEM_WORDS = re.compile(
    r"\bsystem\b[`'\"]?\s+(?:role|message|prompt|instruction|turn)|role\w*.{0,40}\bsystem\b"
    r"|developer instruction|roles? must alternate|messages\[0\]\.role|only (?:user|supports user)",
    re.I,
)
_QUOTED = re.compile(r"[`'\"“‘]([A-Za-z_][\w.\[\]]*)[`'\"”’]")
_INSTEAD = re.compile(r"\b(?:use|try|did you mean|consider|set|pass)\b[^.]*", re.I)
_LONE_N = re.compile(r"(?<![\w.'])n(?=\s*(?:must|should|is\b|=|:|>|<|can\b|cannot|has\b|not\b|$))")


def complaint(status: int, body: Any, reason: str = "") -> Complaint:
    """Reads a refusal.

    Args:
        body: What came: text, bytes' text, or parsed JSON.
        reason: HTTP's own words, shown where the body says nothing.
    """
    parsed = _parsed(body)
    texts = list(_strings(parsed))
    codes: set[str] = set()
    places: list[str] = []
    for each in _objects(parsed):
        for name in ("code", "type", "status", "reason"):
            if isinstance(each.get(name), str):
                codes.add(str(each[name]).lower())
        for name in ("param", "field"):
            if isinstance(each.get(name), str):
                places.append(str(each[name]))
        loc = each.get("loc")
        if isinstance(loc, Sequence) and not isinstance(loc, str):
            places += [part for part in loc if isinstance(part, str) and part != "body"][:1]
    shown = " ".join((body if isinstance(body, str) else json.dumps(body)).split())
    shown = shown[:SHOWN_CHARACTERS] or reason
    return Complaint(
        status=status,
        text="\n".join(texts),
        shown=f"{status} {shown}".strip(),
        codes=frozenset(codes),
        places=tuple(places),
    )


def _parsed(value: Any) -> Any:
    """JSON inside strings is read, too: gateways pass on what the server behind them said."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    start = next((at for at, sign in enumerate(text) if sign in "{["), None)
    if start is None:
        return value
    try:
        found, _ = json.JSONDecoder().raw_decode(text[start:])
    except ValueError:
        return value
    return [text[:start], found] if start else found


def _objects(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    value = _parsed(value)
    if depth > 6:
        return
    if isinstance(value, Mapping):
        yield value
        for each in value.values():
            yield from _objects(each, depth + 1)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for each in value:
            yield from _objects(each, depth + 1)


def _strings(value: Any, depth: int = 0) -> Iterator[str]:
    """Texts, but not what was sent (`input`), which a server may quote."""
    value = _parsed(value)
    if isinstance(value, str):
        yield value
    elif depth > 6:
        return
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if name not in ("input", "ctx", "url", "flagged_input"):
                yield from _strings(each, depth + 1)
    elif isinstance(value, Sequence):
        for each in value:
            yield from _strings(each, depth + 1)


def passes_by_itself(found: Complaint) -> bool:
    """Another try of the same request may succeed."""
    if found.codes & {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"}:
        return False
    if found.status == 501 or (found.status == 500 and _SYSTEM_WORDS.search(found.text)):
        return False  # a chat template that raises is a fault of the server's to some servers
    return found.status in (408, 409, 425, 429) or found.status >= 500


def about(found: Complaint, sent: Mapping[str, Any]) -> tuple[About, str]:
    """What a refusal is about, and the field's name where it is about one.

    Args:
        sent: The body that was refused.
    """
    if found.status in (401, 402, 404, 405, 410) or found.codes & _ALL_CODES:
        return About.ALL, ""
    if found.status in (413, 451) or found.codes & _PROMPT_CODES:
        return About.PROMPT, ""
    if found.codes & _LENGTH_CODES:
        return About.LENGTH, ""
    roles = [message.get("role") for message in sent.get("messages", [])]
    if "system" in roles and _SYSTEM_WORDS.search("\n".join([found.text, *found.places])):
        return About.SYSTEM_ROLE, ""
    if _LENGTH_WORDS.search(found.text) and not _only_field(found, sent):
        return About.LENGTH, ""
    names = named_fields(found, sent)
    if names:
        return (About.ALL, names[0]) if names[0] == "model" else (About.FIELD, names[0])
    if _FILTER_WORDS.search(found.text):
        return About.PROMPT, ""
    if found.status == 403 or _KEY_WORDS.search(found.text):
        return About.ALL, ""
    return About.UNSAID, ""


def _only_field(found: Complaint, sent: Mapping[str, Any]) -> bool:
    """A length is named, but it is that of a field other than the answer's limit (`logprobs`)."""
    names = named_fields(found, sent)
    return bool(names) and names[0] not in ("max_tokens", "max_completion_tokens")


def named_fields(found: Complaint, sent: Mapping[str, Any]) -> list[str]:
    """Fields of the body that a refusal names, the likeliest first; messages are no field here."""
    fields = [name for name in sent if name != "messages"]
    named = [_top(place) for place in found.places]
    text = _INSTEAD.sub(" ", found.text)
    named += [_top(match.group(1)) for match in _QUOTED.finditer(text)]
    words = [name for name in fields if name not in ("n", "model")]
    at = {
        name: match.start()
        for name in words
        if (match := re.search(rf"(?<![\w]){re.escape(name)}(?![\w])", text, re.I))
    }
    named += sorted(at, key=lambda name: at[name])
    if _LONE_N.search(text) or re.search(r":\s*n\s*$", text):
        named.append("n")
    present = [name for name in dict.fromkeys(named) if name in fields]
    if len(present) > 1 and re.search(r"\bboth\b|only one of|either", text, re.I):
        # Not together: the one that is missed the least goes.
        present.sort(key=lambda name: name == "temperature")
    # A server that says what it would rather have names that as well.
    return present


def _top(place: str) -> str:
    """`stream_options.include_usage` and `body.seed` stand in their outermost field."""
    return re.split(r"[.\[]", place.removeprefix("body."), maxsplit=1)[0]
