"""mkdocs hook: a page with the --help of every command, read from the commands themselves."""

from collections.abc import Iterator
from typing import Any

import click
from mkdocs.structure.files import File, Files

PAGE = "reference/commands.md"


def pages_of(
    command: click.Command, name: str, parent: click.Context | None = None
) -> Iterator[tuple[str, str]]:
    """Name and help of a command and of all below it."""
    context = click.Context(
        command, info_name=name, parent=parent, max_content_width=100, terminal_width=100
    )
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            if found is not None:
                yield from pages_of(found, below, context)


def text() -> str:
    """The page as Markdown."""
    from solver.cli.app import cli

    parts = ["# Commands\n\nAs `--help` says it.\n"]
    parts += [f"## {name}\n\n```text\n{said}\n```\n" for name, said in pages_of(cli, "solver")]
    return "\n".join(parts)


def on_files(files: Files, config: Any) -> Files:
    """Adds the page."""
    files.append(File.generated(config, PAGE, content=text()))
    return files
