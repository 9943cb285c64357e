"""Which adapters llama.cpp can take; that it answers with them is shown in tests/training."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from tiny import make_tiny_gguf

from solver.errors import ModelUnavailable
from solver.sampling.engines.gguf_adapter import write_gguf_adapter
from solver.sampling.engines.hf_adapter import AdapterError
from solver.sampling.open import check_spec


def adapter(folder: Path, module: str, **more: object) -> Path:
    folder.mkdir()
    config = {"peft_type": "LORA", "r": 2, "lora_alpha": 6, "base_model_name_or_path": ""} | more
    (folder / "adapter_config.json").write_text(json.dumps(config))
    save_file(
        {
            f"base_model.model.model.{module}.lora_A.weight": np.ones((2, 64), dtype=np.float32),
            f"base_model.model.model.{module}.lora_B.weight": np.arange(
                128, dtype=np.float32
            ).reshape(64, 2),
        },
        folder / "adapter_model.safetensors",
    )
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_gguf(tmp_path_factory.mktemp("model") / "tiny.gguf")


def test_a_head_of_queries_is_turned_and_nothing_else(tmp_path: Path, model: Path) -> None:
    import gguf

    found = {}
    for name in ("q_proj", "o_proj"):
        made = adapter(tmp_path / name, f"layers.1.self_attn.{name}", use_rslora=name == "o_proj")
        write_gguf_adapter(made, model, tmp_path / f"{name}.gguf")
        reader = gguf.GGUFReader(str(tmp_path / f"{name}.gguf"))
        alpha = reader.fields["adapter.lora.alpha"].contents()
        (values,) = [one.data for one in reader.tensors if one.name.endswith("lora_b")]
        found[name] = (float(alpha), [int(row[0]) // 2 for row in values])
    # The first head's sixteen rows: halves that stood one after the other take turns.
    assert found["q_proj"][1][:5] == [0, 8, 1, 9, 2] and found["q_proj"][1][16] == 16
    assert found["o_proj"][1] == [*range(64)]
    # llama.cpp divides by the rank; this one is to be divided by its root.
    assert found["q_proj"][0] == 6.0 and found["o_proj"][0] == pytest.approx(6 * 2**0.5)


def test_what_has_no_place_there_is_refused(tmp_path: Path, model: Path) -> None:
    out = tmp_path / "out.gguf"
    dora = adapter(tmp_path / "dora", "layers.0.self_attn.q_proj", use_dora=True)
    with pytest.raises(AdapterError, match=r"dora: use_dora has no place .* merge"):
        write_gguf_adapter(dora, model, out)
    other = adapter(tmp_path / "other", "layers.0.mixer")
    with pytest.raises(AdapterError, match=r"changes model.layers.0.mixer"):
        write_gguf_adapter(other, model, out)
    (tmp_path / "config.json").write_text(
        '{"model_type": "gemma3", "num_hidden_layers": 1, "num_attention_heads": 1}'
    )
    with pytest.raises(AdapterError, match=r"'gemma3' are not known here"):
        write_gguf_adapter(other, tmp_path, out)


def test_a_spec_of_model_and_adapter_is_checked_before_anything_is_loaded(
    tmp_path: Path, model: Path
) -> None:
    check_spec(f"gguf:{model}+{adapter(tmp_path / 'a', 'layers.0.self_attn.q_proj')}")
    with pytest.raises(ModelUnavailable, match=r"none: no such file"):
        check_spec(f"gguf:{model}+{tmp_path / 'none'}")
    (tmp_path / "a/base.json").write_text('{"model": "another", "weights": "00"}')
    with pytest.raises(AdapterError, match="trained on another"):
        check_spec(f"gguf:{model}+{tmp_path / 'a'}")
