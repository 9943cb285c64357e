"""When a run was begun, with what, and on which machine: `about.json` in its folder."""

import datetime
import json
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from solver.kept.whole_files import whole_file

ABOUT_NAME = "about.json"
_PACKAGES = {"solver": "contest-solver", "numpy": "numpy", "torch": "torch"}


def keep_about(run: Path) -> None:
    """Writes it once; a run that is gone on with keeps the moment of its beginning.

    Raises:
        RunFolderError: The folder cannot be written.
    """
    file = run / ABOUT_NAME
    if file.exists():
        return
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    document = {"begun": now.isoformat(), "versions": versions(), "machine": machine()}
    with whole_file(file) as partial:
        partial.write_text(json.dumps(document, indent=1) + "\n")


def about_of(run: Path) -> dict[str, Any]:
    """What was written; empty for a run of an older version, or where the note is damaged: nothing
    rests on it."""
    try:
        document = json.loads((run / ABOUT_NAME).read_bytes())
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def versions() -> dict[str, str]:
    """Of Python and the packages that figures may depend on."""
    found = {"python": platform.python_version()}
    for name, package in _PACKAGES.items():
        try:
            found[name] = version(package)
        except PackageNotFoundError:
            continue
    return found


def machine() -> dict[str, str | int]:
    """Processor, cores that this process may use, memory, kernel; no name of the machine."""
    processor = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                processor = line.partition(":")[2].strip()
                break
    except OSError:
        pass  # not a Linux: what `platform` says will do
    return {
        "processor": processor,
        "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": f"{platform.system()} {platform.release()}",
    }
