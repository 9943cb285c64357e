"""The report's page at size: how large, how long to write, how long until it can be used; JSON.

    python benchmarks/report_page.py                      10,000 candidates of five tasks
    python benchmarks/report_page.py --candidates 1000

The run is made (`made_run.py`): the bundled pools' programs with names and numbers of their own,
each with a raw answer. Chromium opens the file five times, at 1280 and at 390 px; `ready_ms` is
what the page itself measures from the start of its navigation until charts are drawn, the table is
there and an address was followed, `filter_ms` is a search over all programs of a task, `open_ms`
from a click until a program's text is on the screen. The target: 10 MB and 2 s.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from made_run import make_run
from playwright.sync_api import Page, sync_playwright

from solver.report.build import build_report
from solver.report.html import html_report
from solver.report.page.data import run_data

TIMES = 5


def measured(page: Page, url: str) -> dict[str, float]:
    """One opening of the page."""
    page.goto("about:blank")
    page.goto(url)
    page.wait_for_selector("html[data-ready]")
    ready_ms = float(page.evaluate("document.documentElement.dataset.ready"))
    filter_ms = page.evaluate(
        """() => { const table = makeTable(0), begun = performance.now();
        table.search.value = "python3"; table.search.dispatchEvent(new Event("input"));
        table.body.getBoundingClientRect(); return performance.now() - begun; }"""
    )
    open_ms = page.evaluate(
        """async () => { const table = makeTable(1), begun = performance.now();
        await openProgram(table, table.rows[table.rows.length - 1], "text");
        document.querySelector("pre.code").getBoundingClientRect();
        return performance.now() - begun; }"""
    )
    return {"ready_ms": ready_ms, "filter_ms": filter_ms, "open_ms": open_ms}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candidates", type=int, default=10_000)
    parser.add_argument("--tasks", type=int, default=5)
    asked = parser.parse_args()
    browser_at = os.environ.get("SOLVER_CHROMIUM") or shutil.which("chromium")
    found: dict[str, Any] = {"candidates": asked.candidates, "tasks": asked.tasks}
    with tempfile.TemporaryDirectory() as folder:
        run = make_run(
            Path(folder) / "run", tasks=asked.tasks, programs=asked.candidates // asked.tasks
        )
        begun_s, cpu_s = time.perf_counter(), time.process_time()
        data = run_data(build_report(run))
        found["read_and_replay_s"] = round(time.perf_counter() - begun_s, 2)
        found["read_and_replay_cpu_s"] = round(time.process_time() - cpu_s, 2)
        found["program_bytes"] = round(
            statistics.mean(
                len(one.source) for kept in data.views.values() for one in kept.view.candidates
            )
        )
        begun_s, cpu_s = time.perf_counter(), time.process_time()
        text = html_report(data.report, data)
        found["write_s"] = round(time.perf_counter() - begun_s, 2)
        found["write_cpu_s"] = round(time.process_time() - cpu_s, 2)
        file = Path(folder) / "report.html"
        file.write_text(text, encoding="utf-8")
        found["bytes"] = file.stat().st_size
        found["memory_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=browser_at, args=["--no-sandbox", "--disable-dev-shm-usage"]
            )
            for width in (1280, 390):
                page = browser.new_page(viewport={"width": width, "height": 900})
                times = [measured(page, file.as_uri()) for _ in range(TIMES)]
                found[f"at_{width}"] = {
                    name: {
                        "median": round(statistics.median(each[name] for each in times), 1),
                        "most": round(max(each[name] for each in times), 1),
                    }
                    for name in times[0]
                }
            browser.close()
    found["load"] = os.getloadavg()[0]
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
