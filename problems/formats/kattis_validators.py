"""Role: the input validators of a Kattis package, the same in all versions."""

from collections.abc import Callable, Mapping

from problems.formats.folder import Folder
from problems.formats.programs import NO_SOURCE, is_note, program_language, read_sources
from problems.jury.validators import KATTIS_INPUT_VALIDATOR
from problems.task import Program

# `input_format_validators` is the older name.
_FOLDERS = ("input_validators", "input_format_validators")
_SCRIPTS = (".ctd", ".viva")


def read_input_validators(
    folder: Folder, put_in: Callable[[Mapping[str, bytes]], dict[str, bytes]] = dict
) -> tuple[tuple[Program, ...], tuple[str, ...]]:
    """The validators, and a note for each thing among them that nothing here can run.

    Args:
        put_in: Puts the package's constants into files.
    """
    found: list[Program] = []
    notes: list[str] = []
    for place in _FOLDERS:
        for entry in folder.entries(place):
            sources = put_in(read_sources(folder, entry))
            role, language = KATTIS_INPUT_VALIDATOR, program_language(sources)
            if entry.suffix in _SCRIPTS and not entry.is_dir():
                role = language = entry.suffix[1:]
            if language is not None:
                program = Program(role=role, language=language, sources=sources, name=entry.name)
                found.append(program)
            elif not is_note(entry):
                notes.append(f"{place}/{entry.name}: {NO_SOURCE}, not run")
    return tuple(found), tuple(notes)
