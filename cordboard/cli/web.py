"""The web processes, composed: what gunicorn starts for the carrier and for people.

Each process reads the settings and the environment itself and shares nothing with its siblings but
the store (see `cordboard.cli.site`); `CORDBOARD_ACCOUNTS` is the file of those who may sign in.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import Flask

from acd.channels import Channel
from acd.ids import CallId
from acd.messages import EventError
from cordboard.cli.historian import history_url
from cordboard.cli.output import UserError
from cordboard.cli.site import CENTRE, site_of, speed_of
from cordboard.runtime.board import Board
from cordboard.runtime.clock import LiveClock
from cordboard.runtime.composition import (
    LEADS_FILE,
    Site,
    campaign_lists,
    client_of,
    reach_of,
    rule_book,
    threads_of,
)
from cordboard.runtime.connection import Client, StoreDown
from cordboard.runtime.desks import DeskNotes
from cordboard.runtime.leads.desk import LeadCard, ListDesk
from cordboard.runtime.leads.inquiry import asking
from cordboard.runtime.leads.looks import Looks, Waterfalls
from cordboard.runtime.proposals import Proposals
from cordboard.runtime.published_clock import PublishedClock
from cordboard.runtime.rates import shared_counts
from cordboard.runtime.readmodel import read_board
from cordboard.runtime.recordings import RecordingCatalogue
from cordboard.runtime.releases import Releases
from cordboard.runtime.sealing import Sealer, derive
from cordboard.runtime.sessions import Stories
from cordboard.runtime.softphones import Softphones
from cordboard.runtime.text_desk import TextDesk
from cordboard.runtime.web import web_ports, webhook_settings
from dialer.ids import CampaignId, LeadId
from ivr.intents.flows import understanding_of
from webhooks.access_tokens import AgentAccess
from webhooks.app import create_app
from webhooks.ports import Journal
from webhooks.told import Story

if TYPE_CHECKING:
    from cordboard.console.knowledge.desk import KnowledgeDesk

if TYPE_CHECKING:
    from cordboard.console.supervisor.ahead import LookAhead

ACCOUNTS = "CORDBOARD_ACCOUNTS"

FUTURES = 12
"""Of a look ahead from the supervisor's page: an answer in seconds, with a usable interval."""


def webhooks() -> Flask:
    """Make what the carrier talks to, with the speech models of released flows trained."""
    site = site_of(os.environ)
    board = board_of(site)
    published = PublishedClock(board, LiveClock(speed_of(os.environ)))
    ports = web_ports(site, prepare=understanding_of)
    ports["flows"].follow(LiveClock(), threading.Event())  # as long as the process lives
    return create_app(
        **ports,
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
    from cordboard.console.agent.ports import AgentPorts
    from cordboard.console.app import create_console
    from cordboard.console.supervisor.ports import SupervisorPorts

    site = site_of(os.environ)
    board = board_of(site)
    client = site.store.client()
    sealer = Sealer(site.store, site.environment.secret, client)
    journal = web_ports(site)["journal"]
    world = world_of(site, board, os.environ)
    knowledge = _knowledge(site, sealer, client)
    app = create_console(
        agents=AgentPorts(
            board=board,
            journal=journal,
            desk_heard=DeskNotes(site.store.client(), site.store.keys, LiveClock()).heard,
            stories=stories_of(site, sealer),
            cards=cards_of(world.lists),
            propose=knowledge.proposals.propose,
            texts=_texts(site, journal),
            phones=softphones_of(site),
            confirming=site.settings.confirming,
        ),
        supervisors=SupervisorPorts(
            board=board,
            journal=journal,
            telephones=frozenset(site.settings.supervisors),
            look_ahead=look_ahead_of(site, Path(os.environ[CENTRE])),
            orders=world.pacing if site.settings.campaigns else None,
            leads=_looks(site, world.now_ms) if site.settings.campaigns else None,
        ),
        knowledge=knowledge,
        accounts=Accounts.read(Path(os.environ[ACCOUNTS])),
        secret=derive(site.environment.secret, "sessions").hex(),
        is_https=site.environment.public_url.startswith("https://"),
        counts=shared_counts(site.store),
    )
    install(app, world)
    _serve_recordings(app, site, world.recordings)
    return app


def _looks(site: Site, now_ms: Callable[[], int]) -> Looks:
    """Return what counts, now and then, what holds leads back."""
    path = site.environment.data_folder / LEADS_FILE
    lists, book = campaign_lists(site.settings), rule_book(site.settings)

    def look() -> Waterfalls:
        with asking(path, lists, book) as inquiry:
            return {name: inquiry.waterfall(name, now_ms()) for name in lists}

    return Looks(look, LiveClock())


def _texts(site: Site, journal: Journal) -> TextDesk | None:
    """Return what reads and answers texts; None where no line takes any."""
    if not any(line.texts for line in site.settings.lines.values()):
        return None
    acd = site.settings.centre.acd
    return TextDesk(
        threads_of(site),
        reach_of(site),
        journal,
        LiveClock(),
        queues=[queue.queue_id for queue in acd.queues if queue.channel is Channel.MESSAGE],
        agents=[agent.agent_id for agent in acd.agents if agent.messages_max],
    )


def softphones_of(site: Site) -> Softphones:
    """Return what lets the browsers of the site's agents be rung, as far as it is set up."""
    told = site.environment
    access = None
    if told.api_key:
        access = AgentAccess(
            account_sid=told.account_sid,
            key_sid=told.api_key,
            key_secret=told.api_secret,
            region=told.region or None,
        )
    return Softphones(
        endpoints=site.settings.endpoints,
        access=access,
        sdk=site.settings.voice_sdk,
        region=told.region,
        edge=told.edge,
    )


def _serve_recordings(app: Flask, site: Site, catalogue: RecordingCatalogue) -> None:
    from cordboard.console import recordings
    from cordboard.runtime.carrier.sound import CarrierSound

    told, client = site.environment, client_of(site.environment)
    addresses = recordings.Addresses(derive(told.secret, "recordings"))
    recordings.install(app, catalogue, CarrierSound(client, told.carrier_url), addresses)


def look_ahead_of(site: Site, folder: Path) -> "LookAhead | None":
    """Return what tries changes on a copy of the centre; None without a scenario beside it."""
    from cordboard.cli.simulate import read_world
    from cordboard.cli.whatif import present_of
    from cordboard.console.supervisor.ahead import AheadRefusedError
    from cordboard.runtime.live_state import NothingYet, read_live_state
    from simulator.whatif import ChangeError, Outlook, look_ahead
    from simulator.whatif.wishes import change_of

    if not (folder / "scenario.yaml").exists():
        return None
    client, zone = site.store.client(), ZoneInfo(site.settings.time_zone)

    def look(wishes: Sequence[str], minutes: int) -> Outlook:
        try:
            state = read_live_state(site.store, client)
            change = change_of(state.centre.config, wishes)
            world, now = read_world(folder), present_of(state, zone)
            return look_ahead(now, world, change, minutes=minutes, futures=FUTURES)
        except (ChangeError, EventError, NothingYet, StoreDown, UserError) as error:
            raise AheadRefusedError(str(error)) from error

    return look


def _knowledge(site: Site, sealer: Sealer, client: Client) -> "KnowledgeDesk":
    from cordboard.console.knowledge.desk import KnowledgeDesk

    releases = Releases(site.store, client)
    return KnowledgeDesk(
        history_url=history_url(os.environ),
        releases=releases,
        proposals=Proposals(site.store, releases, client),
        sealer=sealer,
        zone=ZoneInfo(site.settings.time_zone),
        clock=LiveClock(),
    )


def stories_of(site: Site, sealer: Sealer) -> Callable[[CallId], Story | None]:
    """Return a reader of callers' stories: None while the store is down, too."""
    stories = Stories(site.store, sealer)

    def story(call_id: CallId) -> Story | None:
        try:
            return stories.of(call_id)
        except (StoreDown, ValueError):
            return None

    return story


def cards_of(lists: ListDesk) -> Callable[[CampaignId, LeadId], LeadCard | None]:
    """Return a reader of who leads are: None while the lead store cannot be read, too."""

    def card(campaign_id: CampaignId, lead_id: LeadId) -> LeadCard | None:
        try:
            return lists.card(campaign_id, lead_id)
        except sqlite3.Error:
            return None

    return card


def board_of(site: Site) -> Callable[[], Board | None]:
    """Return a reader of the wallboard: None before it is published or while the store is down."""
    client = site.store.client()

    def board() -> Board | None:
        try:
            return read_board(client, site.store.keys)
        except StoreDown:
            return None

    return board
