"""What the web processes are given: the ports of `webhooks`, over the site's store and settings.

    ports = web_ports(site)
    app = create_app(**ports, clock=..., settings=webhook_settings(site))

Web processes keep nothing: any number of them may run, on any machine that reaches the store.
"""

from collections.abc import Iterable, Mapping
from typing import TypedDict

from acd.ids import CustomerId
from cordboard.runtime.clock import LiveClock
from cordboard.runtime.composition import Site
from cordboard.runtime.journal import Drafting, RedisJournal
from cordboard.runtime.readmodel import RedisWaits
from cordboard.runtime.sealing import Pseudonyms, Sealer, derive
from cordboard.runtime.sessions import RedisSessions
from cordboard.runtime.settings import CampaignSettings
from dialer.ids import CampaignId
from ivr.flow import Flow
from webhooks.ports import Line, OutboundTexts
from webhooks.settings import WebhookSettings


class SiteFlows:
    """`webhooks.ports.Flows`: the flows of the settings; the newest version of each is current."""

    def __init__(self, flows: Iterable[Flow], lines: Mapping[str, Line]) -> None:
        self._lines = lines
        self._versions: dict[tuple[str, int], Flow] = {}
        self._current: dict[str, Flow] = {}
        for flow in flows:
            self._versions[flow.name, flow.version] = flow
            known = self._current.get(flow.name)
            if known is None or known.version < flow.version:
                self._current[flow.name] = flow

    def line(self, number: str) -> Line | None:
        """Return the line of a called number, or None when it is not ours."""
        return self._lines.get(number)

    def current(self, name: str) -> Flow:
        """Return the version new callers get.

        Raises:
            KeyError: No such flow.
        """
        return self._current[name]

    def version(self, name: str, version: int) -> Flow | None:
        """Return one version, or None when it is no longer kept."""
        return self._versions.get((name, version))


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
    campaigns: SiteCampaigns
    flows: SiteFlows


def web_ports(site: Site, flows: Iterable[Flow] | None = None) -> Ports:
    """Connect the ports to a site.

    Args:
        site: The site.
        flows: The settings' flows with their speech models, or None for the bare ones.
    """
    client = site.store.client()
    drafting = Drafting(LiveClock(), Sealer(site.store, site.environment.secret, client))
    return Ports(
        journal=RedisJournal(site.store, drafting, client),
        sessions=RedisSessions(site.store, drafting, client),
        waits=RedisWaits(site.store, client),
        customers=Pseudonyms(site.environment.secret),
        campaigns=SiteCampaigns(site.settings.campaigns),
        flows=SiteFlows(site.settings.flows if flows is None else flows, site.settings.lines),
    )


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
    return Sealer(site.store, site.environment.secret).erase(customer_id)
