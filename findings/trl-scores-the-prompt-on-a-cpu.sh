#!/usr/bin/env bash
# trl 1.16.0 (transformers 5.24.0): on a CPU the output layer scores every position of a prompt, though
# the documentation says that positions without a label are left out.
#
# Guess written down before the run: with `add_fused_lm_head`, which SFTTrainer uses for its loss, 61
# positions of which 4 have a label cost 4 rows of the output layer: "projects through the LM head, in
# tiles, only the positions whose next-token label is not -100".
# Seen: 60 rows on a CPU, all that have a next word. Rows are picked where the device has Triton alone. The loss is the same, so
# nothing shows but time: with 152,000 words, a prompt of 285 tokens and an answer of 45, half of a
# training step of a 0.5B model went into rows whose result is thrown away.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check \
    torch==2.13.0 transformers==5.24.0 trl==1.16.0 2>/dev/null
"$work/env/bin/python" - <<'PY' 2>/dev/null
from importlib.metadata import version

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from transformers import LlamaConfig, LlamaForCausalLM
from trl.trainer.utils import add_fused_lm_head

WORDS, WIDTH, PROMPT, ANSWER = 997, 16, 57, 4


class Rows(TorchDispatchMode):
    """Rows that were multiplied with the output layer, whose width no other matrix has."""

    seen = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        if "mm" in func.__name__ and isinstance(out, torch.Tensor) and out.shape[-1] == WORDS:
            self.seen += out.shape[0]
        return out


torch.manual_seed(0)
model = LlamaForCausalLM(LlamaConfig(
    vocab_size=WORDS, hidden_size=WIDTH, intermediate_size=32, num_hidden_layers=1,
    num_attention_heads=2, num_key_value_heads=2,
))
ids = torch.randint(0, WORDS, (1, PROMPT + ANSWER))
labels = ids.clone()
labels[:, :PROMPT] = -100
plain = model(input_ids=ids, labels=labels).loss.item()
add_fused_lm_head(model)
with torch.no_grad(), Rows() as rows:
    fused = model(input_ids=ids, labels=labels, fused_lm_head=True).loss.item()
print("trl", version("trl"), "transformers", version("transformers"), "torch", version("torch"))
print(f"positions {PROMPT + ANSWER}, with a label {ANSWER}, rows of the output layer {rows.seen}")
print(f"loss {fused:.5f}, without trl {plain:.5f}")
assert abs(fused - plain) < 1e-3
assert rows.seen == PROMPT + ANSWER - 1, "behaviour changed"
PY
