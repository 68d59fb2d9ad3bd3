"""The web processes, composed: what gunicorn starts for the carrier and for people.

Each process reads the settings and the environment itself and shares nothing with its siblings but
the store (see `cordboard.cli.site`); `CORDBOARD_ACCOUNTS` is the file of those who may sign in.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from cordboard.cli.site import site_of, speed_of
from cordboard.runtime.board import Board
from cordboard.runtime.clock import LiveClock
from cordboard.runtime.composition import Site
from cordboard.runtime.connection import StoreDown
from cordboard.runtime.published_clock import PublishedClock
from cordboard.runtime.readmodel import read_board
from cordboard.runtime.recordings import RecordingCatalogue
from cordboard.runtime.sealing import derive
from cordboard.runtime.web import web_ports, webhook_settings
from ivr.intents.flows import understanding_of
from webhooks.app import create_app

ACCOUNTS = "CORDBOARD_ACCOUNTS"


def webhooks() -> Flask:
    """Make what the carrier talks to, with the speech models of its flows trained."""
    site = site_of(os.environ)
    board = board_of(site)
    published = PublishedClock(board, LiveClock(speed_of(os.environ)))
    return create_app(
        **web_ports(site, flows=[understanding_of(flow) for flow in site.settings.flows]),
        clock=lambda: datetime.fromtimestamp(published.now_ms() / 1_000, UTC),
        settings=webhook_settings(site),
        conversations=RecordingCatalogue(site.store, published.now_ms),
        is_ready=lambda: board() is not None,
    )


def console() -> Flask:
    """Make what people look at, and beside it what programs ask."""
    from cordboard.api.app import install
    from cordboard.cli.integrators import world_of
    from cordboard.console.accounts import Accounts
    from cordboard.console.app import create_console

    site = site_of(os.environ)
    board = board_of(site)
    app = create_console(
        board=board,
        journal=web_ports(site)["journal"],
        accounts=Accounts.read(Path(os.environ[ACCOUNTS])),
        secret=derive(site.environment.secret, "sessions").hex(),
        is_https=site.environment.public_url.startswith("https://"),
    )
    world = world_of(site, board, os.environ)
    install(app, world)
    _serve_recordings(app, site, world.recordings)
    return app


def _serve_recordings(app: Flask, site: Site, catalogue: RecordingCatalogue) -> None:
    from cordboard.console import recordings
    from cordboard.runtime.carrier.sound import CarrierSound
    from cordboard.runtime.carrier.transport import carrier_client

    told = site.environment
    client = carrier_client(told.account_sid, told.auth_token, told.carrier_url)
    addresses = recordings.Addresses(derive(told.secret, "recordings"))
    recordings.install(app, catalogue, CarrierSound(client, told.carrier_url), addresses)


def board_of(site: Site) -> Callable[[], Board | None]:
    """Return a reader of the wallboard: None before it is published or while the store is down."""
    client = site.store.client()

    def board() -> Board | None:
        try:
            return read_board(client, site.store.keys)
        except StoreDown:
            return None

    return board
