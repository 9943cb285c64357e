"""Options that several commands share."""

import click

from sandbox import BACKENDS
from sandbox.opening import is_remote

DEFAULT_MODEL = "embedded"
MODEL_HELP = (
    "What draws candidates: embedded (a 0.5B code model on the CPU), hf:NAME-OR-FOLDER[+ADAPTER], "
    "gguf:FILE[+ADAPTER], openai:MODEL@URL, vllm:NAME, ray:SPEC (one of these on the GPUs of a Ray "
    "cluster), or pool:FILE-OR-FOLDER (recorded)."
)

model = click.option("--model", help=f"{MODEL_HELP} [default: {DEFAULT_MODEL}]")
samples = click.option(
    "--samples",
    type=click.IntRange(min=1),
    help="Candidates to draw a task; a larger number lets a run grow. A recorded pool gives all. "
    "[default: 64]",
)
first_share = click.option(
    "--first-share",
    type=click.FloatRange(min=0, max=1, min_open=True),
    help="Share of the samples given evenly to the subtasks; the rest goes where it promises most. "
    "[default: 1]",
)


class _Backend(click.Choice[str]):
    """A backend's name, URLs of services, or a Ray cluster."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name as `open_sandbox` takes it."""
        return value if is_remote(value) else super().convert(value, param, ctx)


backend = click.option(
    "--backend",
    "--sandbox",
    "backend",
    type=_Backend(BACKENDS),
    default="namespaces",
    show_default=True,
    metavar="NAME|URL[,URL]|ray[:HOST:PORT]",
    help=f"What isolates programs: {', '.join(BACKENDS)} (slower, isolates less), services "
    "elsewhere (solver sandbox serve; their token: $SOLVER_SANDBOX_TOKEN), or the nodes of a Ray "
    "cluster.",
)
task_name = click.option(
    "--task-name", help="What a recorded pool calls the task, where that is another name."
)
breaking = click.option(
    "--breaking",
    type=click.Choice(("on", "off")),
    help="Try to break programs before one is handed in: inputs at the bounds, small ones, answers "
    "that programs of different kinds agree on. [default: on]",
)
as_json = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
PORT = click.IntRange(0, 65535)
SOME = click.FloatRange(min=0, min_open=True)
"""A length of time, or a rate, that is none where it is 0 or less."""

seed = click.option("--seed", type=int, default=0, show_default=True)
