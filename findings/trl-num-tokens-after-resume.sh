#!/usr/bin/env bash
# trl 1.16.0 (transformers 5.24.0): `num_tokens` in SFTTrainer's log begins at 0 again when a run goes
# on from a checkpoint, within one and the same log.
#
# Guess written down before the run: the log of a run that was ended and went on is one log. Its
# first rows come back with the checkpoint (trainer_state.json), and counts go on where they stopped, as
# `num_input_tokens_seen`, `step` and `epoch` beside it do.
# Seen: after `train(resume_from_checkpoint=...)` the rows from before are there and `num_tokens` falls
# to what one step has, while `num_input_tokens_seen` goes on. Whoever draws loss against tokens, or takes
# tokens a second from the last row, is wrong by all that came before the last resume; the sum of the
# last values before each fall is right.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check \
    torch==2.13.0 transformers==5.24.0 trl==1.16.0 2>/dev/null
WORK="$work" "$work/env/bin/python" - <<'PY' 2>/dev/null
import contextlib
import os
import sys
from importlib.metadata import version

from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
from trl import SFTConfig, SFTTrainer

WORDS = ["<pad>", "<eos>", "<unk>", *"abcdefghij"]
inner = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="<unk>"))
inner.pre_tokenizer = pre_tokenizers.Whitespace()
tokenizer = PreTrainedTokenizerFast(
    tokenizer_object=inner, pad_token="<pad>", eos_token="<eos>", unk_token="<unk>"
)
rows = Dataset.from_list([{"text": "a b c d e f g"}] * 8)  # 8 tokens each with the end


def trainer():
    shape = LlamaConfig(
        vocab_size=len(WORDS), hidden_size=16, intermediate_size=16, num_hidden_layers=1,
        num_attention_heads=2, num_key_value_heads=2, eos_token_id=1, pad_token_id=0,
    )
    settings = SFTConfig(
        output_dir=os.environ["WORK"] + "/run", max_steps=4, per_device_train_batch_size=2,
        logging_steps=1, save_steps=2, report_to=[], use_cpu=True, bf16=False,
        include_num_input_tokens_seen="all",
    )
    return SFTTrainer(
        model=LlamaForCausalLM(shape), processing_class=tokenizer, train_dataset=rows, args=settings
    )


def counted(field):
    return [int(row[field]) for row in resumed.state.log_history if "loss" in row]


with contextlib.redirect_stdout(sys.stderr):
    trainer().train()
    resumed = trainer()
    resumed.train(resume_from_checkpoint=os.environ["WORK"] + "/run/checkpoint-2")
print("trl", version("trl"), "transformers", version("transformers"))
print("step                 ", counted("step"))
print("num_input_tokens_seen", counted("num_input_tokens_seen"))
print("num_tokens           ", counted("num_tokens"))
assert counted("step") == [1, 2, 3, 4]
assert counted("num_input_tokens_seen") == [16, 32, 48, 64]
assert counted("num_tokens") == [16, 32, 16, 32], "behaviour changed"
PY
