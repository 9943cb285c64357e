"""The front door: the functions that `import solver` offers, and the results that they return.

Everything here is built from the rooms behind it and adds nothing to them: the command line calls
the same functions.
"""

from solver.api.contesting import PlayedContest, PlayedTask, contest
from solver.api.judging import Judged, JudgedProgram, judge
from solver.api.replaying import Replayed, ReplayedStrategy, replay
from solver.api.solving import Planned, Solved, solve

__all__ = [
    "Judged",
    "JudgedProgram",
    "Planned",
    "PlayedContest",
    "PlayedTask",
    "Replayed",
    "ReplayedStrategy",
    "Solved",
    "contest",
    "judge",
    "replay",
    "solve",
]
