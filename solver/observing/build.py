"""Stage 3: candidates become programs; equal binaries are one program from here on.

Candidates that are one program in other words (comments, layout, own names) are compiled once, and
so run once: they share the first one's digest. How many there are stays known: each keeps its row.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sandbox.backend import Executable
from sandbox.compiling.compile import CompileError
from solver.observing.bench import Bench
from solver.sampling.answers.dedup import representatives
from solver.submissions import as_submission
from solver.types import Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """Compiled candidates.

    Attributes:
        candidate_ids: Length P.
        digests: Length P: the executable's digest, None where it did not compile.
        executables: Digest to program; a program that several candidates share stands once.
        errors: Candidate id to the reason why it did not compile.
        duplicates: Candidates that are an earlier one in other words.
    """

    candidate_ids: tuple[str, ...]
    digests: tuple[str | None, ...]
    executables: Mapping[str, Executable]
    errors: Mapping[str, str]
    duplicates: int = 0

    def executable(self, row: int) -> Executable:
        """The program of a candidate that compiled.

        Raises:
            KeyError: It did not.
        """
        digest = self.digests[row]
        if digest is None:
            raise KeyError(self.candidate_ids[row])
        return self.executables[digest]


def compile_all(candidates: Sequence[Candidate], bench: Bench) -> Programs:
    """Compiles all distinct candidates on all slots; resumable through the compiler's cache.

    Args:
        candidates: P candidates of the bench's task, whose managers are compiled along.

    Raises:
        UnknownLanguage, CompilerMissing: Nothing here compiles a candidate's language.
        SandboxError: The sandbox failed.
    """
    progress = bench.progress("compiling")
    same_as = representatives(candidates)
    distinct = sorted(set(same_as))
    submissions = [as_submission(bench.task, candidates[row]) for row in distinct]
    built: dict[int, Executable | CompileError] = {}
    with ThreadPoolExecutor(bench.sandbox.slots) as threads:
        for row, made in zip(distinct, threads.map(bench.runner.build, submissions), strict=True):
            built[row] = made
            progress(len(built), len(distinct))
    digests: list[str | None] = []
    executables: dict[str, Executable] = {}
    errors: dict[str, str] = {}
    for candidate, row in zip(candidates, same_as, strict=True):
        made = built[row]
        if isinstance(made, CompileError):
            digests.append(None)
            errors[candidate.id] = made.reason
        else:
            digests.append(made.digest)
            executables.setdefault(made.digest, made)
    return Programs(
        candidate_ids=tuple(candidate.id for candidate in candidates),
        digests=tuple(digests),
        executables=executables,
        errors=errors,
        duplicates=len(candidates) - len(distinct),
    )
