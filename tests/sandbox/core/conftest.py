"""One sandbox and one compiler for all tests of the package: workers are long-lived by design."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from sandbox import Executable, Job, Limits, RunResult, Sandbox, open_sandbox
from sandbox.compiling.compile import Compiler

QUICK = Limits(cpu_s=1.0, wall_s=20.0)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox("namespaces", slots=2) as opened:
        yield opened


@pytest.fixture(scope="session")
def compiler(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Compiler:
    return Compiler(sandbox, cache=tmp_path_factory.mktemp("compiled"))


@pytest.fixture(scope="session")
def build(compiler: Compiler) -> Callable[..., Executable]:
    def compiled(source: str, language: str = "c") -> Executable:
        program = compiler.compile({"main": source.encode()}, language)
        assert isinstance(program, Executable), program
        return program

    return compiled


@pytest.fixture(scope="session")
def run_c(sandbox: Sandbox, build: Callable[..., Executable]) -> Callable[..., RunResult]:
    """Compiles a C program and runs it; limits by keyword, on top of QUICK."""

    def run(
        source: str, *, stdin: bytes = b"", job: dict[str, object] | None = None, **limits: object
    ) -> RunResult:
        wanted = replace(QUICK, **limits)  # type: ignore[arg-type]
        return sandbox.run(
            Job(program=build(source), limits=wanted, stdin=stdin, **(job or {}))  # type: ignore[arg-type]
        )

    return run
