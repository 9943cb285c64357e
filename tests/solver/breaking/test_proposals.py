"""Proposed inputs in the stage itself: who refuses them, whom they accuse, what marks them."""

from pathlib import Path

from problems.loading import load_task
from sandbox.compiling.compile import Compiler
from solver.breaking.config import BreakingConfig
from solver.breaking.proposals import Proposal
from solver.breaking.types import Broken
from solver.observed import ObservingConfig, observe_all
from solver.observing.bench import Bench
from solver.observing.inputs import InputsConfig
from solver.observing.separating import SeparatingConfig
from solver.types import Candidate, HelperKind, HelperProgram, InputOrigin
from tests.solver.diagnosing.test_diagnosing import ALIKE, FORGETS, TASK
from tests.solver.repair.pupil import GENERATOR, VALIDATOR

BREAKING = b"12\n3 777778 1 9 11 5 31 17 77777 3 99999 1\n"


def look(compiler: Compiler, run: Path, *kinds: HelperKind) -> tuple[Broken, Broken]:
    """What breaking finds with proposals, and without."""
    task = load_task(TASK)
    sources = {HelperKind.GENERATOR: GENERATOR, HelperKind.VALIDATOR: VALIDATOR}
    helpers = [
        HelperProgram(id=kind.value, kind=kind, language="python3", source=sources[kind])
        for kind in kinds
    ]
    given = [
        Candidate(id=name, task=task.name, subtask=None, language="python3", source=source)
        for name, source in zip(("a", "b", "c", "d", "forgets"), (*ALIKE, FORGETS), strict=True)
    ]
    proposals = [
        Proposal(candidate="forgets", content=BREAKING),
        Proposal(candidate="forgets", generator="print(21)\nprint(777778, *[5] * 20)\n"),
        Proposal(candidate="a", content=b"3\n4 6\n"),
        Proposal(candidate="a", generator="raise SystemExit(1)\n"),
        Proposal(candidate="b", generator="print(600)\nprint(*[8] * 600)\n"),
        Proposal(candidate="c", content=b"2\n777776 777777\n"),
    ]
    config = ObservingConfig(
        inputs=InputsConfig(count=6, oversample=1),
        separating=SeparatingConfig(count=0),
        breaking=BreakingConfig(small=4, ladder=0, shrink_runs=16),
    )
    bench = Bench.of(task, compiler, run)
    with_them = observe_all(given, helpers, bench, config, proposals).broken
    return with_them, observe_all(given, helpers, bench, config).broken


def test_they_count_where_validators_take_them_and_accuse_the_wrong_alone(
    compiler: Compiler, tmp_path: Path
) -> None:
    found, without = look(compiler, tmp_path, HelperKind.GENERATOR, HelperKind.VALIDATOR)
    told = found.proposed
    assert (told.proposals, told.refused, told.inputs) == (6, 2, 4)
    assert told.broke == ("forgets",)
    accused = {name: max([0.0, *one.accused.values()]) for name, one in found.evidence.items()}
    assert accused["forgets"] >= 0.9 and all(accused[name] == 0.0 for name in "abcd")
    assert not any(one.accused for one in without.evidence.values())
    (broken,) = found.evidence["forgets"].breaks
    # Whoever found it is told of the shorter one that was made of it, too.
    assert broken.shrunk and broken.input.origin is InputOrigin.DIAGNOSIS
    assert b"777778" in broken.input.content
    assert broken.claim is not None and broken.claim.answer is not None
    # The long one was run as well: 600 numbers are more than any generator writes.
    assert found.evidence["a"].largest_bytes >= 1200


def test_without_a_validator_that_can_tell_all_are_refused(
    compiler: Compiler, tmp_path: Path
) -> None:
    found, _ = look(compiler, tmp_path, HelperKind.GENERATOR)
    assert (found.proposed.refused, found.proposed.inputs) == (6, 0)
    assert found.proposed.broke == ()
