"""Engines as actors on two logical nodes of a real Ray cluster, and what is seen of them, as JSON.

Run by an interpreter that has ray; `test_ray_actors.py` reads what it prints. The model is a server
on loopback whose answers depend on the seed alone.
"""

import json
import os
import sys
from typing import Any

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

import ray
from ray.cluster_utils import Cluster
from ray_nodes import started
from stub import Behaviour, running

from solver.errors import SolverError
from solver.sampling.config import SamplingConfig
from solver.sampling.engine import Message, Request, SamplingParameters
from solver.sampling.open import open_engine

CONFIG = SamplingConfig(concurrency=4)


def requests(count: int) -> list[Request]:
    return [
        Request(
            messages=(Message(role="user", content=f"task {number % 3}"),),
            parameters=SamplingParameters(),
            seed=number,
            index=number,
        )
        for number in range(count)
    ]


def drawn(spec: str, count: int, kill: Any = None) -> dict[str, Any]:
    engine = open_engine(spec, CONFIG)
    answers: dict[str, str] = {}
    try:
        about = [engine.name, engine.model, engine.chat]
        for number, (request, answer) in enumerate(engine.sample(requests(count))):
            answers[str(request.seed)] = answer.text
            if number == 0 and kill is not None:
                kill()
    finally:
        engine.close()
    return {"about": about, "pairs": number + 1, "answers": answers}


def refused(spec: str) -> str:
    try:
        drawn(spec, 1)
    except SolverError as error:
        return f"{type(error).__name__}: {error}"
    return ""


def main() -> None:
    cluster = Cluster()
    started(cluster, include_dashboard=False)
    second = started(cluster)
    os.environ["RAY_ADDRESS"] = cluster.address
    said: dict[str, Any] = {}
    with running(Behaviour(latency_s=0.02)) as stub:
        spec = f"openai:stub@{stub.url}"
        said["alone"] = drawn(spec, 60)
        said["ray"] = drawn(f"ray:{spec}", 60)
        # The last chunks are with the node that goes, or with the other one: neither may lack.
        said["killed"] = drawn(
            f"ray:{spec}", 60, lambda: cluster.remove_node(second, allow_graceful=False)
        )
        said["connected"] = ray.is_initialized()
    said["no server"] = refused("ray:openai:stub@http://127.0.0.1:9/v1")
    cluster.shutdown()
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
