"""Role: what the formats made for CMS share: graders by language, public files, time and memory.

The jury's grader holds secrets, by which the checker knows that the grader and not the contestant
wrote the output. Contestants get another grader and their own examples as attachments; those go
into the `Task`, the jury's into the `Testset`.
"""

import io
import math
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from problems.errors import PackageError
from problems.formats.documents import finite
from problems.formats.folder import Folder
from problems.formats.kattis_include import submission_name
from problems.formats.programs import read_sources
from problems.jury.checkers import CMS_CHECKER, CMS_MANAGER
from problems.jury.sources import flat_names
from problems.task import Example, Program
from sandbox.limits import MIB

_GRADER_LANGUAGES: Mapping[str, tuple[str, ...]] = {
    ".cpp": ("cpp17", "cpp20", "cpp23"),
    ".cc": ("cpp17", "cpp20", "cpp23"),
    ".c": ("c",),
    ".java": ("java",),
    ".py": ("python3", "pypy3"),
    ".rs": ("rust",),
}
_ATTACHMENTS_LIMIT_BYTES = 64 * MIB
_UNITS = {"": 1, "b": 1, "kib": 1024, "mib": MIB, "gib": 1024 * MIB}
_QUANTITY = re.compile(r"\s*([0-9.]+)\s*([a-zA-Z]*)\s*")


def graders_of(files: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    """Language id -> files linked with a submission: the grader or stub, and all headers.

    Args:
        files: A task's `graders/` or `sol/`; managers, checkers and testlib.h are left out.
    """
    own = {
        name: content
        for name, content in flat_names(files).items()
        if Path(name).stem not in ("manager", "checker", "testlib")
    }
    headers = {name: content for name, content in own.items() if name.endswith((".h", ".hpp"))}
    found: dict[str, dict[str, bytes]] = {}
    for name, content in own.items():
        for language in _GRADER_LANGUAGES.get(Path(name).suffix, ()):
            beside = headers if language in ("c", "cpp17", "cpp20", "cpp23") else {}
            found.setdefault(language, dict(beside))[name] = content
    return found


def headers_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """Language id -> text of the header that a contestant's file implements."""
    text = "\n".join(
        content.decode("utf-8", "replace")
        for name, content in sorted(files.items())
        if name.endswith((".h", ".hpp")) and Path(name).stem != "testlib"
    )
    return dict.fromkeys(_GRADER_LANGUAGES[".cpp"], text) if text else {}


def source_names(task: str, managers: Mapping[str, Mapping[str, bytes]]) -> dict[str, str]:
    """Language id -> the name by which a contestant's file is known: in C++ the task's, in Python
    and Rust that of the module which the grader takes in (the task's as well, by CMS's rules)."""
    found = {language: f"{task}.cpp" for language in managers if language.startswith("cpp")}
    for language in ("python3", "pypy3", "rust"):
        name = submission_name(language.replace("pypy3", "python3"), managers.get(language, {}))
        if name is not None:
            found[language] = name
    return found


def public_graders(
    jury: Mapping[str, Mapping[str, bytes]], attachments: Mapping[str, bytes]
) -> dict[str, dict[str, bytes]]:
    """The graders that contestants get, for the languages in which all files of the jury's exist.

    A language whose grader is not among the attachments keeps the jury's.
    """
    by_name: dict[str, bytes] = {}
    for name in sorted(attachments, key=lambda name: (name.count("/"), name)):
        by_name.setdefault(name.rsplit("/", 1)[-1], attachments[name])
    found: dict[str, dict[str, bytes]] = {}
    for language, files in jury.items():
        public = {name: by_name[name] for name in files if name in by_name}
        found[language] = public if len(public) == len(files) else dict(files)
    return found


def read_attachments(folder: Folder, relative: str) -> dict[str, bytes]:
    """Files for contestants; those in an attached zip under their names in it.

    Raises:
        PackageError: A zip is broken, or all together are too large.
    """
    found: dict[str, bytes] = {}
    for path in folder.walk(relative):
        content = folder.read(path)
        if path.suffix != ".zip":
            found[path.relative_to(folder.root / relative).as_posix()] = content
            continue
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                entries = [entry for entry in archive.infolist() if not entry.is_dir()]
                if sum(entry.file_size for entry in entries) > _ATTACHMENTS_LIMIT_BYTES:
                    raise PackageError(path, f"unpacks to more than {_ATTACHMENTS_LIMIT_BYTES} B")
                # Only names in memory: nothing is written, so a path with ".." leads nowhere.
                found |= {entry.filename: archive.read(entry) for entry in entries}
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
            raise PackageError(path, f"not a readable zip archive: {error}") from error
    return found


def public_examples(attachments: Mapping[str, bytes], with_output: bool) -> tuple[Example, ...]:
    """Pairs of `NAME.in` and `NAME.out` (or `.ans`) among the attachments."""
    found = []
    for name in sorted(attachments):
        if not name.endswith(".in"):
            continue
        stem = name.removesuffix(".in")
        output = attachments.get(f"{stem}.out", attachments.get(f"{stem}.ans"))
        if output is None and with_output:
            continue
        found.append(
            Example(
                name=stem.rsplit("/", 1)[-1],
                input=attachments[name],
                output=output if with_output else None,
            )
        )
    return tuple(found)


def read_manager(folder: Folder, path: Path) -> Program:
    """A Communication manager: its source and the headers beside it."""
    return _with_headers(folder, path, CMS_MANAGER)


def read_checker(folder: Folder, path: Path) -> Program:
    """A checker that follows CMS's conventions: its source and the headers beside it."""
    return _with_headers(folder, path, CMS_CHECKER)


def _with_headers(folder: Folder, path: Path, role: str) -> Program:
    sources = {path.name: folder.read(path)}
    beside = read_sources(folder, path.parent) if path.parent != folder.root else {}
    sources |= {n: c for n, c in beside.items() if n.endswith((".h", ".hpp")) and "/" not in n}
    language = {".py": "python3", ".c": "c"}.get(path.suffix, "cpp17")
    return Program(role=role, language=language, sources=sources)


def seconds(value: object) -> float | None:
    """A time limit: a number of seconds, or text such as "1.5s" or "500ms"; None if neither."""
    if isinstance(value, int | float):
        exact = finite(value)
        return exact if exact is not None and exact > 0 else None
    match = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    scale = {"": 1.0, "s": 1.0, "ms": 0.001}.get(match[2].lower()) if match else None
    if match is None or scale is None:
        return None
    try:
        number = float(match[1]) * scale
    except ValueError:
        return None
    return number if 0 < number < math.inf else None


def size_bytes(value: object, plain_unit: int) -> int | None:
    """A memory limit: a number of `plain_unit`, or text such as "256MiB"; None if neither."""
    if isinstance(value, int | float):
        plain = finite(value)
        return int(plain * plain_unit) if plain is not None and plain > 0 else None
    match = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    unit = _UNITS.get(match[2].lower().replace("mb", "mib").replace("gb", "gib")) if match else None
    if match is None or unit is None:
        return None
    try:
        number = int(float(match[1]) * unit)
    except (ValueError, OverflowError):
        return None
    return number if number > 0 else None


def memory_bytes(limit: float) -> int:
    """A memory limit: MiB by TPS's documentation, bytes as CMS has them; both occur in either."""
    return int(limit if limit >= MIB else limit * MIB)
