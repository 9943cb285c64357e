"""The attack: accepted programs must agree on every legal input; who does not is reported."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from problems.tasktypes.execution import Execution
from problems.verdict import Verdict
from sandbox.data import Blob
from solver.breaking.legal import Legal
from solver.breaking.shrink import shrink
from solver.hacking.drafts import drafts_of, group_counts
from solver.hacking.jury import Attacked, Group, Jury
from solver.hacking.types import HEAD_BYTES, Disagreement, Fault, HackReport, Standing
from solver.types import GeneratedInput, Progress

_FAULTS = {
    Verdict.TLE: Fault.TIME,
    Verdict.MLE: Fault.MEMORY,
    Verdict.OLE: Fault.OUTPUT,
}
_BATCH = 24


class HackConfig(BaseModel):
    """How long an attack lasts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    legal: int = Field(default=200, ge=1)
    """Legal inputs to run the programs on, all groups together."""
    tries: int = Field(default=2000, ge=1)
    """Inputs made at most."""
    cpu_s: float = Field(default=120.0, gt=0)
    """CPU time of the attacked programs at most."""
    shrinking: int = Field(default=80, ge=0)
    """Legal inputs tried to make one that breaks smaller."""
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """How one program fails on one input; the fields are those of `Disagreement`."""

    program: Attacked
    fault: Fault
    printed: bytes | None
    expected: bytes | None
    supporters: tuple[str, ...]
    others: tuple[str, ...]
    undecided: bool
    cpu_s: float


class Attack:
    """One package's attack.

    Attributes:
        found: Program to its disagreement.
    """

    def __init__(self, jury: Jury, programs: Sequence[Attacked], config: HackConfig) -> None:
        """Args:
        programs: At least one of them accepted, which gives the answers.
        """
        self.found: dict[str, Disagreement] = {}
        self._jury = jury
        self._programs = list(programs)
        self._config = config
        self._tries = self._legal = 0
        self._cpu_s = 0.0

    def run(self, progress: Progress) -> HackReport:
        """Attacks until the budget is spent or every program is broken.

        Raises:
            SandboxError: The sandbox failed, not a program.
        """
        groups = self._jury.groups()
        own = [group for group in groups if self._of(group)]
        rng = np.random.default_rng(self._config.seed)
        streams = [(group, drafts_of(self._jury, group, groups, rng)) for group in own]
        while streams and not self._over():
            for group, stream in list(streams):
                drafts = list(islice(stream, _BATCH))
                if not drafts or not self._of(group):
                    streams.remove((group, stream))
                    continue
                self._tries += len(drafts)
                for one in self._jury.legal(group, drafts):
                    if self._over():
                        break
                    self._legal += 1
                    progress(min(self._legal, self._config.legal), self._config.legal)
                    self._try(group, one)
        return HackReport(
            package=self._jury.name,
            tries=self._tries,
            legal=self._legal,
            programs={each.name: each.standing for each in self._programs},
            disagreements=tuple(self.found.values()),
            cpu_s=self._cpu_s,
        )

    def _over(self) -> bool:
        config = self._config
        return (
            self._legal >= config.legal
            or self._tries >= config.tries
            or self._cpu_s >= config.cpu_s
            or all(each.name in self.found for each in self._programs)
        )

    def _of(self, group: Group) -> list[Attacked]:
        """Programs that are attacked with a group's inputs: the voters, and who is not broken."""
        mine = [each for each in self._programs if each.flags is None or group.flags in each.flags]
        open_ = [each for each in mine if each.name not in self.found]
        if not open_:
            return []
        voters = [each for each in mine if each.standing is Standing.ACCEPTED]
        return voters + [each for each in open_ if each.standing is not Standing.ACCEPTED]

    def _try(self, group: Group, one: GeneratedInput) -> None:
        for failed in self._failed(self._of(group), one.content):
            name = failed.program.name
            if name in self.found:
                continue
            small = self._shrunk(group, one, failed)
            again = self._again(group, failed.program, small.content) or failed
            if again is failed:
                small = one
            self.found[name] = Disagreement(
                program=name,
                standing=failed.program.standing,
                fault=again.fault,
                input=small.content,
                group=group.name,
                flags=group.flags,
                printed=again.printed,
                expected=again.expected,
                supporters=again.supporters,
                others=again.others,
                undecided=again.undecided,
                cpu_s=again.cpu_s,
                found_bytes=len(one.content),
            )

    def _shrunk(self, group: Group, one: GeneratedInput, failed: Failed) -> GeneratedInput:
        if failed.fault in (Fault.TIME, Fault.MEMORY) or not self._config.shrinking:
            return one

        def breaks(smaller: GeneratedInput) -> bool:
            # Who is right is asked anew at every step: shrinking walks to where that is in doubt.
            again = self._again(group, failed.program, smaller.content)
            return (
                again is not None
                and again.fault is failed.fault
                and (failed.undecided or not again.undecided)
            )

        legal = _GroupLegal(self._jury, group)
        return shrink(one, group_counts(group), legal, breaks, self._config.shrinking)

    def _again(self, group: Group, program: Attacked, content: bytes) -> Failed | None:
        programs = self._of(group)
        if program not in programs:
            programs.append(program)
        found = self._failed(programs, content)
        return next((each for each in found if each.program.name == program.name), None)

    def _failed(self, programs: Sequence[Attacked], content: bytes) -> list[Failed]:
        """Who fails on an input, by the word of most accepted programs."""
        runs = dict(zip(programs, self._jury.run(programs, content), strict=True))
        self._cpu_s += sum(run.cpu_s for run in runs.values())
        voters = [each for each in programs if each.standing is Standing.ACCEPTED]
        ended = [each for each in voters if runs[each].failure is None and runs[each].output]
        if not ended:
            return []
        best: tuple[Attacked, list[Attacked]] | None = None
        for reference in ended:
            agreeing = [each for each in runs if self._agrees(content, runs, each, reference)]
            if best is None or _votes(agreeing) > _votes(best[1]):
                best = reference, agreeing
            # Nobody else can have more votes.
            if 2 * _votes(best[1]) > len(voters):
                break
        assert best is not None
        reference, agreeing = best
        against = [each for each in voters if each not in agreeing]
        undecided = len(against) >= _votes(agreeing)
        answer = runs[reference].output
        return [
            Failed(
                program=each,
                fault=_fault(runs[each]),
                printed=_head(runs[each].output) if runs[each].failure is None else None,
                expected=_head(answer),
                supporters=tuple(one.name for one in agreeing if one in voters),
                others=tuple(one.name for one in against if one is not each),
                undecided=undecided and _fault(runs[each]) is Fault.WRONG,
                cpu_s=runs[each].cpu_s,
            )
            for each in runs
            if each not in agreeing
        ]

    def _agrees(
        self, content: bytes, runs: dict[Attacked, Execution], each: Attacked, reference: Attacked
    ) -> bool:
        run = runs[each]
        if run.failure is not None or run.output is None:
            return False
        answer = runs[reference].output
        assert answer is not None
        return each is reference or self._jury.right(content, run.output, answer)


class _GroupLegal(Legal):
    """The package's validators in the place of a model's."""

    def __init__(self, jury: Jury, group: Group) -> None:
        self._jury = jury
        self._group = group

    def look(
        self, drafts: Sequence[tuple[bytes, str | None]], *, as_meant: bool = False
    ) -> list[GeneratedInput]:
        """The legal ones."""
        return self._jury.legal(self._group, [content for content, _ in drafts])

    def hopeful(self, contents: Sequence[bytes], subtasks: Collection[str]) -> list[bytes]:
        """The legal ones: a package's validators are cheap, and there is mostly one."""
        return [one.content for one in self._jury.legal(self._group, contents)]


def _votes(programs: Sequence[Attacked]) -> int:
    return sum(each.standing is Standing.ACCEPTED for each in programs)


def _fault(run: Execution) -> Fault:
    if run.failure is None:
        return Fault.WRONG
    return _FAULTS.get(run.failure, Fault.CRASH)


def _head(output: Blob | None) -> bytes | None:
    return None if output is None else output.read(HEAD_BYTES + 1)
