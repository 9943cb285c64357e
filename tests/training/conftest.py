"""For the tests of training: made-up rows, the tiny model, an environment with trl and peft."""

import importlib.util
import os
import sys
from pathlib import Path

import platformdirs
import pytest

ROOT = Path(__file__).parents[2]
os.environ.setdefault("OMP_NUM_THREADS", "1")


def _module(name: str, path: Path) -> None:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)


_module("made", Path(__file__).with_name("made.py"))
_module("tiny", ROOT / "tests/sampling/tiny.py")


@pytest.fixture(scope="session")
def trainer() -> Path:
    """Python with the extra `train`; skips where it was not installed."""
    callers = os.environ.get("SOLVER_CALLERS", platformdirs.user_cache_path("solver") / "callers")
    folder = Path(callers) / "train"
    if not (folder / ".pins").is_file():
        pytest.skip(f"nothing at {folder}: run scripts/callers.sh")
    return folder / "bin/python"


@pytest.fixture(scope="session")
def tiny_chat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tiny import make_tiny

    return make_tiny(tmp_path_factory.mktemp("tiny") / "chat")
