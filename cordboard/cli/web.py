"""The web processes, composed: what gunicorn starts for the carrier and for people.

Each process reads the settings and the environment itself and shares nothing with its siblings but
the store. `CORDBOARD_CENTRE` names the centre's folder, `CORDBOARD_SPEED` the scale of the clock,
`CORDBOARD_ACCOUNTS` the file of those who may sign in.
"""

import hmac
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from cordboard.runtime.board import Board
from cordboard.runtime.clock import LiveClock
from cordboard.runtime.connection import Store, StoreDown
from cordboard.runtime.journal import Drafting, RedisJournal
from cordboard.runtime.published_clock import PublishedClock
from cordboard.runtime.readmodel import RedisWaits, read_board
from cordboard.runtime.sealing import Pseudonyms, Sealer
from cordboard.runtime.sessions import RedisSessions
from cordboard.runtime.settings import Environment, Settings, load_settings, read_environment
from dialer.ids import CampaignId
from ivr.flow import Flow
from ivr.intents.flows import understanding_of
from webhooks.app import create_app
from webhooks.ports import Line, OutboundTexts
from webhooks.settings import WebhookSettings

CENTRE, SPEED, ACCOUNTS = "CORDBOARD_CENTRE", "CORDBOARD_SPEED", "CORDBOARD_ACCOUNTS"


class SettingsFlows:
    """`webhooks.ports.Flows` over the flows of a centre's folder, their speech models trained."""

    def __init__(self, settings: Settings) -> None:
        self._lines = settings.lines
        self._flows = {flow.name: understanding_of(flow) for flow in settings.flows}

    def line(self, number: str) -> Line | None:
        """Return the line of a called number, or None when it is not ours."""
        return self._lines.get(number)

    def current(self, name: str) -> Flow:
        """Return the flow of this name."""
        return self._flows[name]

    def version(self, name: str, version: int) -> Flow | None:
        """Return the flow if it is of this version: a folder holds one."""
        flow = self._flows.get(name)
        return flow if flow is not None and flow.version == version else None


class SettingsCampaigns:
    """`webhooks.ports.Campaigns` over a centre's settings."""

    def __init__(self, settings: Settings) -> None:
        self._campaigns = settings.campaigns

    def texts(self, campaign_id: CampaignId) -> OutboundTexts:
        """Return what the campaign says."""
        return self._campaigns[campaign_id].texts


class Site:
    """What every web process of a site has."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environment: Environment = read_environment(environ)
        self.settings = load_settings(Path(environ[CENTRE]))
        self.clock = LiveClock(int(environ.get(SPEED, "1")))
        self.store = Store(self.environment.redis_url, self.settings.site)
        self.client = self.store.client()
        sealer = Sealer(self.store, self.environment.secret, self.client)
        self.drafting = Drafting(self.clock, sealer)

    def board(self) -> Board | None:
        """Return the wallboard, None while nothing is published or the store does not answer."""
        try:
            return read_board(self.client, self.store.keys)
        except StoreDown:
            return None

    def key(self, purpose: str) -> bytes:
        """Return a key of its own for one purpose, made from the centre's secret."""
        secret = self.environment.secret.encode()
        return hmac.digest(secret, f"cordboard {purpose}".encode(), "sha256")


def webhooks() -> Flask:
    """Make what the carrier talks to."""
    site = Site(os.environ)
    settings, environment = site.settings, site.environment
    published = PublishedClock(site.board, site.clock)
    return create_app(
        journal=RedisJournal(site.store, site.drafting, site.client),
        sessions=RedisSessions(site.store, site.drafting, site.client),
        waits=RedisWaits(site.store, site.client),
        customers=Pseudonyms(environment.secret),
        campaigns=SettingsCampaigns(settings),
        flows=SettingsFlows(settings),
        clock=lambda: datetime.fromtimestamp(published.now_ms() / 1_000, UTC),
        settings=WebhookSettings(
            base_url=environment.public_url,
            account_sids=(environment.account_sid,),
            auth_tokens=environment.auth_tokens,
            token_key=site.key("step tokens"),
            hold_music=settings.hold_music,
            destinations=settings.destinations,
        ),
        is_ready=lambda: site.board() is not None,
    )


def console() -> Flask:
    """Make what people look at."""
    from cordboard.console.accounts import Accounts
    from cordboard.console.app import create_console

    site = Site(os.environ)
    return create_console(
        board=site.board,
        journal=RedisJournal(site.store, site.drafting, site.client),
        accounts=Accounts.read(Path(os.environ[ACCOUNTS])),
        secret=site.key("sessions").hex(),
        is_https=site.environment.public_url.startswith("https://"),
    )
