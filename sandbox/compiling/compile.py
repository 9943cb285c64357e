"""Sources and managers in, an Executable or a CompileError out; nothing is compiled twice.

Compilers run in the sandbox like every other program: a source is hostile until proven otherwise.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.backend import Executable, Job, Sandbox
from sandbox.compiling.cache import CacheEntry, CompileCache, default_cache
from sandbox.compiling.headers import PrecompiledHeaders
from sandbox.compiling.in_time import run_in_time
from sandbox.compiling.languages import Language, LanguageTable, entry_of
from sandbox.compiling.linking import FastLink
from sandbox.compiling.prepared import Prepared
from sandbox.compiling.trees import ARCHIVE, is_tree, packed, unpacking
from sandbox.data import Blob, digest_of
from sandbox.errors import CompilerMissing, InvalidJob
from sandbox.limits import MIB, LimitKind, Limits
from sandbox.result import ExitStatus, RunResult

COMPILE_LIMITS = Limits(
    cpu_s=30.0,
    wall_s=150.0,
    memory_bytes=2048 * MIB,
    output_bytes=MIB,
    processes=128,
    open_files=1024,
    disk_bytes=512 * MIB,
    files=8192,
)
"""What one compilation may use. CPU time bounds it, measured again alone where it is near; what it
waits for a processor does not count, so that a crowded machine turns no right program into one that
does not compile."""

MAX_SOURCE_BYTES = 2 * MIB
"""Sources above this are refused before a compiler sees them; contests allow 64 KiB to 1 MiB."""

MESSAGES_BYTES = 64 * 1024
_VERSION_LIMITS = Limits(
    cpu_s=10.0, wall_s=30.0, memory_bytes=1024 * MIB, processes=128, open_files=256
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompileError:
    """The program cannot be compiled: a value, since it is the program's fault.

    Attributes:
        reason: Why, in one line.
        messages: What the compiler wrote, its first 64 KiB.
        limit: The limit that ended the compiler, if one did.
    """

    reason: str
    messages: bytes
    limit: LimitKind | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One compilation, ready to be run or to be found in the cache.

    Attributes:
        files: What lies beside the compiler: the sources and managers, or the archive of them.
        managers: Which of the files are the task's.
    """

    language: Language
    files: Mapping[str, bytes]
    sources: tuple[str, ...]
    entry: str
    argv: tuple[str, ...]
    produces: tuple[str, ...]
    run: tuple[str, ...]
    key: str
    managers: frozenset[str] = frozenset()


@dataclass(slots=True)
class CompileCounts:
    """What a Compiler did since it was made; the benchmark and the tests read it."""

    started: int = 0
    from_cache: int = 0
    cpu_s: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, *, started: int = 0, from_cache: int = 0, cpu_s: float = 0.0) -> None:
        """Adds to the counts, from any thread."""
        with self.lock:
            self.started += started
            self.from_cache += from_cache
            self.cpu_s += cpu_s


class Compiler:
    """Compiles programs in a sandbox and keeps what came of it on disk; threads may share one."""

    def __init__(
        self,
        sandbox: Sandbox,
        *,
        cache: Path | None = None,
        languages: LanguageTable | None = None,
        limits: Limits = COMPILE_LIMITS,
        plain: bool = False,
        eager: bool = False,
    ) -> None:
        """Makes a compiler.

        Args:
            sandbox: Where compilers run.
            cache: Folder for compiled programs; None means the user's cache folder.
            languages: The table of languages; None means `LanguageTable.load()`.
            limits: What one compilation may use.
            plain: Run the table's command and nothing else: what every faster way must agree with.
            eager: Make what compiles faster (headers, a linked library) before it pays.
        """
        self.languages = languages or LanguageTable.load()
        self.counts = CompileCounts()
        self._sandbox = sandbox
        self._limits = limits
        self._cache = CompileCache(cache or default_cache())
        self._plain = plain
        prepared = Prepared(self._count_run, eager=eager)
        self._headers = PrecompiledHeaders(prepared)
        self._link = FastLink(prepared)
        self._versions: dict[str, str] = {}

    @property
    def sandbox(self) -> Sandbox:
        """Where its compilers run."""
        return self._sandbox

    def compile(
        self,
        sources: Mapping[str, bytes],
        language: str,
        *,
        managers: Mapping[str, bytes] | None = None,
        entry: str | None = None,
    ) -> Executable | CompileError:
        """Compiles a program, or finds it compiled.

        Args:
            sources: The program's own files by name; a name may hold folders ("lib/add.py").
            language: The language's id.
            managers: Files of the task (graders, headers) that lie beside the sources; those in a
                form that the language compiles are compiled along. A manager wins over a source
                of the same name.
            entry: The file that holds the main program, or in Java its class; None: find it.

        Raises:
            UnknownLanguage: No such language in the table.
            CompilerMissing: The language's compiler is not installed in the sandbox.
            InvalidJob: A file name that leads out of its folder, or no source at all.
            StorageFull: The cache's disk is full.
            WorkerDied: The sandbox's worker ended for a reason of its own.
        """
        chosen = self.languages[language]
        if not sources:
            raise InvalidJob("no source file")
        size_bytes = sum(len(content) for content in sources.values())
        if size_bytes > MAX_SOURCE_BYTES:
            reason = f"the sources have {size_bytes} bytes, more than {MAX_SOURCE_BYTES}"
            return CompileError(reason=reason, messages=b"", limit=None)
        plan = self._plan(chosen, sources, managers or {}, entry)
        found = self._cache.load(plan.key)
        if found is not None:
            self.counts.add(from_cache=1)
            return _answer(plan, found)
        result = self._run(plan)
        if not result.ok and result.limit is None:
            # A compiler that found no memory or no thread exits as if the source were wrong, and
            # nothing but its text would tell. What it says twice is believed, the second time of
            # the table's own command: no header or library of ours takes part in a refusal.
            result = self._run(plan, plainly=True)
        made = _entry_of_result(plan, result, self._limits)
        # A limit or a signal can be the machine's fault: the next one to ask tries again.
        if made.reason is None or result.status is ExitStatus.EXITED:
            self._cache.store(plan.key, made)
        return _answer(plan, made, result.limit)

    def version(self, language: str) -> str:
        """What the language's compiler says of itself, asked once.

        Raises:
            CompilerMissing: It is not installed in the sandbox.
        """
        known = self._versions.get(language)
        if known is None:
            chosen = self.languages[language]
            known = self._ask_version(chosen)
            self._versions[language] = known
        return known

    def _ask_version(self, language: Language) -> str:
        program = Executable(language=language.id, argv=language.version, files={})
        try:
            result = self._sandbox.run(Job(program=program, limits=_VERSION_LIMITS))
        except InvalidJob as error:
            raise CompilerMissing(
                language.id, language.program, language.fix, error.where
            ) from error
        if not result.ok:
            raise CompilerMissing(language.id, language.program, language.fix)
        return (result.stdout.read() + result.stderr).decode(errors="replace")

    def _plan(
        self,
        language: Language,
        sources: Mapping[str, bytes],
        managers: Mapping[str, bytes],
        entry: str | None,
    ) -> Plan:
        own = {language.source_name(name, content): content for name, content in sources.items()}
        files = {**own, **managers}
        # Headers and data among the sources lie beside them and are no argument of the compiler.
        names = [name for name in own if name.endswith(language.extensions)] or list(own)
        names += [
            name for name in managers if name.endswith(language.separate) and name not in names
        ]
        if entry is None:
            main = entry_of({name: files[name] for name in names}, language)
        else:
            wanted = {entry, language.source_name(entry, sources.get(entry, b""))}
            main = next(
                (name for name in names if wanted & _ways_to_name(name, files[name], language)),
                entry,
            )
        tree = is_tree(files)
        produces: list[str] = []
        for word in language.produces:
            if word != "{sources}":
                produces.append(word)
            else:
                produces += [ARCHIVE] if tree else files
        stem = language.stem_of(main, files.get(main, b""))
        argv = language.fill(language.compile, sources=names, entry=main, stem=stem)
        run = language.fill(language.run, sources=names, entry=main, stem=stem)
        digests = [f"{name}:{digest_of(content)}" for name, content in sorted(files.items())]
        if tree:
            files = {ARCHIVE: packed(files)}
            argv = unpacking(argv)
            run = unpacking(run) if ARCHIVE in produces else run
        parts = [self.version(language.id), *argv, "", *run, "", *produces, ""]
        parts += digests
        return Plan(
            language=language,
            files=files,
            sources=tuple(names),
            entry=main,
            argv=argv,
            produces=tuple(produces),
            run=run,
            key=digest_of("\0".join(parts).encode(errors="surrogateescape")),
            managers=frozenset(() if tree else managers),
        )

    def _run(self, plan: Plan, *, plainly: bool = False) -> RunResult:
        argv = plan.argv
        if not plainly and not self._plain:
            version = self.version(plan.language.id)
            own = [name for name in plan.sources if name not in plan.managers]
            header, front = self._headers.flags_for(plan.language, version, argv, plan.files, own)
            argv = (argv[0], *header, *argv[1:])
            linked = self._link.command(
                plan.language, version, argv, plan.sources, plan.files, plan.managers, front
            )
            alone = len(own) == len(plan.sources)
            argv = linked or (argv[0], *(front if alone else ()), *argv[1:])
        compiler = Executable(language=plan.language.id, argv=argv, files={})
        return self._count_run(
            Job(program=compiler, limits=self._limits, files=plan.files, keep=plan.produces)
        )

    def _count_run(self, job: Job) -> RunResult:
        result = run_in_time(self._sandbox, job)
        self.counts.add(started=1, cpu_s=result.cpu_s)
        return result


def _ways_to_name(name: str, content: bytes, language: Language) -> set[str]:
    """How a task may name the file that is started: by its path, or in Java by its class."""
    if language.id != "java":
        return {name}
    return {name, language.stem_of(name, content)}


def _entry_of_result(plan: Plan, result: RunResult, limits: Limits) -> CacheEntry:
    """What a finished compilation leaves for the cache."""
    messages = (result.stderr + result.stdout.read(MESSAGES_BYTES))[:MESSAGES_BYTES]
    missing = [name for name in plan.produces if name not in result.kept]
    if result.ok and not missing:
        return CacheEntry(reason=None, messages=messages, files=dict(result.kept))
    if result.limit is not None:
        reason = f"the compiler went over its {result.limit} limit ({_bound(result.limit, limits)})"
    elif result.status is ExitStatus.SIGNALED:
        reason = f"the compiler was ended by signal {result.signal}"
    elif result.exit_code != 0:
        reason = f"the compiler ended with exit code {result.exit_code}"
    else:
        reason = f"the compiler left no {', '.join(missing)}"
    return CacheEntry(reason=reason, messages=messages, files={})


def _bound(kind: LimitKind, limits: Limits) -> str:
    bounds = {
        LimitKind.CPU: f"{limits.cpu_s:g} s",
        LimitKind.WALL: f"{limits.wall_limit_s:g} s",
        LimitKind.MEMORY: f"{limits.memory_bytes // MIB} MiB",
        LimitKind.OUTPUT: f"{limits.output_bytes} bytes",
        LimitKind.PROCESSES: str(limits.processes),
        LimitKind.DISK: f"{limits.disk_bytes // MIB} MiB",
    }
    return bounds[kind]


def _answer(
    plan: Plan, entry: CacheEntry, limit: LimitKind | None = None
) -> Executable | CompileError:
    if entry.reason is not None:
        return CompileError(reason=entry.reason, messages=entry.messages, limit=limit)
    files: dict[str, Blob] = dict(entry.files)
    return Executable(
        language=plan.language.id,
        argv=plan.run,
        files=files,
        extra_memory_bytes=plan.language.extra_memory_bytes,
        extra_processes=plan.language.processes or 0,
    )
