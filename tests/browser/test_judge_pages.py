"""The judge's pages in a real browser: a team logs in, hands in and sees its verdict."""

from pathlib import Path

import pytest

from tests.judges.conftest import graders, serve  # noqa: F401  (fixtures)

RIGHT = "a, b = map(int, input().split())\nprint(a + b)\n"
CUP = "contests/cup"
LEFT = "net::ERR_ABORTED"
"""Somebody went to another page before this one had its icon."""


def logged_in(visit, running, account: str, **options):
    page = visit(f"{running.root}login", expected=LEFT, **options)
    page.get_by_label("Name").fill(account)
    page.get_by_label("Password").fill(running.password(account))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{CUP}**")
    return page


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_team_plays_with_the_keyboard(visit, serve, serious_faults, fits, dark: bool) -> None:  # noqa: F811
    running = serve(public_scoreboard=True, interval_s=0)
    page = logged_in(visit, running, "team01", dark=dark)
    assert serious_faults(page) == [] and fits(page)
    page.get_by_role("link", name="Two Baskets").press("Enter")
    page.wait_for_url("**/problems/apples")
    assert serious_faults(page) == [] and fits(page)
    page.get_by_label("Language").select_option("python3")
    page.get_by_label("or the program's text").fill(RIGHT)
    page.get_by_role("button", name="Hand in").press("Enter")
    page.wait_for_url("**/submissions/1")
    # The page itself follows the judge: nothing is loaded again by hand.
    page.locator("#live").get_by_text("accepted", exact=True).first.wait_for(timeout=60_000)
    assert "20 / 20" in page.locator("#live").inner_text()
    assert serious_faults(page) == [] and fits(page)
    for path in ("submissions", "scoreboard", "problems/depots"):
        page.goto(f"{running.root}{CUP}/{path}")
        assert serious_faults(page) == [] and fits(page), path
    assert page.get_by_role("button", name="Log out").is_visible()


def test_a_program_that_does_not_compile_says_why(visit, serve, serious_faults, fits) -> None:  # noqa: F811
    running = serve()
    page = logged_in(visit, running, "team02")
    page.goto(f"{running.root}{CUP}/problems/evens")
    page.get_by_label("Language").select_option("cpp20")
    page.get_by_label("Files").set_input_files(
        {"name": "wrong.cpp", "mimeType": "text/plain", "buffer": b"int main() { retrun 0; }"}
    )
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/submissions/1")
    page.get_by_text("The compiler says").wait_for(timeout=60_000)
    assert "retrun" in page.locator("#live pre").inner_text()
    assert serious_faults(page) == [] and fits(page)


def test_the_public_scoreboard_follows_the_contest(visit, serve, serious_faults, fits) -> None:  # noqa: F811
    """It asks every ten seconds, which pass when the test says so."""
    running = serve(public_scoreboard=True)
    page = visit(f"{running.root}{CUP}/scoreboard", expected=LEFT, clock=True)
    assert serious_faults(page) == [] and fits(page)
    person = running.person("team02")
    person.hand_in("apples", "python3", RIGHT)
    page.clock.fast_forward(11_000)
    page.get_by_text("1 waiting").or_(page.get_by_text("1 try")).first.wait_for(timeout=60_000)
    admin = logged_in(visit, running, "admin")
    admin.get_by_role("button", name="Freeze now").click()
    admin.get_by_role("button", name="Thaw").wait_for()
    assert serious_faults(admin) == [] and fits(admin)
    page.clock.fast_forward(11_000)
    page.get_by_text("The scoreboard is frozen").wait_for(timeout=60_000)
    admin.goto(f"{running.root}{CUP}/admin/submissions")
    assert serious_faults(admin) == [] and fits(admin)


def test_without_scripts_all_of_it_works(visit, serve) -> None:  # noqa: F811
    running = serve()
    page = logged_in(visit, running, "team03", scripts=False)
    page.goto(f"{running.root}{CUP}/problems/apples")
    page.get_by_label("Language").select_option("python3")
    page.get_by_label("or the program's text").fill(RIGHT)
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/submissions/1")
    for _ in range(200):
        page.reload()
        if page.locator("#live").get_by_text("accepted").count():
            return
        page.wait_for_timeout(200)
    raise AssertionError("no verdict")


def test_a_hostile_program_runs_no_script(visit, serve, tmp_path: Path) -> None:  # noqa: F811
    """The console stays silent, and the document is as it was served."""
    evil = '</code></pre><script>document.title = "owned"</script><img src=x onerror=alert(1)>'
    running = serve(names={"Team 1": evil}, public_scoreboard=True)
    running.person().hand_in("apples", "python3", evil)
    admin = logged_in(visit, running, "admin")
    for path in ("submissions/1", "scoreboard", "admin", "admin/submissions"):
        admin.goto(f"{running.root}{CUP}/{path}")
        assert "owned" not in admin.title()
        assert admin.locator("main img").count() == 0
