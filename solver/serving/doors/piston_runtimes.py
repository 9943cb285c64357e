"""What Piston's door can execute: `/api/v2/runtimes`, and which of them a request means.

A request names a language, or an alias, and a range of versions as npm writes them (`*`, `3.x`,
`^12.1`). The versions are those of the compilers that are installed.
"""

import time
from dataclasses import dataclass, replace
from typing import Literal

import nodesemver

from sandbox.service.link import OwnerLink
from sandbox.service.toolchains import ToolchainWork
from sandbox.service.work import Ask, Refusal, Trouble
from solver.serving.doors.piston_packages import Unusable

PACKAGE_VERSION = "1.0.0"
"""Of open-r1's packages, which are no compilers."""

_ASK_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """One row.

    Attributes:
        language: Its name there.
        toolchain: The language's id in the sandbox's table.
        judges: The row is one of open-r1's packages, and which.
        version: Three numbers; empty until it has been asked for.
    """

    language: str
    aliases: tuple[str, ...]
    toolchain: str
    judges: Literal["ioi", "cf"] | None = None
    version: str = ""

    def matches(self, range_: str) -> bool:
        """Whether its version is in the range."""
        return bool(nodesemver.satisfies(self.version, range_, False))


RUNTIMES = (
    Runtime(language="python", aliases=("python3", "py"), toolchain="python3"),
    Runtime(language="c++", aliases=("cpp", "g++"), toolchain="cpp17"),
    Runtime(language="c", aliases=("gcc",), toolchain="c"),
    Runtime(language="java", aliases=(), toolchain="java"),
    Runtime(language="rust", aliases=(), toolchain="rust"),
    Runtime(
        language="cms_ioi",
        aliases=("cms", "cms_ioi_checker"),
        toolchain="cpp17",
        judges="ioi",
        version=PACKAGE_VERSION,
    ),
    Runtime(
        language="c++17",
        aliases=("cf_c++17",),
        toolchain="cpp17",
        judges="cf",
        version=PACKAGE_VERSION,
    ),
    Runtime(
        language="cf_python3",
        aliases=(),
        toolchain="python3",
        judges="cf",
        version=PACKAGE_VERSION,
    ),
)


class Runtimes:
    """Finds them, and asks the owner for their versions, each once."""

    def __init__(self, link: OwnerLink) -> None:
        self._link = link
        self._known: dict[str, str] = {}

    async def installed(self) -> list[Runtime]:
        """All whose compiler is there.

        Raises:
            Refusal: The service failed, or stops.
        """
        found = [await self._versioned(runtime) for runtime in RUNTIMES]
        return [runtime for runtime in found if runtime is not None]

    async def find(self, language: str, range_: str) -> Runtime:
        """The runtime of that name or alias, its version in the range.

        Raises:
            Unusable: There is none.
            Refusal: The service failed, or stops.
        """
        for row in RUNTIMES:
            if language == row.language or language in row.aliases:
                runtime = await self._versioned(row)
                if runtime is not None and runtime.matches(range_):
                    return runtime
        raise Unusable(f"{language}-{range_} runtime is unknown")

    async def _versioned(self, runtime: Runtime) -> Runtime | None:
        if runtime.version:
            return runtime
        language = runtime.toolchain
        if language not in self._known:
            ask = Ask(
                kind="toolchain",
                key=f"toolchain {language}",
                client="",
                door="piston",
                begin_before_s=time.monotonic() + _ASK_S,
                size_bytes=0,
                payload=ToolchainWork(language=language),
            )
            try:
                self._known[language] = await self._link.ask(ask)
            except Refusal as refusal:
                if refusal.trouble is Trouble.INVALID:  # not installed
                    return None
                raise
        return replace(runtime, version=self._known[language])
