"""Between messages and a transformers model's tokens: chat templates, and what begins and
ends an answer."""

import re
from collections.abc import Sequence

from solver.sampling.engine import Message, SamplingParameters, merged_turns
from solver.sampling.engines.hf_load import Loaded

LONGEST_ANSWER = 131_072
"""Tokens of an answer where neither the user nor the model's configuration states a limit."""

OPENED = re.compile(r"(<think>|\[THINK\]|<seed:think>)\s*\Z")
"""A reasoning's opening tag at the end of a prompt."""


def prompt_ids(loaded: Loaded, messages: Sequence[Message]) -> list[int]:
    """Token ids of a prompt: through the chat template, or the bare text for a base model."""
    tokenizer = loaded.tokenizer
    if not loaded.chat:
        return list(tokenizer("".join(message.content for message in messages))["input_ids"])
    return list(tokenizer(prompt_text(loaded, messages), add_special_tokens=False)["input_ids"])


def prompt_text(loaded: Loaded, messages: Sequence[Message]) -> str:
    """A prompt as the model's chat template writes it, up to where the answer begins."""
    try:
        return _templated(loaded, messages)
    except ValueError:
        pass
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "jinja2":
            raise
    # Some templates know no system turn.
    return _templated(loaded, merged_turns(messages))


def _templated(loaded: Loaded, messages: Sequence[Message]) -> str:
    turns = [{"role": message.role, "content": message.content} for message in messages]
    return str(
        loaded.tokenizer.apply_chat_template(turns, add_generation_prompt=True, tokenize=False)
    )


def answer_opening(loaded: Loaded, messages: Sequence[Message]) -> str:
    """What a prompt's template has begun of the answer already: the tag that opens its reasoning
    (DeepSeek R1, QwQ), without which a cut-off answer's drafts would pass for its program."""
    if not loaded.chat:
        return ""
    found = OPENED.search(prompt_text(loaded, messages))
    return found.group(1) if found else ""


def limit_of(loaded: Loaded, parameters: SamplingParameters, prompt_tokens: int) -> int:
    """Tokens that an answer may have: what was stated, or what is left of the model's context."""
    if parameters.max_tokens is not None:
        return parameters.max_tokens
    config = loaded.model.config.get_text_config(decoder=True)
    context = getattr(config, "max_position_embeddings", None) or LONGEST_ANSWER
    return max(1, min(LONGEST_ANSWER, int(context) - prompt_tokens))


def end_ids(loaded: Loaded) -> list[int]:
    """Token ids that end an answer."""
    found = loaded.model.generation_config.eos_token_id
    if found is None:
        found = loaded.tokenizer.eos_token_id
    if found is None:
        return []
    return list(found) if isinstance(found, list | tuple) else [int(found)]


def decoded(loaded: Loaded, tokens: Sequence[int]) -> str:
    """The text of an answer. Special tokens stay (they divide reasoning from answer: harmony's
    channels, Magistral's [THINK]), but for those that end it or fill it up."""
    ends = {*end_ids(loaded), loaded.tokenizer.pad_token_id, loaded.tokenizer.eos_token_id}
    last = len(tokens)
    while last and tokens[last - 1] in ends:
        last -= 1
    return str(loaded.tokenizer.decode(tokens[:last], skip_special_tokens=False))
