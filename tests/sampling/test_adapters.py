"""`hf:MODEL+ADAPTER`, before anything is loaded: whose adapter it is, and what vLLM is told of it.
(Loading one for real: tests/training/test_run.py.)"""

import json
from pathlib import Path

import pytest

from solver.cli.app import exit_code_of
from solver.sampling.engines.hf_adapter import (
    AdapterError,
    check_adapter,
    split_adapter,
    write_base,
)
from solver.sampling.engines.vllm import VllmEngine, lora_words
from solver.sampling.open import check_spec


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    folder = tmp_path / "adapter"
    folder.mkdir()
    config = {"base_model_name_or_path": "somewhere/Coder-0.5B", "r": 12}
    (folder / "adapter_config.json").write_text(json.dumps(config))
    (folder / "adapter_model.safetensors").write_bytes(b"\0" * 64)
    return folder


def test_a_spec_names_model_and_adapter(tmp_path: Path) -> None:
    assert split_adapter("m") == ("m", None)
    assert split_adapter("org/m+runs/a+b") == ("org/m+runs/a", Path("b"))
    odd = tmp_path / "c++"
    odd.mkdir()
    assert split_adapter(str(odd)) == (str(odd), None)
    assert split_adapter(f"{odd}+x") == (str(odd), Path("x"))


def test_an_adapter_of_other_weights_is_refused(
    adapter: Path, tiny_chat: Path, tiny_base: Path
) -> None:
    other = tiny_base.parent / "other"
    from tiny import make_tiny

    make_tiny(other, seed=1)
    write_base(adapter, tiny_chat, "tiny")
    check_spec(f"hf:{tiny_chat}+{adapter}")
    with pytest.raises(AdapterError, match=r"trained on tiny, and .* has other weights") as caught:
        check_spec(f"hf:{other}+{adapter}")
    assert exit_code_of(caught.value) == 2


def test_an_adapter_from_elsewhere_goes_by_its_own_word(adapter: Path, tiny_chat: Path) -> None:
    check_adapter(adapter, tiny_chat, "models/coder-0.5b")
    with pytest.raises(AdapterError, match=r"its base is somewhere/Coder-0.5B"):
        check_adapter(adapter, tiny_chat, "models/coder-7b")


def test_what_is_no_adapter_is_named(adapter: Path, tiny_chat: Path) -> None:
    (adapter / "adapter_model.safetensors").rename(adapter / "adapter_model.bin")
    with pytest.raises(AdapterError, match=r"no adapter in it: adapter_config.json and"):
        check_spec(f"hf:{tiny_chat}+{adapter}")
    (adapter / "adapter_config.json").write_text("{")
    with pytest.raises(AdapterError, match="no adapter in it"):
        lora_words("x", adapter)


def test_vllm_is_told_of_the_adapter(adapter: Path, tmp_path: Path) -> None:
    assert lora_words("mine", adapter) == [
        *("--enable-lora", "--max-lora-rank", "16"),
        *("--lora-modules", f"mine={adapter}"),
    ]
    program = tmp_path / "vllm"
    program.write_text('#!/bin/sh\necho "$@"\nexit 1\n')
    program.chmod(0o755)
    with pytest.raises(Exception, match=r"serve org/m .*--lora-modules m\+\w{16}=/"):
        VllmEngine(f"org/m+{adapter}", program=str(program))
