"""Brings real faults about under a real sandbox and says what came of it.

`solver sandbox check faults` and `make chaos` run it. Reading order: work (the load, whose answers
are known) -> traces (what must not be left) -> kinds (the faults) -> round (one process, one fault)
-> suite (all rounds, each under a watchdog).
"""

from sandbox.faults.kinds import FAULTS
from sandbox.faults.suite import FaultRow, FaultsReport, check_faults

__all__ = ["FAULTS", "FaultRow", "FaultsReport", "check_faults"]
