"""What must hold of the dialer after every event; the distributor's part is `acd.invariants`.

`check` looks at everything and is meant for tests and for the wary; it costs O(dials + leads).
"""

from acd.messages import EngineError
from dialer.campaigns import Campaign
from dialer.centre import Centre
from dialer.dials import Dial, DialState
from dialer.under_way import DialsUnderWay

_DEADLINED = (DialState.DETECTING, DialState.WAITING)
"""States in which somebody is on the line and must not be left in silence."""


def check(centre: Centre) -> None:
    """Look for anything that must not be.

    Raises:
        EngineError: Something is; the message names it. The centre is wrong.
    """
    under_way = centre.dialer.under_way
    for dial in under_way.dials.values():
        _check_dial(centre, dial)
    for campaign in centre.dialer.campaigns.values():
        _check_campaign(campaign, under_way)
    numbers = [dial.lead.number_key for dial in under_way.dials.values()]
    _claim(len(numbers) == len(set(numbers)), "a number is being dialled twice")
    _claim(all(under_way.is_dialled(number) for number in numbers), "a dialled number is unknown")
    listed = sum(len(campaign.dials) for campaign in centre.dialer.campaigns.values())
    _claim(listed == len(under_way.dials), "a dial belongs to no campaign, or to two")


def _check_dial(centre: Centre, dial: Dial) -> None:
    name = f"dial {dial.call_id}"
    campaign = centre.dialer.campaigns.get(dial.campaign_id)
    _claim(campaign is not None, f"{name} has no campaign")
    _claim(dial.state is not DialState.OVER, f"{name} is over and still under way")
    is_open = dial.lead.opens_at_ms <= dial.dialled_at_ms < dial.lead.closes_at_ms
    _claim(is_open, f"{name} was placed outside its window")
    is_guarded = centre.deadlines.is_set(dial.ticket)
    _claim(
        is_guarded is (dial.state in _DEADLINED),
        f"{name} is {dial.state} and its deadline is {'set' if is_guarded else 'missing'}",
    )
    is_live = dial.state in (DialState.WAITING, DialState.CONNECTED, DialState.APOLOGISING)
    _claim(not is_live or dial.live_at_ms >= 0, f"{name} is {dial.state} without a person")


def _check_campaign(campaign: Campaign, under_way: DialsUnderWay) -> None:
    name = f"campaign '{campaign.config.campaign_id}'"
    _claim(campaign.allowance.content >= 0, f"{name} has overdrawn its call rate")
    _claim(campaign.open_view <= campaign.last_view, f"{name} waits for an answer never asked for")
    for call_id, dial in campaign.dials.items():
        _claim(under_way.dials.get(call_id) is dial, f"{name} knows a dial that is not under way")


def _claim(holds: bool, otherwise: str) -> None:  # noqa: FBT001  (reads as a claim)
    if not holds:
        raise EngineError(otherwise)
