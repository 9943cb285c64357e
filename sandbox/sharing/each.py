"""Runs in the box, never here: one Python program many times, each time a fork of one interpreter.

    python3 each.py program.py [MODULE ...] < requests > answers

Starting an interpreter costs ten times what a validator then does. Here it is started once, and
every run is a forked child that becomes the program: its own arguments, standard input and output,
globals and CPU limit. A request is a line of JSON
`{"args", "bytes", "cpu_s", "keep_bytes"}` and so many bytes of input; an answer is a line
`CODE SIZE` (CODE is the child's exit code, 256 where it did not leave by itself or printed too
much) and SIZE bytes of its standard output. MODULEs are imported before the first run.
"""

import atexit
import builtins
import collections
import gc
import importlib
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
_NO_CODE = 256


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
        except BaseException:  # noqa: BLE001 (a traceback, which nobody reads, and exit code 1)
            left = 1
        if "threading" in sys.modules:
            sys.modules["threading"]._shutdown()  # waits for its threads, as Python does
        atexit._run_exitfuncs()
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 (at its end: exit code 1 or what it had before)
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
    path: str, program: types.CodeType, request: dict[str, Any], given: int, nowhere: int
) -> tuple[int, bytes]:
    """The run's exit code, and what it printed."""
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
        _become(path, program, request["args"], request["cpu_s"])
    printed = b""
    if keep:
        os.close(outer)
        printed = _read(inner, keep)
        os.close(inner)  # who prints more is ended by its broken pipe
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0 or len(printed) > keep:
        return _NO_CODE, b""
    return code, printed


def main() -> None:
    """Answers requests until there are no more."""
    path = sys.argv[1]
    with io.open_code(path) as file:
        program = compile(file.read(), path, "exec", dont_inherit=True)
    for name in sys.argv[2:]:
        importlib.import_module(name)
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
        code, printed = _run(path, program, request, given, nowhere)
        os.close(given)
        answer = memoryview(b"%d %d\n" % (code, len(printed)) + printed)
        while answer:
            answer = answer[os.write(answers, answer) :]


if __name__ == "__main__":
    main()
