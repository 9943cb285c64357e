"""What a Java source declares: its package, its public type, and the class that `java` starts.

Read from the syntax tree (tree-sitter-java), so that comments, strings, annotations and several
types on one line or in one file mislead nobody. JLS 7.3, 7.6 and 12.1.4.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import tree_sitter
import tree_sitter_java

_TYPES = {
    "class_declaration",
    "enum_declaration",
    "record_declaration",
    "interface_declaration",
    "annotation_type_declaration",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JavaSource:
    """One source file.

    Attributes:
        package: "" for the unnamed one.
        public_type: After which the compiler wants the file to be named; None where there is none.
        main_types: Types with a `static void main`, first those that a judge would start.
    """

    package: str
    public_type: str | None
    main_types: tuple[str, ...]

    @property
    def main_class(self) -> str | None:
        """The name that `java` is given, package included; None without a main method."""
        if not self.main_types:
            return None
        return f"{self.package}.{self.main_types[0]}" if self.package else self.main_types[0]


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_java.language()))


def read_java(content: bytes) -> JavaSource:
    """What a source declares; of one that does not parse, what could be made out."""
    root = _parser().parse(content).root_node
    package, public = "", None
    mains: list[tuple[int, str]] = []
    for node in _top_level(root):
        if node.type == "package_declaration":
            named = node.named_children[-1] if node.named_children else None
            package = "" if named is None else "".join(_text(named).split())
            continue
        name = _name(node)
        is_public = "public" in _modifiers(node)
        if is_public and public is None:
            public = name
        rank = _main_rank(node)
        if rank is not None:
            mains.append((rank + (not is_public) + (name != "Main"), name))
    ordered = [name for _, name in sorted(mains, key=lambda each: each[0])]
    return JavaSource(package=package, public_type=public, main_types=tuple(ordered))


def main_source(sources: Mapping[str, bytes]) -> str | None:
    """The file with the main method, one named main before others; None where there is none."""
    with_main = [name for name, content in sources.items() if read_java(content).main_types]
    named = [name for name in with_main if name.rsplit(".", 1)[0].lower() == "main"]
    return next(iter([*named, *with_main]), None)


def _top_level(root: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """Package line and types; also those beside something that the parser could not place."""
    for node in root.named_children:
        if node.type == "package_declaration" or node.type in _TYPES:
            yield node
        elif node.is_error:
            yield from (each for each in node.named_children if each.type in _TYPES)


def _text(node: tree_sitter.Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _name(node: tree_sitter.Node) -> str:
    named = node.child_by_field_name("name")
    return "" if named is None else _text(named)


def _modifiers(node: tree_sitter.Node) -> set[str]:
    return {
        word.type for child in node.children if child.type == "modifiers" for word in child.children
    }


def _main_rank(node: tree_sitter.Node) -> int | None:
    """0 for a type with `static void main(String[])`, 10 for one with another main, else None."""
    body = node.child_by_field_name("body")
    ranks = [_method_rank(method) for method in _methods(body)]
    return min((rank for rank in ranks if rank is not None), default=None)


def _methods(body: tree_sitter.Node | None) -> Iterator[tree_sitter.Node]:
    for child in () if body is None else body.named_children:
        if child.type == "method_declaration":
            yield child
        elif child.type in ("enum_body_declarations", "ERROR"):
            yield from _methods(child)


def _method_rank(method: tree_sitter.Node) -> int | None:
    kind = method.child_by_field_name("type")
    if _name(method) != "main" or kind is None or _text(kind) != "void":
        return None
    parameters = method.child_by_field_name("parameters")
    words = "" if parameters is None else "".join(_text(parameters).split())
    takes_words = "String[]" in words or "String..." in words or words.endswith("[])")
    # Java 25 (JEP 512) also starts a main() that is not static or takes nothing.
    return 0 if "static" in _modifiers(method) and takes_words else 10
