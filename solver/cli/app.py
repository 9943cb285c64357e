"""The root command, exit codes, and the table of commands (loaded on demand: torch is slow)."""

import errno
import importlib
import sys

import click

from problems.errors import JudgeError, ProblemsError
from sandbox.errors import BackendUnavailable, CompilerMissing, SandboxError, StorageFull
from solver import __version__
from solver.errors import SolverError

COMMANDS = {
    "assess": "Tell a jury whether a model solves their task.",
    "compare": "Compare models, strategies or settings on the same tasks.",
    "contest": "Play whole contests, replay them, and check their logs.",
    "doctor": "Say what this machine has, what it lacks, and the command that brings it.",
    "export": "Write packages as tasks of other systems.",
    "judge": "Serve a contest to other agents, or play one on a real judge.",
    "model": "Fetch and list the models that run inside this process.",
    "pool": "Recorded pools of candidate programs: what each is worth, and harder pools.",
    "problems": "Reads problem packages and judges programs as their own systems would.",
    "rating": "Rate a contestant from the STANDINGS of the contests that it played.",
    "replay": "Replays strategies on recorded pools: what would each have scored?",
    "report": "Report on a contest RUN: scoreboard, every submission, and why it was chosen.",
    "runs": "List, look at, check, clean, compare and move run folders.",
    "sample": "Draw candidates, generators and validators for one task.",
    "sandbox": "Run programs that nobody has read.",
    "scorer": "The learned scorer: the chance that a candidate gets a subtask's full points.",
    "solve": "Sample candidates for one task and rank what to submit, with reasons.",
    "train": "Train a model further on programs that the judge found right.",
}
"""Name to what it does; `NAME` is the command `NAME` of the module `solver.cli.NAME`."""

EXIT_DOES_NOT_HOLD = 1
EXIT_BAD_INPUT = 2
EXIT_MACHINE_LACKS = 3
EXIT_INTERRUPTED = 130


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, without importing anything."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the command's module and returns the command."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"solver.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table above: loading them all would take a second."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


def exit_code_of(error: Exception) -> int:
    """The exit code that an error of ours ends the command with."""
    if isinstance(error, SolverError):
        return error.exit_code
    if isinstance(error, BackendUnavailable | CompilerMissing | StorageFull):
        return EXIT_MACHINE_LACKS
    if isinstance(error, SandboxError | JudgeError):
        return EXIT_DOES_NOT_HOLD
    return EXIT_BAD_INPUT


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="solver")
def cli() -> None:
    """An open o1-ioi-style agent for programming contests.

    \b
    Start here:
      solver doctor                      what this machine has and lacks
      solver solve TASK_DIR              a ranked plan of submissions for one task
      solver contest run CONTEST_DIR     a whole contest, start to scoreboard
      solver replay POOL --task TASK_DIR random / strategy / oracle on recorded candidates

    Exit codes: 0 done, 1 the thing checked does not hold, 2 usage or bad input,
    3 the machine lacks something, 130 interrupted.
    """


def _message(error: click.ClickException) -> str:
    """Click's own complaint in the style of ours, and where a mistyped command is explained."""
    message = error.format_message().rstrip(".")
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"{message}; see `{error.ctx.command_path} --help`"
    return message


def main(argv: list[str] | None = None) -> None:
    """Entry point: turns our errors into one clear line and the right exit code."""
    try:
        code = cli.main(args=argv, prog_name="solver", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("interrupted; what was finished is kept", err=True)
        sys.exit(EXIT_INTERRUPTED)
    except KeyboardInterrupt:
        click.echo("interrupted; what was finished is kept", err=True)
        sys.exit(EXIT_INTERRUPTED)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        click.echo(f"error: {_message(error)}", err=True)
        sys.exit(error.exit_code)
    except (SolverError, ProblemsError, SandboxError) as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(exit_code_of(error))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            where = error.filename or "here or in the cache folder"
            click.echo(f"error: {where}: no space left on the disk; free some, run again", err=True)
            sys.exit(EXIT_MACHINE_LACKS)
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"error: {where}{error.strerror or error}", err=True)
        sys.exit(EXIT_BAD_INPUT)
    sys.exit(code if isinstance(code, int) else 0)
