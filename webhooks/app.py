"""The web application the carrier talks to, composed from what it is given."""

from collections.abc import Callable
from datetime import datetime

import structlog
from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from webhooks import bridging, messages, outbound, recordings, status, voice, waiting
from webhooks.absent import NoData, NoErrands, Strangers
from webhooks.addresses import Addresses
from webhooks.admission import BODY_BYTES_MAX, Admission
from webhooks.desk import Desk
from webhooks.dips import AtOnce
from webhooks.flow_document import FlowDocuments
from webhooks.ports import (
    Callers,
    Campaigns,
    Customers,
    DataSource,
    Dips,
    Errands,
    Flows,
    Journal,
    Messages,
    Partials,
    Recordings,
    Sessions,
    Waits,
)
from webhooks.settings import WebhookSettings
from webhooks.tokens import StepTokens

log = structlog.get_logger("webhooks")


def create_app(  # noqa: PLR0913  (one port each; the composition root calls it once)
    *,
    journal: Journal,
    sessions: Sessions,
    waits: Waits,
    customers: Customers,
    campaigns: Campaigns,
    flows: Flows,
    clock: Callable[[], datetime],
    settings: WebhookSettings,
    callers: Callers | None = None,
    errands: Errands | None = None,
    data: DataSource | None = None,
    dips: Dips | None = None,
    partials: Partials | None = None,
    text_messages: Messages | None = None,
    conversations: Recordings | None = None,
    is_ready: Callable[[], bool] = lambda: True,
) -> Flask:
    """Make the web application.

    Args:
        journal: Takes the facts.
        sessions: Keeps callers' places in their flows.
        waits: Tells what the centre has published about waits.
        customers: Names customers by their numbers.
        campaigns: Tells what called people hear.
        flows: Call flows by number, name and version.
        clock: Wall time with a time zone, for opening hours and the expiry of step tokens.
        settings: Public address, secrets, sounds.
        callers: Tells what is known of customers when they call; None: nothing is.
        errands: Sends messages ordered by flows; None where flows order none.
        data: Answers questions of flows to other systems; None fails them.
        dips: Has them asked while the caller hears the filler; None asks `data` after it.
        partials: Is told what callers say while they say it; None asks for no such thing.
        text_messages: Takes text messages; None opens no address for them.
        conversations: Catalogues recorded conversations; None keeps none.
        is_ready: Whether traffic may be sent here, for `/readyz`.
    """
    addresses = Addresses(settings.base_url)
    desk = Desk(
        journal=journal,
        sessions=sessions,
        waits=waits,
        customers=customers,
        callers=callers or Strangers(),
        campaigns=campaigns,
        flows=flows,
        clock=clock,
        settings=settings,
        addresses=addresses,
        tokens=StepTokens(settings.token_key),
        documents=FlowDocuments(addresses, talk_s_max=settings.talk_s_max),
        errands=errands or NoErrands(),
        dips=dips or AtOnce(data or NoData()),
        partials=partials,
        conversations=conversations,
    )
    app = Flask("webhooks", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES_MAX
    admission = Admission(settings)
    for part in (voice, waiting, bridging, outbound):
        app.register_blueprint(part.blueprint(desk, admission))
    if text_messages is not None:
        app.register_blueprint(messages.blueprint(desk, admission, text_messages))
    app.register_blueprint(recordings.blueprint(desk, admission, conversations))
    app.register_blueprint(status.blueprint(is_ready))
    app.register_error_handler(Exception, _empty)
    return app


def _empty(problem: Exception) -> Response:
    """Answer with a status alone: what went wrong here is nobody's business outside."""
    if isinstance(problem, HTTPException) and problem.code is not None:
        return Response(status=problem.code)
    log.error("request failed", kind=type(problem).__name__)
    return Response(status=500)
