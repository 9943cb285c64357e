"""The words of a bubblewrap command: what is shown, what is taken away, which limits hold."""

import os
import stat
from pathlib import Path

from sandbox.backend import Job
from sandbox.host.rootfs import WORK_FOLDER, Bind, system_entries

_UNPRIVILEGED = 0x5FFFFFFE


def user() -> int | None:
    """Who runs bwrap: nobody's uid where we are root, since root's files stay root's inside."""
    return _UNPRIVILEGED if os.geteuid() == 0 else None


def _is_open(path: Path) -> bool:
    """Whether the user who runs bwrap can reach that path."""
    return user() is None or all(above.stat().st_mode & stat.S_IXOTH for above in path.parents)


def root_arguments(binds: tuple[Bind, ...]) -> tuple[str, ...]:
    """bwrap itself and its options, up to the program."""
    words = ["bwrap", "--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000"]
    words += ["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
    words += ["--proc", "/proc", "--dev", "/dev"]
    for entry in system_entries(binds):
        if isinstance(entry, Bind):
            if not _is_open(Path(entry.source)):
                continue  # a toolchain in root's home: its languages count as not installed
            words += ["--ro-bind", entry.source, entry.target]
        else:
            words += ["--symlink", entry.content, entry.target]
    words += ["--symlink", WORK_FOLDER, "/tmp", "--chdir", WORK_FOLDER, "--as-pid-1"]
    return tuple(words)


def limit_arguments(job: Job) -> list[str]:
    """prlimit and its options: what a resource limit of one process can hold."""
    limits = job.limits
    memory_bytes = limits.memory_bytes + job.program.extra_memory_bytes
    file_bytes = max(limits.output_bytes, limits.disk_bytes) + 1
    words = ["/usr/bin/prlimit", f"--cpu={int(limits.cpu_s) + 1}"]
    if job.program.extra_memory_bytes == 0:  # a runtime reserves far more than it uses
        words.append(f"--data={memory_bytes}")
    words += [f"--fsize={file_bytes}", f"--nofile={limits.open_files}", "--core=0"]
    return [*words, "--stack=unlimited", "--"]
