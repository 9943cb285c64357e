"""An open sandbox of each backend, and a program for it that does what its first argument says."""

import fcntl
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.backend import Executable, Job, Sandbox
from sandbox.data import Blob
from sandbox.errors import BackendUnavailable
from sandbox.image import IMAGE, Source, build_image
from sandbox.limits import MIB, Limits
from sandbox.opening import open_sandbox

ROOT = Path(__file__).parent.parent.parent
BACKENDS = ("namespaces", "docker", "bubblewrap")
LIMITS = Limits(cpu_s=2.0, wall_s=100.0, memory_bytes=64 * MIB, output_bytes=4 * MIB, processes=16)


def open_or_skip(name: str, slots: int) -> Sandbox:
    """The backend, or a skip that says what this machine lacks."""
    if name == "docker":
        prepare_docker()
    try:
        return open_sandbox(name, slots=slots)
    except BackendUnavailable as error:
        pytest.skip(f"{name}: {error}")


def prepare_docker() -> None:
    """Starts an engine where we may and makes the image where there is none."""
    from docker.errors import ImageNotFound

    from sandbox.host.docker_client import connect

    # Test processes run side by side; one of them prepares.
    with Path(tempfile.gettempdir(), f"solver-test-docker-{os.getuid()}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.geteuid() == 0:
            subprocess.run(
                [ROOT / "scripts/start-dockerd.sh"], capture_output=True, check=False, timeout=60
            )
        try:
            client = connect()
        except BackendUnavailable as error:
            pytest.skip(f"docker: no engine answers and we may not start one ({error})")
        try:
            client.images.get(IMAGE)
        except ImageNotFound:
            build_image(Source.HOST)
        finally:
            client.close()


@pytest.fixture(scope="session")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Executable:
    """tool.c, compiled statically on the host."""
    target = tmp_path_factory.mktemp("tool") / "tool"
    source = Path(__file__).parent / "tool.c"
    command = ["gcc", "-std=gnu17", "-O2", "-static", "-w", "-o", target, source]
    subprocess.run(command, check=True, timeout=120)
    return Executable(language="c", argv=("./tool",), files={"tool": Blob.of_file(target)})


@pytest.fixture(scope="module", params=BACKENDS)
def box(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Each backend in turn, with two slots."""
    with open_or_skip(request.param, 2) as opened:
        yield opened


@pytest.fixture(scope="module", params=("namespaces", "docker"))
def strong_box(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """The backends that hold every limit: bubblewrap says that it does not."""
    with open_or_skip(request.param, 2) as opened:
        yield opened


@pytest.fixture(scope="session")
def make_job(tool: Executable):
    """Makes a job of the tool: make_job("cat", stdin=b"...", keep=(...), memory_bytes=...)."""

    def make(*args: str, **options: object) -> Job:
        names = set(Limits.__dataclass_fields__)
        # `files` is a limit as well as a job's own field: a number is the limit.
        given = {name for name in options if name in names and not isinstance(options[name], dict)}
        changed = {name: options.pop(name) for name in given}
        values = {name: getattr(LIMITS, name) for name in names} | changed
        return Job(program=tool, args=args, limits=Limits(**values), **options)

    return make


@pytest.fixture(scope="session")
def open_backend():
    """Opens a backend by name and number of slots, or skips with what this machine lacks."""
    return open_or_skip
