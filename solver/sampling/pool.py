"""A door for scripts: everything is in `solver.sampling.pools.pool`."""

from solver.sampling.pools.pool import PoolLine, pool_of, read_pool, write_pool

__all__ = [
    "PoolLine",
    "pool_of",
    "read_pool",
    "write_pool",
]
