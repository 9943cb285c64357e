"""Growing pools cheaply: all mutants of a C++ program compiled at once (mutant schemata).

Compiling 500 mutants costs far more than running them. A schema holds the program and its single
slips side by side, `(on(17) ? (a <= b) : (a < b))`, and an environment variable picks one
(Untch, Offutt and Harrold, "Mutation analysis using mutant schemata", ISSTA 1993). Slips that are
no expression or statement (type widths, template arguments, array sizes) are left to the compiler.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from tree_sitter import Node

from sandbox.backend import Executable
from sandbox.compiling.compile import CompileError
from solver.grow.edit import Edit, Slip
from solver.grow.edits import edits_of, grammar_of, parse

VARIABLE = "SOLVER_SLIP"
MOST_SLIPS = 3

BuildSource = Callable[[bytes], Executable | CompileError]
"""Compiles one source with the task's managers."""

_PRELUDE = b"""#include <cstdlib>
static int solver_slip_(int which) {
    const char *v = getenv("SOLVER_SLIP");
    if (!v) return 0;
    for (; which > 0; --which) { while (*v && *v != ',') ++v; if (*v) ++v; }
    return atoi(v);
}
static const int solver_a_ = solver_slip_(0), solver_b_ = solver_slip_(1),
    solver_c_ = solver_slip_(2);
static inline bool solver_on_(int k) { return k == solver_a_ || k == solver_b_ || k == solver_c_; }
"""
_VALUES = {
    "binary_expression",
    "assignment_expression",
    "number_literal",
    "call_expression",
    "subscript_expression",
}
_STATEMENTS = {"expression_statement", "break_statement", "continue_statement"}
_CONSTANT = {
    "template_argument_list",
    "case_statement",
    "enumerator",
    "static_assert_declaration",
    "array_declarator",
    "preproc_def",
    "preproc_function_def",
    "bitfield_clause",
    "initializer_list",
    "lambda_capture_specifier",
    "field_declaration",
}
_ERROR = re.compile(rb":(\d+):(\d+): error:")
_CHOSEN = re.compile(rb"solver_on_\((\d+)\)")
_ATTEMPTS = 6
_FIXED_NAMES = (b"push_back", b"greater", b"less")


class Schema:
    """All single slips of one program in one executable; slips that lie apart combine.

    Attributes:
        edits: The slips by number.
    """

    def __init__(self, executable: Executable, sites: "Sequence[tuple[int, _Site]]") -> None:
        self._executable = executable
        self.edits = {number: site.edit for number, site in sites}

    def with_slips(self, numbers: Sequence[int]) -> Executable:
        """The program with these slips, at most `MOST_SLIPS`."""
        if not 1 <= len(numbers) <= MOST_SLIPS:
            raise ValueError(f"a schema runs 1 to {MOST_SLIPS} slips at once, not {len(numbers)}")
        text = ",".join(map(str, numbers))
        return replace(self._executable, env={**self._executable.env, VARIABLE: text})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Site:
    """An edit and the stretch of source, a whole expression or statement, that it replaces."""

    start: int
    end: int
    edit: Edit
    kind: str

    def mutated(self, source: bytes) -> bytes:
        """The stretch with the edit."""
        inner = source[self.start : self.end]
        begin, finish = self.edit.start - self.start, self.edit.end - self.start
        return inner[:begin] + self.edit.text + inner[finish:]


def schema_of(source: bytes, language: str, build: BuildSource) -> Schema | None:
    """The program's schema; None for other languages than C++, or where none compiles.

    Args:
        source: The program.
        language: Its language id.
        build: Compiles a source of that language with the task's managers.
    """
    if grammar_of(language) != "cpp":
        return None
    numbered = list(enumerate(_sites(source), 1))
    for _ in range(_ATTEMPTS):
        if not numbered:
            break
        text = schema_text(source, numbered)
        made = build(text)
        if isinstance(made, Executable):
            return Schema(made, numbered)
        # Slips that the compiler complains of are dropped, and it is tried again.
        blamed = _blamed(text, made.messages)
        if not blamed:
            break
        numbered = [item for item in numbered if item[0] not in blamed]
    return None


def schema_text(source: bytes, sites: Sequence[tuple[int, _Site]]) -> bytes:
    """The program with all these slips behind a switch."""
    spots: dict[tuple[int, int, str], list[tuple[int, _Site]]] = {}
    for number, site in sites:
        spots.setdefault((site.start, site.end, site.kind), []).append((number, site))
    ordered = sorted(spots.items(), key=lambda item: (item[0][0], -item[0][1]))
    text, _ = _emit(source, ordered, 0, 0, len(source))
    return _PRELUDE + text


Spots = list[tuple[tuple[int, int, str], list[tuple[int, _Site]]]]


def _emit(source: bytes, spots: Spots, index: int, start: int, end: int) -> tuple[bytes, int]:
    """The source from start to end with the spots inside of it, and the next spot's index."""
    parts: list[bytes] = []
    at = start
    while index < len(spots) and spots[index][0][0] < end:
        (first, last, kind), variants = spots[index]
        parts.append(source[at:first])
        inner, index = _emit(source, spots, index + 1, first, last)
        parts.append(_switch(source, inner, kind, variants))
        at = last
    parts.append(source[at:end])
    return b"".join(parts), index


def _switch(source: bytes, inner: bytes, kind: str, variants: Sequence[tuple[int, _Site]]) -> bytes:
    for number, site in variants:
        chosen = b"solver_on_(%d)" % number
        if kind == "statement":
            inner = b"{ if (!(%s)) { %s } }" % (chosen, inner)
        elif kind == "condition":
            inner = b"(%s ? %s : bool%s)" % (chosen, site.edit.text, inner)
        else:
            inner = b"(%s ? (%s) : (%s))" % (chosen, site.mutated(source), inner)
    return inner


def _blamed(text: bytes, messages: bytes) -> set[int]:
    """Numbers of the slips that the compiler's errors point into."""
    lines = text.split(b"\n")
    found: set[int] = set()
    for match in _ERROR.finditer(messages):
        line, column = int(match[1]), int(match[2])
        if not 1 <= line <= len(lines):
            continue
        # An error inside of a slip's branch, or at the question mark before it.
        before = list(_CHOSEN.finditer(lines[line - 1][: column + 4]))
        if before:
            found.add(int(before[-1][1]))
        else:
            after = _CHOSEN.search(lines[line - 1], column)
            if after:
                found.add(int(after[1]))
    return found


def _sites(source: bytes) -> Iterator[_Site]:
    root = parse(source, "cpp").root_node
    for edit in edits_of(source, "cpp20"):
        if edit.slip is Slip.TYPE_WIDTH or source[edit.start : edit.end] in _FIXED_NAMES:
            continue
        node = root.descendant_for_byte_range(edit.start, max(edit.start, edit.end - 1))
        site = _site_of(node, edit) if node is not None else None
        if site is not None:
            yield site


def _site_of(node: Node, edit: Edit) -> _Site | None:
    """The smallest whole expression, condition or statement around an edit."""
    wanted = "value"
    if edit.slip is Slip.MISSING_CASE:
        wanted = "condition"
    elif edit.slip is Slip.MISSING_STEP:
        wanted = "statement"
    current: Node | None = node
    host: Node | None = None
    while current is not None:
        kind = current.type
        if kind in _CONSTANT or (kind == "declaration" and b"const" in _head(current)):
            return None
        if host is None and current.start_byte <= edit.start and current.end_byte >= edit.end:
            if wanted == "condition" and kind == "condition_clause":
                if any(
                    child.type in ("declaration", "init_statement") for child in current.children
                ):
                    return None
                host = current
            elif wanted == "statement" and kind in _STATEMENTS:  # noqa: SIM114
                host = current
            elif wanted == "value" and kind in _VALUES and _covers(current, edit):
                host = current
        current = current.parent
    if host is None:
        return None
    return _Site(start=host.start_byte, end=host.end_byte, edit=edit, kind=wanted)


def _covers(node: Node, edit: Edit) -> bool:
    """An identifier's edit wants the whole call, an index swap the outer subscript."""
    if edit.slip is Slip.EXTREME:
        return node.type == "call_expression"
    if edit.slip is Slip.INDEX_ORDER:
        return node.type == "subscript_expression" and node.end_byte > edit.end
    return True


def _head(node: Node) -> bytes:
    text = node.text or b""
    return text[:40]
