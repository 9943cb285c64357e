"""Opens a backend by its name. Nothing falls back to less isolation than was asked for."""

from sandbox.backend import Sandbox
from sandbox.errors import BackendUnavailable

BACKENDS = ("namespaces", "docker", "bubblewrap")


def open_sandbox(name: str = "namespaces", *, slots: int | None = None) -> Sandbox:
    """Starts a backend's workers.

    Args:
        name: namespaces (the default), docker, or bubblewrap (one process a run, no cgroup).
        slots: How many runs go on at once; None means one a core.

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
    raise BackendUnavailable(f"no backend is called {name!r}", f"one of {', '.join(BACKENDS)}")
