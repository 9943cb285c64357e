"""Packages with checkers, interactors, passes and subtasks are worth what the judge of this process
says of them."""

import pytest

from problems.judging.judge import Judge
from problems.package import load_package
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from tests.serving.service import ROOT, Service
from tests.serving.test_native import archive

PACKAGES = ROOT / "tests/problems/packages"


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("kattis2025/close", "batch"),
        ("kattis2025/findnumber", "interactive"),
        ("kattis2025/message", "multi_pass"),
        ("kattis2025/spread", "batch"),
    ],
)
def test_the_same_as_in_this_process(
    service: Service, sandbox: Sandbox, compiler: Compiler, name: str, type_: str
) -> None:
    package = load_package(PACKAGES / name)
    made = service.http.post(
        "/v1/packages",
        content=archive(PACKAGES / name),
        headers={"Content-Type": "application/gzip"},
    )
    assert made.status_code == 200, made.text
    described = made.json()
    assert described["type"] == type_ and described["tests"] == len(package.testset.testcases)
    judge = Judge(package.task, package.testset, sandbox, compiler)
    scripts = [jury for jury in package.submissions if jury.submission.language == "python3"]
    for jury in scripts[:3]:
        submission = jury.submission
        files = {name: text.decode() for name, text in submission.sources.items()}
        program = {"language": submission.language, "files": files, "entry": submission.entry}
        body = {"package": described["id"], "program": program}
        answer = service.http.post("/v1/judge", json=body)
        assert answer.status_code == 200, answer.text
        found, here = answer.json(), judge.judge(submission)
        assert (found["verdict"], found["points"]) == (str(here.verdict), here.points), jury.name
        assert [row["points"] for row in found["subtasks"]] == [row.points for row in here.subtasks]
