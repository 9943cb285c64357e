"""Stage 2, afterwards: when two C or C++ programs are one in other words.

Tokens as tree-sitter has them, without comments and layout; the program's own names are numbered.
A name is its own only where the compiler cannot take it for anything else:

- a variable within functions whose every use lies in the scope of a declaration there;
- a global variable or function, where its name is no library's: `data` is ambiguous with
  `std::data`, and which names a header brings nobody can say for all compilers.

Programs that tree-sitter cannot parse because of their own macros are parsed after a preprocessor
(pcpp) has expanded these.
"""

import re
from collections.abc import Iterator
from functools import cache

import tree_sitter
import tree_sitter_cpp

from solver.sampling.answers.macros import STRINGIFIES, expanded

Node = tree_sitter.Node

# Literals keep their blanks.
_WHOLE = {
    *("string_literal", "raw_string_literal", "char_literal", "system_lib_string"),
    *("preproc_arg", "string_content"),
}
# What shows a name or a line to the program; then only its very text is the same.
_REFLECTION = re.compile(
    rb"__\w+__|__func__|__COUNTER__|\btypeid\b|source_location|stacktrace|\btype_name\b|\?\?[=/'()!<>-]"
)
# Words of C++ and of its newer standards, alternative tokens, lower-case macros of gcc and glibc.
_TAKEN = frozenset(
    b"and and_eq bitand bitor compl not not_eq or or_eq xor xor_eq alignas alignof asm auto bool "
    b"char8_t char16_t char32_t class concept consteval constexpr constinit const_cast co_await "
    b"co_return co_yield decltype delete dynamic_cast explicit export extern false final friend "
    b"import inline module mutable namespace new noexcept nullptr operator override private "
    b"protected public reflexpr register reinterpret_cast requires restrict signed static_assert "
    b"static_cast template this thread_local throw true try typeid typename typeof unsigned using "
    b"virtual wchar_t unix linux i386 errno assert stdin stdout stderr major minor makedev complex "
    b"imaginary noreturn alloca offsetof va_start va_arg va_end va_copy setjmp sigsetjmp main "
    b"pre post contract_assert".split()
)
# Of contest programs' usual global names those that no C or C++ header declares.
_NO_LIBRARYS = frozenset(
    b"solve dfs bfs dp adj ans res arr vec vis memo par cnt mx mn sol solution calc compute "
    b"build query graph edges nodes parent children visited seen best total result answer cur nxt "
    b"prv grid rows cols dist inf fact primes sieve prefix pref suf suff segtree fenwick".split()
)
_CAMEL = re.compile(rb"[a-z]+[a-z0-9]*[A-Z]\w*")


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_cpp.language()))


def tokens_of(content: bytes) -> bytes | None:
    """The program's tokens with numbered names; None where only its very text is the same."""
    if _REFLECTION.search(content):
        return None
    root = _parser().parse(content).root_node
    if root.has_error:
        plain = expanded(content)
        if plain is None:
            return None
        root = _parser().parse(plain).root_node
        if root.has_error:
            return None
    names = _Names()
    names.walk(root)
    own = frozenset() if STRINGIFIES.search(content) else names.own()
    numbers: dict[bytes, bytes] = {}
    words = []
    for leaf in _leaves(root):
        text = leaf if isinstance(leaf, bytes) else leaf.text or b""
        if not isinstance(leaf, bytes):
            text = text if leaf.type in _WHOLE else text.strip()
            if text in own and (leaf.type == "identifier" or leaf.start_byte in names.sizes):
                text = numbers.setdefault(text, b"\1%d" % len(numbers))
        words.append(text)
    return b"\0".join(words)


def _leaves(root: Node) -> Iterator[Node | bytes]:
    """Leaves in order without comments; a directive's end is a word: it ends with its line."""
    stack: list[Node | bytes] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, bytes):
            yield node
        elif node.type != "comment":
            if node.child_count == 0 or node.type in _WHOLE:
                yield node
                continue
            if node.type.startswith("preproc_"):
                stack.append(b"\2")
            stack.extend(reversed(node.children))


def _nodes(root: Node) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.children))


_SCOPES = {
    *("function_definition", "compound_statement", "for_statement", "for_range_loop"),
    *("if_statement", "while_statement", "switch_statement", "lambda_expression", "catch_clause"),
    *("do_statement", "case_statement", "else_clause", "class_specifier", "struct_specifier"),
    *("namespace_definition", "template_declaration", "requires_expression", "union_specifier"),
}
_DECLARING = {"declaration", "parameter_declaration", "optional_parameter_declaration"}


class _Names:
    """Walks a program in the order of its text and finds out what each name means."""

    def __init__(self) -> None:
        self.local: set[bytes] = set()
        self.top: set[bytes] = set()
        self.free: set[bytes] = set()
        self.fixed: set[bytes] = set()
        self._scopes: list[set[bytes]] = [set()]
        self.sizes: set[int] = set()
        """Where `vector<int> v(n)` is parsed as a function of a type `n`: it is a variable."""
        self._functions = 0

    def own(self) -> frozenset[bytes]:
        """The names that are nobody else's."""
        # Without main() the functions are called from outside, by their names.
        top = {name for name in self.top if _is_no_librarys(name)} if b"main" in self.top else set()
        both = self.local & self.top
        own = (self.local | top) - both - self.free - self.fixed - _TAKEN
        return frozenset(name for name in own if not _may_be_macro(name))

    def walk(self, root: Node) -> None:
        # Explicit: programs may be nested deeper than Python's stack.
        stack: list[tuple[Node, bool]] = [(root, False)]
        while stack:
            node, leaving = stack.pop()
            if leaving:
                self._scopes.pop()
                self._functions -= node.type in ("function_definition", "lambda_expression")
                continue
            self._look(node)
            if node.type in _SCOPES:
                self._scopes.append(set())
                self._functions += node.type in ("function_definition", "lambda_expression")
                stack.append((node, True))
            if node.type == "for_range_loop":
                self._range_loop(node, stack)
            else:
                stack.extend((child, False) for child in reversed(node.children))

    def _range_loop(self, node: Node, stack: list[tuple[Node, bool]]) -> None:
        """What is run over stands outside of the loop variable's scope."""
        declared = node.child_by_field_name("declarator")
        names = set() if declared is None else _bound(declared)
        ranged = node.child_by_field_name("right")
        if ranged is not None:
            self.fixed |= names & {each.text or b"" for each in _nodes(ranged)}
        self._declare(names)
        stack.extend((child, False) for child in reversed(node.children))

    def _look(self, node: Node) -> None:
        kind = node.type
        if kind == "function_definition":
            self._function(node)
        elif kind in _DECLARING:
            for child in node.children_by_field_name("declarator"):
                if _is_function(child):
                    if not self._is_sized(child):
                        self._function_name(child)
                else:
                    self._declare(_bound(child))
        elif kind == "identifier" or node.start_byte in self.sizes:
            name = node.text or b""
            if not any(name in scope for scope in self._scopes):
                self.free.add(name)
        elif kind == "qualified_identifier" or kind.startswith("preproc_"):
            if kind != "preproc_include" and kind != "preproc_call":
                self._fix_words(node)
        elif kind in _NAMES_OF_OTHERS:
            self.fixed.add(node.text or b"")
        elif kind in _ALL_FIXED:
            self._fix_words(node)

    def _fix_words(self, node: Node) -> None:
        self.fixed |= set(re.findall(rb"[A-Za-z_]\w*", node.text or b""))

    def _declare(self, names: set[bytes]) -> None:
        self._scopes[-1 if self._functions else 0] |= names
        if self._functions:
            self.local |= names
        elif len(self._scopes) == 1:
            self.top |= names
        else:
            # A member, or something in a namespace.
            self.fixed |= names

    def _is_sized(self, node: Node) -> bool:
        """A variable whose constructor is given variables; C++ itself tells by what they are."""
        named, parameters = (
            node.child_by_field_name("declarator"),
            node.child_by_field_name("parameters"),
        )
        if not self._functions or named is None or parameters is None or named.type != "identifier":
            return False
        given = []
        for each in parameters.named_children:
            held = each.child_by_field_name("type")
            if each.type != "parameter_declaration" or each.named_child_count != 1 or held is None:
                return False
            if held.type != "type_identifier":
                return False
            given.append(held)
        if not given or not all(
            any((held.text or b"") in scope for scope in self._scopes[1:]) for held in given
        ):
            return False
        self.sizes |= {held.start_byte for held in given}
        self._declare({named.text or b""})
        return True

    def _function(self, node: Node) -> None:
        declarator = node.child_by_field_name("declarator")
        if declarator is not None:
            self._function_name(declarator)

    def _function_name(self, declarator: Node) -> None:
        name = _innermost(declarator)
        if name is None:
            return
        if self._functions or len(self._scopes) > 1:
            self.fixed.add(name)
        else:
            self.top.add(name)
            self._scopes[0].add(name)


_NAMES_OF_OTHERS = {
    *("field_identifier", "namespace_identifier", "type_identifier", "statement_identifier"),
    *("destructor_name", "operator_name"),
}


# What tree-sitter does not resolve, or what other files see.
_ALL_FIXED = {
    *("enumerator", "lambda_capture_initializer", "concept_definition", "using_declaration"),
    *("alias_declaration", "friend_declaration", "linkage_specification", "asm_declaration"),
    *("gnu_asm_expression", "attribute_declaration", "attribute_specifier"),
}


def _is_function(node: Node) -> bool:
    inner: Node | None = node
    while inner is not None:
        if inner.type == "function_declarator":
            return True
        inner = inner.child_by_field_name("declarator")
    return False


def _innermost(node: Node) -> bytes | None:
    inner: Node | None = node
    while inner is not None and inner.type != "identifier":
        following = inner.child_by_field_name("declarator")
        if following is None and inner.type in ("reference_declarator", "parenthesized_declarator"):
            following = next(iter(inner.named_children), None)
        inner = following
    return None if inner is None else inner.text or b""


def _bound(node: Node) -> set[bytes]:
    """Variables that a declarator binds."""
    inner: Node | None = node
    while inner is not None and inner.type != "identifier":
        if inner.type == "structured_binding_declarator":
            return {each.text or b"" for each in inner.named_children if each.type == "identifier"}
        following = inner.child_by_field_name("declarator")
        if following is None and inner.type in ("reference_declarator", "parenthesized_declarator"):
            following = next(iter(inner.named_children), None)
        inner = following
    return set() if inner is None else {inner.text or b""}


def _may_be_macro(name: bytes) -> bool:
    return name.startswith(b"_") or b"__" in name or (len(name) > 1 and name.upper() == name)


def _is_no_librarys(name: bytes) -> bool:
    one_letter = len(name) == 1 and name.islower()
    return one_letter or name in _NO_LIBRARYS or _CAMEL.fullmatch(name) is not None
