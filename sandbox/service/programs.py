"""Programs that are built: each is compiled once, however many ask for it at the same moment.

Whoever asks while another compiles it does not wait in a thread: it is called back.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.backend import Executable
from sandbox.compiling.compile import CompileError, Compiler
from sandbox.compiling.languages import entry_of
from sandbox.compiling.trees import is_tree
from sandbox.data import Blob
from sandbox.limits import LimitKind
from sandbox.service.work import ProgramSource, Refusal, Trouble

_SCRIPTS = ("python3", "pypy3")
CAPACITY = 1024
LIMIT_KEPT_S = 60.0
"""How long it is believed that a program takes its compiler over a limit: the machine may be to
blame, so not for good; and a hundred tests of one program must not each try it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What compiling came to.

    Attributes:
        made: The program, or why there is none.
        forget_at_s: When to try again (monotonic); None: never.
        compile_s: What it took.
    """

    made: Executable | CompileError
    compile_s: float
    forget_at_s: float | None = None


class Parked(Exception):
    """Another compiles this program; the resume function will be called when that is done."""


class Programs:
    """Built programs by digest. Safe to use from threads."""

    def __init__(self, compiler: Compiler, capacity: int = CAPACITY) -> None:
        self.hits = 0
        self.misses = 0
        self._compiler = compiler
        self._capacity = capacity
        self._built: OrderedDict[str, Built] = OrderedDict()
        self._building: dict[str, list[Callable[[], None]]] = {}
        self._lock = threading.Lock()

    def named(self, digest: str) -> Built:
        """A program by its digest.

        Raises:
            Refusal: MISSING; send its text.
        """
        with self._lock:
            found = self._find(digest)
        if found is None:
            raise Refusal(Trouble.MISSING, f"no program {digest} is kept here: send its source")
        return found

    def build(self, source: ProgramSource, resume: Callable[[], None]) -> tuple[Built, float]:
        """A program, and how long this call was busy with its compilation.

        Args:
            resume: Called once the program is there, where `Parked` was raised.

        Raises:
            Parked: Another thread compiles it.
            SandboxError: As `Compiler.compile`.
        """
        digest = source.digest
        with self._lock:
            found = self._find(digest)
            if found is not None:
                self.hits += 1
                return found, 0.0
            if digest in self._building:
                self._building[digest].append(resume)
                raise Parked
            self._building[digest] = []
            self.misses += 1
        built: Built | None = None
        try:
            built = self._make(source)
        finally:
            with self._lock:
                if built is not None:
                    self._keep(digest, built)
                waiting = self._building.pop(digest)
            for call in waiting:
                call()
        return built, built.compile_s

    def _find(self, digest: str) -> Built | None:
        found = self._built.get(digest)
        if found is None:
            return None
        if found.forget_at_s is not None and time.monotonic() > found.forget_at_s:
            del self._built[digest]
            return None
        self._built.move_to_end(digest)
        return found

    def _keep(self, digest: str, built: Built) -> None:
        self._built[digest] = built
        while len(self._built) > self._capacity:
            self._built.popitem(last=False)

    def _make(self, source: ProgramSource) -> Built:
        begun_s = time.monotonic()
        if not source.checked and source.language in _SCRIPTS and not is_tree(source.sources):
            return Built(made=self._unchecked(source), compile_s=0.0)
        made = self._compiler.compile(source.sources, source.language, entry=source.entry)
        now_s = time.monotonic()
        brief = isinstance(made, CompileError) and made.limit is not None
        return Built(
            made=made,
            compile_s=now_s - begun_s,
            forget_at_s=now_s + LIMIT_KEPT_S if brief else None,
        )

    def _unchecked(self, source: ProgramSource) -> Executable:
        language = self._compiler.languages[source.language]
        self._compiler.version(source.language)  # is it installed?
        names = {language.source_name(name, text): text for name, text in source.sources.items()}
        entry = source.entry or entry_of(names, language)
        run = language.fill(language.run, sources=list(names), entry=entry, stem=entry)
        return Executable(
            language=language.id,
            argv=run,
            files={name: Blob.of_bytes(text) for name, text in names.items()},
            extra_memory_bytes=language.extra_memory_bytes,
            extra_processes=language.processes or 0,
        )


def was_too_much(refused: CompileError) -> bool:
    """Whether the compiler ran out of time."""
    return refused.limit in (LimitKind.CPU, LimitKind.WALL)
