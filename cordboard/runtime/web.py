"""What the web processes are given: the ports of `webhooks`, over the site's store and settings.

    ports = web_ports(site)
    app = create_app(**ports, clock=..., settings=webhook_settings(site))

Web processes keep nothing: any number of them may run, on any machine that reaches the store.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypedDict

from acd.ids import CustomerId
from cordboard.runtime.callers import RedisCallers
from cordboard.runtime.clock import LiveClock
from cordboard.runtime.composition import Site, reach_of, threads_of
from cordboard.runtime.connection import Client
from cordboard.runtime.dips import RedisDips
from cordboard.runtime.errands import SiteErrands
from cordboard.runtime.journal import Drafting, RedisJournal
from cordboard.runtime.live_flows import LiveFlows
from cordboard.runtime.readmodel import RedisWaits
from cordboard.runtime.releases import Releases
from cordboard.runtime.sealing import DayBox, Pseudonyms, Sealer, derive
from cordboard.runtime.sessions import RedisSessions
from cordboard.runtime.settings import CampaignSettings
from cordboard.runtime.text_caps import DayCap
from cordboard.runtime.texting import SiteMessages
from dialer.ids import CampaignId
from ivr.flow import Flow
from webhooks.data_source import AllowedSource, HttpData
from webhooks.ports import OutboundTexts
from webhooks.settings import WebhookSettings


class SiteCampaigns:
    """`webhooks.ports.Campaigns`: the texts of the settings."""

    def __init__(self, campaigns: Mapping[CampaignId, CampaignSettings]) -> None:
        self._campaigns = campaigns

    def texts(self, campaign_id: CampaignId) -> OutboundTexts:
        """Return what the campaign says.

        Raises:
            KeyError: No such campaign.
        """
        return self._campaigns[campaign_id].texts


class Ports(TypedDict):
    """The ports of `webhooks.app.create_app`, by its parameters' names."""

    journal: RedisJournal
    sessions: RedisSessions
    waits: RedisWaits
    customers: Pseudonyms
    callers: RedisCallers
    dips: RedisDips
    campaigns: SiteCampaigns
    flows: LiveFlows
    errands: SiteErrands
    text_messages: SiteMessages


def web_ports(site: Site, prepare: Callable[[Flow], Flow] = lambda flow: flow) -> Ports:
    """Connect the ports to a site.

    Args:
        site: The site.
        prepare: Trains a flow's speech model; without it flows understand keys and phrases only.
    """
    client, secret = site.store.client(), site.environment.secret
    drafting = Drafting(LiveClock(), Sealer(site.store, secret, client))
    journal, customers = RedisJournal(site.store, drafting, client), Pseudonyms(secret)
    threads, reach, texting = threads_of(site), reach_of(site), site.settings.texting
    return Ports(
        journal=journal,
        sessions=RedisSessions(site.store, drafting, DayBox(secret, "places in flows"), client),
        waits=RedisWaits(site.store, client),
        customers=customers,
        callers=RedisCallers(site.store, client),
        dips=RedisDips(
            site.store, HttpData(_sources(site)), DayBox(secret, "answers to flows"), client
        ),
        campaigns=SiteCampaigns(site.settings.campaigns),
        flows=_flows(site, client, prepare),
        errands=SiteErrands(
            threads=threads,
            reach=reach,
            cap=DayCap(client, site.store.keys, customers, per_number_day=texting.per_number_day),
            pseudonyms=customers,
            senders=texting.senders,
            clock=LiveClock(),
        ),
        text_messages=SiteMessages(
            store=site.store,
            threads=threads,
            pseudonyms=customers,
            reach=reach,
            journal=journal,
            lines=site.settings.lines,
            clock=LiveClock(),
            name=texting.name,
        ),
    )


def _flows(site: Site, client: Client, prepare: Callable[[Flow], Flow]) -> LiveFlows:
    settings = site.settings
    flows = LiveFlows(Releases(site.store, client), settings.lines, settings.flows, prepare)
    flows.refresh()
    return flows


def _sources(site: Site) -> list[AllowedSource]:
    """Return the systems that flows may ask, with their credentials."""
    told = site.environment.credentials
    return [
        replace(source, headers={"Authorization": told[key]} if key in told else {})
        for name, source in site.settings.sources.items()
        for key in [name.replace("-", "_")]
    ]


def webhook_settings(site: Site) -> WebhookSettings:
    """Return the webhooks' settings of a site."""
    environment, settings = site.environment, site.settings
    return WebhookSettings(
        base_url=environment.public_url,
        account_sids=(environment.account_sid,),
        auth_tokens=environment.auth_tokens,
        token_key=derive(environment.secret, "step tokens"),
        hold_music=settings.hold_music,
        leave_key=settings.leave_key,
        destinations=settings.destinations,
    )


def erase_customer(site: Site, customer_id: CustomerId) -> bool:
    """Make a person's sealed data unreadable; tell whether there was any.

    Their names and numbers on lists are erased by `SqliteLeads.forget`, where the lists are.

    Raises:
        StoreDown: The store did not answer; nothing is erased.
    """
    RedisCallers(site.store).forget(customer_id)
    return Sealer(site.store, site.environment.secret).erase(customer_id)
