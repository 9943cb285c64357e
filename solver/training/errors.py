"""Failures of training; each carries the exit code that the command line ends with."""

from solver.errors import MachineLacks, SolverError


class TrainingError(SolverError):
    """Data or settings that cannot be trained on; names the file and the fix. Exit code 2."""


class Contaminated(SolverError):
    """What is to be measured was trained on. Exit code 1: the thing checked does not hold."""

    exit_code = 1


class TrainingLacks(MachineLacks):
    """A package of the extra `train` is not installed. Exit code 3."""


def lacks(error: ImportError) -> TrainingLacks:
    """What to say where an import of the extra fails."""
    return TrainingLacks(
        f"{error.name or error} is not installed; the extra brings it: pip install "
        "'contest-solver[train]' (in a clone: pip install -c constraints.txt -e '.[train]')"
    )
