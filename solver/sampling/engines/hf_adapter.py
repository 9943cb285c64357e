"""Adapters (LoRA, in peft's files) on a transformers model: `hf:MODEL+ADAPTER`.

An adapter changes the weights that it was trained on and no others. So what it was trained on is
written beside it (`base.json`), and another base is refused; an adapter from elsewhere says the
base's name alone (`base_model_name_or_path`), and that is compared.
"""

import hashlib
import json
import warnings
from pathlib import Path
from typing import Any

from solver.errors import MachineLacks, SolverError

CONFIG_NAME = "adapter_config.json"
WEIGHTS_NAME = "adapter_model.safetensors"
BASE_NAME = "base.json"
_CHUNKS = 64
_CHUNK_BYTES = 4096


class AdapterError(SolverError):
    """An adapter is missing, broken, or of another base; names both. Exit code 2."""


def split_adapter(name: str) -> tuple[str, Path | None]:
    """Model and adapter folder of MODEL+ADAPTER; a name that lies on the disk as it is has none."""
    if "+" not in name or Path(name).expanduser().exists():
        return name, None
    model, _, adapter = name.rpartition("+")
    return model, Path(adapter).expanduser()


def check_adapter(adapter: Path, base: Path, called: str) -> None:
    """The adapter is one of this base, as far as its files tell.

    Args:
        base: Folder or GGUF file of the model.
        called: The model's name, for the message and for adapters from elsewhere.

    Raises:
        AdapterError: It is not.
    """
    if not (adapter / CONFIG_NAME).is_file() or not (adapter / WEIGHTS_NAME).is_file():
        raise AdapterError(
            f"{adapter}: no adapter in it: {CONFIG_NAME} and {WEIGHTS_NAME} are needed (weights in "
            "other files are not taken: they can hold code)"
        )
    try:
        note = adapter / BASE_NAME
        trained = json.loads(note.read_bytes()) if note.is_file() else {}
        stated = str(json.loads((adapter / CONFIG_NAME).read_bytes())["base_model_name_or_path"])
    except (ValueError, LookupError, TypeError) as error:
        raise AdapterError(
            f"{adapter}: {CONFIG_NAME} or {BASE_NAME} is damaged ({error})"
        ) from error
    if "weights" in trained:
        if trained["weights"] == weights_digest(base):
            return
        raise AdapterError(
            f"{adapter}: trained on {trained.get('model', 'another model')}, and {called} has "
            "other weights; give the model that it was trained on"
        )
    if stated not in ("", "None") and Path(stated).name.lower() != Path(called).name.lower():
        raise AdapterError(
            f"{adapter}: its base is {stated} by its own word, not {called}; give that model, or "
            f"write {BASE_NAME} beside it if they are the same"
        )


def weights_digest(base: Path) -> str:
    """Of a model's weight files: their sizes and pieces from all over them, 64 bits in hex. Read in
    milliseconds; another training of the same model differs everywhere."""
    files = (
        [base] if base.is_file() else sorted([*base.glob("*.safetensors"), *base.glob("*.gguf")])
    )
    digest = hashlib.blake2b(digest_size=8)
    for file in files:
        size = file.stat().st_size
        digest.update(f"{size}\0".encode())
        with file.open("rb") as opened:
            for piece in range(_CHUNKS):
                opened.seek(max(0, size - _CHUNK_BYTES) * piece // (_CHUNKS - 1))
                digest.update(opened.read(_CHUNK_BYTES))
    return digest.hexdigest()


def write_base(adapter: Path, base: Path, called: str) -> None:
    """Writes beside an adapter what it was trained on."""
    document = {"model": called, "weights": weights_digest(base)}
    (adapter / BASE_NAME).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def with_adapter(model: Any, adapter: Path) -> Any:
    """The model with the adapter's changes in its weights: as fast as it was, and of its own class.

    Raises:
        MachineLacks: peft is not installed.
        AdapterError: The adapter's shapes are another model's.
    """
    try:
        # Imported here: it takes seconds, and only adapters need it.
        from peft import PeftModel
    except ImportError as error:
        raise MachineLacks(
            f"{adapter}: loading an adapter needs peft: pip install 'contest-solver[train]'"
        ) from error
    try:
        with warnings.catch_warnings():
            # Between peft's authors and transformers'.
            warnings.simplefilter("ignore", FutureWarning)
            return PeftModel.from_pretrained(model, str(adapter)).merge_and_unload()
    except (RuntimeError, ValueError, OSError) as error:
        reason = str(error).strip().splitlines()[0]
        raise AdapterError(
            f"{adapter}: does not fit this model ({reason}); give the model that it was trained on"
        ) from error
