"""Opens a backend by its name. Nothing falls back to less isolation than was asked for."""

from sandbox.backend import Sandbox
from sandbox.errors import BackendUnavailable

BACKENDS = ("namespaces", "docker", "bubblewrap")


RAY = "ray"


def is_remote(name: str) -> bool:
    """Whether that is no backend of this machine but URLs of services, or a Ray cluster."""
    return name.startswith(("http://", "https://", f"{RAY}:")) or name == RAY


def open_sandbox(name: str = "namespaces", *, slots: int | None = None) -> Sandbox:
    """Starts a backend's workers.

    Args:
        name: namespaces (the default), docker, bubblewrap (one process a run, no cgroup), or URLs
            of services (`solver sandbox serve`) with commas between, or "ray": the nodes of a Ray
            cluster, of this machine or at an address ("ray:HOST:PORT", "ray://HOST:PORT").
        slots: How many runs go on at once, on a Ray cluster at most so many on each node; None
            means one a core. Services have their own.

    Raises:
        BackendUnavailable: The machine lacks what this backend needs, or no backend is called so.
    """
    if name == "namespaces":
        from sandbox.backends.namespaces import NamespacesSandbox

        return NamespacesSandbox(slots=slots)
    if name == "docker":
        from sandbox.backends.containers import DockerSandbox

        return DockerSandbox(slots=slots)
    if name == "bubblewrap":
        from sandbox.backends.bubblewrap import BubblewrapSandbox

        return BubblewrapSandbox(slots=slots)
    if name == RAY or name.startswith(f"{RAY}:"):
        from sandbox.remote.ray_sandbox import RaySandbox

        address = None if name == RAY else name.removeprefix(f"{RAY}:")
        address = name if address and address.startswith("//") else address
        return RaySandbox(address, opener=open_sandbox, slots=slots)
    if is_remote(name):
        from sandbox.remote.sandbox import RemoteSandbox

        return RemoteSandbox(name.split(","))
    raise BackendUnavailable(f"no backend is called {name!r}", f"one of {', '.join(BACKENDS)}")
