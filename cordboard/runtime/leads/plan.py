"""What a campaign's settings say about its lists: files and mix, retries, caps, numbers shown.

A campaign's own hours and caps are rules of the same kinds as the law's, so the one gate applies
them, the waterfall names them, and they can only be stricter: every rule must allow a call.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from dialer.compliance import Purpose
from dialer.compliance.rules import AnyRule, AttemptCap, CallingHours, Source
from dialer.outcomes import Outcome

_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS

DAY_H = 24
WEEK_H = 7 * DAY_H

ATTEMPTS_MAX = 6
"""After so many attempts a lead is left alone, if its campaign does not say otherwise."""


ADDED = "(added)"
"""The list of leads that came by no file; it needs no place in the settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFile:
    """One list of a campaign."""

    name: str
    path: Path
    weight: int = 1  #: its share of the leads lent, against the other lists'
    conversations_max: int | None = None  #: its quota: after so many it rests


@dataclass(frozen=True, slots=True)
class Retry:
    """What follows an outcome."""

    pause_ms: int | None  #: until the next try, at least; None: none follows
    times_max: int | None = None  #: after so many of this outcome none follows


RETRIES: Mapping[str, Retry] = {
    Outcome.BUSY: Retry(15 * _MINUTE_MS),
    Outcome.NO_ANSWER: Retry(4 * _HOUR_MS),
    Outcome.MACHINE: Retry(24 * _HOUR_MS),
    Outcome.SCREENED: Retry(24 * _HOUR_MS),
    Outcome.UNKNOWN: Retry(4 * _HOUR_MS),
    Outcome.FAILED: Retry(30 * _MINUTE_MS),
    Outcome.CANCELLED: Retry(10 * _MINUTE_MS),
    Outcome.HUMAN: Retry(24 * _HOUR_MS),
}
"""House rules, on top of what the gate allows; a live answer that reached no agent is `human`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignLists:
    """What the store must know of a campaign."""

    lists: tuple[ListFile, ...]
    region: str  #: ISO 3166 country for numbers written without one; empty: all have one
    purpose: Purpose
    ring_ms: int
    registers: Mapping[str, int]  #: register -> instant of the copy the files were cleaned with
    retries: Mapping[str, Retry] = field(default_factory=lambda: RETRIES)
    attempts_max: int = ATTEMPTS_MAX  #: per lead
    own_rules: tuple[AnyRule, ...] = ()
    conversations_goal: int | None = None  #: after so many the campaign rests
    caller_ids: tuple[str, ...] = ()  #: shown to those they resemble most; the first to the others
    is_caller_id_owned: bool = True
    keeps_agents: bool = False  #: an agent is held for every dial

    @property
    def own_version(self) -> str:
        """Name the campaign's own rules, as recorded with a dial; empty if it has none."""
        if not self.own_rules:
            return ""
        text = msgspec.json.encode(self.own_rules)
        return f"own@{hashlib.sha256(text).hexdigest()[:8]}"

    def caller_id_for(self, number: str) -> str:
        """Return the number shown to a called one: the one with the longest common beginning.

        A number of the same area is taken more often. The choice depends on the two numbers alone,
        so a dial in doubt is looked for under the number it was made from.
        """
        best, longest = "", -1
        for shown in self.caller_ids:
            length = _common(shown, number)
            if length > longest:
                best, longest = shown, length
        return best


def _common(one: str, other: str) -> int:
    """Count the digits two numbers begin with alike."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


OWN = Source(text="the campaign's own setting", url="", status="A", read_on="")


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many calls to a number or a person within some hours."""

    setting: str
    per: Literal["number", "person"]
    within_h: int
    calls_max: int


def own_rules(hours: Sequence[str], caps: Sequence[Cap]) -> tuple[AnyRule, ...]:
    """Return a campaign's own hours and caps as rules.

    Args:
        hours: Clock times on any day, as "09:00-20:00"; none: as the law allows.
        caps: How often somebody is called.
    """
    rules: list[AnyRule] = []
    if hours:
        spans = tuple(hours)
        rules.append(
            CallingHours(id="own-hours", source=OWN, weekday=spans, saturday=spans, sunday=spans)
        )
    rules.extend(
        AttemptCap(
            id=f"own-{cap.setting.replace('_', '-')}",
            source=OWN,
            calls_max=cap.calls_max,
            within_h=cap.within_h,
            per=cap.per,
        )
        for cap in caps
    )
    return tuple(rules)
