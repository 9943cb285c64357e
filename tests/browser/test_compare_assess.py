"""The pages of `solver compare` and `solver assess` in a real browser."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from solver.replays.assess import assess
from solver.replays.world import World
from solver.report.assessing.page import assessment_page
from solver.report.assessing.sheet import Sheet, contamination_notes, lost_words, right_programs
from solver.report.comparing.compare import CompareOptions, Entry, compare
from solver.report.comparing.page import comparison_page
from solver.report.truths import truth_of
from solver.strategies.views import kept_views

MADE_RUN = Path(__file__).parents[2] / "benchmarks" / "made_run.py"


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, World]:
    spec = importlib.util.spec_from_file_location("made_run", MADE_RUN)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    run = module.make_run(
        tmp_path_factory.mktemp("run") / "run", tasks=2, programs=40, inputs=12, answers=False
    )
    found = {}
    for folder in sorted(run.glob("*/view-1.npz")):
        kept = kept_views(folder.parent)[-1]
        truth = truth_of(run, kept, None)
        found[folder.parent.name] = World(view=kept.view, truth=truth)
    return found


def test_compare(visit, worlds, tmp_path: Path, fits, serious_faults) -> None:
    entries = [
        Entry(name="a", about="one", worlds=worlds),
        Entry(name="b", about="", worlds=worlds),
    ]
    options = CompareOptions(strategies=["longest", "expected_gain"], limit=10, seeds=3)
    page_file = tmp_path / "compare.html"
    page_file.write_text(comparison_page(compare(entries, options)), encoding="utf-8")
    page = visit(page_file, dark=True)
    page.wait_for_selector("html[data-ready]")
    assert page.locator(".chart > svg").count() == 2
    rows = page.locator("#tasks tbody tr:visible")
    assert rows.count() == 4
    page.locator("#find").fill(next(iter(worlds)))
    expect(rows).to_have_count(2)
    assert fits(page)
    assert serious_faults(page) == []


def test_assess(visit, worlds, tmp_path: Path, fits, serious_faults) -> None:
    sheets = []
    for name, world in worlds.items():
        jury = [world.view.candidates[0].source]
        right, count = right_programs(world.view.candidates, world.truth, jury)
        sheets.append(
            Sheet(
                name=name,
                found=assess(world.view, world.truth, "random", replays=4, marks=(1, 10)),
                model="<b>made</b>",
                tally=None,
                facts=[("Model", "made")],
                lost=lost_words(None, {}),
                right=right,
                right_count=count,
                notes=contamination_notes(world.view.candidates, world.truth, jury),
            )
        )
        assert count == int(np.all(world.truth.right, axis=1).sum())
    page_file = tmp_path / "assess.html"
    page_file.write_text(assessment_page(sheets), encoding="utf-8")
    page = visit(page_file)
    assert page.locator(".verdict .big").count() == 2
    expect(page.locator("table").first.locator("tbody tr")).to_have_count(2)
    program = page.locator("details").first.locator("pre.code")
    expect(program).to_be_visible()
    page.locator("details summary").first.click()
    expect(program).to_be_hidden()
    expect(page.locator("main")).to_contain_text("<b>made</b>")
    assert fits(page)
    assert serious_faults(page) == []
