"""What statements in TeX are written with, and what each word becomes in Markdown."""

MACROS = {
    "problemname": "{",
    "problemtitle": "{",
    "illustration": "{{{",
    "includegraphics": "[{",
    "caption": "[{",
    "href": "{{",
    "url": "{",
    "texttt": "{",
    "code": "{",
    "footnote": "[{",
    "multicolumn": "{{{",
    "multirow": "{{{",
    "cline": "{",
    "sampletable": "{{{{",
    "interactivesample": "{",
    "displaysample": "{",
    "nextsample": "",
    "remainingsamples": "",
    "textcolor": "{{",
    "color": "{",
    "vspace": "*{",
    "hspace": "*{",
    "label": "{",
    "ref": "{",
    "input": "{",
    "include": "{",
    "solvestats": "{{{",
    "framebox": "[[{",
    "parbox": "[{{",
    "underline": "{",
    "sout": "{",
    "subsubsection": "*[{",
    "operatorname": "*{",
}
ENVIRONMENTS = {
    "minipage": "[{",
    "wrapfigure": "[{[{",
    "figure": "[",
    "tabularx": "{[{",
    "tabulary": "{{",
    "longtable": "[{",
    "array": "[{",
    "multicols": "{",
    "description": "[",
}
TABLES = {"tabular", "tabular*", "tabularx", "tabulary", "longtable"}
LISTS = {"itemize", "enumerate", "description"}
DISPLAYS = {"equation", "align", "gather", "multline", "eqnarray", "displaymath", "flalign"}
VERBATIM = {"verbatim", "Verbatim"}

CODE = {"texttt", "code", "tt", "ttfamily"}
BOLD = {"textbf", "bf", "bfseries"}
ITALIC = {"emph", "textit", "it", "em", "itshape", "textsl"}
HEADINGS = {"section": "##", "subsection": "###", "subsubsection": "####", "paragraph": "####"}
DROPPED = {
    *("vspace", "hspace", "label", "color", "centering", "noindent", "medskip", "bigskip"),
    *("smallskip", "raggedright", "raggedleft", "hline", "cline", "toprule", "midrule", "Large"),
    *("bottomrule", "large", "small", "footnotesize", "newpage", "clearpage", "pagebreak", "fill"),
    *("displaysample", "nextsample", "remainingsamples", "interactivesample", "sampletable"),
    *("newcommand", "renewcommand", "providecommand", "def", "input", "include", "protect"),
    *("usepackage", "documentclass", "setlength", "solvestats", "vfill", "hfill", "par", "item"),
    *("problemyamlname", "linewidth", "textwidth", "indent", "sffamily", "rmfamily", "normalsize"),
}
LITERAL = {"%": "%", "&": "&", "_": "_", "#": "#", "{": "{", "}": "}", "$": r"\$", "@": ""}
SPACES = {" ", ",", ";", ":", "!", "/", "quad", "qquad", "enspace", "thinspace", "newline", "\\"}
SPECIALS = {"~": " ", "``": "“", "''": "”", "--": "–", "---": "—", "&": " "}
