"""The judge's pages as a browser without scripts uses them: who sees what, and what is refused."""

import re
import time
from pathlib import Path

import httpx
import pytest

from problems.submission import Submission
from solver.errors import SolverError
from solver.judges.clients.contest_api import pack
from solver.judges.pages.session import COOKIE, session_key, way_back
from solver.judges.pages.statement import inline_html, statement_html
from solver.judges.server.accounts import AccountsError, make_teams
from solver.judges.server.guard import RequestLimits
from solver.judges.server.present import Window
from tests.judges.seen import CUP, RIGHT, judged, row_of

EVIL = '</code></pre><script>alert("x")</script><img src=x onerror=alert(1)>'


def test_a_team_logs_in_reads_hands_in_and_sees_its_verdict(serve) -> None:
    person = serve().person()
    text = person.get(CUP).text
    assert "Two Baskets" in text and "Log out" in text
    problem = person.get(f"{CUP}/problems/depots").text
    assert "<math" in problem and "Hand in" in problem and "5 1 3" in problem
    answer = person.hand_in("apples", "python3", RIGHT)
    assert answer.url.path == f"{CUP}/submissions/1"
    text = judged(person)
    assert "accepted" in text and "20" in text
    assert "Two Baskets" in person.get(f"{CUP}/submissions").text
    board = person.get(f"{CUP}/scoreboard").text
    assert row_of(board, "Team 1").startswith("1 Team 1 20")


def test_subtasks_and_the_compilers_words_are_shown(serve) -> None:
    person = serve().person()
    person.hand_in("depots", "python3", "print(13)\n")
    person.hand_in("apples", "cpp20", "int main() { retrun 0; }")
    assert "group4" in judged(person, 1)
    text = judged(person, 2)
    assert "compile error" in text and "retrun" in text and "The compiler says" in text


def test_files_are_uploaded_and_given_back(serve) -> None:
    person = serve().person()
    page = f"{CUP}/problems/apples"
    files = {"files": ("sum.py", RIGHT.encode())}
    answer = person.post(page, page, {"language": "python3", "program": ""}, files=files)
    assert "sum.py" in answer.text
    kept = person.get(f"{CUP}/submissions/1/sum.py")
    assert kept.content == RIGHT.encode()
    assert kept.headers["Content-Disposition"].startswith("attachment")
    for name in ("../sum.py", "a/b.py", ".hidden"):
        files = {"files": (name, b"x")}
        assert person.post(page, page, {"language": "python3"}, files=files).status_code == 400
    two = [("files", ("a.py", b"1")), ("files", ("a.py", b"2"))]
    assert person.post(page, page, {"language": "python3"}, files=two).status_code == 400


def test_pressing_twice_hands_in_once(serve) -> None:
    running = serve()
    person = running.person()
    page = f"{CUP}/problems/apples"
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', person.get(page).text))
    fields = {**hidden, "language": "python3", "program": RIGHT}
    urls = {person.http.post(page, data=fields).url.path for _ in range(2)}
    assert urls == {f"{CUP}/submissions/1"}
    assert len(running.store.submissions()) == 1


def test_a_refused_program_comes_back_in_the_form_with_the_reason(serve) -> None:
    person = serve(submission_limit=1).person()
    page = f"{CUP}/problems/apples"
    empty = person.hand_in("apples", "python3", "  ")
    assert empty.status_code == 400 and "there is no program" in empty.text
    wrong = person.hand_in("apples", "cobol", "DISPLAY 1")
    assert wrong.status_code == 400 and "no such language" in wrong.text
    assert "DISPLAY 1" in wrong.text
    large = person.hand_in("apples", "python3", "#" * 300_000)
    assert large.status_code == 413 and "larger than the code limit" in large.text
    assert person.hand_in("apples", "python3", RIGHT).status_code == 200
    assert "All submissions to this problem are spent" in person.get(page).text


def test_java_by_its_text_gets_its_class_for_a_name(serve) -> None:
    person = serve().person()
    source = "public class Sum { public static void main(String[] a) { System.out.println(1); } }"
    assert "Sum.java" in person.hand_in("apples", "java", source).text


def test_what_is_shown_without_a_login(serve) -> None:
    closed, public = serve(), serve(public_scoreboard=True)
    paths = (CUP, f"{CUP}/problems/apples", f"{CUP}/submissions", f"{CUP}/submissions/1")
    paths += (f"{CUP}/admin", f"{CUP}/admin/submissions")
    for running in (closed, public):
        with httpx.Client(base_url=running.root, timeout=20) as http:
            assert http.get("/").status_code == 200
            for path in paths:
                assert http.get(path).headers["Location"] == f"/login?next={path}"
            assert http.get(f"{CUP}/nothing").status_code == 404
            board = http.get(f"{CUP}/scoreboard")
            if running is closed:
                assert board.headers["Location"].startswith("/login")
                assert "scoreboard" not in http.get("/").text
            else:
                assert board.status_code == 200 and "Team 1" in board.text
                assert "problems/" not in board.text


def test_the_login_leads_back_and_nowhere_else(serve) -> None:
    running = serve()
    person = running.person()
    person.post("/logout", CUP, {})
    assert "Log in" in person.get(f"{CUP}/submissions").text
    page = f"/login?next={CUP}/submissions"
    fields = {"user": "team01", "password": running.passwords["team01"]}
    assert person.post("/login", page, fields).url.path == f"{CUP}/submissions"
    for elsewhere in ("//evil.example", "https://evil.example/", "/\\evil.example", None, 7):
        assert way_back(elsewhere) == "/"
    assert way_back("/contests/\\..\\evil") == "/"


def test_a_wrong_password_and_too_many_of_them(serve) -> None:
    running = serve()
    person = running.person("team02")
    person.post("/logout", CUP, {})
    for _ in range(10):
        answer = person.log_in("team01", "guess")
        if answer.status_code == 429:
            break
        assert answer.status_code == 401 and "do not belong together" in answer.text
    else:
        answer = person.log_in("team01", "guess")
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0
    # Another account is not locked by it.
    assert person.log_in("team03", running.passwords["team03"]).url.path == CUP


def test_a_forged_form_is_refused(serve) -> None:
    """Another site cannot hand in for a team that is logged in, nor thaw for an admin."""
    running = serve()
    person, other, admin = running.person(), running.person("team02"), running.person("admin")
    page = f"{CUP}/problems/apples"
    foreign = re.search(r'name="token" value="([^"]*)"', other.get(page).text)
    own = re.search(r'name="token" value="([^"]*)"', person.get(page).text)
    assert foreign is not None and own is not None
    fields = {"language": "python3", "program": RIGHT, "key": "1"}
    bad = [{}, {"token": ""}, {"token": "x.y.z"}, {"token": foreign[1]}, {"token": own[1][:-1]}]
    for token in bad:
        answer = person.http.post(page, data=fields | token)
        assert answer.status_code == 403 and "not ours" in answer.text
    cross = {"Sec-Fetch-Site": "cross-site"}
    assert person.http.post(page, data=fields | {"token": own[1]}, headers=cross).status_code == 403
    for path in ("/admin/freeze", "/admin/thaw"):
        assert admin.http.post(CUP + path, data={"token": foreign[1]}).status_code == 403
    assert person.http.post("/logout", data={}).status_code == 403
    assert running.store.submissions() == []
    assert person.http.post(page, data=fields | {"token": own[1]}).status_code == 200


def test_a_cookie_is_signed_and_ends_with_the_password(serve, tmp_path: Path) -> None:
    running = serve()
    person = running.person()
    cookie = person.http.cookies[COOKIE]
    other = httpx.Client(base_url=running.root, timeout=20)
    running.closers.append(other.close)
    for value, status in ((cookie, 200), (cookie[:-2] + "xx", 303), ("e30=.x.y", 303)):
        other.cookies.clear()
        assert other.get(CUP, headers={"Cookie": f"{COOKIE}={value}"}).status_code == status
    other.cookies.clear()
    head = other.get("/login").headers["Set-Cookie"].lower()
    assert "httponly" in head and "samesite=lax" in head
    # A copy of the cookie, and of what the server answered with it, is worth nothing afterwards.
    copy = {"Cookie": f"{COOKIE}={person.http.cookies[COOKIE]}"}
    again = running.person()  # the same account, elsewhere
    assert other.get(CUP, headers=copy).status_code == 200
    person.post("/logout", CUP, {})
    other.cookies.clear()
    assert other.get(CUP, headers=copy).status_code == 303
    other.cookies.clear()
    assert other.get(CUP, headers={"Cookie": f"{COOKIE}={cookie}"}).status_code == 303
    other.cookies.clear()
    assert again.get(CUP).url.path == CUP
    # A server with other passwords and the same key knows nobody of before.
    again = serve()
    answer = other.get(again.root + "contests/cup", headers={"Cookie": f"{COOKIE}={cookie}"})
    assert answer.status_code == 303


def test_every_page_says_what_it_may_do(serve) -> None:
    running = serve()
    person = running.person()
    for path in ("/", CUP, f"{CUP}/nothing", "/static/style.css", f"{CUP}/problems/apples"):
        headers = person.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
    assert person.get(CUP).headers["Cache-Control"] == "no-store"
    text = person.get(f"{CUP}/problems/apples").text
    assert not re.search(r"<script(?! src=\"/static/)|style=|onclick", text)
    with running.http() as http:
        assert http.get("contests").json()[0]["id"] == "cup"  # the API beside it


def test_html_in_a_program_and_in_a_teams_name_stays_text(serve) -> None:
    name = '<b onmouseover="alert(1)">Bold</b>'
    running = serve(names={"Team 1": name}, public_scoreboard=True)
    person, admin = running.person(), running.person("admin")
    person.hand_in("apples", "python3", EVIL)
    person.hand_in("apples", EVIL, EVIL)
    for reader in (person, admin):
        for path in ("/submissions/1", "/scoreboard", ""):
            text = reader.get(CUP + path).text
            assert "<script>" not in text and "<img" not in text and "<b onmouse" not in text
        assert "&lt;script&gt;" in reader.get(f"{CUP}/submissions/1").text
    for path in ("/admin", f"/admin/submissions?team={EVIL}", "/admin/submissions"):
        text = admin.get(CUP + path).text
        assert "<script>" not in text and "<b onmouse" not in text
    assert "&lt;b onmouseover" in httpx.get(f"{running.root}contests/cup/scoreboard").text
    wrong = person.post("/login", CUP, {"user": EVIL, "password": "x"})
    assert "<img" not in wrong.text
    assert "<img" not in person.get(f"{CUP}/problems/{EVIL}").text


def test_no_team_reads_anothers_submission(serve) -> None:
    running = serve()
    mine, other, admin = running.person(), running.person("team02"), running.person("admin")
    mine.hand_in("apples", "python3", RIGHT + "# a secret of team01\n")
    for path in ("/submissions/1", "/submissions/1/main.py", "/submissions/0", "/submissions/x"):
        answer = other.get(CUP + path)
        assert answer.status_code == 404 and "a secret" not in answer.text
    for path in ("", "/submissions", "/scoreboard", "/problems/apples"):
        assert "submissions/1" not in other.get(CUP + path).text
    for path in ("/admin", "/admin/submissions"):
        assert other.get(CUP + path).status_code == 403
    assert "a secret" in admin.get(f"{CUP}/submissions/1").text
    assert admin.get(f"{CUP}/submissions/1/main.py").status_code == 200


def test_an_admin_is_no_team(serve) -> None:
    running = serve()
    admin = running.person("admin")
    assert "Hand in" not in admin.get(f"{CUP}/problems/apples").text
    fields = {"language": "python3", "program": RIGHT, "key": "1"}
    answer = admin.post(f"{CUP}/problems/apples", CUP, fields)
    assert answer.status_code == 403 and running.store.submissions() == []
    assert ">Admin<" not in admin.get(f"{CUP}/scoreboard").text.split("<main")[1]
    with running.http("admin") as http:
        assert http.get("contests").status_code == 403


def test_a_frozen_scoreboard_leaks_nothing(serve) -> None:
    """Not on the page, not in the API, not by the order of the teams; the own verdict is shown."""
    running = serve(public_scoreboard=True)
    first, second, admin = running.person(), running.person("team02"), running.person("admin")
    first.hand_in("apples", "python3", "print(0)\n")
    judged(first, 1)
    admin.post(f"{CUP}/admin/freeze", f"{CUP}/admin", {})
    second.hand_in("apples", "python3", RIGHT)
    assert "accepted" in judged(second, 2)
    public = httpx.get(f"{running.root}contests/cup/scoreboard").text
    for text in (
        public,
        first.get(f"{CUP}/scoreboard").text,
        second.get(f"{CUP}/scoreboard?all").text,
    ):
        assert "The scoreboard is frozen" in text
        assert row_of(text, "Team 2") == "1 Team 2 0 ? 1 waiting"
        assert row_of(text, "Team 1") == "1 Team 1 0 0 1 try"
    with running.http() as http:
        board = http.get("contests/cup/scoreboard").json()
        assert [row["score"]["score"] for row in board["rows"]] == [0, 0, 0]
        assert board["rows"][1]["problems"][0]["num_pending"] == 1
        assert board["state"]["frozen"] is not None and board["state"]["thawed"] is None
    below = admin.get(f"{CUP}/scoreboard?all").text
    assert row_of(below, "Team 2").startswith("1 Team 2 20")
    assert row_of(admin.get(f"{CUP}/scoreboard").text, "Team 2").startswith("1 Team 2 0")
    admin.post(f"{CUP}/admin/thaw", f"{CUP}/admin", {})
    assert row_of(first.get(f"{CUP}/scoreboard").text, "Team 2").startswith("1 Team 2 20")
    with running.http() as http:
        assert http.get("contests/cup/state").json()["thawed"] is not None


def test_nothing_of_a_contest_is_read_before_its_start(serve) -> None:
    running = serve(window=Window(start_s=time.time() + 600, end_s=time.time() + 900))
    person, admin = running.person(), running.person("admin")
    for path in (CUP, f"{CUP}/scoreboard"):
        assert "Two Baskets" not in person.get(path).text
    assert person.get(f"{CUP}/problems/apples").status_code == 403
    assert "Two Baskets" in admin.get(f"{CUP}/problems/apples").text


def test_a_body_that_is_too_large_is_answered_in_words(serve) -> None:
    person = serve(limits=RequestLimits(body_bytes=100_000)).person()
    answer = person.hand_in("apples", "python3", "#" * 200_000)
    assert answer.status_code == 413 and answer.text.startswith("the body is over 100000 bytes")


def test_the_admin_finds_submissions(serve) -> None:
    running = serve()
    mine, admin = running.person(), running.person("admin")
    mine.hand_in("apples", "python3", RIGHT)
    mine.hand_in("evens", "python3", "print(0)\n")
    judged(mine, 2)
    page = admin.get(f"{CUP}/admin").text
    assert "1 of 3" in page
    rows = re.findall(
        r"submissions/(\d+)", admin.get(f"{CUP}/admin/submissions?problem=apples").text
    )
    assert rows == ["1"]
    wanted = admin.get(f"{CUP}/admin/submissions?verdict=wrong+answer").text
    assert re.findall(r"submissions/(\d+)", wanted) == ["2"]
    assert "0 submissions" in admin.get(f"{CUP}/admin/submissions?team=team02").text


def test_a_page_and_the_api_share_their_limits(serve) -> None:
    running = serve(submission_limit=1)
    running.person().hand_in("apples", "python3", RIGHT)
    source = Submission(language="python3", sources={"main.py": b"print(1)\n"})
    body = {"problem_id": "apples", "language_id": "python3", "files": [{"data": pack(source)}]}
    with running.http() as http:
        assert http.post("contests/cup/submissions", json=body).status_code == 403


@pytest.mark.parametrize(
    "text",
    [
        r"$\text{<script>alert(1)</script>}$",
        r"$\href{javascript:alert(1)}{x}$",
        r'$\color{"><script>}x$',
        r"$\mbox{<img src=x onerror=alert(1)>}$",
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        r"$\style{background:url(//evil.example)}{x}$",
    ],
)
def test_a_statement_cannot_hold_html(text: str) -> None:
    for html in (statement_html(text, "Title"), str(inline_html(text))):
        assert not re.search(r"<(script|img)|href=|style=|onerror=[^&]*>", html), html


def test_a_statements_formulas_tables_and_title() -> None:
    html = statement_html(
        "# A Title\n\nFor $n \\leq 10^9$.\n\n| a | b |\n|---|---|\n| 1 | $x$ |\n", "a title"
    )
    assert "<h1>" not in html and html.count("<math") == 2 and "<table>" in html
    assert "<code>\\frac{</code>" in statement_html("$\\frac{$", "t")


def test_accounts_and_the_key_of_cookies(tmp_path: Path) -> None:
    file = tmp_path / "session.key"
    key = session_key(file)
    assert session_key(file) == key and len(key) == 64
    assert file.stat().st_mode & 0o077 == 0
    file.chmod(0o644)
    with pytest.raises(SolverError, match=r"session\.key"):
        session_key(file)
    assert set(make_teams(tmp_path / "a.toml", 1, admin="jury")) == {"team01", "jury"}
    with pytest.raises(AccountsError, match="team's id already"):
        make_teams(tmp_path / "b.toml", 1, admin="team01")
    with pytest.raises(AccountsError, match="no account's id"):
        make_teams(tmp_path / "c.toml", 1, admin='x"y')
