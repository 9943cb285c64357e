"""Names a judge on the command line: kind and URL to a client with credentials and ledger."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import cast

import httpx

from problems.plugins import JUDGES, plugin, plugin_names
from problems.task import Task
from solver.errors import SolverError
from solver.judges.base import JudgeLimits
from solver.judges.clients.cms import IOI_LIMITS, Cms
from solver.judges.clients.contest_api import ICPC_LIMITS, ContestApi
from solver.judges.clients.domjudge import DomJudge
from solver.judges.clients.kattis import Kattis, KattisSettings
from solver.judges.clients.ledger import Ledger
from solver.judges.clients.remote import RemoteJudge
from solver.judges.clients.transport import Transport
from solver.judges.credentials import Credentials

LEDGER_NAME = "ledger.sqlite"


class JudgeKind(StrEnum):
    """Systems that a client is here for."""

    CMS = "cms"
    CONTEST_API = "contest-api"
    DOMJUDGE = "domjudge"
    KATTIS = "kattis"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeAddress:
    """Which judge and contest, and what the user allows.

    Attributes:
        kind: One of `JudgeKind`, or a kind that an installed package brings.
        contest: The contest's id (Contest API, DOMjudge; Kattis: which of several).
        problems: Problem ids (Kattis).
        credentials: File of mode 0600; None reads the environment.
        limit: Submissions a problem; None takes the system's usual limit.
        packages: Task name to its local public part: subtasks that the judge does not tell.
    """

    kind: str
    url: str
    contest: str | None = None
    problems: Sequence[str] = ()
    credentials: Path | None = None
    yes_submit: bool = False
    limit: int | None = None
    interval_s: float | None = None
    packages: Mapping[str, Task] | None = None


_Opener = Callable[[JudgeAddress, Transport, Ledger], RemoteJudge]


def check_kind(kind: str) -> None:
    """Refuses a kind of judge that nothing here has a client for.

    Raises:
        SolverError: Names the kinds that there are.
    """
    known = (*JudgeKind, *plugin_names(JUDGES))
    if kind not in known:
        raise SolverError(f"no client for a judge called {kind!r}; there are: {', '.join(known)}")


@contextmanager
def open_judge(
    address: JudgeAddress, run: Path, note: Callable[[str], None] = lambda line: None
) -> Iterator[RemoteJudge]:
    """The client; its ledger is kept in the run folder.

    Args:
        address: Which judge.
        run: The run folder.
        note: Hears of the judge's outages.

    Raises:
        CredentialsError: There are none that can be used.
        SolverError: The address lacks what its kind needs.
    """
    ledger = Ledger(run / LEDGER_NAME, f"{address.kind} {address.url} {address.contest or ''}")
    transport: Transport | None = None
    try:
        check_kind(address.kind)
        if (opener := plugin(JUDGES, address.kind)) is not None:
            # Credentials are the plugin's business: `Credentials.load(kind, address.credentials)`.
            transport = Transport(address.url)
            transport.outages.note = note
            yield cast(_Opener, opener)(address, transport, ledger)
            return
        settings = None
        auth: httpx.Auth | None = None
        credentials: Credentials | None = None
        if address.kind is JudgeKind.KATTIS:
            settings = KattisSettings.load(address.credentials or Path.home() / ".kattisrc")
        else:
            credentials = Credentials.load(address.kind.replace("-", "_"), address.credentials)
            if address.kind is not JudgeKind.CMS:
                auth = httpx.BasicAuth(credentials.user, credentials.secret.reveal())
        transport = Transport(address.url, auth=auth)
        transport.outages.note = note
        yield _client(address, transport, ledger, credentials, settings)
    finally:
        if transport is not None:
            transport.close()
        ledger.close()


def _client(
    address: JudgeAddress,
    transport: Transport,
    ledger: Ledger,
    credentials: Credentials | None,
    settings: KattisSettings | None,
) -> RemoteJudge:
    usual = IOI_LIMITS if address.kind is JudgeKind.CMS else ICPC_LIMITS
    limits = JudgeLimits(
        submissions=usual.submissions if address.limit is None else address.limit,
        interval_s=usual.interval_s if address.interval_s is None else address.interval_s,
    )
    if settings is not None:
        if not address.problems:
            raise SolverError("kattis: name the problems with --problem ID (once for each)")
        return Kattis(
            transport,
            ledger,
            settings,
            address.problems,
            contest=address.contest,
            limits=limits,
            yes_submit=address.yes_submit,
        )
    if address.kind is JudgeKind.CMS:
        assert credentials is not None
        return Cms(
            transport,
            ledger,
            credentials,
            limits=limits,
            yes_submit=address.yes_submit,
            packages=address.packages or {},
        )
    if address.contest is None:
        raise SolverError(f"{address.kind}: name the contest with --contest ID")
    client = DomJudge if address.kind is JudgeKind.DOMJUDGE else ContestApi
    return client(transport, ledger, address.contest, limits=limits, yes_submit=address.yes_submit)
