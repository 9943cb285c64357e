"""A model and its adapter as one model: a folder that transformers, vLLM and llama.cpp's converter
take."""

from pathlib import Path

from solver.sampling.engines.hf_adapter import check_adapter
from solver.sampling.engines.hf_load import find_model, load
from solver.training.errors import TrainingError


def merge(model: str, adapter: Path, out: Path) -> None:
    """Writes weights (safetensors), configuration and tokenizer into `out`.

    Args:
        model: A folder, a .gguf file or a hub name.

    Raises:
        TrainingError: `out` holds something already.
        ModelUnavailable, AdapterError, MachineLacks: As loading does.
    """
    if out.exists() and any(out.iterdir()):
        raise TrainingError(f"{out}: not empty; name a new folder with --out")
    path = find_model(model)
    check_adapter(adapter, path, model)
    loaded = load(path, "cpu", adapter)
    loaded.model.save_pretrained(str(out), safe_serialization=True)
    loaded.tokenizer.save_pretrained(str(out))


def convert_words(folder: Path, file: Path) -> list[str]:
    """llama.cpp's converter, as its users call it, for the embedded engine."""
    words = ["python", "llama.cpp/convert_hf_to_gguf.py", str(folder)]
    return [*words, "--outfile", str(file), "--outtype", "q8_0"]
