"""Small packages written on the spot."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Write = Callable[[Mapping[str, str | bytes | Path]], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a package: relative path -> text, bytes, or a Path that becomes a link's target."""

    def written(files: Mapping[str, str | bytes | Path]) -> Path:
        root = tmp_path / "package"
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Path):
                path.symlink_to(content)
            elif isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(content)
        return root

    return written
