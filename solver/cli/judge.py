"""`solver judge`: serve a contest to other agents, or play one on a real judge."""

import json
import logging
import shutil
import signal
import sys
import time
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from sandbox import open_sandbox
from sandbox.compiling.compile import Compiler
from solver.cli import options, sampling_options, strategy_option
from solver.cli.app import EXIT_INTERRUPTED
from solver.cli.groups import FullGroup
from solver.errors import MachineLacks, SolverError


@click.group(cls=FullGroup)
def judge() -> None:
    """Serve a contest to other agents, or play one on a real judge.

    \b
    Examples:
      solver judge teams --count 20 --out teams.toml
      solver judge serve problems/bundled/contest --teams teams.toml
      solver judge mcp problems/bundled/contest
      solver judge play contest-api http://127.0.0.1:8642/api/ --contest contest --dry-run
    """


@judge.command()
@click.option("--count", type=click.IntRange(1, 10_000), default=1, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--prefix", default="team", show_default=True)
@click.option(
    "--admin",
    default="admin",
    show_default=True,
    help="The account that runs the contest on the pages; '' makes none.",
)
def teams(count: int, out: Path, prefix: str, admin: str) -> None:
    """Make accounts for `judge serve`: writes OUT (hashes only) and prints the passwords once.

    \b
    Examples:
      solver judge teams --count 20 --out teams.toml
      solver judge teams --count 3 --prefix guest --admin jury --out guests.toml
    """
    from solver.judges.server.accounts import make_teams

    for team, password in make_teams(out, count, prefix, admin or None).items():
        click.echo(f"{team} {password}")


@judge.command()
@click.argument("contest_dir", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--teams",
    "teams_file",
    type=click.Path(path_type=Path),
    required=True,
    help="Accounts, as `solver judge teams` writes them.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=Path("runs/judge"),
    show_default=True,
    help="Where submissions and judgements are kept.",
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--port", type=options.PORT, default=8642, show_default=True, help="0 takes a free one."
)
@click.option("--id", "contest_id", default=None, help="The contest's id; default: the folder.")
@click.option("--start", type=click.DateTime(), help="Default: at the first start of this data.")
@click.option(
    "--duration", "duration_s", type=options.SOME, help="Seconds; default: the contest's own."
)
@click.option("--limit", type=click.IntRange(min=1), help="Submissions a problem and team.")
@click.option(
    "--interval", "interval_s", type=click.FloatRange(min=0), default=0.0, show_default=True
)
@click.option(
    "--per-minute",
    type=options.SOME,
    default=60.0,
    show_default=True,
    help="Submissions of one team in the long run.",
)
@click.option(
    "--freeze",
    "freeze_minutes",
    type=click.FloatRange(min=0),
    help="Hide the results of the last MINUTES from the scoreboard, until an admin thaws it.",
    metavar="MINUTES",
)
@click.option("--public-scoreboard", is_flag=True, help="Show the scoreboard without a login, too.")
@click.option("--no-pages", is_flag=True, help="The Contest API alone.")
@click.option("--tls-cert", type=click.Path(exists=True, path_type=Path))
@click.option("--tls-key", type=click.Path(exists=True, path_type=Path))
@options.backend
def serve(
    contest_dir: Path,
    teams_file: Path,
    data: Path,
    host: str,
    port: int,
    contest_id: str | None,
    start: datetime | None,
    duration_s: float | None,
    limit: int | None,
    interval_s: float,
    per_minute: float,
    freeze_minutes: float | None,
    public_scoreboard: bool,
    no_pages: bool,
    tls_cert: Path | None,
    tls_key: Path | None,
    backend: str,
) -> None:
    """Serve CONTEST_DIR until Ctrl-C: pages for people, the Contest API for programs.

    Teams read the problems, hand in and see their verdicts; the admin account sees everything and
    freezes the scoreboard. A line is printed for each submission and each verdict.

    Submissions are durable before they are acknowledged; after a restart with the same --data the
    server goes on where it was. Off loopback, give --tls-cert and --tls-key: passwords are sent
    with every request.

    \b
    Examples:
      solver judge teams --count 20 --out teams.toml
      solver judge serve problems/bundled/contest --teams teams.toml
      solver judge serve cup --teams teams.toml --freeze 60 --public-scoreboard
      solver judge serve cup --teams teams.toml --host 0.0.0.0 --tls-cert c.pem --tls-key k.pem
    """
    # Imported here: --help need not wait for the server's libraries.
    from sandbox.compiling.languages import LanguageTable
    from solver.contests.folders.folder import read_contest
    from solver.contests.graders import open_graders
    from solver.judges.clients.transport import is_loopback
    from solver.judges.pages.session import session_key
    from solver.judges.pages.site import PagesOptions, pages
    from solver.judges.server.accounts import Accounts
    from solver.judges.server.app import JudgeServer, ServedContest
    from solver.judges.server.guard import RequestLimits
    from solver.judges.server.present import Window
    from solver.judges.server.running import run_server
    from solver.judges.server.store import ServerStore
    from solver.kept.driver import driving
    from solver.serving.listening import listen

    if not is_loopback(host) and (tls_cert is None or tls_key is None):
        raise SolverError(f"{host} is not loopback: give --tls-cert and --tls-key")
    folder = read_contest(contest_dir)
    accounts = Accounts.load(teams_file)
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("solver.judges").setLevel(logging.INFO)
    # Two servers on one folder would judge what waits twice, and count limits each for itself.
    with driving(data, what="judge", option="--data"), ExitStack() as opened_here:
        sandbox = opened_here.enter_context(open_sandbox(backend))
        packages = {entry.name: entry.path for entry in folder.entries}
        opened = open_graders(packages, sandbox, Compiler(sandbox))
        store = ServerStore(data / "judge.sqlite")
        wanted_s = time.time() if start is None else start.timestamp()
        start_s = float(store.meta("start_s", wanted_s))
        length_s = duration_s or folder.duration_s or 5 * 3600.0
        contest = ServedContest(
            id=contest_id or contest_dir.resolve().name,
            title=folder.title,
            tasks=tuple(each.task for each in opened.values()),
            graders={name: each.grader for name, each in opened.items()},
            tests={name: each.tests for name, each in opened.items()},
            languages={
                each.id: each.name
                for each in LanguageTable.load()
                if shutil.which(each.host_program)
            },
            window=Window(start_s=start_s, end_s=start_s + length_s),
            submission_limit=limit or folder.limit,
            interval_s=interval_s,
            freeze_last_s=None if freeze_minutes is None else freeze_minutes * 60.0,
        )
        limits = RequestLimits(per_minute=per_minute)
        listener = listen(host, port)
        below = None
        if not no_pages:
            key = session_key(data / "session.key")
            below = pages(
                PagesOptions(key=key, public_scoreboard=public_scoreboard, tls=tls_cert is not None)
            )
        server = JudgeServer(contest, accounts, store, limits, below, opened_here.close)
        scheme = "https" if tls_cert else "http"
        root = f"{scheme}://{host}:{listener.getsockname()[1]}/"
        admins = ", ".join(each.id for each in accounts.admins) or "none"
        click.echo(f"serving {contest.title} ({contest.id}) at {root}api/", err=True)
        if not no_pages:
            click.echo(f"pages at {root}", err=True)
        click.echo(f"{len(accounts.teams)} teams, admin: {admins}; Ctrl-C ends it", err=True)
        ended_by = run_server(server, listener, tls_cert=tls_cert, tls_key=tls_key)
    waits = f"; the next start judges what waits ({server.left_waiting})"
    click.echo(f"ended, all submissions are kept{waits if server.left_waiting else ''}", err=True)
    if ended_by is signal.SIGINT:
        sys.exit(EXIT_INTERRUPTED)


@judge.command()
@click.argument("contest_dir", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--run",
    type=click.Path(path_type=Path),
    default=Path("runs/agent"),
    show_default=True,
    help="Where submissions are kept; the same one goes on, and `solver contest audit` checks it.",
)
@click.option("--rules", help="Instead of the contest's own: ioi, icpc, codeforces, atcoder.")
@click.option("--limit", type=click.IntRange(min=1), help="Submissions a problem.")
@click.option(
    "--interval", "interval_s", type=click.FloatRange(min=0), help="Seconds between submissions."
)
@click.option(
    "--duration", "duration_s", type=options.SOME, help="Seconds; default: the contest's own."
)
@click.option("--http", "port", type=options.PORT, help="Streamable HTTP on this port of loopback.")
@options.backend
def mcp(contest_dir: Path, run: Path, port: int | None, backend: str, **plan: Any) -> None:
    """Seat an agent at CONTEST_DIR (or one package) by the Model Context Protocol.

    Speaks on stdin and stdout, as agents' clients start their servers; problems, statement, run,
    submit, status and scoreboard are its tools. The limits hold here, whatever the agent does.

    \b
    Example, for a client's configuration:
      {"command": "solver", "args": ["judge", "mcp", "problems/bundled/contest"]}
    """
    from solver.adapters.grading import Grading, read_place
    from solver.adapters.seat import Seat
    from solver.contests.folders.folder import PlanOptions

    try:
        from solver.adapters.mcp_server import server_of
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != "mcp":
            raise
        raise MachineLacks("the package mcp is not there: pip install 'mcp>=2'") from error
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(message)s")
    place = read_place(contest_dir, PlanOptions(**plan))
    with Grading(place, backend=backend) as grading, Seat(grading, run) as seat:
        server = server_of(seat, place.plan.name)
        if port is None:
            server.run(transport="stdio")
        else:
            click.echo(f"serving {place.plan.name} at http://127.0.0.1:{port}/mcp", err=True)
            server.run(transport="streamable-http", host="127.0.0.1", port=port)


@judge.command()
@click.argument("kind", metavar="KIND")
@click.argument("url")
@click.option("--contest", "contest_id", help="The contest's id (kattis: where there are several).")
@click.option("--problem", "problems", multiple=True, help="A problem's id (kattis); repeatable.")
@click.option(
    "--packages",
    type=click.Path(exists=True, path_type=Path),
    help="Folder with <task>/ packages whose public part tells what the judge does not.",
)
@click.option(
    "--credentials",
    type=click.Path(path_type=Path),
    help="File of mode 0600 (two lines; .kattisrc for kattis). Default: environment.",
)
@options.model
@sampling_options.sampling
@strategy_option.strategy
@click.option("--limit", type=click.IntRange(min=1), help="Submissions a problem.")
@click.option(
    "--interval", "interval_s", type=click.FloatRange(min=0), help="Seconds between submissions."
)
@click.option("--duration", "duration_s", type=options.SOME, default=5 * 3600.0, show_default=True)
@options.backend
@click.option(
    "--run",
    type=click.Path(path_type=Path),
    default=Path("runs/play"),
    show_default=True,
    help="Run folder; the same one resumes.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be sent; send nothing.")
@click.option(
    "--yes-submit", is_flag=True, help="Allow submissions to a host that is not this machine."
)
@options.as_json
def play(model: str | None, sampling: sampling_options.SamplingWords, **options: Any) -> None:
    """Play a contest on a real judge, KIND at URL.

    Read the contest's rules first: most contests forbid programs that a model wrote.

    \b
    Credentials, from the environment or --credentials FILE:
      cms          SOLVER_CMS_USER, SOLVER_CMS_PASSWORD
      contest-api  SOLVER_CONTEST_API_USER, SOLVER_CONTEST_API_PASSWORD
      domjudge     SOLVER_DOMJUDGE_USER, SOLVER_DOMJUDGE_PASSWORD
      kattis       ~/.kattisrc
    """
    from solver.cli.settle import check_words, settle
    from solver.contests.on_judge import PlayOptions, play_remote

    words = PlayOptions(
        settle=lambda: settle(
            sampling,
            options["run"],
            model=model,
            may_grow=False,
            strategy=options["strategy"],
            backend=options["backend"],
        ),
        check=lambda config, tasks: check_words(sampling, config, tasks),
        **options,
    )
    document = play_remote(words, Console(stderr=True))
    if options["as_json"]:
        click.echo(json.dumps(document, indent=1))
        return
    for row in document.get("would_send", []):
        click.echo(f"{row['task']} #{row['rank']}: {row['candidate']}: {row['reason']}")
        click.echo(f"    {row['method']} {row['url']}")
        for program in row["programs"]:
            click.echo(f"    program: {program}")
        for name, value in {**row["fields"], **row["files"]}.items():
            click.echo(f"    {name}: {value}{' bytes' if name in row['files'] else ''}")
    for row in document.get("tasks", []):
        click.echo(f"{row['task']}: {row['points']:g} points, {row['submissions']} submissions")
