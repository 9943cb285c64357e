"""Role: where a checker's `testlib.h` comes from, when its package does not bring it.

Codeforces' testlib.h is not part of this repository. A package's own copy is taken first; then a
path in `$SOLVER_TESTLIB`, the system's include folders, and a Python distribution that ships the
header as data (`rbx-cp` does). Nothing of such a distribution is imported.
"""

import os
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

from problems.errors import UnsupportedTask

HEADER = "testlib.h"
TESTLIB_GENERATOR = "testlib-generator"
"""Role of a program that prints an input; its arguments are its seed."""
VARIABLE = "SOLVER_TESTLIB"
"""Environment variable with the path of testlib.h."""

_SYSTEM = ("/usr/local/include/testlib.h", "/usr/include/testlib.h")
_DISTRIBUTIONS = ("rbx-cp",)
_LIMIT_BYTES = 4 * 1024 * 1024


def _candidates() -> Iterator[Path]:
    named = os.environ.get(VARIABLE)
    if named:
        yield Path(named)
    yield from map(Path, _SYSTEM)
    for name in _DISTRIBUTIONS:
        try:
            files = metadata.files(name) or []
        except metadata.PackageNotFoundError:
            continue
        for file in files:
            if file.name == HEADER:
                yield Path(str(file.locate()))


@cache
def installed_testlib() -> bytes | None:
    """The machine's testlib.h, or None where there is none."""
    for path in _candidates():
        try:
            if path.is_file() and path.stat().st_size <= _LIMIT_BYTES:
                return path.read_bytes()
        except OSError:
            continue
    return None


def uses_testlib(sources: Mapping[str, bytes]) -> bool:
    """Whether a source includes testlib.h."""
    return any(HEADER.encode() in content for content in sources.values())


def with_testlib(sources: Mapping[str, bytes], copies: Mapping[str, bytes]) -> dict[str, bytes]:
    """The sources with testlib.h beside them where they include it.

    Args:
        sources: A checker, interactor or validator.
        copies: Other files of the package; a `testlib.h` among them is taken first.

    Raises:
        UnsupportedTask: They need testlib.h, and neither the package nor the machine has it.
    """
    found = dict(sources)
    if not uses_testlib(sources) or HEADER in {Path(name).name for name in sources}:
        return found
    own = next((copies[name] for name in sorted(copies) if Path(name).name == HEADER), None)
    header = own if own is not None else installed_testlib()
    if header is None:
        raise UnsupportedTask(
            "the checker includes testlib.h, and the package has none: "
            f"install rbx-cp, or name the file in ${VARIABLE}"
        )
    found[HEADER] = header
    return found


def is_cms_testlib(sources: Mapping[str, bytes]) -> bool:
    """Whether the testlib.h beside a checker is the one changed for CMS and TPS.

    That one takes `input answer output` and prints the score on stdout, as CMS wants it; its
    messages are CMS's (`translate:success`).
    """
    return any(
        Path(name).name == HEADER and b"translate:" in content for name, content in sources.items()
    )
