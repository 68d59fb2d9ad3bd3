"""The dialer's state as plain data and back.

What can be derived is not stored: which numbers are being dialled follows from the dials, who
serves which campaign from the settings. A campaign is stored with its settings, because one that is
gone from the centre's goes on until its dials are over.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import msgspec

from acd.codec import Codec
from acd.messages import EngineError, EventError
from dialer.allowance import Allowance
from dialer.campaigns import Campaign
from dialer.commands import Observation
from dialer.config import CampaignConfig, CentreConfig
from dialer.detection import DetectionTally
from dialer.dials import Dial
from dialer.engine import Dialer
from dialer.events import Lead
from dialer.leads import LeadStock
from dialer.previews import Preview, Previews
from dialer.windows import meter_of

_Message = TypeVar("_Message")

_PLAIN = (
    "is_running",
    "last_view",
    "open_view",
    "paced_at_ms",
    "has_changed",
    "is_unsettled",
    "is_likely_first",
    "present",
    "cautious_until_ms",
    "pace_ticket",
    "leads_ticket",
    "is_retired",
)
"""Fields of a campaign that are plain as they are."""


@contextmanager
def reading() -> Iterator[None]:
    """Turn whatever a damaged snapshot causes into one clear error.

    Raises:
        EngineError: The snapshot was not made by `to_plain`.
    """
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, EventError) as error:
        raise EngineError(f"a snapshot of the centre cannot be read: {error!r}") from error


def to_plain(dialer: Dialer) -> dict[str, object]:
    """Return the dialer's state as plain data."""
    under_way = dialer.under_way
    return {
        "campaigns": [_campaign_to_plain(campaign) for campaign in dialer.campaigns.values()],
        "dials": [_plain(dial) for dial in under_way.dials.values()],
        "blend": dialer.blend.to_plain(),
        "past": under_way.past.to_plain(),
        "stale_count": under_way.stale_count,
    }


def restore(dialer: Dialer, plain: Mapping[str, Any], config: CentreConfig) -> None:
    """Give a new dialer the state that `to_plain` returned; its distributor is restored already."""
    for row in plain["campaigns"]:
        campaign = _campaign_from_plain(row)
        dialer.campaigns[campaign.config.campaign_id] = campaign
    for row in plain["dials"]:
        dial = msgspec.convert(row, Dial)
        dialer.under_way.adopt(dialer.campaigns[dial.campaign_id], dial)
    dialer.under_way.past.restore(plain["past"])
    dialer.under_way.stale_count = plain["stale_count"]
    dialer.index(config)
    dialer.blend.restore(plain["blend"])


def messages_to_plain(messages: Sequence[_Message], codec: Codec[_Message]) -> list[object]:
    """Return messages as `[name, facts, instant]`; the instant is 0 for those that have none."""
    return [[*codec.encode(message), getattr(message, "at_ms", 0)] for message in messages]


def messages_from_plain(plain: Sequence[Any], codec: Codec[_Message]) -> list[_Message]:
    """Make the messages that `messages_to_plain` described."""
    return [codec.decode(name, facts, at_ms) for name, facts, at_ms in plain]


def _campaign_to_plain(campaign: Campaign) -> dict[str, object]:
    stock = campaign.stock
    return {
        "config": _plain(campaign.config),
        "told": _plain(campaign.told),
        "tally": _plain(campaign.tally),
        "previews": [_plain(preview) for preview in campaign.previews.shown.values()],
        "skips": {agent_id: list(skips) for agent_id, skips in campaign.previews.skips.items()},
        "meter": None if campaign.meter is None else campaign.meter.snapshot(),
        "allowance": _plain(campaign.allowance),
        "leads": [_plain(lead) for lead in stock.leads],
        "last_request": stock.last_request,
        "open_request": stock.open_request,
        "given_up": list(stock.given_up),
        "is_exhausted": stock.is_exhausted,
        "observations": [_plain(observation) for observation in campaign.observations],
        **{name: getattr(campaign, name) for name in _PLAIN},
    }


def _campaign_from_plain(plain: Mapping[str, Any]) -> Campaign:
    stock = LeadStock(
        leads=deque(msgspec.convert(plain["leads"], list[Lead])),
        last_request=plain["last_request"],
        open_request=plain["open_request"],
        given_up=list(plain["given_up"]),
        is_exhausted=plain["is_exhausted"],
    )
    config = msgspec.convert(plain["config"], CampaignConfig)
    tally = msgspec.convert(plain["tally"], DetectionTally)
    meter = None
    if plain["meter"] is not None:
        meter = meter_of(config, 0)
        meter.restore(plain["meter"])
        meter.errors_ppm = tally.people_ppm
    return Campaign(
        config=config,
        told=msgspec.convert(plain["told"], CampaignConfig),
        meter=meter,
        tally=tally,
        previews=Previews(
            {
                preview.agent_id: preview
                for preview in msgspec.convert(plain["previews"], list[Preview])
            },
            dict(plain["skips"]),
        ),
        allowance=msgspec.convert(plain["allowance"], Allowance),
        stock=stock,
        observations=msgspec.convert(plain["observations"], list[Observation]),
        **{name: plain[name] for name in _PLAIN},
    )


def _plain(record: object) -> dict[str, object]:
    return cast("dict[str, object]", msgspec.to_builtins(record))
