"""Removes what nothing in a run names: texts of samples that are not there, and what writers that
were killed have left. Samples, observations, answers and the log stay as they are."""

from dataclasses import dataclass
from pathlib import Path

from solver.errors import RunFolderError
from solver.kept.disk import disk_errors
from solver.kept.driver import driving
from solver.kept.samples import RunFolder
from solver.kept.whole_files import is_partial
from solver.runs.found import SAMPLES_NAME, is_run


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """What was removed, or would be.

    Attributes:
        blobs: Texts that no sample names.
        partials: What killed writers left.
    """

    blobs: int
    partials: int
    freed_bytes: int


def clean_run(run: Path, *, dry: bool = False) -> Cleaned:
    """Cleans a run that nobody drives.

    Args:
        dry: Only counts.

    Raises:
        RunDriven: Somebody drives it: a text is on the disk before the sample that names it.
        RunFolderError: There is no run, or its samples are damaged: nothing is removed.
    """
    if not is_run(run):
        raise RunFolderError(f"{run}: no run folder")
    with driving(run):
        blobs: list[Path] = []
        partials = [path for path in run.rglob(".*") if path.is_file() and is_partial(path)]
        if (run / SAMPLES_NAME).is_file():
            with RunFolder(run) as kept:
                named = kept.named_blobs()
                for digest, path in kept.blobs.files():
                    if digest is None:
                        partials.append(path)
                    elif digest not in named:
                        blobs.append(path)
        freed_bytes = sum(path.stat().st_size for path in (*blobs, *partials))
        if not dry:
            with disk_errors(run):
                for path in (*blobs, *partials):
                    path.unlink()
    return Cleaned(blobs=len(blobs), partials=len(partials), freed_bytes=freed_bytes)
