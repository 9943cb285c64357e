"""Role: which tests of a TPS folder belong to which subtask.

`tests/mapping` has a line `<subtask> <test>` a pair. Where it is gone, `gen/data` is followed:
`@subtask` and `@testset` open a set, `@include` adds the sets above, every other line is a test.
"""

from collections.abc import Sequence

from problems.errors import PackageError
from problems.formats.folder import Folder


def read_mapping(folder: Folder, tests: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Set name to its tests in order, those of included sets first.

    Raises:
        PackageError: A named test is missing, or `gen/data` cannot be followed; names the line.
    """
    known = set(tests)
    if folder.has("tests/mapping"):
        return _from_mapping(folder, known)
    if folder.has("gen/data"):
        return _from_generators(folder, known)
    where = folder.root / "tests" / "mapping"
    raise PackageError(where, "no such file, and no gen/data: which test is whose is not known")


def _from_mapping(folder: Folder, known: set[str]) -> dict[str, tuple[str, ...]]:
    path = folder.root / "tests" / "mapping"
    found: dict[str, dict[str, None]] = {}
    for number, line in enumerate(folder.text(path).splitlines(), start=1):
        words = line.split()
        if not words:
            continue
        if len(words) != 2:
            raise PackageError(path, "expected a subtask and a test", number)
        if words[1] not in known:
            raise PackageError(path, f"test {words[1]!r} is not in tests/", number)
        found.setdefault(words[0], {})[words[1]] = None
    return {name: tuple(members) for name, members in found.items()}


def _from_generators(folder: Folder, known: set[str]) -> dict[str, tuple[str, ...]]:
    path = folder.root / "gen" / "data"
    found: dict[str, dict[str, None]] = {}
    current: str | None = None
    prefix = ""
    subtasks = number_in_set = 0
    for number, raw in enumerate(folder.text(path).splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        command, *words = line.split()
        if command in ("@subtask", "@testset"):
            if not words:
                raise PackageError(path, f"{command} without a name", number)
            current = words[0]
            found.setdefault(current, {})
            prefix = str(subtasks) if command == "@subtask" else current
            subtasks += command == "@subtask"
            number_in_set = 0
            continue
        if current is None:
            raise PackageError(path, "a line before the first @subtask", number)
        if command == "@include":
            for name in words:
                if name not in found:
                    raise PackageError(path, f"@include of unknown set {name!r}", number)
                found[current] |= found[name]
        elif command.startswith("@"):
            raise PackageError(path, f"unknown command {command}", number)
        else:
            number_in_set += 1
            test = f"{prefix}-{number_in_set:02d}"
            if test not in known:
                raise PackageError(path, f"test {test!r} is not in tests/", number)
            found[current][test] = None
    return {name: tuple(members) for name, members in found.items()}
