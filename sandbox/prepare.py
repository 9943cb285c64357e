"""`python -m sandbox.prepare LANGUAGE...`: makes at set-up what compiles faster later.

Without it everything is made when it pays. A machine where it cannot be made is told so, and
compiles as before.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from sandbox.backend import Executable
from sandbox.compiling.compile import Compiler
from sandbox.errors import SandboxError
from sandbox.opening import open_sandbox

_PROGRAM = b"#include <bits/stdc++.h>\nint main() { std::cout << 1; }\n"


def prepare(languages: list[str]) -> bool:
    """Whether a program of each language compiles, with all that makes it fast made.

    Raises:
        SandboxError: No sandbox can be opened here, or a language is not known.
    """
    with open_sandbox(slots=1) as sandbox, tempfile.TemporaryDirectory() as folder:
        compiler = Compiler(sandbox, cache=Path(folder), eager=True)
        made = [compiler.compile({"main.cpp": _PROGRAM}, language) for language in languages]
    return all(isinstance(one, Executable) for one in made)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("languages", nargs="+", metavar="LANGUAGE", help="cpp17, cpp20, ...")
    options = parser.parse_args()
    try:
        if not prepare(options.languages):
            sys.stderr.write("a program of one line does not compile; see solver doctor\n")
    except SandboxError as error:
        sys.stderr.write(f"{error}\n")


if __name__ == "__main__":
    main()
