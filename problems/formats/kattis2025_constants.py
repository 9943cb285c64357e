"""Role: constants of a Kattis 2025-09 package, put into the files that may name them.

`problem.yaml` defines them once; statements, validators, included files, submissions and
`test_group.yaml` write them as `{{name}}` or `{{name.variant}}`.
"""

from collections.abc import Mapping

from problems.statement.convert import with_constants

Scalar = int | float | str


def constant_texts(constants: Mapping[str, Scalar | Mapping[str, Scalar]]) -> dict[str, str]:
    """Every way to write a constant (`name`, `name.value`, `name.variant`) and its text."""
    found: dict[str, str] = {}
    for name, value in constants.items():
        variants = value if isinstance(value, Mapping) else {"value": value}
        found |= {f"{name}.{variant}": str(text) for variant, text in variants.items()}
        if "value" in variants:
            found[name] = str(variants["value"])
    return found


def substituted(sources: Mapping[str, bytes], constants: Mapping[str, str]) -> dict[str, bytes]:
    """Source files with the constants put in; binary files stay as they are."""
    if not constants:
        return dict(sources)
    replaced = {}
    for name, content in sources.items():
        try:
            replaced[name] = with_constants(content.decode("utf-8"), constants).encode()
        except UnicodeDecodeError:
            replaced[name] = content
    return replaced
