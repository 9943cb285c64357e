"""Runs in the box, never here: one Python program many times, each time a fork of one interpreter.

    python3 each.py helper.py < requests > answers

Starting an interpreter costs ten times what a validator then does. Here it is started once, and
every run is a forked child that becomes the program: its own arguments, standard input and output,
globals and CPU limit. A request is a line of JSON
`{"args", "bytes", "cpu_s", "keep_bytes"}` and so many bytes of input; an answer is a line `OK SIZE`
(OK is 1 where the child left with exit code 0) and SIZE bytes of its standard output.
"""

import atexit
import builtins
import collections
import gc
import io
import itertools
import json
import math
import os
import random
import re
import resource
import string
import sys
import types
from typing import Any, NoReturn

# Helpers import these, and importing them once is cheaper. A fork seeds `random` anew.
_WARM = (collections, itertools, math, random, re, string)


def _become(path: str, code: types.CodeType, args: list[str], cpu_s: float) -> NoReturn:
    """The child is the program now, and ends as one, but without taking the interpreter down: that
    would touch every page that it shares with its parent."""
    sys.argv = [path, *args]
    seconds = max(1, math.ceil(cpu_s))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    module = types.ModuleType("__main__")
    module.__file__ = path
    module.__dict__["__builtins__"] = builtins
    sys.modules["__main__"] = module
    left = 1
    try:
        try:
            exec(code, module.__dict__)
            left = 0
        except SystemExit as end:
            left = 0 if end.code is None else end.code & 255 if isinstance(end.code, int) else 1
        if "threading" in sys.modules:
            sys.modules["threading"]._shutdown()  # waits for its threads, as Python does
        atexit._run_exitfuncs()
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 (a traceback, which nobody reads, and exit code 1)
        left = left or 1
    finally:
        os._exit(left)


def _read(end: int, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while size <= most and (part := os.read(end, 1 << 20)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _run(
    path: str, code: types.CodeType, request: dict[str, Any], given: int, nowhere: int
) -> tuple[bool, bytes]:
    """Whether the run went well, and what it printed."""
    keep = request["keep_bytes"]
    inner, outer = os.pipe() if keep else (nowhere, nowhere)
    child = os.fork()
    if child == 0:
        os.dup2(given, 0)
        os.dup2(outer, 1)
        os.dup2(nowhere, 2)
        if keep:
            os.close(inner)
            os.close(outer)
        _become(path, code, request["args"], request["cpu_s"])
    printed = b""
    if keep:
        os.close(outer)
        printed = _read(inner, keep)
        os.close(inner)  # who prints more is ended by its broken pipe
    _, status = os.waitpid(child, 0)
    ok = status == 0 and len(printed) <= keep
    return ok, printed if ok else b""


def main() -> None:
    """Answers requests until there are no more."""
    path = sys.argv[1]
    with io.open_code(path) as file:
        code = compile(file.read(), path, "exec", dont_inherit=True)
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    gc.freeze()  # children share what is there, and need not look through it
    while line := requests.readline():
        request = json.loads(line)
        given = os.memfd_create("input")
        content = memoryview(requests.read(request["bytes"]))
        while content:
            content = content[os.write(given, content) :]
        os.lseek(given, 0, os.SEEK_SET)
        ok, printed = _run(path, code, request, given, nowhere)
        os.close(given)
        answer = memoryview(b"%d %d\n" % (ok, len(printed)) + printed)
        while answer:
            answer = answer[os.write(answers, answer) :]


if __name__ == "__main__":
    main()
