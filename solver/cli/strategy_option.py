"""`--strategy`, apart from the other shared options: the names cost an import of all strategies."""

import click

from solver import strategies

strategy = click.option(
    "--strategy",
    type=click.Choice(strategies.NAMES),
    default=strategies.DEFAULT,
    show_default=True,
    help="Who chooses the next submission; round_robin is o1-ioi's.",
)
