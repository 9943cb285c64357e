"""`solver doctor`: what this machine has, what it lacks, and the command that brings it."""

import contextlib
import http.client
import importlib.metadata
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from solver.cli import options
from solver.cli.app import EXIT_MACHINE_LACKS

FREE_DISK_WANTED_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the doctor's report.

    Attributes:
        needed_for: What does not work without it.
        required: The default way of working needs it.
        found: What is there, None where it is missing.
        fix: The command that brings it, empty where nothing is missing.
    """

    name: str
    needed_for: str
    required: bool
    found: str | None
    fix: str


def _program(name: str, needed_for: str, package: str, *, required: bool = False) -> Check:
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    return Check(
        name=name,
        needed_for=needed_for,
        required=required,
        found=path,
        fix="" if path else f"apt-get install {package}",
    )


def _cgroup() -> Check:
    if Path("/sys/fs/cgroup/cgroup.controllers").exists():
        found: str | None = "v2"
    elif Path("/sys/fs/cgroup/memory").is_dir():
        found = "v1"
    else:
        found = None
    return Check(
        name="cgroup",
        needed_for="peak memory of whole process trees (without it: rlimits, the largest process)",
        required=False,
        found=found,
        fix="" if found else "mount -t cgroup2 none /sys/fs/cgroup",
    )


def _user_namespaces() -> Check:
    if os.geteuid() == 0:
        return Check(
            name="namespaces", needed_for="the sandbox", required=True, found="as root", fix=""
        )
    limit = Path("/proc/sys/user/max_user_namespaces")
    clone = Path("/proc/sys/kernel/unprivileged_userns_clone")
    allowed = limit.exists() and limit.read_text().strip() != "0"
    allowed = allowed and (not clone.exists() or clone.read_text().strip() == "1")
    return Check(
        name="namespaces",
        needed_for="the sandbox",
        required=True,
        found="unprivileged user namespaces" if allowed else None,
        fix="" if allowed else "sysctl -w kernel.unprivileged_userns_clone=1, or run as root",
    )


def _docker() -> Check:
    version = docker_version()
    return Check(
        name="docker engine",
        needed_for="the docker backend (--backend docker)",
        required=False,
        found=f"engine {version}" if version else None,
        fix="" if version else "scripts/start-dockerd.sh (or: systemctl start docker)",
    )


def docker_version() -> str | None:
    """The version of the Docker engine that answers, None where none does."""
    host = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    if not host.startswith("unix://"):
        # Imported here: the docker SDK takes longer to load than all the rest of the doctor.
        import docker
        from docker.errors import DockerException

        try:
            with contextlib.closing(docker.from_env(timeout=3)) as client:
                return str(client.version()["Version"])
        except (DockerException, OSError):
            return None
    connection = http.client.HTTPConnection("localhost", timeout=3)
    try:
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(3)
            door.connect(host.removeprefix("unix://"))
            connection.sock = door
            connection.request("GET", "/version")
            said = json.loads(connection.getresponse().read())
        return str(said["Version"])
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
        return None


def _torch() -> Check:
    # Asked of its metadata and of the driver: loading torch takes more than a second.
    try:
        version = importlib.metadata.version("torch")
    except importlib.metadata.PackageNotFoundError:
        return Check(
            name="torch",
            needed_for="the scorer, hf: models",
            required=True,
            found=None,
            fix="scripts/setup.sh",
        )
    gpus = [] if "+cpu" in version else _gpus()
    return Check(
        name="torch",
        needed_for="the scorer, hf: models",
        required=True,
        found=f"{version}, {', '.join(gpus) or 'CPU only'}",
        fix="",
    )


def _gpus() -> list[str]:
    """Names of the NVIDIA devices that the driver lists."""
    names = []
    for folder in sorted(Path("/proc/driver/nvidia/gpus").glob("*")):
        words = (folder / "information").read_text(errors="replace")
        names += re.findall(r"^Model:\s*(.+?)\s*$", words, re.MULTILINE)
    return names


def _languages() -> Iterator[Check]:
    from sandbox.compiling.languages import LanguageTable

    for language in LanguageTable.load():
        program = language.host_program
        path = shutil.which(program)
        yield Check(
            name=f"language {language.id}",
            needed_for=f"{language.name} programs",
            required=language.id in ("cpp17", "cpp20", "python3"),
            found=path,
            fix="" if path else language.fix,
        )


def _plugin_headers() -> Check:
    """The compiler's own headers for plugins: with them, precompiled headers are finished."""
    folder, version = (
        _said("g++", f"-{word}") for word in ("print-file-name=plugin", "dumpversion")
    )
    found = bool(folder) and Path(folder, "include", "gcc-plugin.h").exists()
    return Check(
        name="g++ plugin headers",
        needed_for="C++ that compiles in half of the time",
        required=False,
        found=folder if found else None,
        fix="" if found else f"apt-get install gcc-{version.partition('.')[0] or 12}-plugin-dev",
    )


def _said(*command: str) -> str:
    """What a command prints; empty where it fails."""
    try:
        answer = subprocess.run(command, capture_output=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return os.fsdecode(answer.stdout).strip()


def _caches() -> Check:
    from sandbox.compiling.cache import LIMIT_BYTES, default_cache, entries
    from sandbox.compiling.prepared import LIMIT_BYTES as PREPARED_LIMIT_BYTES
    from sandbox.compiling.prepared import bytes_below
    from sandbox.host.rootfs import headers_source

    sizes = [size_bytes for _, size_bytes, _ in entries(default_cache())]
    prepared = bytes_below(headers_source()) / 1024**3
    return Check(
        name="compile cache",
        needed_for=f"nothing is compiled twice ({default_cache()}; what goes over is trimmed)",
        required=False,
        found=f"{len(sizes)} programs, {sum(sizes) / 1024**3:.2f} of {LIMIT_BYTES / 1024**3:.0f}"
        f" GiB; headers {prepared:.2f} of {PREPARED_LIMIT_BYTES / 1024**3:.0f} GiB",
        fix="",
    )


def _model() -> Check:
    from solver.sampling.models import default_model_status

    found = default_model_status()
    return Check(
        name="embedded model",
        needed_for="--model embedded (the default without a GPU)",
        required=False,
        found=found,
        fix="" if found else "solver model fetch",
    )


def _training() -> Check:
    versions = {name: _version(name) for name in ("peft", "trl", "datasets")}
    whole = all(versions.values())
    return Check(
        name="extra train",
        needed_for="solver train run and eval; models with an adapter (hf:MODEL+ADAPTER)",
        required=False,
        found=", ".join(f"{name} {version}" for name, version in versions.items())
        if whole
        else None,
        fix=""
        if whole
        else "pip install 'contest-solver[train]' (in a clone: pip install "
        "-c constraints.txt -e '.[train]')",
    )


def _version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def _disk() -> Check:
    import platformdirs

    cache = platformdirs.user_cache_path("solver")
    probe = cache
    while not probe.exists():
        probe = probe.parent
    free = shutil.disk_usage(probe).free
    enough = free >= FREE_DISK_WANTED_BYTES
    return Check(
        name="disk space",
        needed_for=f"models, compiled programs, truth tables ({cache})",
        required=True,
        found=f"{free / 1024**3:.1f} GiB free" if enough else None,
        fix="" if enough else f"free at least 2 GiB under {probe}",
    )


def examine() -> list[Check]:
    """All checks, in the order in which a newcomer meets what they are for."""
    return [
        Check(
            name="python",
            needed_for="everything",
            required=True,
            found=platform.python_version() if sys.version_info >= (3, 11) else None,
            fix="" if sys.version_info >= (3, 11) else "apt-get install python3.11",
        ),
        _program("gcc", "building the sandbox's helper", "gcc libc6-dev", required=True),
        _user_namespaces(),
        _cgroup(),
        _program("bwrap", "the bubblewrap backend", "bubblewrap"),
        _docker(),
        *_languages(),
        _plugin_headers(),
        _program("mold", "C++ that is linked at a fifth of the cost", "mold"),
        _torch(),
        _model(),
        _training(),
        _disk(),
        _caches(),
    ]


def as_text(checks: list[Check]) -> str:
    """The checks in columns, the last one folded at the width of the terminal."""
    rows = [("", "what", "found", "needed for / how to get it")]
    for check in checks:
        mark = "ok" if check.found else ("LACKS" if check.required else "-")
        last = check.needed_for if check.found else f"{check.needed_for}: {check.fix}"
        rows.append((mark, check.name, check.found or "missing", last))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    indent = sum(widths) + 6
    width = max(shutil.get_terminal_size().columns if sys.stdout.isatty() else 160, indent + 30)
    lines = []
    for row in rows:
        start = "  ".join(word.ljust(size) for word, size in zip(row, widths, strict=False))
        folded = textwrap.wrap(row[3], width - indent, break_on_hyphens=False)
        lines.append(f"{start}  " + f"\n{' ' * indent}".join(folded))
    return "\n".join(lines)


@click.command()
@options.as_json
def doctor(as_json: bool) -> int:
    """Say what this machine has, what it lacks, and the command that brings it.

    Exit code 3 when something that the default way of working needs is missing.

    \b
    Example:
      solver doctor --json | jq '.checks[] | select(.found == null)'
    """
    checks = examine()
    lacking = [check for check in checks if check.required and check.found is None]
    if as_json:
        rows = [asdict(check) for check in checks]
        click.echo(json.dumps({"checks": rows, "ready": not lacking}, indent=1))
    else:
        click.echo(as_text(checks))
    return EXIT_MACHINE_LACKS if lacking else 0
