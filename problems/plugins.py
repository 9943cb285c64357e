"""Formats, strategies, engines and judges that other packages bring, by entry points.

A package names what it brings in its pyproject.toml, and is found once it is installed:

    [project.entry-points."solver.strategies"]
    patient = "my_package:Patient"

Nothing of a plugin is imported before its name is asked for (readers of formats, which are asked of
every package that no reader of ours recognises, are imported then).
"""

from importlib.metadata import EntryPoint, entry_points

from problems.errors import ProblemsError

FORMATS = "solver.formats"
"""`NAME = "module:reader"`: a `problems.formats.Reader`."""
STRATEGIES = "solver.strategies"
"""`NAME = "module:factory"`: a `solver.strategies.StrategyFactory`."""
ENGINES = "solver.engines"
"""`KIND = "module:opener"`, for `--model KIND:REST`: called with (REST, SamplingConfig), gives a
`solver.sampling.engine.Engine`."""
JUDGES = "solver.judges"
"""`KIND = "module:opener"`, for `solver judge play KIND URL`: called with (JudgeAddress, Transport,
Ledger), gives a `solver.judges.clients.remote.RemoteJudge`."""


class PluginError(ProblemsError):
    """A plugin cannot be loaded; the message names it, its package and the reason."""


def plugin_names(group: str) -> tuple[str, ...]:
    """The names that installed packages bring in a group, sorted."""
    return tuple(sorted({entry.name for entry in entry_points(group=group)}))


def plugin(group: str, name: str) -> object | None:
    """What a package brings under a name; None where none brings it.

    Raises:
        PluginError: It cannot be imported, or two packages bring the same name.
    """
    found = list(entry_points(group=group, name=name))
    if not found:
        return None
    if len(found) > 1:
        packages = " and ".join(sorted(_package(entry) for entry in found))
        raise PluginError(f"{group}: {name!r} is brought by {packages}; uninstall one of them")
    try:
        loaded: object = found[0].load()
    except (ImportError, AttributeError) as error:
        raise PluginError(
            f"{group}: {name!r} of {_package(found[0])} cannot be loaded: {error}"
        ) from error
    return loaded


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else entry.value
