"""Statements as text for a model: every source format, examples, one version a subtask."""

import re
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from problems.errors import PackageError
from problems.statement.convert import (
    build_statement,
    find_statement,
    pdf_to_text,
    read_statement,
    subtask_descriptions,
)
from problems.statement.html import html_to_markdown, markdown_to_text
from problems.statement.macros import expand_macros
from problems.statement.tex import tex_to_markdown
from problems.task import Example, Subtask

TWO = [Subtask(name="group1", max_points=30), Subtask(name="group2", max_points=70)]


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\problemname{Boats} \noindent Go.", "# Boats\n\nGo."),
        (
            r"\section*{Input} One \emph{line} of \textbf{two} words.",
            "## Input\n\nOne *line* of **two** words.",
        ),
        (
            r"$1 \le N \le 10^5$ and \[ a_i = \frac{1}{2} \]",
            "$1 \\le N \\le 10^5$ and\n\n$$a_i = \\frac{1}{2}$$",
        ),
        (r"50\% of \$5, x\_y \& more -- or~less", r"50% of \$5, x_y & more – or less"),
        (r"call \texttt{f(a\_b)} or \verb|x{y}|", "call `f(a_b)` or `x{y}`"),
        ("a % comment\nb", "a b"),
        ("``quoted'' text", "“quoted” text"),
        (
            r"see \href{http://x.org}{the site}, \url{http://y.org}",
            "see the site (http://x.org), <http://y.org>",
        ),
        (r"\illustration{0.3}{map}{A map}", "[Picture map left out. Caption: A map]"),
        (r"{\tt code} and {\bf strong}", "`code` and **strong**"),
        (r"G\"{o}teborg \aa\ \ldots", "Göteborg å …"),
    ],
)
def test_tex(tex: str, text: str) -> None:
    assert tex_to_markdown(tex) == text


def test_tex_lists_nest() -> None:
    tex = r"""
\begin{enumerate}
  \item first
  \begin{itemize} \item inner $x$ \end{itemize}
  \item second
\end{enumerate}"""
    assert tex_to_markdown(tex) == "1. first\n   - inner $x$\n2. second"


def test_tex_tables_keep_formulas_and_escape_bars() -> None:
    tex = r"""
\begin{tabular}{|l|r|} \hline
\textbf{A} & B \\ \hline
$|x| \le 3$ & \multicolumn{1}{l}{two} \\ \hline
\end{tabular}"""
    assert tex_to_markdown(tex) == (
        "| **A** | B |\n| --- | --- |\n| $\\vert x\\vert \\le 3$ | two |"
    )


def test_tex_verbatim_and_broken_input() -> None:
    assert "```\na  b\n```" in tex_to_markdown("\\begin{verbatim}\na  b\n\\end{verbatim}")
    assert "open" in tex_to_markdown(r"an \textbf{open brace and $math")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"\newcommand{\maxn}{10^5}$N \le \maxn$", r"$N \le 10^5$"),
        (r"\newcommand\maxn{7} \maxn apples", " 7apples"),
        (r"\newcommand{\pair}[2]{(#1, #2)}\pair{a}{b}", "(a, b)"),
        (r"\newcommand{\opt}[2][x]{#1#2}\opt{1} \opt[y]{2}", "x1 y2"),
        (r"\def\k{K}\def\kk{\k\k}\kk", "KK"),
        (r"\def\two#1#2{#2#1}\two{a}{b}", "ba"),
        (r"\newcommand{\maxn}{1}\maxname", r"\maxname"),
        (r"\newcommand{\le}{\leq}$1 \le n$", r"$1 \leq n$"),
    ],
)
def test_macros(source: str, text: str) -> None:
    assert expand_macros(source) == text


def test_a_macro_that_doubles_itself_ends() -> None:
    assert len(expand_macros(r"\def\a{\b\b}\def\b{\a\a}\a")) < 50_000


def test_html_with_formulas_of_three_kinds() -> None:
    source = """
    <h2>Task</h2><p>Given $$$n$$$ and <i>x</i><sub>1</sub> &lt; 10<sup>18</sup>.</p>
    <script type="math/tex">a^2</script><script>evil()</script>
    <span class="katex"><span class="katex-html">junk</span><math><annotation
      encoding="application/x-tex">b_3</annotation></math></span>
    <ul><li>one</li><li>two<ol><li>in</li></ol></li></ul>
    <table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>a|b</td></tr></table>
    <pre>1  2\n3</pre><img src="x.png" alt="map">"""
    text = html_to_markdown(source)
    for part in (
        *("## Task", "Given $n$ and *x*_1 < 10^{18}.", "$a^2$", "$b_3$"),
        *("- one\n- two\n  1. in", "| A | B |\n| --- | --- |\n| 1 | a\\|b |"),
        *("```\n1  2\n3\n```", "[Picture map left out.]"),
    ):
        assert part in text
    assert "evil" not in text
    assert "junk" not in text


def test_markdown_loses_pictures_and_entities() -> None:
    text = markdown_to_text("a &lt; b ![map](m.png) <!-- note --> $$$k$$$\r\nend")
    assert text == "a < b [Picture map left out.]  $k$\nend"


def write_pdf(path: Path, text: str) -> Path:
    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    content = DecodedStreamObject()
    lines = "".join(f"({line}) Tj T* " for line in text.split("\n"))
    content.set_data(f"BT /F1 12 Tf 14 TL 20 280 Td {lines} ET".encode())
    page[NameObject("/Contents")] = content
    writer.write(path)
    return path


def draw_pdf(path: Path, operations: str) -> Path:
    """A page whose content stream is given; F1 is Helvetica."""
    write_pdf(path, "")
    writer = PdfWriter(clone_from=path)
    content = DecodedStreamObject()
    content.set_data(operations.encode())
    writer.pages[0][NameObject("/Contents")] = content
    writer.write(path)
    return path


RAISED = {
    "a smaller font, moved up": (
        "BT /F1 12 Tf 20 200 Td (n is at most 10) Tj /F1 8 Tf 84 4 Td (5) Tj /F1 12 Tf 5 -4 Td "
        "(, always) Tj ET",
        "n is at most 10^5, always",
    ),
    "a smaller font with a rise": (
        "BT /F1 12 Tf 20 200 Td (up to 10) Tj /F1 8 Tf 5 Ts (18) Tj 0 Ts "
        "/F1 12 Tf ( of them) Tj ET",
        "up to 10^18 of them",
    ),
    "a rise alone": (
        "BT /F1 12 Tf 20 200 Td (up to 10) Tj 5 Ts (9) Tj 0 Ts ( of them) Tj ET",
        "up to 10^9 of them",
    ),
    "a rise in a page that is scaled": (
        "q 0.5 0 0 0.5 0 0 cm BT /F1 24 Tf 20 400 Td (2) Tj /F1 14 Tf 9 Ts (n-1) Tj 0 Ts ET Q",
        "2^(n-1)",
    ),
    "a page that stands on its head": (
        "q 1 0 0 -1 0 300 cm BT 1 0 0 -1 20 100 Tm /F1 12 Tf (10) Tj ET "
        "BT 1 0 0 -1 33.5 95 Tm /F1 8 Tf (6) Tj ET Q",
        "10^6",
    ),
    "small print after all the large one, as browsers have it": (
        "BT /F1 12 Tf 20 200 Td (10) Tj ET BT /F1 12 Tf 60 200 Td (and x) Tj ET "
        "BT /F1 8 Tf 33.5 205 Td (5) Tj ET BT /F1 8 Tf 93 205 Td (2) Tj ET",
        "10^5 and x^2",
    ),
    "an index": (
        "BT /F1 12 Tf 20 200 Td (a) Tj /F1 8 Tf 7 -3 Td (i) Tj /F1 12 Tf 3 3 Td ( + b) Tj ET",
        "a_i + b",
    ),
    "an index and a power": (
        "BT /F1 12 Tf 20 200 Td (a) Tj /F1 8 Tf 7 -3 Td (i) Tj 0 8 Td (2) Tj ET",
        "a_i^2",
    ),
    "the ending of a number": (
        "BT /F1 12 Tf 20 200 Td (the 2) Tj /F1 7 Tf 5 Ts (nd) Tj 0 Ts /F1 12 Tf ( one) Tj ET",
        "the 2nd one",
    ),
    "brackets": (
        "BT /F1 12 Tf 20 200 Td (\\(n+1\\)) Tj /F1 8 Tf 5 Ts (2) Tj ET",
        "(n+1)^2",
    ),
    "a line in small print": (
        "BT /F1 12 Tf 20 200 Td (Title 10) Tj /F1 8 Tf 0 -14 Td (5 numbers) Tj ET",
        "Title 10 5 numbers",
    ),
    "a small word beside it": (
        "BT /F1 12 Tf 20 200 Td (Limit 10) Tj /F1 8 Tf 60 3 Td (tests) Tj ET",
        "Limit 10 tests",
    ),
}


@pytest.mark.parametrize("name", RAISED)
def test_a_pdf_keeps_its_powers(name: str, tmp_path: Path) -> None:
    operations, wanted = RAISED[name]
    text = pdf_to_text(draw_pdf(tmp_path / "en.pdf", operations))
    body = text.split("\n\n", 1)[1]
    assert re.sub(r"\s+", " ", body).strip() == wanted


def test_pdf(tmp_path: Path) -> None:
    path = write_pdf(
        tmp_path / "en.pdf", "Add two numbers.\n1. [30 points] N is small\n2. [70 points] none"
    )
    text = pdf_to_text(path)
    assert text.startswith("[Extracted from a PDF")
    assert "Add two numbers." in text
    assert subtask_descriptions(text, TWO)["group1"] == "N is small"
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 rubbish")
    with pytest.raises(PackageError, match=r"bad\.pdf: cannot be read as PDF"):
        pdf_to_text(tmp_path / "bad.pdf")


TABLE = """Text.

| Group | Points | Limits |
| --- | --- | --- |
| 1 | 30 | $N \\le 10$ |
| 2 | 70 | none |

After."""
SWEDISH = TABLE.replace("Group", "**Grupp**").replace("Points", "Poäng")
LIST = """## Subtasks

1. (30 points) $N \\le 10$,
   and more.
2. (70 points) none

After."""
NAMED = "- **Subtask 1** (30 points): $N \\le 10$\n- **Subtask 2** (70 points): none\n\nAfter."
HEADINGS = (
    "### Subtask 1 [30 points]\n\n$N \\le 10$\n\n"
    "### Subtask 2 [70 points]\n\nnone\n\n## After\n\nAfter."
)


@pytest.mark.parametrize("text", [TABLE, SWEDISH, LIST, NAMED, HEADINGS])
def test_a_version_a_subtask(text: str) -> None:
    found = build_statement(text, examples=[], subtasks=TWO)
    first, second = found.for_subtask("group1"), found.for_subtask("group2")
    assert "N \\le 10" in first
    assert "none" not in first
    assert "none" in second
    assert "N \\le 10" not in second
    assert "and more" not in second
    for version in (first, second):
        assert "After." in version
    descriptions = subtask_descriptions(text, TWO)
    assert descriptions["group1"].startswith("$N \\le 10$")
    assert descriptions["group2"] == "none"


def test_rows_that_do_not_agree_are_not_believed() -> None:
    other = [Subtask(name="group1", max_points=31), Subtask(name="group2", max_points=69)]
    assert build_statement(TABLE, examples=[], subtasks=other).per_subtask == {}
    three = [*TWO, Subtask(name="group3", max_points=5)]
    assert subtask_descriptions(TABLE, three) == {}
    scaled = [Subtask(name="group1", max_points=3), Subtask(name="group2", max_points=7)]
    assert subtask_descriptions(TABLE, scaled)["group2"] == "none"


def test_a_subtask_of_no_points_needs_no_row() -> None:
    samples = [Subtask(name="00-samples", max_points=0), *TWO]
    assert set(subtask_descriptions(TABLE, samples)) == {"group1", "group2"}


def test_examples_are_put_in_unless_the_text_has_them() -> None:
    example = Example(name="1", input=b"3 4 5\n", output=b"12\n")
    assert "```\n3 4 5\n```" in build_statement("Add.", examples=[example], subtasks=[]).text
    shown = "Add.\n\n```\n3 4   5\n```"
    assert build_statement(shown, examples=[example], subtasks=[]).text == shown
    talk = Example(name="1", input=b"7\n", output=None)
    assert "Output" not in build_statement("Ask.", examples=[talk], subtasks=[]).text
    long = Example(name="1", input=b"x" * 10_000, output=b"")
    assert "(5904 bytes more)" in build_statement("", examples=[long], subtasks=[]).text


def test_language_and_format_are_chosen(tmp_path: Path) -> None:
    folder = tmp_path / "statement"
    folder.mkdir()
    assert find_statement(folder) is None
    assert read_statement(folder, examples=[], subtasks=[]).text == ""
    for name in ("problem.sv.tex", "problem.en.md", "problem.en.tex", "solution.en.md", "de.txt"):
        (folder / name).write_text(name)
    chosen = {code: find_statement(folder, code) for code in ("en", "sv", "de", "fr")}
    names = {code: None if path is None else path.name for code, path in chosen.items()}
    assert names == {
        "en": "problem.en.tex",
        "sv": "problem.sv.tex",
        "de": "de.txt",
        "fr": "problem.en.tex",
    }


def test_a_link_out_of_the_package_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret")
    folder = tmp_path / "package/statement"
    folder.mkdir(parents=True)
    (folder / "problem.en.md").symlink_to(tmp_path / "secret.md")
    with pytest.raises(PackageError, match="leads out"):
        read_statement(folder, examples=[], subtasks=[])


def test_constants(tmp_path: Path) -> None:
    (tmp_path / "a.tex").write_text(r"$N \le \constant{n}$, {{n.word}}, {{other}}")
    constants = {"n": "10^5", "n.word": "many"}
    found = read_statement(tmp_path / "a.tex", examples=[], subtasks=[], constants=constants)
    assert r"$N \le 10^5$, many" in found.text


def test_latin_1_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes("Göteborg".encode("latin-1"))
    assert read_statement(tmp_path / "a.md", examples=[], subtasks=[]).text == "Göteborg"
