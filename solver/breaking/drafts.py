"""Drafts of inputs from generators: called as they are meant to be, and with literals moved."""

from collections.abc import Iterator, Sequence
from itertools import islice

from sandbox.compiling.compile import Compiler
from solver.breaking.legal import Draft
from solver.breaking.scaling import Scaled, scaled_down, scaled_up
from solver.kept.answers import KeptAnswers
from solver.observing.helpers import Helper, HelperBench
from solver.observing.inputs import InputsConfig
from solver.types import HelperKind, HelperProgram

_PYTHON = ("python3", "pypy3")


class Drafts:
    """What a task's generators write."""

    def __init__(
        self,
        generators: Sequence[HelperProgram],
        subtasks: Sequence[str],
        compiler: Compiler,
        answers: KeptAnswers,
        seed: int,
    ) -> None:
        """Args:
        subtasks: Names, in the task's order: the larger ones come last.
        """
        self._written = [one for one in generators if one.language in _PYTHON]
        self._subtasks = list(subtasks)
        self._compiler = compiler
        self._answers = answers
        self._seed = seed
        self._first = InputsConfig().seed
        self._plain = HelperBench(generators, compiler, kept=answers)

    def meant(self, wanted: int) -> list[Draft]:
        """Inputs of the generators as they are, subtasks in turn."""
        helpers = self._plain.of_kind(HelperKind.GENERATOR)
        calls: list[tuple[Helper, int, str]] = []
        for index in range(wanted):
            name = self._subtasks[index % len(self._subtasks)]
            own = [one for one in helpers if one.subtask in (None, "all", name)] or helpers
            # The calls that stage 4 made, as far as they go: their answers are kept.
            turn = index // len(self._subtasks)
            if own:
                calls.append((own[turn % len(own)], self._first + turn // len(own), name))
        made = zip(calls, self._plain.generate(calls), strict=True)
        return [(content, name) for (_, _, name), content in made if content is not None]

    def larger(self, bounds: Sequence[int], wanted: int) -> list[Draft]:
        """Inputs of generators with literals moved up, those with the largest bound first."""
        return self._moved([scaled_up(one.source, bounds) for one in self._written], wanted, 1)

    def smaller(self, wanted: int) -> list[Draft]:
        """Inputs of generators with literals moved down to next to nothing."""
        return self._moved([scaled_down(one.source) for one in self._written], wanted, 3)

    def _moved(self, versions: Sequence[Iterator[Scaled]], wanted: int, seeds: int) -> list[Draft]:
        sources: dict[str, None] = {}
        waiting = list(versions)
        while waiting and len(sources) * seeds < wanted:
            for one in list(waiting):
                scaled = next(one, None)
                if scaled is None:
                    waiting.remove(one)
                else:
                    sources.setdefault(scaled.source)
        programs = [
            HelperProgram(
                id=f"scaled{index}", kind=HelperKind.GENERATOR, language="python3", source=source
            )
            for index, source in enumerate(islice(sources, -(-wanted // seeds)))
        ]
        bench = HelperBench(programs, self._compiler, kept=self._answers)
        names = list(reversed(self._subtasks))
        calls: list[tuple[Helper, int, str]] = [
            (helper, self._seed + k, names[(index + k) % min(2, len(names))])
            for index, helper in enumerate(bench.of_kind(HelperKind.GENERATOR))
            for k in range(seeds)
        ]
        made = zip(calls, bench.generate(calls), strict=True)
        return [(content, name) for (_, _, name), content in made if content is not None]
