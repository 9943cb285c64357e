"""mkdocs hook: a page with the --help of every command, read from the commands themselves."""

from collections.abc import Iterator
from typing import Any

import click
from mkdocs.structure.files import File, Files

PAGE = "reference/commands.md"


def pages_of(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Name and help of a command and of all below it."""
    context = click.Context(command, info_name=words[-1], max_content_width=100, terminal_width=100)
    # click takes the words before from a context's parents.
    for word in reversed(words[:-1]):
        context.parent = click.Context(click.Group(word), info_name=word, parent=context.parent)
    yield " ".join(words), command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                yield from pages_of(below, (*words, name))


def text() -> str:
    """The page as Markdown."""
    from solver.cli.app import cli

    parts = ["# Commands\n\nAs `--help` says it.\n"]
    parts += [f"## {name}\n\n```text\n{said}\n```\n" for name, said in pages_of(cli, ("solver",))]
    return "\n".join(parts)


def on_files(files: Files, config: Any) -> Files:
    """Adds the page."""
    files.append(File.generated(config, PAGE, content=text()))
    return files
