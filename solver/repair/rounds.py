"""Repair, last: the rounds. Each looks at all candidates, tells the most promising broken ones'
faults to the model, draws, and looks again: the pool keeps the best of all rounds.

Every round is planned once, and its plan kept, before anything of it is asked: resumed at any
moment, a run asks what is missing and nothing twice.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from problems.task import Task
from solver.repair.findings import Looked, findings_of
from solver.repair.orders import orders_of, pair_of
from solver.repair.stops import believed, first_risk, plain_gain, repair_gain
from solver.sampling.config import SamplingConfig
from solver.sampling.repairs import RepairPlan, keep_plan, kept_plan
from solver.sampling.source import Drawn, Source
from solver.strategies.base import StrategyFactory, View
from solver.types import Candidate, PrepareRequest, Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairRound:
    """What one repair round asked for and what came of it.

    Attributes:
        risk: Promised before it: the first submission is wrong with at most this chance.
        gain_points: Expected of it; `plain_points` of as many plain samples.
        parents: Ids of the programs that were to be repaired.
        modes: "mend" or "fresh", a parent each.
        drafts: Programs that came.
        tokens: Drawn for it.
        risk_after: Promised after it.
        stopped: Why it was left out; empty where it was not.
    """

    step: int
    risk: float
    gain_points: float
    plain_points: float
    parents: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    drafts: int = 0
    tokens: int = 0
    risk_after: float = 1.0
    stopped: str = ""

    def as_record(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "step": self.step,
            "risk_promised": round(self.risk, 6),
            "expected_gain": round(self.gain_points, 6),
            "expected_gain_plain": round(self.plain_points, 6),
            "parents": list(self.parents),
            "modes": list(self.modes),
            "drafts": self.drafts,
            "tokens": self.tokens,
            "risk_promised_after": round(self.risk_after, 6),
            "stopped": self.stopped,
        }


def bounded(request: PrepareRequest, config: SamplingConfig, source: Source) -> PrepareRequest:
    """The request; where there will be repair rounds, under the run's token limit as well, so that
    plain samples do not spend all of it."""
    if not (config.repair_samples and source.mends) or config.max_tokens_total is None:
        return request
    asked = request.tokens if request.tokens is not None else config.max_tokens_total
    return replace(request, tokens=min(asked, config.max_tokens_total))


def plain_part(request: PrepareRequest, config: SamplingConfig) -> PrepareRequest:
    """What is asked of plain sampling: the round's tokens without the repair rounds' share."""
    if request.tokens is None or not config.repair_samples:
        return request
    return replace(request, tokens=int(request.tokens * (1.0 - config.repair_share)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mender:
    """What all repair rounds of a task share.

    Attributes:
        look: Stages 3 to 7 on what was drawn.
        folder: The task's run folder.
        strategy: Whose first choice the promised risk is of.
    """

    task: Task
    request: PrepareRequest
    source: Source
    look: Callable[[Drawn], Looked]
    folder: Path
    config: SamplingConfig
    strategy: StrategyFactory
    progress: Progress

    def rounds(self, drawn: Drawn, looked: Looked) -> tuple[Drawn, Looked, list[RepairRound]]:
        """All repair rounds that are worth it.

        Args:
            drawn: The round's plain samples, and what came before.
            looked: What they do.

        Returns:
            All candidates, this round's tokens with those of the repair rounds; what they do; and
            the rounds, the last one with the reason why there is none after it.

        Raises:
            SolverError: The source failed; what was drawn is kept.
            SandboxError: The sandbox failed; what was run is kept.
        """
        told: list[RepairRound] = []
        used: set[tuple[str, str]] = set()
        total, rounds = drawn.tokens, self.config.repair_rounds
        for step in range(1, rounds + 1):
            plan = kept_plan(self._file(step))
            if plan is None:
                plan = self._plan(step, looked, drawn, total, used)
                keep_plan(self._file(step), plan)
            told.append(_begun(step, plan))
            if not plan.orders:
                break
            used |= _pairs(plan, drawn)
            before = len(drawn.candidates)
            drawn = self.source.mend(self.task, self.request, plan, step, drawn, self.progress)
            total += drawn.tokens
            looked = self.look(drawn)
            told[-1] = replace(
                told[-1],
                drafts=len(drawn.candidates) - before,
                tokens=drawn.tokens,
                risk_after=self._risk(looked.view),
            )
        return replace(drawn, tokens=total), looked, told

    def _file(self, step: int) -> Path:
        # With more samples a run grows, and another plan rests on them.
        name = f"repair-{self.request.round}-{step}-{self.config.samples}.json"
        return self.folder / name

    def _plan(
        self, step: int, looked: Looked, drawn: Drawn, spent: int, used: set[tuple[str, str]]
    ) -> RepairPlan:
        left = self.config.repair_rounds - step + 1
        # The earlier rounds get what cannot be divided.
        drafts = -(-(self.config.repair_samples - self._asked(step)) // left)
        tokens = None
        if self.request.tokens is not None:
            tokens = max(0, self.request.tokens - spent) // left
        own = looked.of_programs()
        view = own.view
        chance = believed(view)
        plan = RepairPlan(
            tokens=tokens,
            risk=self._risk(looked.view),
            gain_points=repair_gain(view, chance, drafts),
            plain_points=plain_gain(view, chance, drafts),
        )
        stopped = self._stopped(plan, drafts, _a_sample(drawn))
        if stopped:
            return plan.model_copy(update={"stopped": stopped})
        orders = orders_of(own, chance, findings_of(own), drafts, used)
        if not orders:
            return plan.model_copy(update={"stopped": "nothing new is broken"})
        return plan.model_copy(update={"orders": orders})

    def _asked(self, step: int) -> int:
        """Drafts that the rounds before this one asked for."""
        plans = [kept_plan(self._file(each)) for each in range(1, step)]
        return sum(plan.drafts for plan in plans if plan is not None)

    def _stopped(self, plan: RepairPlan, drafts: int, tokens_each: float) -> str:
        config = self.config
        if drafts < 1:
            return "no samples are left for repair"
        if plan.tokens is not None and plan.tokens < 1:
            return "no tokens are left for repair"
        if plan.risk <= config.repair_alpha:
            return f"the first submission is wrong with a chance of at most {plan.risk:.3f}"
        cost = max(plan.plain_points, config.repair_least_points * drafts * tokens_each / 1e6)
        if plan.gain_points < cost:
            return f"a round is expected to bring {plan.gain_points:.3g} points and cost {cost:.3g}"
        return ""

    def _risk(self, view: View) -> float:
        return first_risk(view, self.strategy, self.config.seed)


def _begun(step: int, plan: RepairPlan) -> RepairRound:
    return RepairRound(
        step=step,
        risk=plan.risk,
        gain_points=plan.gain_points,
        plain_points=plan.plain_points,
        parents=tuple(order.parent for order in plan.orders),
        modes=tuple(order.mode.value for order in plan.orders),
        risk_after=plan.risk,
        stopped=plan.stopped,
    )


def _pairs(plan: RepairPlan, drawn: Drawn) -> set[tuple[str, str]]:
    by_id: dict[str, Candidate] = {one.id: one for one in drawn.candidates}
    return {
        pair_of(by_id[order.parent], order.examples[0].input_id)
        for order in plan.orders
        if order.parent in by_id
    }


def _a_sample(drawn: Drawn) -> float:
    """Tokens of one sample, by those that came."""
    if drawn.tally is None or not drawn.tally.answers:
        return 0.0
    return drawn.tally.tokens / drawn.tally.answers
