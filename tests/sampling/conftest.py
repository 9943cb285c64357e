"""What the sampling tests share: the stub server, the tiny model, requests."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

# Two OpenMP threads that spin against each other on a busy machine are 15 times slower than one.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["HF_HUB_OFFLINE"] = "1"


def _beside(name: str) -> None:
    """Makes a helper module of this folder importable by its bare name."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


_beside("scripted")
_beside("stub")
_beside("tiny")


@pytest.fixture(scope="session")
def tiny_chat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tiny import make_tiny

    return make_tiny(tmp_path_factory.mktemp("tiny") / "chat")


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tiny import make_tiny

    return make_tiny(tmp_path_factory.mktemp("tiny") / "base", chat=False)
