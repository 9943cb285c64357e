"""Measures the sandbox against the bare cost of a fork and against other ways to run a program.

Reading order: contenders (who runs, and how) -> rounds (interleaved, medians, ratios).
"""

from sandbox.bench.rounds import BenchReport, Row, bench

__all__ = ["BenchReport", "Row", "bench"]
