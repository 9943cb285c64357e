"""Engines, one a file; `solver.sampling.open` knows which spec names which."""
