"""A site's parts put together: what the worker needs, from settings, environment and store."""

from dataclasses import dataclass

from twilio.rest import Client

from acd.config import AcdConfig
from acd.replay import Fold
from cordboard.runtime.carrier.callbacks import Callbacks
from cordboard.runtime.carrier.calls import CustomerCalls
from cordboard.runtime.carrier.dials import Dials, DialSettings
from cordboard.runtime.carrier.farewells import Farewells
from cordboard.runtime.carrier.legs import AgentLegs
from cordboard.runtime.carrier.limits import Limit
from cordboard.runtime.carrier.places import Places
from cordboard.runtime.carrier.recordings import CallRecordings
from cordboard.runtime.carrier.rooms import Rooms
from cordboard.runtime.carrier.texts import TextSender, ToSend
from cordboard.runtime.carrier.transport import carrier_client
from cordboard.runtime.clock import Clock, ModelledClock
from cordboard.runtime.connection import Store
from cordboard.runtime.gateway import Gateway
from cordboard.runtime.law import site_rule_book
from cordboard.runtime.leads import CampaignLists, SqliteLeads
from cordboard.runtime.leads.plan import own_rules
from cordboard.runtime.legs import Legs
from cordboard.runtime.listwork import ListWork
from cordboard.runtime.numbers import CallableNumbers
from cordboard.runtime.projection import Projection
from cordboard.runtime.promises import SealedPromises
from cordboard.runtime.reach import Reach
from cordboard.runtime.reconcile import Reconciler
from cordboard.runtime.sealing import Pseudonyms, Sealer
from cordboard.runtime.sessions import AfterTalk
from cordboard.runtime.settings import Environment, Settings
from cordboard.runtime.term import Minds
from cordboard.runtime.text_hours import TextHours
from cordboard.runtime.texting import STOPPED_BY_TEXT
from cordboard.runtime.threads import Threads
from dialer.centre import Centre
from dialer.codec import EVENT_CODEC
from dialer.compliance import RuleBook
from dialer.config import CentreConfig
from dialer.ids import CampaignId
from dialer.pacing.desk import PacingDesk
from simulator.policies import installed_choices
from webhooks.addresses import Addresses

LEADS_FILE = "leads.sqlite"
"""The lead store, in the data folder."""

_NOTHING = CentreConfig(acd=AcdConfig(queues=(), agents=()))
"""What a centre knows before its journal tells it: the settings themselves are a fact."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site in this process: its files, its environment, its store."""

    settings: Settings
    environment: Environment
    store: Store


def make_minds(site: Site, clock: Clock) -> Minds:
    """Make a centre that knows nothing yet, and what is kept beside it."""
    centre = Centre(_NOTHING, installed_choices())
    return Minds(
        fold=Fold(centre, EVENT_CODEC),
        desk=PacingDesk(()),
        projection=Projection(site.store.keys, clock, _NOTHING, site.settings.time_zone),
        config=lambda: centre.config,
        silent=lambda: [name for name, a in centre.acd.board.agents.items() if a.is_silent],
    )


@dataclass(frozen=True, slots=True)
class CarrierSide:
    """What faces the carrier during one term."""

    gateway: Gateway
    reconciler: Reconciler
    sender: TextSender


def make_carrier_side(
    site: Site, leads: SqliteLeads, legs: Legs, clock: Clock, modelled: ModelledClock
) -> CarrierSide:
    """Put the parts together that carry out commands and compare with the carrier."""
    settings, environment = site.settings, site.environment
    client = client_of(environment)
    places = Places(
        addresses=Addresses(environment.public_url),
        caller_id=settings.caller_id,
        endpoints=settings.endpoints,
        sid_of=legs.sid_of,
        known_sids=legs.sids,
        supervisors=settings.supervisors,
        directory=settings.directory,
        confirming=settings.confirming,
    )
    limit = Limit(settings.calls_per_s_max, modelled.now_ms)
    carrier_ms = clock.wall_ms if clock.scale == 1 else modelled.now_ms
    dials = Dials(
        client=client,
        places=places,
        campaigns=_dial_settings(settings),
        permits=leads,
        limit=limit,
        carrier_ms=carrier_ms,
        scale=clock.scale,
    )
    callbacks = Callbacks(
        client=client,
        places=places,
        promises=_promises(site),
        is_allowed=CallableNumbers(settings.callbacks_to),
        limit=limit,
        carrier_ms=carrier_ms,
        scale=clock.scale,
    )
    threads = threads_of(site)
    gateway = Gateway(
        legs=AgentLegs(client, places, limit=limit, carrier_ms=carrier_ms, scale=clock.scale),
        calls=CustomerCalls(client, places, AfterTalk(site.store, site.store.client()).of),
        rooms=Rooms(client, places),
        recordings=CallRecordings(client, places),
        dials=dials,
        callbacks=callbacks,
        lists=ListWork(leads),
        farewells=Farewells(threads, settings.languages[0], clock.wall_ms),
    )
    sender = TextSender(
        client=client,
        addresses=places.addresses,
        threads=threads,
        to_send=ToSend(site.store.client(), site.store.keys),
        reach=reach_of(site),
        hours=TextHours(rule_book(settings), settings.texting.purpose, settings.texting.own_hours),
        forbid=lambda keys: leads.forbid(keys, modelled.now_ms(), STOPPED_BY_TEXT),
        wall_ms=clock.wall_ms,
        now_ms=carrier_ms,
    )
    return CarrierSide(gateway, Reconciler(client, places, settings.lines, legs, clock), sender)


def client_of(environment: Environment, carrier_url: str = "") -> Client:
    """Make the carrier's client of an environment.

    Args:
        environment: Credentials, region and edge.
        carrier_url: Where requests go instead, if not where the environment says.
    """
    return carrier_client(
        environment.account_sid,
        environment.auth_token,
        carrier_url or environment.carrier_url,
        region=environment.region,
        edge=environment.edge,
    )


def threads_of(site: Site) -> Threads:
    """Return the site's written conversations."""
    store_client = site.store.client()
    sealer = Sealer(site.store, site.environment.secret, store_client)
    return Threads(site.store, sealer, store_client)


def reach_of(site: Site) -> Reach:
    """Return what is known of whom text messages can reach."""
    pseudonyms = Pseudonyms(site.environment.secret)
    is_permitted = CallableNumbers(site.settings.texting.to)
    return Reach(site.store.client(), site.store.keys, pseudonyms, is_permitted)


def _promises(site: Site) -> SealedPromises:
    store_client = site.store.client()
    sealer = Sealer(site.store, site.environment.secret, store_client)
    return SealedPromises(store_client, site.store.keys, sealer)


def _dial_settings(settings: Settings) -> dict[CampaignId, DialSettings]:
    return {
        config.campaign_id: DialSettings(
            caller_id=settings.campaigns[config.campaign_id].caller_id,
            detection=config.detection,
            machine_policy=config.machine_policy,
            speech_end_ms=config.speech_end_ms,
        )
        for config in settings.centre.campaigns
    }


def campaign_lists(settings: Settings) -> dict[CampaignId, CampaignLists]:
    """Return what the lead store must know of the campaigns."""
    lists: dict[CampaignId, CampaignLists] = {}
    for config in settings.centre.campaigns:
        told = settings.campaigns[config.campaign_id]
        lists[config.campaign_id] = CampaignLists(
            lists=told.lists,
            region=told.region,
            purpose=told.purpose,
            ring_ms=config.ring_ms,
            registers=told.registers,
            retries=told.retries,
            attempts_max=told.attempts_max,
            own_rules=own_rules(told.hours, told.caps),
            conversations_goal=told.conversations_goal,
            caller_ids=told.caller_ids,
            is_caller_id_owned=told.is_caller_id_owned,
            keeps_agents=config.keeps_agents,
        )
    return lists


def rule_book(settings: Settings) -> RuleBook:
    """Return the rule book of a site: the supplied documents, its own in their place.

    Raises:
        RuleDocumentError: A document is wrong; its author must mend it.
    """
    return site_rule_book(settings.folder)


def open_leads(site: Site) -> SqliteLeads:
    """Open the site's lead store, under the site's own rules where it has some."""
    return SqliteLeads(
        site.environment.data_folder / LEADS_FILE,
        campaign_lists(site.settings),
        rule_book(site.settings),
        Pseudonyms(site.environment.secret),
    )
