"""`--strategy`, apart from the other shared options: the names cost an import of all strategies."""

from typing import Any

import click

from solver import strategies
from solver.errors import SolverError


class StrategyName(click.ParamType[str]):
    """The name of a strategy, ours or one that an installed package brings."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name, or a usage error that lists the strategies there are."""
        try:
            strategies.check_name(str(value))
        except SolverError as error:
            self.fail(str(error), param, ctx)
        return str(value)


strategy = click.option(
    "--strategy",
    type=StrategyName(),
    default=strategies.DEFAULT,
    show_default=True,
    help=f"Who chooses the next submission: {', '.join(strategies.NAMES)} (o1-ioi's is "
    "round_robin), or one that an installed package brings.",
)
