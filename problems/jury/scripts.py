"""Role: a jury's program that brings `build` and `run` scripts of its own (Kattis, all versions).

Specification, "Programs": `build`, where there is one, runs in a copy of the program's folder;
`run`, which is there afterwards, is the program. Both run in the sandbox.
"""

from problems.errors import JudgeError
from problems.task import Program
from sandbox.backend import Executable, Job, Sandbox
from sandbox.compiling.compile import COMPILE_LIMITS
from sandbox.compiling.trees import packed
from sandbox.data import Blob

SCRIPTS = "scripts"
"""The language of such a program."""

_SOURCE, _BUILT = "program.tar", "built.tar"
_BUILD = (
    f"mkdir program && tar -xmf {_SOURCE} -C program --no-same-owner && cd program || exit; "
    "if [ -e build ]; then chmod +x build && ./build >&2 </dev/null || exit; fi; "
    '[ -f run ] || { echo "build left no file called run" >&2; exit 1; }; '
    f"chmod +x run && tar -cf ../{_BUILT} ."
)
_RUN = (
    f'mkdir .program && tar -xmf {_BUILT} -C .program --no-same-owner && exec ./.program/run "$@"'
)
_MESSAGE_BYTES = 2000


def built_by_scripts(program: Program, sandbox: Sandbox) -> Executable:
    """The program, built once.

    Raises:
        JudgeError: `build` failed, or there is no `run` after it; the message has its words.
    """
    source = Blob.of_bytes(packed(program.sources))
    shell = Executable(language=SCRIPTS, argv=("/bin/sh", "-c", _BUILD), files={_SOURCE: source})
    result = sandbox.run(Job(program=shell, limits=COMPILE_LIMITS, keep=(_BUILT,)))
    built = result.kept.get(_BUILT)
    if not result.ok or built is None:
        said = (result.stderr + result.stdout.read(_MESSAGE_BYTES))[:_MESSAGE_BYTES]
        text = said.decode("utf-8", "replace").strip()
        raise JudgeError(f"the jury's {program.role} does not build:\n{text}")
    return Executable(language=SCRIPTS, argv=("/bin/sh", "-c", _RUN, "sh"), files={_BUILT: built})
