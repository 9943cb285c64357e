"""Headers that strangers write: understood, or nothing at all."""

import pytest

from solver.http_headers import date_s, retry_after_s

NOW_S = 784111777.0  # the example of RFC 9110


@pytest.mark.parametrize(
    ("value", "wait_s"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 0.25 ", 0.25),
        ("86400", 86400.0),
        ("Sun, 06 Nov 1994 08:50:07 GMT", 30.0),
        ("Sun, 06 Nov 1994 08:50:07 -0000", 30.0),
        ("Sun, 06 Nov 1994 08:49:07 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("nan", None),
        ("inf", None),
        ("1e9", None),
        ("\N{SUPERSCRIPT TWO}", None),
        ("Sun, 06 Nov 99999 08:50:07 GMT", None),
    ],
)
def test_retry_after(value: str, wait_s: float | None) -> None:
    assert retry_after_s(value, NOW_S) == wait_s


def test_date() -> None:
    assert date_s("Sun, 06 Nov 1994 08:49:37 GMT") == NOW_S
    assert date_s("yesterday") is None
