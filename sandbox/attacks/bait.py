"""What the check plants on the host, for hostile programs to look for: one secret in many places.

A file, an environment variable, a command line and an environment of another process, System V and
POSIX shared memory, a TCP port and an abstract socket that listen. No program may print the
secret, reach a socket, or change a planted thing.
"""

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from types import TracebackType
from typing import Self

_ENVIRONMENT_NAME = "SOLVER_CHECK_SECRET"
_PRIVATE_CREATE = 0o1000 | 0o2000 | 0o600  # IPC_CREAT | IPC_EXCL | owner reads and writes
_IPC_RMID = 0
_SEGMENT_BYTES = 4096


class Bait:
    """Plants the secret on entry and takes everything away on exit.

    Attributes:
        secret: What no program may print.
        folder: The planted folder; only the check writes there.
        words: What `{name}` in an attack's arguments stands for.
    """

    def __init__(self) -> None:
        self.secret = f"solver-secret-{secrets.token_hex(12)}"
        self.folder = Path()
        self.words: Mapping[str, str] = {}

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="solver-check-")
        self.folder = Path(self._folder.name)
        # Readable for everybody: the sandbox must keep programs out, not a file's mode.
        self.folder.chmod(0o755)
        file = self.folder / "answer.txt"
        file.write_text(self.secret + "\n")
        file.chmod(0o644)
        os.environ[_ENVIRONMENT_NAME] = self.secret
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", "while :; do sleep 60; done", self.secret],
            env={**os.environ, _ENVIRONMENT_NAME: self.secret},
            start_new_session=True,
        )
        self._tcp = socket.create_server(("127.0.0.1", 0))
        name = f"solver-check-{secrets.token_hex(6)}"
        self._abstract = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._abstract.bind(f"\0{name}")
        self._abstract.listen()
        self._memory = SharedMemory(name=name, create=True, size=_SEGMENT_BYTES)
        assert self._memory.buf is not None
        self._memory.buf[: len(self.secret)] = self.secret.encode()
        Path("/dev/shm", name).chmod(0o644)
        self._key, self._segment = _new_segment()
        self.words = {
            "secret_file": str(file),
            "secret_name": file.name,
            "tcp_port": str(self._tcp.getsockname()[1]),
            "abstract_name": name,
            "shm_key": str(self._key),
            "shm_path": f"/dev/shm/{name}",
            "host_pid": str(self._process.pid),
        }
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        del os.environ[_ENVIRONMENT_NAME]
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._tcp.close()
        self._abstract.close()
        self._memory.close()
        self._memory.unlink()
        if self._segment >= 0:
            ctypes.CDLL(None).shmctl(self._segment, _IPC_RMID, None)
        self._folder.cleanup()

    @property
    def header(self) -> bytes:
        """A C header with the planted file's path, for sources that include or embed it."""
        return f'#define BAIT_FILE "{self.words["secret_file"]}"\n'.encode()

    def damage(self) -> list[str]:
        """What has happened to the planted things, in words; empty when nothing has."""
        found: list[str] = []
        if [path.name for path in self.folder.iterdir()] != ["answer.txt"]:
            found.append("the planted folder holds other files")
        elif (self.folder / "answer.txt").read_text() != self.secret + "\n":
            found.append("the planted file was changed")
        if self._process.poll() is not None:
            found.append("the planted process was ended")
        self._tcp.setblocking(False)
        self._abstract.setblocking(False)
        for listener, what in ((self._tcp, "TCP port"), (self._abstract, "abstract socket")):
            try:
                listener.accept()[0].close()
                found.append(f"somebody connected to the planted {what}")
            except BlockingIOError:
                pass
        return found


def _new_segment() -> tuple[int, int]:
    """A System V segment under a fresh key: (key, id), the id is -1 where there are none."""
    library = ctypes.CDLL(None, use_errno=True)
    for _ in range(8):
        key = secrets.randbelow(2**30) + 1
        segment = int(library.shmget(key, ctypes.c_size_t(_SEGMENT_BYTES), _PRIVATE_CREATE))
        if segment >= 0:
            return key, segment
    return 1, -1
