"""The programs that stand around a Python solution of LiveCodeBench, as its own runner does.

`lcb_runner/evaluation/testing_util.py` (commit 15808c7): names of sixteen modules are there without
an import, the modules themselves as well; the recursion limit is 50,000; a method's prints are not
its result; a program's `sys.exit` of any status is no failure.
"""

# Star imports in LiveCodeBench's order: a later one takes a name from an earlier one.
_PRELUDE = """\
import os, sys

names = {}
for module in (
    "string re datetime collections heapq bisect copy math random statistics itertools functools"
    " operator io sys json builtins typing"
).split():
    exec("from %s import *" % module, names)
for module in (
    "string re datetime collections heapq bisect copy math random statistics itertools functools"
    " operator io sys json"
).split():
    exec("import %s" % module, names)
sys.setrecursionlimit(50000)
with open("solution.py", encoding="utf-8") as file:
    source = file.read()
"""

PROGRAM_DRIVER = (
    _PRELUDE
    + """\
names["__name__"] = "__main__"
code = compile(source, "solution.py", "exec", dont_inherit=True)
status = 0
try:
    exec(code, names)
except SystemExit as ended:
    if isinstance(ended.code, str):
        print(ended.code, file=sys.stderr)
sys.stdout.flush()
"""
)
"""Runs a whole program that reads standard input."""

FUNCTION_DRIVER = (
    _PRELUDE
    + """\
import decimal, json, numbers

# What the method prints is no result, however it prints.
result_file = os.fdopen(os.dup(1), "w", encoding="utf-8")
nowhere = os.open(os.devnull, os.O_WRONLY)
os.dup2(nowhere, 1)


class Other(Exception):
    pass


def plain(value):
    # What JSON cannot hold equals no expected value, as == says; what it can must equal it alone.
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise Other
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (numbers.Number, decimal.Decimal)):
        for kind in (int, float):
            try:
                if kind(value) == value:
                    return kind(value)
            except (TypeError, ValueError, OverflowError):
                continue
    raise Other


arguments = [json.loads(line) for line in sys.stdin.read().split("\\n") if line.strip()]
names["__name__"] = "solution"
exec(compile(source, "solution.py", "exec", dont_inherit=True), names)
owner = names["Solution"]() if "class Solution" in source else None
method = names[FUNCTION] if owner is None else getattr(owner, FUNCTION)
value = method(*arguments)
if isinstance(value, tuple):
    value = list(value)
try:
    text = json.dumps(plain(value))
except Other:
    text = "no JSON: " + repr(value)[:1000]
result_file.write(text + "\\n")
result_file.close()
"""
)
"""Calls `FUNCTION` (to be replaced by its name as a literal) and prints its result as JSON."""
