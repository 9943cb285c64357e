"""A LoRA adapter of peft as llama.cpp takes it: a GGUF file of its own, on a model's GGUF file.

The two matrices of each layer are renamed, and nothing is merged: the model's weights stay packed
as they are, and what an adapter changes is not rounded to their few bits. The layout is that of
llama.cpp's convert_lora_to_gguf.py: NAME.weight.lora_a (R, I), NAME.weight.lora_b (O, R) and
`adapter.lora.alpha`; the change is alpha / R * B A.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.sampling.engines.hf_adapter import CONFIG_NAME, WEIGHTS_NAME, AdapterError

_PREFIX = "base_model.model."
_HALVES = {".lora_A.weight": ".weight.lora_a", ".lora_B.weight": ".weight.lora_b"}
_ROPE_PAIRS_APART = {"llama"}
"""llama.cpp pairs a head's values for its rotation next to each other where transformers pairs its
two halves: the rows of the queries' and the keys' weights are in another order there."""
_NO_PLACE = ("use_dora", "rank_pattern", "alpha_pattern", "modules_to_save", "fan_in_fan_out")
KNOWN = ("llama", "qwen2", "qwen3")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    architecture: str
    layers: int
    heads: int
    kv_heads: int


def write_gguf_adapter(adapter: Path, base: Path, out: Path) -> None:
    """Writes an adapter for llama.cpp (`gguf:MODEL+OUT` here, `--lora OUT` of its own programs).

    Args:
        adapter: Folder of peft's files.
        base: The GGUF file, or the folder, of the model that it was trained on.

    Raises:
        AdapterError: It changes what llama.cpp's adapters cannot, or is not of this model.
    """
    # Imported here: both are slow, and only adapters need them.
    import gguf
    from safetensors.numpy import load_file

    config = json.loads((adapter / CONFIG_NAME).read_bytes())
    _check(adapter, config)
    shape = _shape_of_file(base) if base.is_file() else _shape_of_folder(base)
    if shape.architecture not in KNOWN:
        raise AdapterError(
            f"{adapter}: models of the kind {shape.architecture!r} are not known here "
            f"({', '.join(KNOWN)} are); llama.cpp's convert_lora_to_gguf.py may know it"
        )
    kinds = {name: kind for kind, name in gguf.MODEL_ARCH_NAMES.items()}
    names = gguf.get_tensor_name_map(kinds[shape.architecture], shape.layers)
    writer = gguf.GGUFWriter(str(out), shape.architecture)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, _alpha(config))
    for name, values in load_file(adapter / WEIGHTS_NAME).items():
        half = next((end for end in _HALVES if name.endswith(end)), None)
        inner = name.removeprefix(_PREFIX)
        known = names.get_name(inner.removesuffix(half)) if half else None
        if half is None or known is None:
            raise AdapterError(
                f"{adapter}: changes {inner}, which llama.cpp's adapters cannot; merge it instead "
                "(solver train merge)"
            )
        if half.startswith(".lora_B") and shape.architecture in _ROPE_PAIRS_APART:
            if known.endswith("attn_q"):
                values = _apart(values, shape.heads)
            elif known.endswith("attn_k"):
                values = _apart(values, shape.kv_heads)
        writer.add_tensor(known + _HALVES[half], np.ascontiguousarray(values, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _apart(values: NDArray[Any], heads: int) -> NDArray[Any]:
    """Rows (H * D, R) in llama.cpp's order: a head's halves, one value of each in turn."""
    split = values.reshape(heads, 2, values.shape[0] // heads // 2, values.shape[1])
    return split.swapaxes(1, 2).reshape(values.shape)


def _alpha(config: Mapping[str, Any]) -> float:
    """What llama.cpp divides by the rank; rank-stabilised adapters divide by its root."""
    alpha, rank = float(config["lora_alpha"]), int(config["r"])
    return alpha * rank**0.5 if config.get("use_rslora") else alpha


def _check(adapter: Path, config: Mapping[str, Any]) -> None:
    """Only what the file can say is taken.

    Raises:
        AdapterError: Names the setting.
    """
    plain = config.get("peft_type") == "LORA" and config.get("bias", "none") == "none"
    others = [name for name in _NO_PLACE if config.get(name)]
    if not plain or others:
        raise AdapterError(
            f"{adapter}: {', '.join(others) or 'its kind'} has no place in llama.cpp's adapters; "
            "merge it instead (solver train merge)"
        )


def _shape_of_file(base: Path) -> _Shape:
    import gguf

    fields = gguf.GGUFReader(str(base)).fields
    kind = str(fields[gguf.Keys.General.ARCHITECTURE].contents())

    def number(key: str, otherwise: int | None = None) -> int:
        field = fields.get(key.format(arch=kind))
        return int(field.contents()) if field is not None else int(otherwise or 0)

    heads = number(gguf.Keys.Attention.HEAD_COUNT)
    return _Shape(
        architecture=kind,
        layers=number(gguf.Keys.LLM.BLOCK_COUNT),
        heads=heads,
        kv_heads=number(gguf.Keys.Attention.HEAD_COUNT_KV, heads),
    )


def _shape_of_folder(base: Path) -> _Shape:
    config = json.loads((base / "config.json").read_bytes())
    heads = int(config["num_attention_heads"])
    return _Shape(
        architecture=str(config["model_type"]),
        layers=int(config["num_hidden_layers"]),
        heads=heads,
        kv_heads=int(config.get("num_key_value_heads") or heads),
    )
