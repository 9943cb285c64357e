"""Role: names of source files as a compiler's folder wants them: plain, none twice."""

from collections.abc import Mapping


def flat_names(sources: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files without their inner folders; of two with one name the outermost stays."""
    flat: dict[str, bytes] = {}
    for name in sorted(sources, key=lambda name: (name.count("/"), name)):
        flat.setdefault(name.rsplit("/", 1)[-1], sources[name])
    return flat
