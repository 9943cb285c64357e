"""A run near its time limit is measured again alone before it is too slow (issue 16)."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

import pytest

from problems.task import Statement, Subtask, Task, TaskLimits, TaskType
from problems.tasktypes.runner import MOST_REPEATS, Runner
from problems.verdict import Verdict
from sandbox.backend import Executable, Job, Sandbox
from sandbox.compiling.compile import Compiler
from sandbox.data import Blob
from sandbox.limits import MIB
from sandbox.result import RunResult

LIMIT_S = 0.4
BURN = """
#include <stdlib.h>
#include <stdio.h>
#include <time.h>
int main(int argc, char **argv) {
  double want, extra = argc > 1 ? atof(argv[1]) : 0;
  if (scanf("%lf", &want) != 1) return 1;
  while (clock() < (want + extra) * CLOCKS_PER_SEC);
  puts("done");
}"""


class Disturbed:
    """A sandbox in which whatever does not run alone takes a tenth of a second longer."""

    def __init__(self, inner: Sandbox) -> None:
        self._inner = inner
        self._alone = 0
        self.runs: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def _as_it_runs(self, job: Job) -> Job:
        self.runs.append("alone" if self._alone else "beside")
        return job if self._alone else replace(job, args=("0.1",))

    def run(self, job: Job) -> RunResult:
        return self._inner.run(self._as_it_runs(job))

    def run_many(self, jobs: Iterable[Job]) -> Iterator[RunResult]:
        return self._inner.run_many(map(self._as_it_runs, jobs))

    def alone(self) -> AbstractContextManager[None]:
        @contextmanager
        def held() -> Iterator[None]:
            with self._inner.alone():
                self._alone += 1
                yield
                self._alone -= 1

        return held()


@pytest.fixture(scope="module")
def burn(compiler: Compiler) -> Executable:
    made = compiler.compile({"burn.c": BURN.encode()}, "c")
    assert isinstance(made, Executable)
    return made


@pytest.fixture
def disturbed(sandbox: Sandbox) -> Disturbed:
    return Disturbed(sandbox)


@pytest.fixture
def runner(disturbed: Disturbed, compiler: Compiler) -> Runner:
    task = Task(
        name="burn",
        title="Burn",
        type=TaskType.BATCH,
        statement=Statement(text=""),
        subtasks=(Subtask(name="all", max_points=1.0),),
        examples=(),
        limits=TaskLimits(time_s=LIMIT_S, memory_bytes=64 * MIB, output_bytes=MIB),
        scored=False,
    )
    return Runner(task, disturbed, compiler)  # type: ignore[arg-type]


@pytest.mark.parametrize("many", [False, True])
def test_what_is_in_time_alone_is_in_time(
    runner: Runner, disturbed: Disturbed, burn: Executable, *, many: bool
) -> None:
    content = Blob.of_bytes(b"0.33")
    if many:
        (found,) = runner.run_many([(burn, content)])
    else:
        found = runner.run(burn, content)
    assert disturbed.runs == ["beside", "alone"]
    assert (found.failure, found.repeats) == (None, 1)
    assert found.cpu_s <= LIMIT_S


def test_what_is_too_slow_alone_is_too_slow(
    runner: Runner, disturbed: Disturbed, burn: Executable
) -> None:
    found = runner.run(burn, b"0.46")
    assert disturbed.runs == ["beside"] + ["alone"] * MOST_REPEATS
    assert (found.failure, found.repeats) == (Verdict.TLE, MOST_REPEATS)


@pytest.mark.parametrize(("want", "failure"), [(b"0.1", None), (b"9", Verdict.TLE)])
def test_what_is_far_from_the_limit_is_run_once(
    runner: Runner, disturbed: Disturbed, burn: Executable, want: bytes, failure: Verdict | None
) -> None:
    assert runner.run(burn, want).failure is failure
    assert disturbed.runs == ["beside"]
