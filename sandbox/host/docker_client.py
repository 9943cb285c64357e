"""Finds the Docker engine, and says in one line what is missing where none answers."""

import os
import socket
from urllib.parse import urlsplit

import docker
from docker.errors import DockerException
from requests.exceptions import RequestException

from sandbox.errors import BackendUnavailable

ENGINE_FIX = "systemctl start docker, or scripts/start-dockerd.sh as root"
FAILURES = (DockerException, RequestException, OSError)
"""What the SDK raises when the engine refuses, dies, or is not there."""

_DEFAULT_SOCKET = "/var/run/docker.sock"
_TIMEOUT_S = 5.0


def connect() -> docker.DockerClient:
    """A client of the engine that DOCKER_HOST names, or of the default one.

    Raises:
        BackendUnavailable: No engine answers.
    """
    require_engine()
    try:
        client = docker.from_env()
        client.ping()
    except FAILURES as error:
        raise BackendUnavailable(
            f"no Docker engine answers ({reason_of(error)})", ENGINE_FIX
        ) from error
    return client


def require_engine() -> None:
    """Knocks at the engine's socket; the SDK leaks a descriptor for each knock that fails.

    Raises:
        BackendUnavailable: Nobody listens there.
    """
    place = urlsplit(os.environ.get("DOCKER_HOST") or f"unix://{_DEFAULT_SOCKET}")
    if place.scheme != "unix":
        return
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
            knock.settimeout(_TIMEOUT_S)
            knock.connect(place.path)
    except OSError as error:
        raise BackendUnavailable(
            f"no Docker engine answers at {place.path} ({error.strerror or error})", ENGINE_FIX
        ) from error


def reason_of(error: BaseException) -> str:
    """The engine's own words, in one line."""
    text = getattr(error, "explanation", None) or str(error)
    return " ".join(str(text).split())[:300]
