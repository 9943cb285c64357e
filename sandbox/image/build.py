"""Makes the docker backend's image: from this machine's system, from Debian packages, or from the
Dockerfile beside this file.

The image holds no program of ours: the helper is shown to the container when it starts.
"""

import io
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import IO

import docker
from docker.errors import APIError, BuildError

from sandbox.errors import BackendUnavailable, StorageFull
from sandbox.host.docker_client import connect
from sandbox.host.rootfs import GROUP, PASSWD, WORK_FOLDER, Bind, system_entries

IMAGE = "solver-sandbox:latest"
ROOT_LABEL = "solver.root"
"""Label that says where the programs' system lies: "host" (bound in) or "image"."""

PACKAGES = ("g++", "gcc", "libc6-dev", "python3")
_FOLDERS = ("dev", "proc", "sys", "etc", "opt")
_LEFT_OUT = ("doc", "man", "locale", "info", "lintian", "bug")
_NO_SPACE = "no space left on device"


class Source(StrEnum):
    """Where an image's system comes from."""

    HOST = "host"
    """An empty root; the host's compilers are bound in read-only, as in `namespaces`. Instant."""

    DEBIAN = "debian"
    """Debian packages by mmdebstrap or debootstrap and the machine's apt sources. A minute."""

    DOCKERFILE = "dockerfile"
    """The Dockerfile, where a registry can be reached."""


def build_image(
    source: Source = Source.HOST,
    *,
    name: str = IMAGE,
    progress: Callable[[str], None] = lambda line: None,
) -> str:
    """Makes the image, or makes it anew.

    Args:
        source: Where its system comes from.
        name: The image's name and tag.
        progress: Told what is being done, a line at a time.

    Returns:
        The image's id.

    Raises:
        BackendUnavailable: No engine answers, a tool is missing, or no registry can be reached.
        StorageFull: The disk is full.
    """
    client = connect()
    try:
        if source is Source.DOCKERFILE:
            return _from_dockerfile(client, name, progress)
        with tempfile.TemporaryFile(prefix="solver-image-") as archive:
            if source is Source.HOST:
                progress("an empty root; the host's compilers are bound in when a worker starts")
                _write_skeleton(archive)
                label = "host"
            else:
                _write_debian(archive, progress)
                label = "image"
            archive.seek(0)
            progress(f"importing {os.fstat(archive.fileno()).st_size // 2**20} MiB as {name}")
            repository, _, tag = name.partition(":")
            client.api.import_image(
                src=_chunks(archive),
                repository=repository,
                tag=tag or "latest",
                changes=[f"LABEL {ROOT_LABEL}={label}", "USER 1000:1000", f"WORKDIR {WORK_FOLDER}"],
                stream_src=True,
            )
        return str(client.images.get(name).id)
    except (APIError, OSError) as error:
        if _NO_SPACE in str(error).lower():
            raise StorageFull(f"the image does not fit on the disk: {error}") from error
        raise BackendUnavailable(f"the image cannot be made ({error})", "solver doctor") from error
    finally:
        client.close()


def _chunks(archive: IO[bytes]) -> Iterator[bytes]:
    while part := archive.read(1 << 20):
        yield part


def _write_skeleton(archive: IO[bytes]) -> None:
    """A root with nothing in it but mount points, links and an /etc/passwd of its own."""
    with tarfile.open(fileobj=archive, mode="w") as tar:
        made: set[str] = set()

        def folder(path: str, mode: int = 0o755) -> None:
            if not path or path in made:
                return
            folder(path.rpartition("/")[0])
            made.add(path)
            info = tarfile.TarInfo(path)
            info.type, info.mode = tarfile.DIRTYPE, mode
            tar.addfile(info)

        def file(path: str, text: str) -> None:
            folder(path.rpartition("/")[0])
            info = tarfile.TarInfo(path)
            info.size, info.mode = len(text), 0o644
            tar.addfile(info, io.BytesIO(text.encode()))

        def link(path: str, content: str) -> None:
            folder(path.rpartition("/")[0])
            info = tarfile.TarInfo(path)
            info.type, info.linkname = tarfile.SYMTYPE, content
            tar.addfile(info)

        for name in _FOLDERS:
            folder(name)
        folder(WORK_FOLDER[1:], 0o1777)
        link("tmp", WORK_FOLDER)
        file("etc/passwd", PASSWD)
        file("etc/group", GROUP)
        for entry in system_entries():
            if not isinstance(entry, Bind):
                link(entry.target[1:], entry.content)
            elif Path(entry.source).is_dir():
                folder(entry.target[1:])
            else:
                file(entry.target[1:], "")


def _write_debian(archive: IO[bytes], progress: Callable[[str], None]) -> None:
    """A Debian root with compilers, made by mmdebstrap (or debootstrap) as a tar archive."""
    suite = _suite()
    with tempfile.TemporaryDirectory(prefix="solver-root-") as folder:
        if shutil.which("mmdebstrap"):
            progress(f"mmdebstrap {suite}: {' '.join(PACKAGES)}")
            made = Path(folder, "root.tar")
            command = ["mmdebstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}"]
            command += [f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in _LEFT_OUT]
            command += [f"--customize-hook={step}" for step in _finish('"$1"')]
            command += [suite, str(made), *_apt_sources(suite)]
            _run(command)
        elif shutil.which("debootstrap"):
            progress(f"debootstrap {suite}: {' '.join(PACKAGES)}")
            root, made = Path(folder, "root"), Path(folder, "root.tar")
            include = f"--include={','.join(PACKAGES)}"
            _run(["debootstrap", "--variant=minbase", include, suite, str(root)])
            for step in _finish(str(root)):
                _run(["/bin/sh", "-c", step])
            _run(["tar", "-C", str(root), "-cf", str(made), "."])
        else:
            raise BackendUnavailable(
                "neither mmdebstrap nor debootstrap is installed", "apt install mmdebstrap"
            )
        with made.open("rb") as stream:
            shutil.copyfileobj(stream, archive, 1 << 20)


def _finish(root: str) -> tuple[str, ...]:
    """Shell steps that turn a Debian root into one for programs."""
    return (
        f"rm -rf {root}/tmp {root}/var/lib/apt/lists/* {root}/var/cache/apt",
        f"ln -s {WORK_FOLDER} {root}/tmp",
        f"mkdir -p {root}{WORK_FOLDER} && chmod 1777 {root}{WORK_FOLDER}",
        f"echo 'box:x:1000:1000:box:{WORK_FOLDER}:/bin/false' >> {root}/etc/passwd",
        f"echo 'box:x:1000:' >> {root}/etc/group",
        f"find {root} -xdev -perm /6000 -type f -exec chmod a-s {{}} +",
    )


def _run(command: list[str]) -> None:
    answer = subprocess.run(command, capture_output=True, check=False)
    if answer.returncode == 0:
        return
    text = answer.stderr.decode(errors="replace").strip()
    if _NO_SPACE in text.lower():
        raise StorageFull("the image's root file system does not fit on the disk")
    last = text.splitlines()[-1] if text else f"exit code {answer.returncode}"
    raise BackendUnavailable(
        f"{command[0]} failed ({last})",
        "run it as root with a reachable apt mirror, or: solver sandbox image build --from host",
    )


def _suite() -> str:
    """The machine's own Debian release, else the current stable one."""
    try:
        lines = Path("/etc/os-release").read_text().splitlines()
    except OSError:
        return "stable"
    fields = dict(line.split("=", 1) for line in lines if "=" in line)
    codename = fields.get("VERSION_CODENAME", "").strip('"')
    return codename if codename and fields.get("ID") == "debian" else "stable"


def _apt_sources(suite: str) -> list[str]:
    """The machine's own apt sources of that suite: its mirror is the one that can be reached."""
    folder = Path("/etc/apt")
    files = [folder / "sources.list", *sorted(folder.glob("sources.list.d/*.sources"))]
    files += sorted(folder.glob("sources.list.d/*.list"))
    found: list[str] = []
    for file in files:
        try:
            lines = [line for line in file.read_text().splitlines() if not line.startswith("#")]
        except OSError:
            continue
        words = {word for line in lines for word in re.split(r"\s+", line)}
        if suite in words and "main" in words:
            found.append(str(file))
    return found


def _from_dockerfile(
    client: "docker.DockerClient", name: str, progress: Callable[[str], None]
) -> str:
    progress("docker build")
    try:
        image, _ = client.images.build(path=str(Path(__file__).parent), tag=name, rm=True)
    except BuildError as error:
        raise BackendUnavailable(
            f"the Dockerfile cannot be built ({error})",
            "without a registry: solver sandbox image build --from debian (or --from host)",
        ) from error
    except APIError as error:
        raise BackendUnavailable(
            f"no registry can be reached ({error.explanation or error})",
            "solver sandbox image build --from debian (or --from host)",
        ) from error
    return str(image.id)
