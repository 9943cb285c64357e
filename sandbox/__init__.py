"""Runs programs that nobody has read; knows no tasks and no models.

Reading order: limits -> data -> result -> backend (the protocol) -> namespaces, containers,
bubblewrap (the backends) -> languages -> compile.
"""

from sandbox.backend import Executable, Job, JoinedResult, Link, Sandbox
from sandbox.data import Blob
from sandbox.limits import LimitKind, Limits
from sandbox.moved import install
from sandbox.opening import BACKENDS, open_sandbox
from sandbox.opening import open_sandbox as open
from sandbox.result import ExitStatus, RunResult

__all__ = [
    "BACKENDS",
    "Blob",
    "Executable",
    "ExitStatus",
    "Job",
    "JoinedResult",
    "LimitKind",
    "Limits",
    "Link",
    "RunResult",
    "Sandbox",
    "open",
    "open_sandbox",
]

install()
