"""Growing pools: more candidates from a pool, by small slips, thinned to a stated rarity."""

from solver.grow.pool import Grower
from solver.grow.state import GrowConfig, Grown

__all__ = ["GrowConfig", "Grower", "Grown"]
