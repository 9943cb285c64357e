"""The read-only system that a program sees: the host's compilers and libraries, nothing private.

One list of entries serves all backends that build their root from the host's system.
"""

import os
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import platformdirs

WORK_FOLDER = "/box"
"""The only place where a program can write; /tmp is a link to it."""

RUST_FOLDER = "/opt/rust"
"""Where the Rust toolchain is shown, wherever the host keeps it."""

HEADERS_FOLDER = "/opt/headers"
"""Where precompiled headers are shown."""

ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": WORK_FOLDER,
    "TMPDIR": WORK_FOLDER,
    "LANG": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
}
"""The whole environment of every program."""

_SYSTEM_FOLDERS = ("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32")
_ETC_ENTRIES = ("alternatives", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime")
PASSWD = "root:x:0:0:root:/:/bin/false\nbox:x:1000:1000:box:/box:/bin/false\n"
GROUP = "root:x:0:\nbox:x:1000:\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bind:
    """A file or folder of the host that is shown read-only at `target`."""

    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Symlink:
    """A symbolic link in the new root."""

    target: str
    content: str


def system_entries(extra: tuple[Bind, ...] = ()) -> tuple[Bind | Symlink, ...]:
    """What the root consists of beside /etc/passwd, /dev, /proc and the work folder."""
    entries: list[Bind | Symlink] = []
    for name in _SYSTEM_FOLDERS:
        path = Path("/", name)
        if path.is_symlink():
            entries.append(Symlink(target=f"/{name}", content=str(path.readlink())))
        elif path.is_dir():
            entries.append(Bind(source=f"/{name}", target=f"/{name}"))
    for path in [
        *(Path("/etc", name) for name in _ETC_ENTRIES),
        *sorted(Path("/etc").glob("java*")),
    ]:
        if path.exists():
            entries.append(Bind(source=str(path.resolve()), target=str(path)))
    covered = [entry.target + "/" for entry in entries if isinstance(entry, Bind)]
    rust = rust_root()
    if rust is not None and rust.is_relative_to("/usr"):
        entries.append(Symlink(target=RUST_FOLDER, content=str(rust)))
    headers = Bind(source=str(headers_source()), target=HEADERS_FOLDER)
    for bind in (*extra, *toolchain_binds(), headers):
        if not any((bind.target + "/").startswith(folder) for folder in covered):
            entries.append(bind)
            covered.append(bind.target + "/")
    return tuple(entries)


def headers_source() -> Path:
    """The folder of the host that holds the precompiled headers."""
    folder = Path(platformdirs.user_cache_dir("solver")) / "headers"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@cache
def toolchain_binds() -> tuple[Bind, ...]:
    """Toolchains outside the system folders: rustup keeps its own below the user's home."""
    root = rust_root()
    if root is None or root.is_relative_to("/usr"):
        return ()
    return (Bind(source=str(root), target=RUST_FOLDER),)


@cache
def rust_root() -> Path | None:
    """The folder of the Rust toolchain in use, or None."""
    places = [
        Path.home() / ".cargo/bin/rustc",
        Path("/usr/local/bin/rustc"),
        Path("/usr/bin/rustc"),
    ]
    rustc = next((path for path in places if path.exists()), None)
    if rustc is None:
        return None
    try:
        answer = subprocess.run(
            [rustc, "--print", "sysroot"], capture_output=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    root = Path(os.fsdecode(answer.stdout.strip()))
    return root if (root / "bin/rustc").exists() else None
