"""`ray:SPEC`: another engine on the nodes of a Ray cluster, one actor a GPU.

Where the cluster has no GPU, one actor a node. Ray places the actors and says when one is gone;
what such a one had in hand is drawn by the others, and since a request carries its seed, as it
would have been. `RAY_ADDRESS` names the cluster, else the one that runs here is taken.
"""

import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sandbox.errors import BackendUnavailable
from sandbox.remote.ray_connect import be_as_urgent_as_the_node, connect, disconnect
from solver.errors import EngineError, ModelUnavailable, SolverError
from solver.sampling.config import SamplingConfig
from solver.sampling.engine import Answer, Answers, Engine, Request, Stop, by_prompt

MOST_IN_CHUNK = 128
"""Requests handed to an actor at a time, which its engine draws together; fewer where that would
leave actors idle at the end."""

CHUNKS_AHEAD = 2
_MOST_LOSSES = 8
_START_S = 600.0
_LOOK_S = 1.0


class Opener(Protocol):
    """`solver.sampling.open.open_engine`, handed down: it opens this engine too."""

    def __call__(self, spec: str, config: SamplingConfig | None = ...) -> Engine:
        """Opens the engine that a spec names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkAnswers:
    """What an actor says to a chunk.

    Attributes:
        answers: (place in the chunk, answer), as they were finished.
        failure: Why the rest is not there.
    """

    answers: tuple[tuple[int, Answer], ...]
    failure: str = ""


class EngineActor:
    """Holds an engine on a node."""

    def __init__(self, opener: Opener, spec: str, config: SamplingConfig) -> None:
        """Opens it.

        Raises:
            ModelUnavailable, UnknownModel: As the engine does; Ray hands it on.
        """
        be_as_urgent_as_the_node()
        self._engine = opener(spec, config)

    def about(self) -> tuple[str, str, bool]:
        """Name, model and whether it takes turns, once the model is loaded."""
        return self._engine.name, self._engine.model, self._engine.chat

    def draw(self, chunk: Sequence[Request]) -> ChunkAnswers:
        """Draws all of them."""
        places = {request: place for place, request in enumerate(chunk)}
        answers: list[tuple[int, Answer]] = []
        try:
            for request, answer in self._engine.sample(chunk):
                answers.append((places[request], answer))
        except SolverError as error:
            return ChunkAnswers(answers=tuple(answers), failure=str(error))
        return ChunkAnswers(answers=tuple(answers))

    def close(self) -> None:
        """Frees the model."""
        self._engine.close()


@dataclass(slots=True, eq=False)
class _Member:
    """An actor, and the chunks that it has in hand."""

    actor: Any
    ready: Any
    stands: bool = False
    busy: int = 0


class RayEngine:
    """Draws with the engines of a cluster's actors."""

    def __init__(self, opener: Opener, spec: str, config: SamplingConfig) -> None:
        """Starts the actors and waits for the first that has loaded its model.

        Args:
            opener: `open_engine`.
            spec: Of the engine in each actor, whose name and model samples say they were drawn by.

        Raises:
            ModelUnavailable: No package ray, no cluster, or no actor could load the model.
        """
        try:
            self._ray = connect(None)
        except BackendUnavailable as error:
            raise ModelUnavailable(f"ray:{spec}: {error}") from error
        self._spec = spec
        self._said = ""
        self._members: list[_Member] = []
        self._closed = False
        try:
            self._members = self._started(opener, spec, config)
            self.name, self.model, self.chat = self._first()
        except BaseException:
            self.close()
            raise

    def _started(self, opener: Opener, spec: str, config: SamplingConfig) -> list[_Member]:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        remote = self._ray.remote(EngineActor)
        gpus = int(self._ray.cluster_resources().get("GPU", 0))
        # Nothing of the CPUs: they are the sandbox's.
        words: list[dict[str, Any]] = [{"num_cpus": 0, "num_gpus": 1}] * gpus or [
            {
                "num_cpus": 0,
                "scheduling_strategy": NodeAffinitySchedulingStrategy(node["NodeID"], soft=False),
            }
            for node in self._ray.nodes()
            if node["Alive"]
        ]
        actors = [
            remote.options(**one, max_restarts=0, max_task_retries=0).remote(opener, spec, config)
            for one in words
        ]
        return [_Member(actor=actor, ready=actor.about.remote()) for actor in actors]

    def _first(self) -> tuple[str, str, bool]:
        waited_s = 0.0
        while self._members:
            self._look(_LOOK_S)
            waited_s += _LOOK_S
            for member in self._members:
                if member.stands:
                    about: tuple[str, str, bool] = self._ray.get(member.ready)
                    return about
            if waited_s >= _START_S:
                raise ModelUnavailable(
                    f"ray:{self._spec}: no actor has loaded the model within {_START_S:.0f} s; "
                    "see `ray status` for who holds the GPUs"
                )
        raise ModelUnavailable(
            f"ray:{self._spec}: {self._said or 'no node is alive in the Ray cluster'}"
        )

    def _look(self, wait_s: float) -> None:
        """Takes in the actors that have loaded the model, drops those that could not."""
        starting = {member.ready: member for member in self._members if not member.stands}
        done, _ = self._ray.wait(list(starting), timeout=wait_s) if starting else ([], [])
        for reference in done:
            member = starting[reference]
            try:
                self._ray.get(reference)
            except self._ray.exceptions.RayError as error:
                self._said = str(getattr(error, "cause", None) or error).strip().splitlines()[-1]
                logging.getLogger(__name__).warning("an actor of ray: %s", self._said)
                self._members.remove(member)
            else:
                member.stands = True

    def sample(self, requests: Sequence[Request], stop: Stop = lambda: False) -> Answers:
        """Draws all requests; a pair comes as soon as its chunk is finished.

        Raises:
            EngineError: An engine failed, or no actor is left; what was yielded stands.
        """
        chunks = CHUNKS_AHEAD * max(1, len(self._members))
        size = min(MOST_IN_CHUNK, max(1, -(-len(requests) // chunks)))
        left: deque[Sequence[Request]] = deque(
            group[first : first + size]
            for group in by_prompt(requests)
            for first in range(0, len(group), size)
        )
        running: dict[Any, tuple[_Member, Sequence[Request]]] = {}
        losses = 0
        while left or running:
            if stop():
                left.clear()
            self._look(0)
            self._hand_out(left, running)
            if not running:
                if left and not self._members:
                    raise EngineError(f"ray:{self._spec}: no actor is left; what came is kept")
                self._look(_LOOK_S)
                continue
            done, _ = self._ray.wait(list(running), timeout=_LOOK_S)
            for reference in done:
                member, chunk = running.pop(reference)
                member.busy -= 1
                try:
                    said: ChunkAnswers = self._ray.get(reference)
                except self._ray.exceptions.RayTaskError as error:
                    raise EngineError(f"ray:{self._spec}: {error.cause!r}") from error
                except self._ray.exceptions.RayError as error:
                    losses += 1
                    self._lost(member, error)
                    if losses > _MOST_LOSSES:
                        raise EngineError(f"ray:{self._spec}: {losses} actors were lost") from error
                    left.appendleft(chunk)
                    continue
                yield from ((chunk[place], answer) for place, answer in said.answers)
                if said.failure:
                    raise EngineError(said.failure)

    def _hand_out(
        self,
        left: deque[Sequence[Request]],
        running: dict[Any, tuple[_Member, Sequence[Request]]],
    ) -> None:
        while left:
            free = [one for one in self._members if one.stands and one.busy < CHUNKS_AHEAD]
            if not free:
                return
            member = min(free, key=lambda one: one.busy)
            chunk = left.popleft()
            member.busy += 1
            running[member.actor.draw.remote(chunk)] = member, chunk

    def _lost(self, member: _Member, error: Exception) -> None:
        if member in self._members:
            self._members.remove(member)
            words = str(error).strip().splitlines()[0]
            logging.getLogger(__name__).warning("an actor of ray is lost: %s", words)

    def close(self) -> None:
        """Ends the actors, and the cluster where it was started for us."""
        if self._closed:
            return
        self._closed = True
        for member in self._members:
            self._ray.kill(member.actor)
        self._members = []
        disconnect()
