"""The browser tests can fail: what they look for is found on a page that has it."""

import re
from pathlib import Path

PAGE = """<!doctype html><html lang="en">
<head><title>t</title><link rel="icon" href="data:,"></head>
<body><main><h1>{title}</h1>{body}</main></body></html>"""


def written(folder: Path, body: str) -> Path:
    page = folder / "page.html"
    page.write_text(PAGE.format(title="A page", body=body), encoding="utf-8")
    return page


def test_a_good_page_has_no_fault(visit, serious_faults, fits, tmp_path: Path) -> None:
    page = visit(written(tmp_path, "<p>Words</p>"))
    assert page.locator("h1").inner_text() == "A page"
    assert serious_faults(page) == []
    assert fits(page)


def test_a_fault_and_a_wide_table_are_seen(visit, serious_faults, fits, tmp_path: Path) -> None:
    body = '<img src="data:,"><div style="width:2000px">x</div><script>console.error("oh")</script>'
    page = visit(written(tmp_path, body), expected=re.escape("oh"))
    assert any(fault.startswith("image-alt") for fault in serious_faults(page))
    assert not fits(page)


def test_an_exception_and_a_lost_request_are_kept(visit, tmp_path: Path) -> None:
    scripts = "<script src='gone.js'></script><script>nothing.at.all()</script>"
    visit(written(tmp_path, scripts)).wait_for_load_state()
    said = "\n".join(visit.wrong)
    assert "nothing is not defined" in said
    assert "gone.js" in said
    visit.wrong.clear()
