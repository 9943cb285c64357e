"""Growing pools: more candidates from a pool, by small slips, thinned to a stated rarity."""

from solver.grow.pool import GrowConfig, Grower, Grown

__all__ = ["GrowConfig", "Grower", "Grown"]
