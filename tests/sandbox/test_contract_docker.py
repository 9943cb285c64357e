"""What is particular to docker: how hard the containers are, and an engine that dies on the way."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from sandbox.errors import BackendUnavailable, WorkerDied
from sandbox.image import IMAGE, ROOT_LABEL, Source, build_image
from sandbox.opening import open_sandbox


@pytest.fixture(scope="module")
def docker_box(open_backend):
    with open_backend("docker", 1) as opened:
        yield opened


def _containers(client):
    return client.containers.list(all=True, filters={"label": f"solver.sandbox={os.getpid()}"})


@pytest.fixture
def client(docker_box):
    import docker

    opened = docker.from_env()
    yield opened
    opened.close()


def test_containers_are_hardened(docker_box, client, make_job):
    docker_box.run(make_job("exit", "0"))
    container = _containers(client)[0]
    host = container.attrs["HostConfig"]
    assert host["NetworkMode"] == "none"
    assert host["ReadonlyRootfs"] is True
    assert host["CapDrop"] == ["ALL"]
    assert not host["CapAdd"]
    assert host["Privileged"] is False
    assert "no-new-privileges" in host["SecurityOpt"]
    assert not any("unconfined" in option for option in host["SecurityOpt"])
    assert host["PidsLimit"] > 0
    assert host["Memory"] > 0
    assert host["MemorySwap"] == host["Memory"]
    assert host["IpcMode"] == "none"
    assert not host["Devices"]
    assert container.attrs["Config"]["User"] == "1000:1000"
    writable = [mount["Destination"] for mount in container.attrs["Mounts"] if mount["RW"]]
    assert writable == ["/solver-socket"]


def test_closing_leaves_no_container(docker_box, client, open_backend, make_job):
    before = {container.id for container in _containers(client)}
    with open_backend("docker", 2) as box:
        assert all(result.ok for result in box.run_many([make_job("exit", "0")] * 6))
        assert len(_containers(client)) > len(before)
    assert {container.id for container in _containers(client)} == before


def test_an_image_that_is_not_there_is_named(docker_box):
    from sandbox.backends.containers import DockerSandbox

    with pytest.raises(BackendUnavailable, match="solver sandbox image build"):
        DockerSandbox(slots=1, image="solver-sandbox-absent:latest")


def test_an_engine_that_is_not_there_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/absent.sock")
    with pytest.raises(BackendUnavailable, match=r"start-dockerd\.sh"):
        open_sandbox("docker", slots=1)
    with pytest.raises(BackendUnavailable, match="no Docker engine"):
        build_image(Source.HOST)


def test_the_image_says_where_its_system_is(docker_box, client):
    assert client.images.get(IMAGE).labels[ROOT_LABEL] in ("host", "image")


class Engine:
    """A Docker engine of the test's own, which may be killed and started anew."""

    def __init__(self, folder: Path) -> None:
        self.address = f"unix://{folder}/engine.sock"
        self.folder = folder
        self._starts = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts an engine that knows nothing of an earlier one; waits until it answers."""
        self._starts += 1
        own = self.folder / str(self._starts)
        own.mkdir()
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *("dockerd", "--iptables=false", "--ip6tables=false", "--bridge=none"),
                    *("--host", self.address, "--pidfile", f"{own}/engine.pid"),
                    *("--data-root", f"{own}/data", "--exec-root", f"{own}/exec"),
                ],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for _ in range(300):
            answer = subprocess.run(
                ["docker", "--host", self.address, "info"], capture_output=True, check=False
            )
            if answer.returncode == 0:
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        pytest.skip(f"a second engine does not start: {(self.folder / 'log').read_text()[-300:]}")

    def kill(self) -> None:
        """Kills the engine, not its containers."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def stop(self) -> None:
        """Ends it and waits until it has cleaned up."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(30)


@pytest.fixture
def engine(monkeypatch):
    if os.geteuid() != 0 or shutil.which("dockerd") is None:
        pytest.skip("an engine of the test's own needs root and dockerd")
    folder = Path("/run", f"solver-test-{os.getpid()}")
    folder.mkdir(parents=True)
    made = Engine(folder)
    monkeypatch.setenv("DOCKER_HOST", made.address)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        for pid in _processes_of(folder):  # a killed engine leaves the parents of its containers
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for mount in sorted(_mounts_below(folder), reverse=True):
            subprocess.run(["umount", "--lazy", mount], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def _mounts_below(folder: Path) -> list[str]:
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    return [line.split()[4] for line in lines if line.split()[4].startswith(f"{folder}/")]


@pytest.mark.timeout(200)
def test_an_engine_that_dies_in_the_middle_of_a_batch(engine, make_job):
    build_image(Source.HOST)
    with open_sandbox("docker", slots=1) as box:
        done: list[bytes] = []
        jobs = [make_job("say", str(index)) for index in range(40)]
        results = box.run_many(jobs)
        done += [next(results).stdout.read() for _ in range(10)]
        engine.kill()
        # Warm workers need no engine; a worker that must be replaced does.
        for pid in _helpers_of(engine.folder):
            os.kill(pid, signal.SIGKILL)
        with pytest.raises((BackendUnavailable, WorkerDied), match=r"engine|worker"):
            for result in results:
                done.append(result.stdout.read())
        with pytest.raises(BackendUnavailable, match="Docker engine"):
            box.run(jobs[0])
        engine.start()
        build_image(Source.HOST)
        done += [result.stdout.read() for result in box.run_many(jobs[len(done) :])]
        assert done == [str(index).encode() for index in range(40)]


def _processes_of(folder: Path) -> list[int]:
    """Everything whose command line names the engine's folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                if f"{folder}/".encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    return found


def _helpers_of(folder: Path) -> list[int]:
    """Process ids, on the host, of PID 1 of each container of that engine."""
    ids = {path.name for path in folder.glob("*/data/containers/*")}
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_bytes().split(b"\0")
                group = (entry / "cgroup").read_text()
                if words[0] == b"/solver-helper" and any(name in group for name in ids):
                    found.append(int(entry.name))
    return found
