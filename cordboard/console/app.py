"""The console's web app: sign-in, pages, and the headers that keep them safe."""

from collections.abc import Callable, Collection, Mapping, Sequence

from flask import Flask, Response, request

from cordboard.console import sign_in
from cordboard.console.accounts import Accounts
from cordboard.console.agent import page as agent
from cordboard.console.agent import softphone
from cordboard.console.agent.looking import Cards
from cordboard.console.agent.story import Stories
from cordboard.console.knowledge import page as knowledge_page
from cordboard.console.knowledge.desk import KnowledgeDesk
from cordboard.console.supervisor import page as supervisor
from cordboard.console.supervisor.ahead import LookAhead
from cordboard.runtime.board import Board
from cordboard.runtime.pacing_orders import PacingOrders
from cordboard.runtime.rates import ALONE
from cordboard.runtime.softphones import Softphones
from cordboard.runtime.text_desk import TextDesk
from webhooks.ports import Journal

HOUR_S = 3_600

NO_PHONES = Softphones(endpoints={})
"""No agent's browser is rung."""


def create_console(  # noqa: PLR0913  (one port each; the composition root calls it once)
    *,
    board: Callable[[], Board | None],
    journal: Journal,
    accounts: Accounts,
    secret: str,
    is_https: bool,
    telephones: Collection[str] = (),
    desk_heard: Callable[[str], None] = lambda _agent_id: None,
    look_ahead: LookAhead | None = None,
    orders: PacingOrders | None = None,
    stories: Stories = lambda _call_id: None,
    cards: Cards = lambda _campaign_id, _lead_id: None,
    knowledge: KnowledgeDesk | None = None,
    texts: TextDesk | None = None,
    phones: Softphones = NO_PHONES,
    counts: Mapping[str, object] = ALONE,
) -> Flask:
    """Make the console.

    Args:
        board: Returns the wallboard as last published, None while there is none.
        journal: Where what people do becomes facts.
        accounts: Who may sign in.
        secret: Signs the session cookies; the same for all processes of the console.
        telephones: The supervisors for whom the settings name one.
        desk_heard: Takes the name of an agent whose page has just asked for what is new.
        stories: Opens what the caller of a call has told, for the agent who has it.
        cards: Opens who a lead is, for the agent who looks at it before it is dialled.
        knowledge: What callers ask and agents propose; None shows no such page.
        texts: Reads and answers text messages; None shows none.
        phones: Lets agents' browsers be rung.
        counts: Where requests are counted, as configuration of the application.
        is_https: Whether browsers reach us over TLS; if so cookies never travel without it.
        orders: Makes facts of changes to pacing; None where there is no campaign.
        look_ahead: Tries a change on a copy of the centre; None where nobody knows who calls.
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
    propose = None if knowledge is None else knowledge.proposals.propose
    pages = [
        *supervisor.install(
            app,
            board=board,
            journal=journal,
            telephones=telephones,
            look_ahead=look_ahead,
            orders=orders,
        ),
        *agent.install(
            app,
            board=board,
            journal=journal,
            stories=stories,
            cards=cards,
            propose=propose,
            desk_heard=desk_heard,
            texts=texts,
            phones=phones,
        ),
    ]
    if knowledge is not None:
        pages += knowledge_page.install(app, knowledge)
    script_hashes = sorted(set(pages))
    app.after_request(_hardened(script_hashes, phones))
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
