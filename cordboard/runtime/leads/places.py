"""When people at a place may be called, as instants.

A place is what an import wrote beside each number: a jurisdiction and every time zone the number
may be in. All zones and all rules must allow an instant; where nothing is known of a number's zone,
all zones of its country count, and where even that is unknown, nobody may call (`Etc` zones do not
stand for anybody's morning).

Windows are computed once per campaign, place and UTC day: a list of a million leads has a few dozen
places.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from cordboard.runtime.leads.plan import CampaignLists
from dialer.compliance import (
    Applicable,
    OffsetSpan,
    Purpose,
    RuleBook,
    Window,
    callable_windows,
)
from dialer.compliance.rules import CallingHours
from dialer.ids import CampaignId

DAY_MS = 86_400_000
_SPAN_MS = 15 * 60_000  #: every zone's changes of offset lie on a quarter of an hour
_EPOCH = date(1970, 1, 1)


class Places:
    """Rules and windows by campaign and place: the law's, and the campaign's own."""

    def __init__(self, book: RuleBook, campaigns: Mapping[CampaignId, CampaignLists]) -> None:
        self.book = book
        self._campaigns = campaigns
        self.rules = lru_cache(maxsize=4_096)(self._rules)
        self._windows = lru_cache(maxsize=4_096)(self._compute)

    def _rules(self, campaign_id: CampaignId, place: str) -> Applicable:
        """Return the rules that bind a campaign's calls to a place."""
        jurisdiction = place.partition("|")[0]
        law = self.book.applicable([jurisdiction] if jurisdiction else [])
        lists = self._campaigns[campaign_id]
        return law.narrowed(lists.own_rules, lists.own_version)

    def windows(self, campaign_id: CampaignId, place: str, now_ms: int) -> tuple[Window, ...]:
        """Return when a campaign may call a place, from yesterday to the day after tomorrow."""
        return self._windows(campaign_id, place, now_ms // DAY_MS)

    def closes_at_ms(self, campaign_id: CampaignId, place: str, now_ms: int) -> int:
        """Return when the window that is open now closes, 0 if none is open."""
        for window in self.windows(campaign_id, place, now_ms):
            if now_ms in window:
                return window.until_at_ms
        return 0

    def _compute(self, campaign_id: CampaignId, place: str, day: int) -> tuple[Window, ...]:
        purpose = self._campaigns[campaign_id].purpose
        return windows_of(self.rules(campaign_id, place), purpose, place, day)


def windows_of(rules: Applicable, purpose: Purpose, place: str, day: int) -> tuple[Window, ...]:
    """Return when rules allow a place to be reached, from the day before to two days after.

    Args:
        rules: Those that bind.
        purpose: What it is about.
        place: Jurisdiction and possible zones.
        day: Days since 1970, in UTC.
    """
    jurisdiction, *zones = place.split("|")
    from_ms, until_ms = (day - 1) * DAY_MS, (day + 3) * DAY_MS
    spans = [offset_spans(zone, from_ms, until_ms) for zone in zones if zone]
    hours = list(rules.of(CallingHours, purpose))
    return callable_windows(hours, spans, _holidays(jurisdiction, day))


def zone_of(place: str) -> ZoneInfo:
    """Return the clock by which a place's hours are learnt: its first zone, else UTC."""
    zones = place.split("|")[1:]
    return ZoneInfo(zones[0] if zones and zones[0] else "UTC")


def offset_spans(zone: str, from_ms: int, until_ms: int) -> Sequence[OffsetSpan]:
    """Return the times in which a zone's offset from UTC does not change."""
    info = ZoneInfo(zone)
    spans: list[OffsetSpan] = []
    for at_ms in range(from_ms, until_ms, _SPAN_MS):
        offset = datetime.fromtimestamp(at_ms / 1_000, UTC).astimezone(info).utcoffset()
        assert offset is not None  # an aware instant has an offset
        minutes = int(offset.total_seconds()) // 60
        if spans and spans[-1].offset_minutes == minutes:
            spans[-1] = OffsetSpan(spans[-1].from_at_ms, at_ms + _SPAN_MS, minutes)
        else:
            spans.append(OffsetSpan(at_ms, at_ms + _SPAN_MS, minutes))
    return spans


def _holidays(jurisdiction: str, day: int) -> frozenset[int]:
    """Return public holidays around a day, as days since 1970; none where they are not known."""
    country, _, state = jurisdiction.upper().partition("-")
    years = {(_EPOCH + timedelta(days=day + shift)).year for shift in (-1, 3)}
    try:
        found = holidays.country_holidays(country, subdiv=state or None, years=sorted(years))
    except NotImplementedError:
        return frozenset()
    return frozenset((when - _EPOCH).days for when in found)
