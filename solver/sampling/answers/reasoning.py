"""Stage 2, afterwards: which part of an answer is the answer; reasoning is never looked at.

Marks, as the models' own templates and vLLM's reasoning parsers (0.20) have them: `<think>` (Qwen,
DeepSeek, GLM, Nemotron, MiniMax), `<thought>` (EXAONE), `<seed:think>` (Seed-OSS), `[THINK]`
(Magistral), `<|START_THINKING|>` (Command A), `<|begin_of_thought|>` (OpenThinker), the marks of
Kimi and MedGemma, Granite's and Apriel's sentences, harmony's channels (gpt-oss), with and without
its special tokens, and `<|channel>thought` ... `<channel|>` (Gemma 4).
"""

import re
from dataclasses import dataclass

_WORD = (
    r"(?:[a-z_]+:)?(?:think(?:ing)?|thoughts?|reason(?:ing)?|reflection|scratchpad|analysis|cot"
    r"|inner_monologue|internal_monologue|deliberation|thought_process|chain_of_thought)"
)
# Of a pair either mark may be missing: a template writes the first one, a limit cuts the second.
_PAIRS = (
    (rf"<{_WORD}(?:[ \t][^<>\n]*)?>", rf"</{_WORD}>"),
    (r"\[THINK\]", r"\[/THINK\]"),
    (r"◁think▷", r"◁/think▷"),
    (r"<unused94>(?:thought)?", r"<unused95>"),
    (r"<\|(?:begin|start)_of_thought\|>", r"<\|end_of_thought\|>"),
    (r"<\|START_THINKING\|>", r"<\|END_THINKING\|>"),
    (r"<\|begin_of_thinking\|>", r"<\|end_of_thinking\|>"),
    (r"<\|inner_prefix\|>", r"<\|inner_suffix\|>"),
    (r"<\|channel>(?:thought|analysis)\b", r"<channel\|>"),
    (r"Here is my thought process:", r"Here is my response:"),
    (r"Here are my reasoning steps:", r"\[BEGIN FINAL RESPONSE\]"),
)
_MARK = re.compile(
    "|".join(
        f"(?P<open{number}>^[ \\t>]*{begin})|(?P<close{number}>{end})"
        for number, (begin, end) in enumerate(_PAIRS)
    ),
    # Special tokens are written one way, XML-like marks in any.
    re.M | re.I,
)
_FENCE_LINE = re.compile(r"^[ \t>]*(?:```|~~~)", re.M)
# A comment begins, or a quote is open, on the way to the end of this piece of a line.
_COMMENT_OR_STRING = re.compile(r"//|/\*|^\s*\*|#|^[^\"']*([\"'])(?:(?!\1).)*$")
_CHANNEL = re.compile(
    r"<\|channel\|>\s*(\w+)[^<]*(?:<\|constrain\|>[^<]*)?<\|message\|>"
    r"(.*?)(?=<\|(?:end|return|call|start|channel)\|>|\Z)",
    re.S,
)
_CHANNEL_BEGUN = re.compile(r"<\|channel\|>")
# gpt-oss decoded without its special tokens: the channels' names run into the text.
_BARE_FINAL = re.compile(r"assistant(?:<\|[a-z]+\|>)?final(?=[^a-z]|[A-Z]|$)")
_BARE_ANALYSIS = re.compile(r"(?:assistant)?(?:analysis|commentary)(?=[A-Z]|$)")
# The answer is over here; what follows (an invented next turn, say) is no part of it.
_END = re.compile(
    r"<\|(?:im_end|eot_id|eom_id|eot|EOT|endoftext|end_of_text|end_of_turn|END_OF_TURN_TOKEN"
    r"|END_RESPONSE|return|user|observation|end_of_solution|eom|end_of_role)\|>"
    r"|<\|im_start\|>user|<\|start\|>user|<\|start_header_id\|>user|<start_of_turn>user|<\|turn>user"
    r"|<end_of_turn>|<turn\|>|</s>|<eos>|\[END FINAL RESPONSE\]|<\|end▁of▁sentence\|>"
    r"|<｜end▁of▁sentence｜>|<｜User｜>|<_end>|\[e~\["
)
SPECIAL = re.compile(
    r"<[|｜][^|｜<>\n]{1,40}[|｜]>|<\|[a-z]+>|<[a-z]+\|>|</?s>|<(?:pad|bos|unk|eos)>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPart:
    """An answer without its reasoning.

    Attributes:
        text: What is no reasoning.
        reasoning: There was some.
        unended: It goes on to the end of the answer.
    """

    text: str
    reasoning: bool
    unended: bool


def end_of(text: str) -> int | None:
    """Where the model itself ended its answer, None while more may belong to it."""
    for found in _END.finditer(text):
        if text[: found.start()].strip():
            return found.start()
    return None


def without_reasoning(text: str) -> AnswerPart:
    """The answer proper.

    Args:
        text: The answer up to `end_of`.
    """
    if _CHANNEL_BEGUN.search(text):
        return _of_channels(text)
    finals = list(_BARE_FINAL.finditer(text))
    if finals:
        return AnswerPart(text=text[finals[-1].end() :], reasoning=True, unended=False)
    if _BARE_ANALYSIS.match(text.lstrip()):
        return AnswerPart(text="", reasoning=True, unended=True)
    return _of_marks(text)


def _of_channels(text: str) -> AnswerPart:
    messages = [(each[1], each[2]) for each in _CHANNEL.finditer(text)]
    final = "\n".join(content for name, content in messages if name == "final")
    ended = any(name == "final" for name, _ in messages)
    return AnswerPart(text=final, reasoning=True, unended=not ended)


def _of_marks(text: str) -> AnswerPart:
    kept: list[str] = []
    place = 0
    inside: str | None = None
    reasoning = False
    for mark in _MARK.finditer(text):
        kind = str(mark.lastgroup)
        if _is_quoted(text, mark.start(), mark.end()):
            continue
        if kind.startswith("open"):
            if inside is not None or _in_fence("".join([*kept, text[place : mark.start()]])):
                continue
            kept.append(text[place : mark.start()])
            inside = kind.removeprefix("open")
        elif inside is None:
            if _is_spoken_of_in_code(text, place, mark.start(), kept):
                continue
            # The template wrote the first mark: all that came so far is reasoning.
            kept.clear()
        elif inside != kind.removeprefix("close"):
            continue
        reasoning = True
        place = mark.end()
        if kind.startswith("close"):
            inside = None
    if inside is None:
        kept.append(text[place:])
    return AnswerPart(text="".join(kept), reasoning=reasoning, unended=inside is not None)


def _is_quoted(text: str, start: int, end: int) -> bool:
    """The mark stands in a code span of one line: it is spoken of."""
    before, after = text[max(0, start - 3) : start], text[end : end + 1]
    return before.endswith("`") and before != "```" and after == "`"


def _is_spoken_of_in_code(text: str, place: int, start: int, kept: list[str]) -> bool:
    """The mark stands in a comment or a string of a program: a fence is open, and the line says so.

    Reasoning may break off in the middle of a draft, but not in the middle of such a line.
    """
    line = text[text.rfind("\n", 0, start) + 1 : start]
    if not _COMMENT_OR_STRING.search(line):
        return False
    return _in_fence("".join([*kept, text[place:start]]))


def _in_fence(text: str) -> bool:
    return len(_FENCE_LINE.findall(text)) % 2 == 1
