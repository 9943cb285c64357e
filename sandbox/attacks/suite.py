"""Runs the hostile programs against a backend and says which claim of the sandbox held.

After each program a canary runs in the same worker and must print what it printed before.
"""

import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from sandbox.attacks import corpus, host
from sandbox.attacks.bait import Bait
from sandbox.attacks.corpus import Attack
from sandbox.attacks.report import Report, Row
from sandbox.backend import Executable, Job, Sandbox
from sandbox.compiling.compile import COMPILE_LIMITS, CompileError, Compiler
from sandbox.data import Blob
from sandbox.errors import SandboxError, WorkerDied
from sandbox.limits import MIB, LimitKind
from sandbox.result import ExitStatus, RunResult

HANG_MARGIN_S = 0.5
"""How much longer than its wall limit a run may keep its caller waiting."""

STARTUP_MARGIN_S = 2.0
"""A new worker may have to be started first, after the program before it was ended with its own."""

ATTEMPTS = 3

_INPUT = b"the check's common input, shared by every run\n" * 100
_LARGE_INPUT_BYTES = 32 * MIB
_SETTLE_S = 3.0
_Found = TypeVar("_Found")


def check(
    sandbox: Sandbox,
    names: Iterable[str] | None = None,
    *,
    cache: Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """Runs hostile programs, a canary after each, and compares the host before and after.

    Args:
        sandbox: An open backend with one slot, so that program and canary share a worker.
        names: Programs or classes; None means all.
        cache: Where compiled programs are kept; None means a folder that is removed afterwards.
        progress: Told of each program before it runs; None means a line on stderr if that is a
            terminal.

    Raises:
        ValueError: More than one slot, or an unknown name.
        SandboxError: The canary cannot be compiled or run before anything hostile has run.
    """
    if sandbox.slots != 1:
        raise ValueError("the check wants a sandbox with one slot: program and canary share it")
    attacks = corpus.select(names)
    told = progress or (_on_terminal if sys.stderr.isatty() else lambda _: None)
    start_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="solver-check-cache-") as folder, Bait() as bait:
        compiler = Compiler(sandbox, cache=cache or Path(folder), limits=corpus.COMPILE_LIMITS)
        run = _Suite(sandbox, compiler, bait)
        before = host.look()
        rows: list[Row] = []
        for number, attack in enumerate(attacks, 1):
            told(f"[{number}/{len(attacks)}] {attack.attack_class}/{attack.name}")
            rows.append(run.row_of(attack))
        changes = run.host_changes(before)
    told("")
    return Report(
        backend=sandbox.name,
        rows=tuple(rows),
        host_changes=tuple(changes),
        memory_source=run.memory_source,
        elapsed_s=time.monotonic() - start_s,
    )


def outcome_of(result: RunResult) -> str:
    """How a run ended, in the words of expected.toml: exit:0, signal:SIGABRT, limit:cpu."""
    if result.status is ExitStatus.LIMIT:
        return f"limit:{result.limit}"
    if result.status is ExitStatus.SIGNALED:
        assert result.signal is not None
        try:
            return f"signal:{signal.Signals(result.signal).name}"
        except ValueError:
            return f"signal:{result.signal}"
    return f"exit:{result.exit_code}"


class _Suite:
    """What the runs of one check share."""

    def __init__(self, sandbox: Sandbox, compiler: Compiler, bait: Bait) -> None:
        self._sandbox = sandbox
        self._compiler = compiler
        self._bait = bait
        self._mark = secrets.token_hex(8)
        self._input = Blob.of_bytes(_INPUT)
        self._large: Blob | None = None
        self._canaries: dict[str, tuple[Executable, bytes]] = {}
        self.memory_source = ""
        self._canary("c")
        # What a backend keeps for good is started before the host is looked at: the worker of
        # compilations comes with the first one, and a check's own may fit into the other.
        program, _ = self._canaries["c"]
        sandbox.run(Job(program=program, limits=COMPILE_LIMITS))

    def row_of(self, attack: Attack) -> Row:
        """Runs one program and everything that is looked at afterwards."""
        weaker = self.memory_source == "rusage" and attack.without_cgroup
        allowed = attack.without_cgroup if weaker else attack.outcomes
        attempts = 0
        while attempts < ATTEMPTS:
            attempts += 1
            late: list[str] = []
            faults: list[str] = []
            outcome, wall_s = self._tried(attack, faults, late)
            faults += self._afterwards(attack)
            fits = outcome in allowed or outcome.partition(": ")[0] in allowed
            if faults or (fits and not late) or outcome not in (*allowed, "limit:wall"):
                break
        return Row(
            name=attack.name,
            attack_class=attack.attack_class,
            expected=" or ".join(allowed),
            actual="; ".join((outcome, *dict.fromkeys(faults + late))),
            held=fits and not faults and not late,
            wall_s=wall_s,
            attempts=attempts,
        )

    def _tried(self, attack: Attack, faults: list[str], late: list[str]) -> tuple[str, float]:
        try:
            self._canary(attack.canary)
            return self._attack(attack, faults, late)
        except SandboxError as error:
            faults.append("the sandbox failed")
            return f"{type(error).__name__}: {error}", 0.0

    def host_changes(self, before: host.HostState) -> list[str]:
        """Compares with the host as it was."""
        return self._settled(lambda: before.changes(host.look()))

    @staticmethod
    def _settled(look: Callable[[], list[_Found]]) -> list[_Found]:
        """What `look` still finds when what is being cleaned up has had a little time."""
        until_s = time.monotonic() + _SETTLE_S
        while (found := look()) and time.monotonic() < until_s:
            time.sleep(0.05)
        return found

    def _attack(self, attack: Attack, faults: list[str], late: list[str]) -> tuple[str, float]:
        managers = dict(attack.managers)
        if f'"{corpus.HEADER_OF_BAIT}"'.encode() in attack.source:
            managers[corpus.HEADER_OF_BAIT] = self._bait.header
        start_s = time.monotonic()
        program = self._compiler.compile(
            {attack.file.name: attack.source}, attack.language, managers=managers
        )
        compile_s = time.monotonic() - start_s
        if isinstance(program, CompileError):
            if self._bait.secret.encode() in program.messages:
                faults.append("the compiler printed the planted secret")
            # A rejection is asked for twice; on a busy machine each may last up to its hard stop.
            allowed_s = 2 * corpus.COMPILE_LIMITS.clock_limit_s
            if compile_s > allowed_s + HANG_MARGIN_S + STARTUP_MARGIN_S:
                late.append(f"the compiler kept its caller waiting for {compile_s:.1f} s")
            return f"compile-error: {program.reason}", compile_s
        program = replace(program, env={**program.env, host.MARK: self._mark})
        longest_s = 0.0
        outcome = ""
        for _ in range(attack.times):
            outcome, wall_s = self._run(attack, program, faults, late)
            longest_s = max(longest_s, wall_s)
        return outcome, longest_s

    def _run(
        self, attack: Attack, program: Executable, faults: list[str], late: list[str]
    ) -> tuple[str, float]:
        words = self._bait.words
        files = {name: Blob.of_bytes(_INPUT) for name in attack.files}
        keep = tuple(name.format_map(words) for name in attack.keep)
        if attack.large_stdin and self._large is None:
            self._large = Blob.of_bytes(bytes(_LARGE_INPUT_BYTES))
        job = Job(
            program=program,
            limits=attack.limits,
            stdin=self._large if attack.large_stdin and self._large else self._input,
            args=tuple(word.format_map(words) for word in attack.args),
            files=files,
            keep=keep,
            folders=attack.folders,
        )
        start_s = time.monotonic()
        result = self._sandbox.run(job)
        wall_s = time.monotonic() - start_s
        # What it waited for a processor is nobody's doing but the machine's.
        if wall_s > attack.limits.wall_limit_s + result.waited_s + HANG_MARGIN_S:
            late.append(f"its caller waited for {wall_s:.2f} s")
        faults += self._faults_of(attack, result, words)
        if any(blob.read() != _INPUT for blob in files.values()):
            faults.append("a placed file's content was changed")
        return outcome_of(result), wall_s

    def _faults_of(self, attack: Attack, result: RunResult, words: Mapping[str, str]) -> list[str]:
        faults: list[str] = []
        stdout = result.stdout.read()
        everything = [stdout, result.stderr, *(blob.read(MIB) for blob in result.kept.values())]
        if any(self._bait.secret.encode() in text for text in everything):
            faults.append("it printed the planted secret")
        escapes = [line for line in stdout.splitlines() if line.startswith(b"ESCAPED")]
        faults += [line.decode(errors="replace")[:100] for line in escapes[:5]]
        if result.stdout.size_bytes > attack.limits.output_bytes:
            faults.append(f"{result.stdout.size_bytes} bytes of stdout")
        if result.limit is not LimitKind.CPU and result.cpu_s > 2 * attack.limits.cpu_s + 0.2:
            faults.append(f"{result.cpu_s:.2f} s of CPU time without a limit")
        if outcome_of(result) == "exit:0":
            if attack.says.encode() not in stdout:
                faults.append(f"stdout lacks {attack.says!r}")
            if attack.stdout_bytes not in (None, len(stdout)):
                faults.append(f"stdout has {len(stdout)} bytes")
        for name in attack.not_kept:
            if name.format_map(words) in result.kept:
                faults.append(f"{name} came back")
        sizes = [blob.size_bytes for blob in result.kept.values()]
        if sum(sizes) > max(attack.limits.disk_bytes, attack.limits.output_bytes) + MIB:
            faults.append(f"kept files of {sum(sizes)} bytes came back")
        return faults

    def _afterwards(self, attack: Attack) -> list[str]:
        """The canary, the shared input, the planted things, processes with our mark."""
        faults: list[str] = []
        for name in dict.fromkeys(("c", attack.canary)):
            program, expected = self._canary(name)
            try:
                printed = self._print_of(program)
            except SandboxError as error:
                faults.append(f"the next run failed: {error}")
                continue
            if printed != expected:
                faults.append(f"the next run differs: {_difference(expected, printed)}")
        if attack.canary == "cpp":
            faults += self._compiled_anew()
        if self._input.read() != _INPUT:
            faults.append("the shared input was changed")
            self._input = Blob.of_bytes(_INPUT)
        faults += self._bait.damage()
        left = self._settled(lambda: host.marked(self._mark))
        if left:
            faults.append(f"{len(left)} of its processes are still on the host")
        return faults

    def _canary(self, name: str) -> tuple[Executable, bytes]:
        if name not in self._canaries:
            program = self._compiled_canary(name, self._compiler)
            self._canaries[name] = (program, self._print_of(program))
        return self._canaries[name]

    def _compiled_anew(self) -> list[str]:
        """Compiles the C++ canary once more, past the cache."""
        with tempfile.TemporaryDirectory(prefix="solver-check-cache-") as folder:
            fresh = Compiler(self._sandbox, cache=Path(folder), limits=corpus.COMPILE_LIMITS)
            try:
                program = self._compiled_canary("cpp", fresh)
                if self._print_of(program) != self._canaries["cpp"][1]:
                    return ["a program compiled afterwards behaves differently"]
            except SandboxError as error:
                return [f"the next compilation failed: {error}"]
        return []

    def _compiled_canary(self, name: str, compiler: Compiler) -> Executable:
        file = corpus.PROGRAMS / "canary" / corpus.CANARIES[name]
        header = {corpus.HEADER: (corpus.PROGRAMS / corpus.HEADER).read_bytes()}
        program = compiler.compile(
            {file.name: file.read_bytes()},
            corpus.LANGUAGES[file.suffix],
            managers=header if name == "c" else {},
        )
        if isinstance(program, CompileError):
            raise WorkerDied(f"the canary does not compile: {program.reason}")
        return program

    def _print_of(self, program: Executable) -> bytes:
        limits = replace(corpus.CHECK_LIMITS, cpu_s=2.0, wall_s=10.0)
        result = self._sandbox.run(Job(program=program, limits=limits, stdin=self._input))
        self.memory_source = result.memory_source
        text = result.stdout.read()
        return text if result.ok else b"%b\n%b" % (outcome_of(result).encode(), text)


def _difference(expected: bytes, printed: bytes) -> str:
    """The first line that is not the same, shortened."""
    old, new = expected.splitlines(), printed.splitlines()
    for before, after in zip(old, new, strict=False):
        if before != after:
            return (
                f"{before.decode(errors='replace')[:120]} -> {after.decode(errors='replace')[:120]}"
            )
    return f"{len(old)} lines -> {len(new)} lines"


def _on_terminal(text: str) -> None:
    sys.stderr.write(f"\r\x1b[K{text}")
    sys.stderr.flush()
