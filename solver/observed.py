"""Stages 3 to 6 in one: candidates in, what they did and who does alike out.

The pipeline and every replay call this, so that a replay measures the very code it speaks of.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from solver.observing.behaviour import observe
from solver.observing.behaviour_config import BehaviourConfig
from solver.observing.bench import Bench
from solver.observing.build import Programs, compile_all
from solver.observing.cluster import by_behaviour
from solver.observing.equivalence import written_checkers
from solver.observing.inputs import InputsConfig, generate
from solver.observing.separating import Seen, SeparatingConfig, refine
from solver.types import Behaviour, Candidate, Clusters, HelperProgram


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservingConfig:
    """How candidates are observed: test inputs, runs, separating inputs."""

    inputs: InputsConfig = field(default_factory=InputsConfig)
    behaviour: BehaviourConfig = field(default_factory=BehaviourConfig)
    separating: SeparatingConfig = field(default_factory=SeparatingConfig)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What stages 3 to 6 made of P candidates.

    Attributes:
        behaviour: (P, I), separating inputs among the I.
        programs: None where what was observed was read from a record.
    """

    behaviour: Behaviour
    clusters: Clusters
    programs: Programs | None = None


def observe_all(
    candidates: Sequence[Candidate],
    helpers: Sequence[HelperProgram],
    bench: Bench,
    config: ObservingConfig | None = None,
) -> Observed:
    """Compiles candidates, makes inputs, runs one on the other, and clusters by behaviour.

    Called again with the same run folder it does what is missing.

    Args:
        candidates: P, of the bench's task.
        helpers: Generators, validators and checkers; all may be missing.

    Raises:
        UnknownLanguage, CompilerMissing: Nothing here compiles a candidate's language.
        SandboxError: The sandbox failed, not a program.
    """
    config = config or ObservingConfig()
    programs = compile_all(candidates, bench)
    inputs = generate(helpers, bench, config.inputs)
    checkers = written_checkers(bench.task, helpers, bench.compiler)
    behaviour = observe(programs, inputs, bench, config.behaviour, checkers=checkers)
    seen = Seen(helpers=helpers, programs=programs, inputs=inputs, behaviour=behaviour)
    behaviour = refine(seen, bench, config.separating, config.behaviour)
    return Observed(
        programs=programs, behaviour=behaviour, clusters=by_behaviour(behaviour, bench.task)
    )
