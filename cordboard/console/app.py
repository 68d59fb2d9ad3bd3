"""The console's web app: sign-in, pages, and the headers that keep them safe."""

from collections.abc import Callable, Mapping, Sequence

from flask import Flask, Response, request

from cordboard.console import sign_in
from cordboard.console.accounts import Accounts
from cordboard.console.agent import page as agent
from cordboard.console.agent import softphone
from cordboard.console.agent.ports import AgentPorts
from cordboard.console.knowledge import page as knowledge_page
from cordboard.console.knowledge.desk import KnowledgeDesk
from cordboard.console.supervisor import page as supervisor
from cordboard.console.supervisor.ports import SupervisorPorts
from cordboard.runtime.rates import ALONE
from cordboard.runtime.softphones import Softphones

HOUR_S = 3_600


def create_console(  # noqa: PLR0913  (a page's needs each; the composition root calls it once)
    *,
    agents: AgentPorts,
    supervisors: SupervisorPorts,
    accounts: Accounts,
    secret: str,
    is_https: bool,
    knowledge: KnowledgeDesk | None = None,
    counts: Mapping[str, object] = ALONE,
) -> Flask:
    """Make the console.

    Args:
        agents: What agents' pages need.
        supervisors: What supervisors' pages need.
        accounts: Who may sign in.
        secret: Signs the session cookies; the same for all processes of the console.
        is_https: Whether browsers reach us over TLS; if so cookies never travel without it.
        knowledge: What callers ask and agents propose; None shows no such page.
        counts: Where requests are counted, as configuration of the application.
    """
    app = Flask(__name__, static_url_path="/console", static_folder="static")
    app.secret_key = secret
    app.config.update(
        SESSION_COOKIE_NAME="__Host-cordboard" if is_https else "cordboard",
        SESSION_COOKIE_SECURE=is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        PERMANENT_SESSION_LIFETIME=12 * HOUR_S,
        MAX_CONTENT_LENGTH=1 << 20,
        **counts,
    )
    sign_in.install(app, accounts)
    app.add_url_rule("/healthz", view_func=lambda: "ok")
    pages = [*supervisor.install(app, supervisors), *agent.install(app, agents)]
    if knowledge is not None:
        pages += knowledge_page.install(app, knowledge)
    script_hashes = sorted(set(pages))
    app.after_request(_hardened(script_hashes, agents.phones))
    return app


def _hardened(script_hashes: Sequence[str], phones: Softphones) -> Callable[[Response], Response]:
    """Return what puts the headers on every answer; the agent's page alone may be a telephone."""
    ours = _policy(script_hashes)
    with_phone = _policy([*script_hashes, *phones.script_hosts]) + softphone.policy(phones)

    def harden(response: Response) -> Response:
        is_desk = request.path.startswith("/agent/")
        microphone = "(self)" if is_desk and phones.sdk is not None else "()"
        response.headers["Content-Security-Policy"] = with_phone if is_desk else ours
        response.headers["Permissions-Policy"] = f"microphone={microphone}, camera=()"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return harden


def _policy(scripts: Sequence[str]) -> str:
    return (
        f"default-src 'self'; script-src 'self' {' '.join(scripts)};"
        " style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:;"
        " frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )
