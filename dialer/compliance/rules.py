"""The kinds of rules the law of telephone calls is made of.

Each kind is one small record with the figure that matters, whom it protects against (`purposes`)
and where it was read (`source`). The figures themselves are data, in `law/*.yaml`, one dated
document per jurisdiction; nothing here knows a country. A figure's status says how sure we are: A
was read in the primary text or a page quoting it, B comes from a secondary source, C could not be
confirmed and is kept because the strict side is the safe one. Engineering notes, not legal advice:
have counsel confirm what you rely on.

Records only: what a rule *does* is in `gate` (may this number be dialled now), `windows` (local
hours as instants), `campaign` (may these settings be used) and `meter` (how the abandonment rate is
counted).
"""

from enum import StrEnum, unique
from typing import Literal

import msgspec

DAY_MINUTES = 24 * 60

DayKind = Literal["weekday", "saturday", "sunday", "holiday"]


@unique
class Purpose(StrEnum):
    """Why a call is made: the law treats each differently."""

    MARKETING = "marketing"
    COLLECTION = "collection"
    RESEARCH = "research"
    SERVICE = "service"


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A record that refuses fields it does not know."""


class Source(Record, frozen=True, kw_only=True):
    """Where a figure was read, when, and how sure it is."""

    text: str
    """Citation: act, section."""
    url: str
    status: Literal["A", "B", "C"]
    read_on: str
    """ISO date on which the page was read."""
    note: str = ""

    def __str__(self) -> str:
        """Return the citation with its status, as shown to people."""
        return f"{self.text} (status {self.status})"


class Rule(Record, frozen=True, tag_field="kind", kw_only=True):
    """What every rule has."""

    id: str
    source: Source
    purposes: tuple[Purpose, ...] = tuple(Purpose)


class CallingHours(Rule, frozen=True, tag="calling_hours", kw_only=True):
    """Local hours in which a person may be called, as "08:00-21:00"; no entry means no calls."""

    weekday: tuple[str, ...]
    saturday: tuple[str, ...]
    sunday: tuple[str, ...]
    holiday: tuple[str, ...] | None = None
    """None: holidays are days like any other."""

    def __post_init__(self) -> None:
        """Refuse hours that are not hours."""
        for spans in (self.weekday, self.saturday, self.sunday, self.holiday or ()):
            for span in spans:
                minutes_of(span)

    def minutes(self, day: DayKind, weekday: DayKind) -> tuple[tuple[int, int], ...]:
        """Return the day's spans in minutes after local midnight.

        Args:
            day: What kind of day it is, "holiday" included.
            weekday: What it would be were it no holiday.
        """
        if day == "holiday" and self.holiday is None:
            day = weekday
        spans = {
            "weekday": self.weekday,
            "saturday": self.saturday,
            "sunday": self.sunday,
            "holiday": self.holiday or (),
        }[day]
        return tuple(minutes_of(span) for span in spans)


class AttemptCap(Rule, frozen=True, tag="attempt_cap", kw_only=True):
    """At most so many calls within a sliding time."""

    calls_max: int
    within_h: int
    per: Literal["number", "person", "matter"]
    """A matter is what the call is about: a debt, an offer."""
    unless_agent_reserved: bool = False
    """Calls for which an agent is guaranteed are exempt."""


class ConversationPause(Rule, frozen=True, tag="conversation_pause", kw_only=True):
    """No call for some days after a conversation about the matter."""

    days: int


class RefusalPause(Rule, frozen=True, tag="refusal_pause", kw_only=True):
    """No call for some days after the person declined."""

    days: int


class AbandonPause(Rule, frozen=True, tag="abandon_pause", kw_only=True):
    """No call for some hours after an abandoned one, unless an agent is reserved for it."""

    hours: int


class DoNotCallList(Rule, frozen=True, tag="do_not_call_list", kw_only=True):
    """A register that must have been checked lately, and its exemptions."""

    register: str
    age_days_max: int
    exempt_after_transaction_days: int = 0
    exempt_after_inquiry_days: int = 0
    exempt_by_consent: bool = True
    consent_must_be_written: bool = False
    """Only consent in writing lifts it."""


class OwnRequests(Rule, frozen=True, tag="own_requests", kw_only=True):
    """People who asked this caller not to call are not called: here, from the moment they ask."""

    honoured_within_days: int
    """What the law allows; the gate does not wait."""


class ConsentNeeded(Rule, frozen=True, tag="consent_needed", kw_only=True):
    """A call of this form needs the person's consent."""

    form: Literal["any", "recorded", "automatic", "automatic_to_mobile"]
    """`automatic`: a machine selects or dials the number; `recorded`: no person speaks."""
    level: Literal["express", "written"] = "express"


class RingTime(Rule, frozen=True, tag="ring_time", kw_only=True):
    """An unanswered call must have rung this long."""

    ring_s_min: int


class CallerIdentity(Rule, frozen=True, tag="caller_identity", kw_only=True):
    """The number shown is the caller's own, and can be called back."""


class AbandonLimit(Rule, frozen=True, tag="abandon_limit", kw_only=True):
    """The largest share of live answers that may find no agent in time."""

    percent_max: float
    window_days: int
    window: Literal["successive", "rolling"]
    """Successive periods start with the campaign; a rolling one always ends now."""
    agent_within_ms: int
    clock: Literal["answer", "greeting_end"]
    """When the wait for an agent starts to count."""
    counts_detection_errors: bool = False
    """People taken for machines count as abandoned, by estimate."""


class AbandonMessage(Rule, frozen=True, tag="abandon_message", kw_only=True):
    """What an abandoned person must hear."""

    within_ms: int
    names_caller: bool = True
    gives_number: bool = True
    opt_out_key: bool = False


class RecordsKept(Rule, frozen=True, tag="records_kept", kw_only=True):
    """How long the proof is kept."""

    years: int


AnyRule = (
    CallingHours
    | AttemptCap
    | ConversationPause
    | RefusalPause
    | AbandonPause
    | DoNotCallList
    | OwnRequests
    | ConsentNeeded
    | RingTime
    | CallerIdentity
    | AbandonLimit
    | AbandonMessage
    | RecordsKept
)


def minutes_of(span: str) -> tuple[int, int]:
    """Return "08:00-21:00" as minutes after midnight.

    Raises:
        ValueError: The text is not two clock times in order; the author of the document erred.

    Example:
        >>> minutes_of("08:00-21:30")
        (480, 1290)
    """
    try:
        opens, closes = (_clock_minutes(clock) for clock in span.split("-"))
    except ValueError:
        raise ValueError(f"calling hours must look like 08:00-21:00, not {span!r}") from None
    if not 0 <= opens < closes <= DAY_MINUTES:
        raise ValueError(f"calling hours must open before they close within a day, not {span!r}")
    return opens, closes


def _clock_minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
