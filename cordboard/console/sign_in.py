"""Signing in and out, and the rule that everything else needs it.

Deny by default: every request under this app is refused unless its path is open to everybody or the
person's role is named for its page. Unsafe methods are taken from our own pages only: browsers say
where a request comes from (`Sec-Fetch-Site`, `Origin`), and one that says otherwise, or nothing, is
refused.
"""

import hashlib
from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from cordboard.console.accounts import Account, Accounts, Role

OPEN_PATHS = ("/sign-in", "/healthz", "/console/")
TOKEN_PATHS = ("/api/",)
"""What is served here has a guard of its own, which looks at tokens and never at cookies."""

HOME: Mapping[Role, str] = {
    Role.SUPERVISOR: "/supervisor/",
    Role.OPERATOR: "/supervisor/",
    Role.AGENT: "/agent/",
}
PAGE_ROLES: Mapping[str, frozenset[Role]] = {
    "/supervisor/": frozenset({Role.SUPERVISOR, Role.OPERATOR}),
    "/knowledge/": frozenset({Role.SUPERVISOR}),
    "/agent/": frozenset({Role.AGENT}),
    "/recordings/": frozenset({Role.SUPERVISOR}),
}

bp = Blueprint("sign_in", __name__)
limiter = Limiter(get_remote_address)
"""Counts where the application's configuration says (see `cordboard.runtime.rates`)."""


class Person(UserMixin):  # type: ignore[misc]  # flask-login carries no types
    """The signed-in person of a request."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def get_id(self) -> str:
        """Return the name under which the session remembers them."""
        return self.account.name


def install(app: Flask, accounts: Accounts) -> None:
    """Put the sign-in page and the guard before every request into the app."""
    logins = LoginManager(app)
    app.extensions["cordboard_accounts"] = accounts
    limiter.init_app(app)

    def load(name: str) -> Person | None:
        account = accounts.get(name)
        return Person(account) if account else None

    logins.user_loader(load)
    app.register_blueprint(bp)
    app.before_request(guard)


def guard() -> Response | None:
    """Refuse what is neither open nor allowed to the person who asks."""
    if request.path.startswith(TOKEN_PATHS):
        return None
    if request.method not in ("GET", "HEAD", "OPTIONS") and not _is_from_us():
        abort(403)
    if request.path.startswith(OPEN_PATHS):
        return None
    if not current_user.is_authenticated:
        return redirect("/sign-in") if request.method == "GET" else abort(401)
    if request.path in ("/", "/sign-out"):
        return None
    if f"{request.path}/" in PAGE_ROLES:
        return redirect(f"{request.path}/")
    role = current_user.account.role
    pages = (roles for page, roles in PAGE_ROLES.items() if request.path.startswith(page))
    if not any(role in roles for roles in pages):
        abort(403)
    return None


@bp.get("/")
def home() -> Response:
    """Send a signed-in person to their own page."""
    page = HOME.get(current_user.account.role)
    return redirect(page) if page else abort(403)


@bp.get("/sign-in")
def form() -> str:
    """Show the form."""
    return render_template("sign_in.html", problem="")


def _for_whom() -> str:
    """Return under what tries for one name are counted: what was typed is kept nowhere."""
    return hashlib.sha256(request.form.get("name", "").encode()).hexdigest()


@bp.post("/sign-in")
@limiter.limit("10 per minute", key_func=_for_whom)
@limiter.limit("60 per minute")
def enter() -> Response | tuple[str, int]:
    """Check name and password; the answer does not tell which of them was wrong."""
    accounts: Accounts = current_app.extensions["cordboard_accounts"]
    account = accounts.verify(request.form.get("name", ""), request.form.get("password", ""))
    if account is None:
        problem = "This name and password do not belong together."
        return render_template("sign_in.html", problem=problem), 401
    login_user(Person(account))
    return redirect("/")


@bp.post("/sign-out")
def leave() -> Response:
    """End the session."""
    logout_user()
    return redirect("/sign-in")


def _is_from_us() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host
