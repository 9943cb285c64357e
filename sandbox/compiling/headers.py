"""The precompiled bits/stdc++.h: built once a set of flags, shown read-only to every compilation.

Parsing that header is three quarters of the cost of a typical contest program; building it
precompiled costs as much as five of them and 120 MB of disk, so it is built when the fifth one
comes along. It is made by the compiler itself in the sandbox, from the system's own header: no
source of a program takes part, and no program can write to the folder. What does not compile with
it is compiled without it (`Compiler`): it can never be the reason why a program is refused.
"""

import fcntl
import os
import re
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sandbox.backend import Executable, Job
from sandbox.compiling.languages import Language
from sandbox.data import Blob, digest_of
from sandbox.errors import SandboxError
from sandbox.host.rootfs import HEADERS_FOLDER, headers_source
from sandbox.limits import MIB, Limits
from sandbox.result import RunResult

PAYS_AFTER = 5
"""Compilations with the same flags before the header is built."""

_LIMITS = Limits(
    cpu_s=60.0,
    wall_s=180.0,
    memory_bytes=2048 * MIB,
    output_bytes=MIB,
    processes=64,
    open_files=512,
    disk_bytes=512 * MIB,
    files=1024,
)
_STUB = b"#include <bits/stdc++.h>\n"
_NAME = "stdc++.h.gch"
_AGAIN = "stdc++.h"
"""Lies beside the precompiled header, and is read wherever that one does not serve: a second time
in the same source, after the first token, under other macros."""
_READS = b"#include_next <bits/stdc++.h>\n"
_FORM = "2"
"""Of the folder's content: a folder of another form is not taken for one of ours."""
_BLANK = re.compile(rb"\s+|//[^\n]*\n|/\*.*?\*/", re.DOTALL)
_INCLUDE = re.compile(rb"#[ \t]*include[ \t]*<bits/stdc\+\+\.h>")


class PrecompiledHeaders:
    """Finds, and in time builds, the header for a compiler and its flags; threads may share it."""

    def __init__(self, run: Callable[[Job], RunResult]) -> None:
        self._run = run
        self._asked: Counter[str] = Counter()
        self._failed: set[str] = set()
        self._building: set[str] = set()
        self._lock = threading.Lock()

    def flags_for(
        self, language: Language, version: str, argv: Sequence[str], files: Mapping[str, bytes]
    ) -> tuple[str, ...]:
        """What to add to the compiler's flags for these files; nothing where it does not pay."""
        if not language.header or not any(map(_starts_with_header, files.values())):
            return ()
        flags = _flags_of(argv, files)
        key = digest_of("\0".join((_FORM, version, *flags)).encode())
        place = headers_source() / key / "bits"
        if not (place / _NAME).exists():
            with self._lock:
                self._asked[key] += 1
                unready = key in self._failed or key in self._building
                if self._asked[key] < PAYS_AFTER or unready:
                    return ()  # nobody waits for a header that another thread is building
                self._building.add(key)
            built = False
            try:
                built = (place / _NAME).exists() or self._build(language, flags, place)
            finally:
                with self._lock:
                    self._building.discard(key)
                    if not built:
                        self._failed.add(key)
            if not built:
                return ()
        return (f"-I{HEADERS_FOLDER}/{key}",)

    def _build(self, language: Language, flags: tuple[str, ...], place: Path) -> bool:
        """Builds the header; False where that does not work: then there is none."""
        argv = (*flags, "-x", "c++-header", "stub.h", "-o", _NAME)
        compiler = Executable(language=language.id, argv=argv, files={})
        job = Job(program=compiler, limits=_LIMITS, files={"stub.h": _STUB}, keep=(_NAME,))
        try:
            place.mkdir(parents=True, exist_ok=True)
            with (place / "lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if (place / _NAME).exists():  # another process was faster
                    return True
                result = self._run(job)
                if not result.ok or _NAME not in result.kept:
                    return False
                (place / _AGAIN).write_bytes(_READS)
                _write(result.kept[_NAME], place / _NAME)
        except (OSError, SandboxError):  # a full disk, say: programs compile without it as well
            return False
        return True


def _starts_with_header(content: bytes) -> bool:
    """Whether the header is the first thing in a file: only there a precompiled one serves."""
    at = 0
    while blank := _BLANK.match(content, at):
        at = blank.end()
    return _INCLUDE.match(content, at) is not None


def _flags_of(argv: Sequence[str], files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The command without its output and its sources."""
    kept: list[str] = []
    skip = False
    for word in argv:
        if skip or word == "-o":
            skip = word == "-o" and not skip
        elif word not in files:
            kept.append(word)
    return tuple(kept)


def _write(blob: Blob, path: Path) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent)
    source = blob.open()
    try:
        offset = 0
        while offset < blob.size_bytes:
            offset += os.sendfile(handle, source, offset, blob.size_bytes - offset)
        os.fchmod(handle, 0o644)
        Path(name).rename(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)
        os.close(source)
