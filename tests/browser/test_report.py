"""The report's page in a real browser: it opens, filters, opens a program, and has no fault."""

import importlib.util
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from solver.report.build import build_report
from solver.report.html import write_html

MADE_RUN = Path(__file__).parents[2] / "benchmarks" / "made_run.py"


@pytest.fixture(scope="module")
def report_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    spec = importlib.util.spec_from_file_location("made_run", MADE_RUN)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    run = module.make_run(tmp_path_factory.mktemp("run") / "run", tasks=2, programs=90, seed=1)
    page = run / "report.html"
    write_html(build_report(run), page)
    return page


def opened(visit, address, **options):
    page = visit(address, **options)
    page.wait_for_selector("html[data-ready]")
    return page


def test_it_opens_and_filters(visit, report_page: Path, fits, serious_faults) -> None:
    page = opened(visit, report_page)
    expect(page.locator("h1")).to_have_text("Quayside Open")
    assert page.locator(".chart > svg").count() == page.locator(".chart").count() > 4
    programs = page.locator('[data-programs="0"]')
    programs.scroll_into_view_if_needed()  # what is never looked at is never made
    expect(programs.locator(".count")).to_have_text("90 programs")
    rows = programs.locator("tr[data-row]")
    assert rows.count() < 90  # made as they are scrolled to
    programs.locator(".frame").evaluate("e => e.scrollTo(0, e.scrollHeight)")
    expect(rows).to_have_count(90)
    programs.get_by_label("Show").select_option("submitted")
    shown = rows.count()
    assert 0 < shown < 90
    sent = [int(text) for text in rows.locator("td:nth-child(8)").all_inner_texts()]
    assert len(set(sent)) == shown  # each has the number of its submission
    programs.get_by_label("Show").select_option("")
    programs.locator('input[type="search"]').fill("python3")
    assert 0 < rows.count() < 90
    kinds = programs.locator("tr[data-row] td:nth-child(2)").all_text_contents()
    assert set(kinds) == {"python3"}
    programs.get_by_role("button", name="Program", exact=True).click()
    names = rows.locator("td:first-child").all_inner_texts()
    assert names == sorted(names, key=lambda name: int(name.rsplit(".", 1)[1]))
    tests = programs.locator("> details")
    tests.locator("> summary").click()
    expect(tests).to_contain_text("1 refused by validators")
    expect(tests.locator("table").first.locator("tbody tr")).to_have_count(48)
    expect(tests.locator("table").nth(1)).to_contain_text("0 1")
    assert fits(page)
    assert serious_faults(page) == []
    # A run of one submission has no half ones along the bottom.
    assert page.evaluate(
        """() => {
          const box = document.createElement("div"), series = [{ x: [0, 1], y: [0, 20] }];
          lineChart(box, { series, top: 20, right: 1, xName: "submissions", label: "" });
          return [...box.querySelectorAll('text[text-anchor="middle"]')].map((e) => e.textContent);
        }"""
    ) == ["0", "1"]


def test_it_opens_a_program(visit, report_page: Path, serious_faults) -> None:
    page = opened(visit, report_page)
    page.locator("[data-open]").first.click()
    dialog = page.locator("#program")
    expect(dialog).to_be_visible()
    name = dialog.locator("h2").inner_text()
    expect(dialog.locator("pre.code")).to_contain_text(re.compile("main|print|input"))
    assert dialog.locator(".tk, .tt, .tf").count() > 2  # coloured
    dialog.get_by_role("tab", name="Raw answer").click()
    expect(dialog.locator(".body")).to_contain_text("Sort, then sweep")
    dialog.get_by_role("tab", name="Prompt").click()
    expect(dialog.locator(".body")).to_contain_text("A line of lamps")
    dialog.get_by_role("tab", name="Runs").click()
    expect(dialog.locator(".body tbody tr")).to_have_count(48)
    expect(dialog.locator(".body tbody tr").first).to_contain_text("example")
    page.keyboard.press("5")
    assert dialog.locator(".diff .add").count() > 0
    assert serious_faults(page) == []
    page.keyboard.press("1")
    page.keyboard.press("j")
    expect(dialog.locator("h2")).not_to_have_text(name)
    assert "/program/" in page.evaluate("location.hash")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_an_address_opens_what_it_names(visit, report_page: Path) -> None:
    first = opened(visit, report_page)
    name = first.locator("[data-open]").first.get_attribute("data-open")
    first.locator("[data-open]").first.click()
    first.wait_for_selector("#program pre.code")
    address = first.url
    second = opened(visit, address)
    expect(second.locator("#program h2")).to_have_text(name)
    task = name.split("/")[0]
    mended = opened(visit, f"{report_page.as_uri()}#/{task}/program/{task}%2F1.0.9/diff")
    expect(mended.locator(".about")).to_contain_text(f"a repair of {task}/1.0.0")
    expect(mended.locator(".body option:checked")).to_contain_text(f"{task}/1.0.0")
    third = opened(visit, f"{report_page.as_uri()}#/{task}?cluster=1&sort=cpu&up=1")
    programs = third.locator("[data-programs]").first
    expect(programs.locator(".count")).to_contain_text("cluster 1")
    cells = programs.locator("tr[data-row] td:nth-child(7)").all_text_contents()
    cpu = [int(text.split()[0]) for text in cells]
    assert cpu == sorted(cpu) and cpu


def test_dark_print_and_no_script(visit, report_page: Path, serious_faults, fits) -> None:
    page = opened(visit, report_page, dark=True)
    assert serious_faults(page) == []
    page.emulate_media(media="print")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(255, 255, 255)"
    assert page.locator(".bar").is_hidden()
    plain = visit(report_page, scripts=False)
    assert "points" in plain.locator(".standfirst").inner_text()
    assert plain.locator("table.lines tr").count() > 2
    assert fits(plain)


def test_texts_of_a_run_are_text(visit, tmp_path: Path) -> None:
    """A program that is HTML is shown, not run."""
    spec = importlib.util.spec_from_file_location("made_run", MADE_RUN)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    bad = "</script><img src=x onerror=alert(1)>"
    module._sources = lambda: [("cpp20", f"int main() {{}} // {bad}")]
    run = module.make_run(tmp_path / "run", tasks=1, programs=10, inputs=8)
    write_html(build_report(run), run / "report.html")
    page = opened(visit, run / "report.html")
    page.locator("[data-open]").first.click()
    expect(page.locator("pre.code")).to_contain_text("</script><")
    expect(page.locator("pre.code")).to_contain_text("alert(1)>")
    assert page.locator("img").count() == 0
    assert json.loads(page.evaluate("JSON.stringify(index.tasks.length)")) == 1
