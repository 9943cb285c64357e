"""`solver sandbox serve`: the sandbox and the judge as a service."""

import os
import stat
from pathlib import Path

import click
import platformdirs

from solver.cli import options
from solver.errors import SolverError

TOKENS = "SOLVER_SANDBOX_TOKENS"
"""Environment variable: `NAME=TOKEN`, several with commas between."""

_SHORTEST_TOKEN = 16


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--port", type=options.PORT, default=8080, show_default=True, help="0 takes a free one."
)
@click.option("--slots", type=click.IntRange(min=1), help="Runs at once; by default one a core.")
@click.option(
    "--processes", type=click.IntRange(min=1), default=2, show_default=True, help="Of HTTP."
)
@click.option(
    "--tokens",
    "tokens_file",
    type=click.Path(path_type=Path),
    help=f"File of mode 0600, a line NAME=TOKEN a client; or ${TOKENS}. Needed off loopback.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Where packages that are handed over are kept; several services may share it.",
)
@click.option(
    "--memory",
    type=click.IntRange(min=16),
    default=1024,
    show_default=True,
    help="MiB of a run whose request names none.",
)
@click.option("--queue", type=click.IntRange(min=1), default=8192, show_default=True)
@click.option(
    "--client-queue",
    type=click.IntRange(min=1),
    default=4096,
    show_default=True,
    help="Requests of one client that may wait.",
)
@click.option(
    "--body", type=click.IntRange(min=1), default=64, show_default=True, help="MiB of one request."
)
@click.option(
    "--grace",
    "graceful_s",
    type=click.FloatRange(min=1),
    default=30.0,
    show_default=True,
    help="Seconds to finish what was begun once it is told to stop; then who waits gets 503.",
)
@options.backend
def serve(
    host: str,
    port: int,
    slots: int | None,
    processes: int,
    tokens_file: Path | None,
    data: Path | None,
    memory: int,
    queue: int,
    client_queue: int,
    body: int,
    graceful_s: float,
    backend: str,
) -> int:
    """Run programs and judge them over HTTP, until Ctrl-C.

    Speaks SandboxFusion's POST /run_code (its client package, verl), Piston's /api/v2/execute and
    /api/v2/runtimes (open-r1) and an API of its own under /v1: one program on many tests, hidden
    tests and packages handed over once and judged by their id, results as they come.
    /openapi.json describes it; /healthz, /readyz and /metrics are for those who keep it.

    Clients name themselves by a token: `Authorization: Bearer T`, `X-API-Key: T`, or, where a
    client can send no header, in the URL: http://HOST:PORT/t/T/run_code.

    \b
    Examples:
      solver sandbox serve
      export SANDBOX_FUSION_ENDPOINT=http://127.0.0.1:8080
      export PISTON_ENDPOINTS=http://127.0.0.1:8080/api/v2
      solver sandbox serve --host 0.0.0.0 --tokens tokens.txt
    """
    from problems.service.owner import OwnerConfig
    from sandbox.limits import MIB
    from sandbox.service.queue import QueueBounds
    from solver.judges.clients.transport import is_loopback
    from solver.serving.config import ServiceConfig
    from solver.serving.listening import listen
    from solver.serving.server import BACKLOG
    from solver.serving.server import serve as run_service

    tokens = read_tokens(tokens_file)
    if not tokens and not is_loopback(host):
        raise SolverError(f"{host} is not loopback: give --tokens FILE (lines NAME=TOKEN)")
    listener = listen(host, port, backlog=BACKLOG)
    number = listener.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    return run_service(
        listener,
        ServiceConfig(
            socket=Path(),
            tokens=tokens,
            memory_bytes=memory * MIB,
            body_bytes=body * MIB,
        ),
        OwnerConfig(
            socket=Path(),
            data=data or Path(platformdirs.user_cache_dir("solver")) / "served",
            backend=backend,
            slots=slots,
            bounds=QueueBounds(asks=queue, client_asks=client_queue),
            graceful_s=graceful_s,
        ),
        processes=processes,
        note=lambda line: click.echo(line, err=True),
        started=lambda: click.echo(f"serving at http://{shown}:{number}", err=True),
    )


def read_tokens(path: Path | None) -> dict[str, str]:
    """Token to the client's name, from a file or the environment.

    Raises:
        SolverError: The file can be read by others, or a line is none.
    """
    if path is None:
        rows = os.environ.get(TOKENS, "").split(",")
        where = f"${TOKENS}"
    else:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SolverError(f"{path}: others can read it; chmod 600 it")
        try:
            rows = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError as error:
            raise SolverError(f"{path}: not text in UTF-8") from error
        where = str(path)
    tokens: dict[str, str] = {}
    for number, row in enumerate(rows, 1):
        if not row.strip() or row.startswith("#"):
            continue
        name, equals, token = (word.strip() for word in row.partition("="))
        if not (name and equals and token.isascii() and len(token) >= _SHORTEST_TOKEN):
            raise SolverError(
                f"{where}, line {number}: wanted NAME=TOKEN ({_SHORTEST_TOKEN} characters)"
            )
        if token in tokens:
            raise SolverError(f"{where}, line {number}: the token of {tokens[token]} again")
        tokens[token] = name
    return tokens
