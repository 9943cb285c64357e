"""Who is looking: a signed cookie (starlette's sessions), and tokens against forged forms.

The cookie holds the account's id, a mark that changes with its password and the name of a login
that the server knows until the logout. A token is itsdangerous' signature over a random value of
the same session, as Flask-WTF does it; besides that a browser that says the request comes from
another site is not believed (`Sec-Fetch-Site`).
"""

import hmac
import os
import secrets
from pathlib import Path
from urllib.parse import quote

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.datastructures import FormData
from starlette.requests import Request

from solver.judges.credentials import read_private
from solver.judges.server.accounts import Accounts, Team
from solver.judges.server.guard import Refused
from solver.judges.server.logins import Logins

SESSION_S = 12 * 3600
COOKIE = "solver_judge"
_RANDOM = "random"


def session_key(file: Path) -> str:
    """The key that signs cookies: made once, so that a restart logs nobody out.

    Raises:
        CredentialsError: Others may read the file.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_hex(32))
    key = read_private(file).strip()
    if len(key) < 32:  # a server that was killed while it wrote
        file.unlink()
        return session_key(file)
    return key


class Sessions:
    """Logs people in and out, and checks their forms."""

    def __init__(self, accounts: Accounts, logins: Logins, key: str) -> None:
        self._accounts = accounts
        self._logins = logins
        self._tokens = URLSafeTimedSerializer(key, salt="form")

    def who(self, request: Request) -> Team | None:
        """The account that is logged in."""
        user, mark = request.session.get("user"), request.session.get("mark")
        login = request.session.get("login")
        if not (isinstance(user, str) and isinstance(mark, str) and isinstance(login, str)):
            return None
        known = self._accounts.known(user, mark)
        return known if known is not None and self._logins.holds(login, user) else None

    def log_in(self, request: Request, account: Team) -> None:
        """Begins a new session: nothing of the one before, which somebody else may have set."""
        self.log_out(request)
        request.session["user"] = account.id
        request.session["mark"] = self._accounts.mark_of(account.id)
        request.session["login"] = self._logins.begin(account.id)

    def log_out(self, request: Request) -> None:
        """Ends the session, in every copy of its cookie."""
        login = request.session.get("login")
        if isinstance(login, str):
            self._logins.end(login)
        request.session.clear()

    def token(self, request: Request) -> str:
        """For a form's hidden field."""
        random = request.session.setdefault(_RANDOM, secrets.token_hex(16))
        return self._tokens.dumps(random)

    def check(self, request: Request, form: FormData) -> None:
        """Lets only a form pass that this session was given.

        Raises:
            Refused: 403.
        """
        forged = Refused(403, "this form is too old or not ours: load the page again")
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise forged
        token, random = form.get("token"), request.session.get(_RANDOM)
        if not isinstance(token, str) or not isinstance(random, str):
            raise forged
        try:
            signed = self._tokens.loads(token, max_age=SESSION_S)
        except BadData:
            raise forged from None
        if not isinstance(signed, str) or not hmac.compare_digest(signed, random):
            raise forged


def login_path(request: Request) -> str:
    """The login page that leads back here."""
    return f"/login?next={quote(request.url.path)}"


def way_back(wanted: object) -> str:
    """Where to after the login: a page of ours only, whatever the address said."""
    if isinstance(wanted, str) and wanted.startswith("/contests/") and "\\" not in wanted:
        return wanted
    return "/"
