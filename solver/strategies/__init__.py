"""Stage 8: strategies, one class a file over the same history of paid feedback.

A strategy is made from a `View` (task, behaviour, clusters, estimates) and sees nothing else but
the feedback of submissions spent.
"""

from collections.abc import Mapping
from typing import cast

import numpy as np

from problems.plugins import STRATEGIES, PluginError, plugin, plugin_names
from solver.errors import SolverError
from solver.strategies.base import Choice, Strategy, StrategyFactory, View
from solver.strategies.expected_gain import ExpectedGain
from solver.strategies.gencluster import GenCluster
from solver.strategies.round_robin import RoundRobin
from solver.strategies.simple import ClusterSize, ExamplesRandom, Longest, Random

FACTORIES: Mapping[str, StrategyFactory] = {
    "random": Random,
    "examples_random": ExamplesRandom,
    "longest": Longest,
    "cluster_size": ClusterSize,
    "round_robin": RoundRobin,
    "gencluster": GenCluster,
    "expected_gain": ExpectedGain,
}

NAMES = tuple(FACTORIES)
"""Our own strategies, the weakest first; other packages may bring more (`problems.plugins`)."""

DEFAULT = "expected_gain"

__all__ = [
    "DEFAULT",
    "FACTORIES",
    "NAMES",
    "Choice",
    "Strategy",
    "StrategyFactory",
    "View",
    "check_name",
    "factory_of",
    "make",
]


def check_name(name: str) -> None:
    """Refuses a name that no strategy has.

    Raises:
        SolverError: Names the strategies that there are.
    """
    if name not in FACTORIES and name not in plugin_names(STRATEGIES):
        known = ", ".join([*NAMES, *plugin_names(STRATEGIES)])
        raise SolverError(f"no strategy is called {name!r}; there are: {known}")


def factory_of(name: str) -> StrategyFactory:
    """What makes the strategy of this name, ours or another package's.

    Raises:
        SolverError: No strategy has that name.
        PluginError: The package that brings it cannot be loaded.
    """
    check_name(name)
    if name in FACTORIES:
        return FACTORIES[name]
    factory = plugin(STRATEGIES, name)
    if not callable(factory):
        raise PluginError(f"{STRATEGIES}: {name!r} cannot be called with (view, rng)")
    return cast(StrategyFactory, factory)


def make(name: str, view: View, rng: np.random.Generator) -> Strategy:
    """A fresh strategy.

    Args:
        name: One of `NAMES`, or of another package.
        view: All that it may know of the problem.
        rng: Breaks ties and draws at random.

    Raises:
        SolverError: No strategy has that name.
    """
    return factory_of(name)(view, rng)
