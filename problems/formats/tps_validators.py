"""Role: input validators of a TPS folder, as `subtasks.json` names them.

TPS's documentation ("Validators"): a command is a file of `validator/` with arguments. Those under
`global_validators` run on every test, a subtask's own on its tests, and those under
`subtask_sensitive_validators` on a test once for each subtask that holds it, whose name stands for
`{subtask}`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from problems.errors import UnsupportedTask
from problems.formats.folder import Folder
from problems.formats.programs import program_language, read_sources
from problems.jury.testlib import with_testlib
from problems.jury.validators import TESTLIB_VALIDATOR
from problems.task import Program
from problems.testset import Testcase

_PLACE = "{subtask}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """What `subtasks.json` says.

    Attributes:
        everywhere: On every test.
        sensitive: On a test once for each of its subtasks.
        own: Subtask to the commands for its tests.
    """

    everywhere: Sequence[str]
    sensitive: Sequence[str]
    own: Mapping[str, Sequence[str]]


def with_validators(
    folder: Folder,
    commands: Commands,
    testcases: Mapping[str, Testcase],
    mapping: Mapping[str, Sequence[str]],
) -> tuple[dict[str, Testcase], tuple[Program, ...], tuple[str, ...]]:
    """The tests with the commands that they must pass, the validators, and notes on what is not
    run: judging does not need it.

    Args:
        mapping: Set of tests to its tests.
    """
    programs: dict[str, Program] = {}
    notes: dict[str, None] = {}
    found = dict(testcases)
    sources = read_sources(folder, folder.root / "validator") if folder.has("validator") else {}
    for name, case in testcases.items():
        named: dict[str, tuple[str, ...]] = {}
        for command in _of_test(commands, [s for s, tests in mapping.items() if name in tests]):
            words = command.split()
            if not words:
                continue
            if words[0] not in sources:
                notes[f"subtasks.json: {command}: not run, validator/ holds no {words[0]}"] = None
                continue
            if command not in programs:
                made = _program(words[0], command, sources)
                if isinstance(made, str):
                    notes[f"validator/{words[0]}: not run: {made}"] = None
                    continue
                programs[command] = made
            named[command] = tuple(words[1:])
        found[name] = replace(case, validator_args=named)
    return found, tuple(programs.values()), tuple(notes)


def _of_test(commands: Commands, subtasks: Sequence[str]) -> Iterator[str]:
    yield from commands.everywhere
    for subtask in subtasks:
        yield from commands.own.get(subtask, ())
        for command in commands.sensitive:
            yield command.replace(_PLACE, subtask)


def _program(file: str, command: str, sources: Mapping[str, bytes]) -> Program | str:
    """The validator of that file; why it cannot be had."""
    own = {name: text for name, text in sources.items() if name.endswith((".h", ".hpp"))}
    own[file] = sources[file]
    language = program_language({file: sources[file]})
    if language is None:
        return "no language that is known here"
    try:
        own = with_testlib(own, {})
    except UnsupportedTask as error:
        return str(error)
    # A package's validators are C++17 and older; newer C++ took names that they use.
    language = language.replace("cpp20", "cpp17")
    return Program(
        role=TESTLIB_VALIDATOR, language=language, sources=own, name=command, if_named=True
    )
