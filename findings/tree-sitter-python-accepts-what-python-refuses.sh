#!/usr/bin/env bash
# tree-sitter-python 0.25.0 (tree-sitter 0.26.1): a tree without any error node does not mean that the
# text is Python.
#
# Guess written down before the run: `root_node.has_error` is True for a program that CPython refuses
# with a SyntaxError, at least for wrong indentation and for Python 2's statements.
# Seen: 10 of 10 such programs give a tree without an error node: an unexpected indent, a dedent to no
# level, a function without a body, `print "x"`, `exec "..."`, `except E, e:`, backticks, `<>`, 0777,
# tabs mixed with spaces. (The grammar serves editors: it takes the union of both Pythons, and what is
# indented how far is decided by a scanner that never refuses.)
# So who counts a model's Python programs as "parses" by an error node counts wrong ones; `compile()`
# is the judge.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check tree-sitter==0.26.1 tree-sitter-python==0.25.0
"$work/env/bin/python" - <<'PY'
from importlib.metadata import version

import tree_sitter
import tree_sitter_python

PROGRAMS = {
    "unexpected indent": "a = 1\n    b = 2\n",
    "dedent to no level": "if a:\n        b = 1\n    c = 2\n",
    "function without a body": "def f():\nreturn_value = 1\n",
    "print statement": 'print "x"\n',
    "exec statement": 'exec "a = 1"\n',
    "except with a comma": "try:\n    pass\nexcept ValueError, e:\n    pass\n",
    "backticks": "a = `1`\n",
    "<>": "print(1 <> 2)\n",
    "octal of old": "a = 0777\n",
    "tabs and spaces": "if a:\n\tb = 1\n        c = 2\n",
}
parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language()))
print("tree-sitter", version("tree-sitter"), "tree-sitter-python", version("tree-sitter-python"))
silent = 0
for name, text in PROGRAMS.items():
    try:
        compile(text, name, "exec")
        raise SystemExit(f"{name}: CPython takes it; this finding is about programs that it refuses")
    except SyntaxError as error:
        said = type(error).__name__
    has_error = parser.parse(text.encode()).root_node.has_error
    silent += not has_error
    print(f"{name:<24} CPython: {said:<17} has_error: {has_error}")
control = parser.parse(b"if True\n    pass\n").root_node.has_error
print(f"{'a missing colon':<24} {'':<26} has_error: {control}")
if silent != len(PROGRAMS) or not control:
    raise SystemExit(f"changed: {silent} of {len(PROGRAMS)} without an error node, control {control}")
print(f"as found: {silent} of {len(PROGRAMS)} refused programs have no error node")
PY
