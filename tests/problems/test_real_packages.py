"""Every label of a few real packages, one of each kind that the synthetic ones imitate."""

from pathlib import Path

import pytest

from problems.verifying.verify import Verifier
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from tests.conftest import real_package


@pytest.mark.parametrize(
    "name",
    [
        "icpc-kth-challenge-2015/spock",  # interactive, C++ validator, Java, PyPy
        "oi-swedish-olympiad-2016/katt1__magic",  # functions in three languages, custom grader
        "oi-swedish-olympiad-2021/skolkval__applenparon",  # groups that share tests
        "oi-ioi-2024/aplusb",  # the IOI's export: secrets, grader, CMS checker
    ],
)
def test_every_label_holds(name: str, sandbox: Sandbox, compiler: Compiler, tmp_path: Path) -> None:
    report = Verifier(sandbox, compiler, store=tmp_path / "store").verify([real_package(name)])
    assert report.unreadable == []
    assert len(report.judged) >= 4
    missed = [
        (row.submission.name, row.disagreements, row.error)
        for row in report.judged
        if not row.agrees
    ]
    assert missed == []
