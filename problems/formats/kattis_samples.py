"""Role: what contestants see of a Kattis package's samples.

Files of an interactive problem are the interactor's own: the log of an interaction is shown, and
what the package writes for the statement (`.in.statement`).
"""

from collections.abc import Iterator, Mapping, Sequence

from problems.formats.folder import Folder
from problems.task import Example
from problems.testset import Testcase


def read_interactions(folder: Folder) -> dict[str, str]:
    """Sample's name to its `.interaction` file; one needs no test case beside it."""
    return {
        entry.stem: folder.text(entry)
        for entry in folder.entries("data/sample")
        if entry.suffix == ".interaction"
    }


def read_examples(
    folder: Folder, samples: Sequence[Testcase], interactions: Mapping[str, str]
) -> Iterator[Example]:
    """What contestants get of the samples; a sample with a log is shown by that alone."""
    for case in samples:
        name = case.name.removeprefix("sample/")
        if name in interactions:
            continue
        given, shown = _shared(folder, case.name, "in", ("in.download",), ("in.statement",))
        output, printed = _shared(
            folder, case.name, "ans", ("out", "ans.download"), ("out", "ans.statement")
        )
        yield Example(
            name=name, input=given, output=output, shown_input=shown, shown_output=printed
        )


def read_shown(
    folder: Folder, samples: Sequence[Testcase], interactions: Mapping[str, str]
) -> Iterator[Example]:
    """An interactive problem's samples as the statement prints them: only files meant for it.

    Nothing of the interactor's own files is in them, and no program can be run on them.
    """
    for case in samples:
        files = [f"data/{case.name}.{ending}.statement" for ending in ("in", "ans")]
        output = next((one for one in (files[1], f"data/{case.name}.out") if folder.has(one)), None)
        name = case.name.removeprefix("sample/")
        if name in interactions or not folder.has(files[0]):
            continue
        yield Example(
            name=name,
            input=folder.read(files[0]),
            output=None if output is None else folder.read(output),
        )


def _shared(
    folder: Folder, name: str, ending: str, downloads: tuple[str, ...], shows: tuple[str, ...]
) -> tuple[bytes, bytes | None]:
    """A sample's file as it may be downloaded, and as the statement shows it where that differs."""

    def first(endings: tuple[str, ...]) -> bytes | None:
        paths = (f"data/{name}.{one}" for one in endings)
        return next((folder.read(path) for path in paths if folder.has(path)), None)

    own = folder.read(f"data/{name}.{ending}")
    shown = first(shows)
    # What a statement hides a contestant does not have either.
    given = first(downloads) or (own if shown is None else shown)
    return given, shown if shown != given else None
