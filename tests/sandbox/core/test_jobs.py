"""Jobs that no worker could run are named before anything is sent."""

from dataclasses import replace

import pytest

from sandbox import Executable, Job, Limits, Link
from sandbox.backends.namespaces import NamespacesSandbox
from sandbox.engine.jobs import (
    MAX_ARGUMENTS,
    MAX_FOLDERS,
    MAX_JOB_FILES,
    MAX_KEPT,
    MAX_PIPES,
    MAX_VARIABLES,
    check_job,
    check_links,
)
from sandbox.errors import InvalidJob
from sandbox.host.rootfs import ENVIRONMENT

TRUE = Executable(language="c", argv=("/bin/true",), files={})
JOB = Job(program=TRUE, limits=Limits())


def _names(count: int) -> tuple[str, ...]:
    return tuple(f"n{index}" for index in range(count))


def _variables(count: int) -> Executable:
    return replace(TRUE, env={f"V{index}": "" for index in range(count - len(ENVIRONMENT))})


AT_THE_CAP = [
    {"keep": _names(MAX_KEPT)},
    {"folders": _names(MAX_FOLDERS)},
    {"files": dict.fromkeys(_names(MAX_JOB_FILES), b"")},
    {"args": ("x",) * (MAX_ARGUMENTS - 1)},
    {"program": _variables(MAX_VARIABLES)},
]
ONE_TOO_MANY = [
    ({"keep": _names(MAX_KEPT + 1)}, "65 files to keep"),
    ({"folders": _names(MAX_FOLDERS + 1)}, "65 folders"),
    ({"files": dict.fromkeys(_names(MAX_JOB_FILES + 1), b"")}, "65 files"),
    ({"args": ("x",) * MAX_ARGUMENTS}, "4096 arguments"),
    ({"program": _variables(MAX_VARIABLES + 1)}, "512 environment variables"),
]


@pytest.mark.parametrize("change", AT_THE_CAP)
def test_the_helper_takes_as_many_as_we_let_through(
    sandbox: NamespacesSandbox, change: dict[str, object]
) -> None:
    assert sandbox.run(replace(JOB, **change)).ok  # type: ignore[arg-type]


@pytest.mark.parametrize(("change", "words"), ONE_TOO_MANY)
def test_one_more_is_named_with_its_number(change: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidJob, match=words):
        check_job(replace(JOB, **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"args": ("\ud800",)},
        {"keep": ("\ud800",)},
        {"files": {"\ud800": b""}},
        {"keep": ("nul\0",)},
        {"limits": Limits(cpu_s=float("nan"))},
        {"limits": Limits(cpu_s=float("inf"))},
        {"limits": Limits(wall_s=0.0)},
        {"limits": Limits(memory_bytes=1 << 64)},
        {"limits": Limits(output_bytes=1 << 64)},
        {"limits": Limits(processes=1 << 32)},
        {"limits": Limits(files=1 << 32)},
    ],
)
def test_what_has_no_form_on_the_wire_is_an_invalid_job(change: dict[str, object]) -> None:
    with pytest.raises(InvalidJob):
        check_job(replace(JOB, **change))  # type: ignore[arg-type]


def test_more_pipes_than_a_job_can_be_given() -> None:
    jobs = [replace(JOB, limits=Limits(open_files=300))] * 2
    links = [Link(writer=(0, 10 + i), reader=(1, 10 + i)) for i in range(MAX_PIPES)]
    check_links(jobs, links)
    with pytest.raises(InvalidJob, match="129 pipes"):
        check_links(jobs, [*links, Link(writer=(0, 250), reader=(1, 250))])
