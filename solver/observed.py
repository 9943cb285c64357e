"""Stages 3 to 6 in one: candidates in, what they did and who does alike out.

The pipeline and every replay call this, so that a replay measures the very code it speaks of.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from solver.breaking.accuse import time_chance
from solver.breaking.config import BreakingConfig
from solver.breaking.evidence import accused_matrix
from solver.breaking.proposals import Proposal
from solver.breaking.spreading import spread
from solver.breaking.stage import break_candidates
from solver.breaking.types import Broken
from solver.kept.traces import span
from solver.observing.behaviour import observe
from solver.observing.behaviour_config import BehaviourConfig
from solver.observing.bench import Bench
from solver.observing.build import Programs, compile_all
from solver.observing.cluster import by_behaviour
from solver.observing.equivalence import written_checkers
from solver.observing.inputs import InputsConfig, generate
from solver.observing.separating import Seen, SeparatingConfig, joined, refine
from solver.types import Behaviour, Candidate, Clusters, HelperProgram


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservingConfig:
    """How candidates are observed: test inputs, runs, separating and breaking inputs."""

    inputs: InputsConfig = field(default_factory=InputsConfig)
    behaviour: BehaviourConfig = field(default_factory=BehaviourConfig)
    separating: SeparatingConfig = field(default_factory=SeparatingConfig)
    breaking: BreakingConfig = field(default_factory=BreakingConfig)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What stages 3 to 6 made of P candidates.

    Attributes:
        behaviour: (P, I), separating and breaking inputs among the I.
        programs: None where what was observed was read from a record.
        broken: What was found wrong with candidates.
    """

    behaviour: Behaviour
    clusters: Clusters
    programs: Programs | None = None
    broken: Broken = field(default_factory=lambda: Broken(evidence={}))

    @property
    def accused(self) -> NDArray[np.float64] | None:
        """(P, S) chance that each candidate is wrong, by what broke it; None: nobody looked."""
        if not self.broken.evidence:
            return None
        names, subtasks = self.behaviour.candidate_ids, self.behaviour.subtasks
        return accused_matrix(self.broken.evidence, names, subtasks)


def observe_all(
    candidates: Sequence[Candidate],
    helpers: Sequence[HelperProgram],
    bench: Bench,
    config: ObservingConfig | None = None,
    proposals: Sequence[Proposal] = (),
) -> Observed:
    """Compiles candidates, makes inputs, runs one on the other, and clusters by behaviour.

    Called again with the same run folder it does what is missing.

    Args:
        candidates: P, of the bench's task.
        helpers: Generators, validators and checkers; all may be missing.
        proposals: Inputs that a model says break candidates.

    Raises:
        UnknownLanguage, CompilerMissing: Nothing here compiles a candidate's language.
        SandboxError: The sandbox failed, not a program.
    """
    config = config or ObservingConfig()
    name = bench.task.name
    with span("compile", task=name, candidates=len(candidates)):
        programs = compile_all(candidates, bench)
    with span("observe", task=name, candidates=len(candidates)):
        behaviour, broken = _looked(candidates, helpers, programs, bench, config, proposals)
    with span("cluster", task=name, candidates=len(candidates)):
        clusters = by_behaviour(behaviour, bench.task)
    return Observed(programs=programs, behaviour=behaviour, clusters=clusters, broken=broken)


def _looked(
    candidates: Sequence[Candidate],
    helpers: Sequence[HelperProgram],
    programs: Programs,
    bench: Bench,
    config: ObservingConfig,
    proposals: Sequence[Proposal],
) -> tuple[Behaviour, Broken]:
    """Runs programs on inputs of all kinds, and says what was found wrong with them."""
    inputs = generate(helpers, bench, config.inputs)
    checkers = written_checkers(bench.task, helpers, bench.compiler)
    behaviour = observe(programs, inputs, bench, config.behaviour, checkers=checkers)
    seen = Seen(helpers=helpers, programs=programs, inputs=inputs, behaviour=behaviour)
    seen = refine(seen, bench, config.separating, config.behaviour)
    behaviour = seen.behaviour
    broken = break_candidates(seen, candidates, bench, config.breaking, proposals)
    if broken.inputs:
        more = observe(
            programs,
            broken.inputs,
            bench,
            config.behaviour,
            checkers=checkers,
            stage="breaking",
            known=broken.ran,
        )
        broken = spread(broken, more, time_chance(bench.task))
        behaviour = joined(behaviour, more)
    return behaviour, broken
