"""A real browser for the tests of our pages: Debian's Chromium, headless, driven by Playwright.

A test asks for `visit` and gets a page at each width of `WIDTHS`; when it ends, a message on the
console, an exception in the page or a request that failed makes it fail. `serious_faults` is what
axe-core has to say. Where there is no browser (`scripts/browser.sh` installs one) the tests skip.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

WIDTHS = {"desktop": 1280, "phone": 390}
HEIGHT = 900
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


class Visit(Protocol):
    """Opens a URL or a file; what `expected` matches may stand on the console.

    With `clock` the page's timers can be wound forward (`page.clock`).

    Attributes:
        wrong: What the pages said or did not get; a test ends with none.
    """

    wrong: list[str]

    def __call__(
        self,
        url: str | Path,
        *,
        dark: bool = False,
        expected: str = "",
        scripts: bool = True,
        clock: bool = False,
    ) -> Page: ...


# Of a file, not of the session: while Playwright lives, its event loop is the thread's, and another
# file's `asyncio.run` would fail. (Files come to a worker in any order.)
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = (os.environ.get("SOLVER_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no browser here: scripts/browser.sh installs Debian's chromium")
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not start as root; what it opens here is ours.
        arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        opened = playwright.chromium.launch(executable_path=found, args=arguments)
        yield opened
        opened.close()


@pytest.fixture(params=WIDTHS.values(), ids=WIDTHS.keys())
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def visit(browser: Browser, width: int) -> Iterator[Visit]:
    opener = Opener(browser, width)
    yield opener
    opener.close()
    assert opener.wrong == [], "the page said, or did not get"


class Opener:
    """A `Visit` over one browser, a context a page."""

    def __init__(self, browser: Browser, width: int) -> None:
        self.browser, self.width = browser, width
        self.wrong: list[str] = []
        self.contexts: list[BrowserContext] = []

    def __call__(
        self,
        url: str | Path,
        *,
        dark: bool = False,
        expected: str = "",
        scripts: bool = True,
        clock: bool = False,
    ) -> Page:
        def note(text: str) -> None:
            if not (expected and re.search(expected, text)):
                self.wrong.append(text)

        context = self.browser.new_context(
            viewport={"width": self.width, "height": HEIGHT},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        if clock:
            page.clock.install()
        page.on("console", lambda said: said.type in ("error", "warning") and note(said.text))
        page.on("pageerror", lambda error: note(f"exception: {error}"))
        page.on("requestfailed", lambda request: note(f"{request.url}: {request.failure}"))
        page.goto(url.resolve().as_uri() if isinstance(url, Path) else url)
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def serious_faults() -> Callable[[Page], list[str]]:
    """What axe-core calls serious or critical, a line each: rule, how many, the first element."""

    def look(page: Page) -> list[str]:
        page.evaluate(AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{each['id']} x{len(each['nodes'])}: {each['nodes'][0]['html'][:200]}"
            for each in found["violations"]
            if each["impact"] in ("serious", "critical")
        ]

    return look


@pytest.fixture
def fits() -> Callable[[Page], bool]:
    """Nothing makes the page itself scroll sideways."""

    def look(page: Page) -> bool:
        return bool(
            page.evaluate(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
            )
        )

    return look
