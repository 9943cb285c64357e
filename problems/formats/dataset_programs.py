"""Role: jury programs that data sets hold as one text each, written with testlib."""

from problems.errors import UnsupportedTask
from problems.formats.dataset_rows import Row
from problems.jury.checkers import TESTLIB_CHECKER
from problems.jury.testlib import HEADER, with_testlib
from problems.task import Program


def testlib_checker(row: Row, source: str | None) -> Program | None:
    """The row's checker; None where it has none.

    Raises:
        UnsupportedTask: It is none of testlib's, or testlib.h is nowhere.
    """
    return testlib_program(row, source, TESTLIB_CHECKER, "checker")


def testlib_program(row: Row, source: str | None, role: str, what: str) -> Program | None:
    """A program of that role; None where the text is empty.

    Raises:
        UnsupportedTask: It is none of testlib's, or testlib.h is nowhere.
    """
    if source is None or not source.strip():
        return None
    if HEADER not in source:
        raise UnsupportedTask(f"{row.file}:{row.number}: a {what} that does not use {HEADER}")
    return Program(
        role=role,
        language="cpp17",
        sources=with_testlib({f"{what}.cpp": source.encode()}, {}),
    )
