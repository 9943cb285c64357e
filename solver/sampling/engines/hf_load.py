"""A transformers model from a folder, a GGUF file or the hub, onto this process's device.

A name is looked up on the disk first: transformers itself would ask the hub for 40 s about a folder
that does not exist. Only weights as data are taken (safetensors, GGUF), never pickles or code.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solver.errors import ModelUnavailable
from solver.sampling.engines.hf_adapter import with_adapter
from solver.sampling.engines.threads import let_threads_sleep

DATA_FILES = ["*.json", "*.safetensors", "*.txt", "*.model", "*.jinja"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A model that is ready to generate.

    Attributes:
        device: "cuda" or "cpu".
        chat: The tokenizer has a chat template; False for a base model.
    """

    model: Any
    tokenizer: Any
    device: str
    chat: bool


def find_model(name: str) -> Path:
    """The folder or GGUF file that a name means; a hub name is fetched if it is not cached.

    Raises:
        ModelUnavailable: There is none; the message says what would bring it.
    """
    path = Path(name).expanduser()
    if path.exists():
        _check_content(path)
        return path
    if not is_hub_name(name):
        raise ModelUnavailable(
            f"{path}: no such model folder; give a folder with config.json and *.safetensors, a "
            ".gguf file, or a hub name as ORGANISATION/MODEL"
        )
    # Imported here: it is slow, and a folder needs none of it.
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, allow_patterns=DATA_FILES, local_files_only=True))
    except LocalEntryNotFoundError:
        pass
    try:
        return Path(snapshot_download(name, allow_patterns=DATA_FILES, etag_timeout=5))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise ModelUnavailable(
            f"{name}: no such folder here, and the model hub did not give it ({reason}); download "
            "it elsewhere and name its folder"
        ) from error


def is_hub_name(name: str) -> bool:
    """It is written as ORGANISATION/MODEL, and no folder lies there."""
    written_so = name.count("/") == 1 and not name.startswith((".", "/", "~"))
    return written_so and not Path(name).exists()


def _check_content(path: Path) -> None:
    if path.is_file():
        if path.suffix != ".gguf":
            raise ModelUnavailable(f"{path}: a model is a folder or a .gguf file")
        return
    if (path / "config.json").exists() and any(path.glob("*.safetensors")):
        return
    if len(list(path.glob("*.gguf"))) != 1:
        raise ModelUnavailable(
            f"{path}: no model in it: config.json with *.safetensors, or one .gguf file, is needed"
        )


def has_chat_template(path: Path) -> bool | None:
    """Whether a model takes turns, from its files alone; None where only loading can tell."""
    if not (path / "config.json").exists():
        return None
    if any((path / name).exists() for name in ("chat_template.jinja", "chat_template.json")):
        return True
    config = path / "tokenizer_config.json"
    return config.exists() and '"chat_template"' in config.read_text(encoding="utf-8")


def _cpu_has_bf16() -> bool:
    """Whether bf16, with half the memory traffic, is faster here than float32; it is slower on a
    CPU that has no instructions for it."""
    # Imported here, as in `load`.
    import torch

    found = torch.cpu.get_capabilities()
    return bool(found.get("avx512_bf16") or found.get("amx_bf16"))


def load(
    path: Path, device: str | None = None, adapter: Path | None = None, *, dense: bool = False
) -> Loaded:
    """Loads a model that `find_model` found.

    Args:
        device: "cuda" or "cpu"; None takes a GPU where there is one.
        adapter: Folder of a LoRA adapter, whose changes go into the weights.
        dense: A GGUF file's weights are unpacked, whatever kernels are there for packed ones: only
            so can they be trained on. An adapter needs it too.

    Raises:
        ModelUnavailable: The files are no model that transformers can load.
        AdapterError: The adapter does not fit it.
        MachineLacks: There is an adapter, and peft is not installed.
    """
    let_threads_sleep()
    # Imported here: two seconds that only this engine's users pay.
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig
    from transformers.utils import logging

    logging.disable_progress_bar()
    device = device or ("cuda" if torch.cuda.is_available() else "cpu")
    dtype = torch.bfloat16 if device == "cuda" or _cpu_has_bf16() else torch.float32
    gguf = path if path.is_file() else next(iter(path.glob("*.gguf")), None)
    folder = path.parent if path.is_file() else path
    where: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    how: dict[str, Any] = {}
    if gguf is not None and not (folder / "config.json").exists():
        where["gguf_file"] = gguf.name
        if dense or adapter is not None:
            how["quantization_config"] = GgufConfig(dequantize=True)
    else:
        how["use_safetensors"] = True
    try:
        model = AutoModelForCausalLM.from_pretrained(str(folder), dtype=dtype, **where, **how)
        tokenizer = AutoTokenizer.from_pretrained(str(folder), padding_side="left", **where)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
        raise ModelUnavailable(f"{path}: transformers cannot load it ({reason})") from error
    if adapter is not None:
        model = with_adapter(model, adapter)
    model.to(device).eval()
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return Loaded(
        model=model, tokenizer=tokenizer, device=device, chat=tokenizer.chat_template is not None
    )
