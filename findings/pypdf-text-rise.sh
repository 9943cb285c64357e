#!/usr/bin/env bash
# pypdf 7.1.1: a raised exponent (the operator Ts) cannot be told from the digits before it, and in
# layout mode what follows it on the line, no longer raised, comes out above the line's beginning.
#
# Guess written down before the run: `extract_text` hands the visitor the raised piece by itself, its
# text matrix or its font size saying that it is raised; layout mode keeps one line of text on one line.
# Seen: the visitor gets the whole line as one piece with the line's own matrix, so "10, 5 raised" is
# 105 and a bound of 100,000 reads as 105. In layout mode, Ts 0 does not bring the text down again: the
# rest of the line stands on a line of its own above the beginning. Statements of contests that office
# programs made write their bounds like this; whoever reads them must watch the operators itself.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check pypdf==7.1.1 reportlab==5.1.0 2>/dev/null
"$work/env/bin/python" - <<'PY'
from importlib.metadata import version
from io import BytesIO

from pypdf import PdfReader
from reportlab.pdfgen import canvas

file = BytesIO()
page = canvas.Canvas(file)
line = page.beginText(72, 700)
line.setFont("Helvetica", 12)
line.textOut("at most 10")
line.setRise(5)
line.textOut("5")
line.setRise(0)
line.textOut(" lamps")
page.drawText(line)
page.save()

pieces = []
opened = PdfReader(BytesIO(file.getvalue())).pages[0]
opened.extract_text(visitor_text=lambda text, cm, tm, font, size: pieces.append((text, tm, size)))
told = [(text, [round(number, 1) for number in tm], size) for text, tm, size in pieces if text.strip()]
laid_out = opened.extract_text(extraction_mode="layout").split("\n")
print(f"pypdf {version('pypdf')}: the visitor is told {told}")
print(f"layout mode: {laid_out}")
if told != [("at most 105 lamps", [1.0, 0.0, 0.0, 1.0, 72.0, 700.0], 12.0)]:
    raise SystemExit("changed")
if [row.strip() for row in laid_out] != ["5 lamps", "at most 10"]:
    raise SystemExit("changed")
print("as found: the rise is told to nobody, and layout mode keeps it for the rest of the line")
PY
