"""Role: `problem.xml` as a tree: no entities, no network, one clear error with its line."""

from pathlib import Path

from lxml import etree

from problems.errors import PackageError
from problems.formats.folder import Folder

XML_LIMIT_BYTES = 16 * 1024 * 1024


def parse_xml(folder: Folder, relative: str) -> etree._Element:
    """The root element.

    Raises:
        PackageError: Not XML, or it declares a document type (the door of entity bombs).
    """
    path = folder.root / relative
    content = folder.read(relative, XML_LIMIT_BYTES)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise PackageError(path, "declares a document type, which a package has no use for", 1)
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        said = " ".join(str(error.msg).split())
        raise PackageError(path, f"not valid XML: {said}", error.lineno) from error
    except ValueError as error:
        raise PackageError(path, f"not valid XML: {error}", 1) from error
    if root.tag != "problem":
        raise PackageError(path, f"expected <problem>, got <{root.tag}>", root.sourceline)
    return root


def text_of(path: Path, element: etree._Element, tag: str) -> str:
    """Text of a child.

    Raises:
        PackageError: There is none.
    """
    text = str(element.findtext(tag) or "").strip()
    if not text:
        raise PackageError(path, f"no <{tag}>", element.sourceline)
    return text


def attribute(path: Path, element: etree._Element, name: str) -> str:
    """An attribute.

    Raises:
        PackageError: It is missing or empty.
    """
    value = str(element.get(name) or "")
    if not value:
        raise PackageError(path, f"<{element.tag}> without {name}", element.sourceline)
    return value


def number(path: Path, text: str, element: etree._Element) -> float:
    """A number that is not negative.

    Raises:
        PackageError: The text is something else.
    """
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e15:
        raise PackageError(path, f"expected a number, got {text!r}", element.sourceline)
    return value
