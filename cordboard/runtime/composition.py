"""A site's parts put together: what the worker needs, from settings, environment and store."""

from dataclasses import dataclass

from acd.config import AcdConfig
from acd.replay import Fold
from cordboard.runtime.carrier.calls import CustomerCalls
from cordboard.runtime.carrier.dials import Dials, DialSettings
from cordboard.runtime.carrier.legs import AgentLegs
from cordboard.runtime.carrier.limits import Limit
from cordboard.runtime.carrier.places import Places
from cordboard.runtime.carrier.transport import carrier_client
from cordboard.runtime.clock import Clock, ModelledClock
from cordboard.runtime.connection import Store
from cordboard.runtime.gateway import Gateway
from cordboard.runtime.law import load_rule_book
from cordboard.runtime.leads import CampaignLists, SqliteLeads
from cordboard.runtime.legs import Legs
from cordboard.runtime.listwork import ListWork
from cordboard.runtime.projection import Projection
from cordboard.runtime.reconcile import Reconciler
from cordboard.runtime.sealing import Pseudonyms
from cordboard.runtime.sessions import AfterTalk
from cordboard.runtime.settings import Environment, Settings
from cordboard.runtime.term import Minds
from dialer.centre import Centre
from dialer.codec import EVENT_CODEC
from dialer.config import CentreConfig
from dialer.ids import CampaignId
from dialer.pacing.desk import PacingDesk
from webhooks.addresses import Addresses

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
    centre = Centre(_NOTHING)
    return Minds(
        fold=Fold(centre, EVENT_CODEC),
        desk=PacingDesk(()),
        projection=Projection(site.store.keys, clock, _NOTHING, site.settings.time_zone),
        config=lambda: centre.config,
    )


@dataclass(frozen=True, slots=True)
class CarrierSide:
    """What faces the carrier during one term."""

    gateway: Gateway
    reconciler: Reconciler


def make_carrier_side(
    site: Site, leads: SqliteLeads, legs: Legs, clock: Clock, modelled: ModelledClock
) -> CarrierSide:
    """Put the parts together that carry out commands and compare with the carrier."""
    settings, environment = site.settings, site.environment
    client = carrier_client(
        environment.account_sid, environment.auth_token, environment.carrier_url
    )
    places = Places(
        addresses=Addresses(environment.public_url),
        caller_id=settings.caller_id,
        endpoints=settings.endpoints,
        sid_of=legs.sid_of,
    )
    dials = Dials(
        client=client,
        places=places,
        campaigns=_dial_settings(settings),
        permits=leads,
        limit=Limit(settings.calls_per_s_max, modelled.now_ms),
        carrier_ms=clock.wall_ms if clock.scale == 1 else modelled.now_ms,
        scale=clock.scale,
    )
    gateway = Gateway(
        AgentLegs(client, places),
        CustomerCalls(client, places, AfterTalk(site.store, site.store.client()).of),
        dials,
        ListWork(leads),
    )
    return CarrierSide(gateway, Reconciler(client, places, settings.lines, legs, clock))


def _dial_settings(settings: Settings) -> dict[CampaignId, DialSettings]:
    return {
        config.campaign_id: DialSettings(
            caller_id=settings.campaigns[config.campaign_id].caller_id,
            detection=config.detection,
            machine_policy=config.machine_policy,
        )
        for config in settings.centre.campaigns
    }


def campaign_lists(settings: Settings) -> dict[CampaignId, CampaignLists]:
    """Return what the lead store must know of the campaigns."""
    return {
        config.campaign_id: CampaignLists(
            path=settings.campaigns[config.campaign_id].leads,
            region=settings.campaigns[config.campaign_id].region,
            purpose=settings.campaigns[config.campaign_id].purpose,
            ring_ms=config.ring_ms,
            registers=settings.campaigns[config.campaign_id].registers,
        )
        for config in settings.centre.campaigns
    }


def open_leads(site: Site) -> SqliteLeads:
    """Open the site's lead store, under the site's own rules where it has some."""
    law = site.settings.folder / "law"
    return SqliteLeads(
        site.environment.data_folder / "leads.sqlite",
        campaign_lists(site.settings),
        load_rule_book(law if law.is_dir() else None),
        Pseudonyms(site.environment.secret),
    )
