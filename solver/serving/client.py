"""A client of one or several services for those who judge: hand a package over, then judge by it.

    client = ServiceClient("http://a:8080,http://b:8080")
    package = client.upload(Path("packages/elk"))
    client.judge(package, "cpp17", {"elk.cpp": text})    # {"verdict": "AC", "reward": 1.0, ...}

Each service is handed the package when it is first asked to judge by it. What a service answers
with 429 or not at all is asked of another; a failure of the service is an exception, never a
reward.
"""

import io
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from sandbox.errors import SandboxError
from sandbox.remote.farm import Farm
from solver.errors import SolverError


class ServiceRefused(SolverError):
    """The service takes no such package or program, now or later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemotePackage:
    """A package for services.

    Attributes:
        path, content: Of the request that hands it over, and its kind.
        ids: Server's URL to the id that the package has there.
    """

    path: str
    kind: str
    content: bytes
    ids: dict[str, str] = field(default_factory=dict)


class ServiceClient:
    """Judges on services. Safe to use from threads."""

    def __init__(self, urls: str, *, token: str | None = None) -> None:
        """Args:
        urls: One, or several with commas between.
        token: For all of them; None: $SOLVER_SANDBOX_TOKEN.
        """
        self._farm = Farm(urls.split(","), token=token)

    def upload(self, package: Path) -> RemotePackage:
        """A package in a folder, in any known format.

        Raises:
            ServiceRefused: No service can read or judge it.
        """
        target = io.BytesIO()
        with tarfile.open(fileobj=target, mode="w:gz") as archive:
            archive.add(package.resolve(), arcname=package.resolve().name)
        return self._first(
            RemotePackage(path="/v1/packages", kind="application/gzip", content=target.getvalue())
        )

    def upload_tests(self, testset: Mapping[str, Any]) -> RemotePackage:
        """A test set, as `POST /v1/testsets` takes it.

        Raises:
            ServiceRefused: It is none.
        """
        content = json.dumps(testset).encode()
        return self._first(
            RemotePackage(path="/v1/testsets", kind="application/json", content=content)
        )

    def judge(
        self, package: RemotePackage, language: str, files: Mapping[str, str]
    ) -> dict[str, Any]:
        """What a program is worth: verdict, points, reward, subtasks, tests.

        Raises:
            ServiceRefused: The program's language is unknown, say.
            SandboxError: No service could judge it. Never a reward of 0.
        """
        program = {"language": language, "files": dict(files)}
        for server in self._farm.tries():
            answer = self._judge(server, package, program)
            if answer is not None and answer.status_code == 404:
                package.ids.pop(self._farm.urls[server], None)  # started anew, with other data
                answer = self._judge(server, package, program)
            if answer is not None:
                return _read(answer)
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Lets go of the services."""
        self._farm.close()

    def _first(self, package: RemotePackage) -> RemotePackage:
        for server in self._farm.tries():
            if self._id(server, package) is not None:
                return package
        raise AssertionError("unreachable")

    def _judge(
        self, server: int, package: RemotePackage, program: Mapping[str, Any]
    ) -> httpx.Response | None:
        id_ = self._id(server, package)
        if id_ is None:
            return None
        body = json.dumps({"package": id_, "program": program}).encode()
        return self._farm.send(server, "/v1/judge", body, {"Content-Type": "application/json"})

    def _id(self, server: int, package: RemotePackage) -> str | None:
        url = self._farm.urls[server]
        if url not in package.ids:
            headers = {"Content-Type": package.kind}
            answer = self._farm.send(server, package.path, package.content, headers)
            if answer is None:
                return None
            package.ids[url] = str(_read(answer)["id"])
        return package.ids[url]


def _read(answer: httpx.Response) -> dict[str, Any]:
    if answer.status_code == 200:
        document: dict[str, Any] = answer.json()
        return document
    said = answer.text[:2000]
    if answer.status_code >= 500:
        raise SandboxError(f"the service failed: {said}")
    raise ServiceRefused(f"the service refuses ({answer.status_code}): {said}")
