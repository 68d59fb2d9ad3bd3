"""Campaign settings against the law: an illegal setting is refused with the rule that forbids it.

The gate stops a single call; this stops a campaign that could only ever make illegal ones, or that
would break a rule no single call shows: an abandonment target above the limit, a message that comes
too late, more attempts than a cap allows. Settings may be stricter than the law, never laxer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dialer.compliance.book import Applicable
from dialer.compliance.rules import (
    AbandonLimit,
    AbandonMessage,
    AbandonPause,
    AnyRule,
    AttemptCap,
    CallerIdentity,
    CallingHours,
    ConsentNeeded,
    DayKind,
    DoNotCallList,
    Purpose,
    RecordsKept,
    RingTime,
    minutes_of,
)

DAY_KINDS: tuple[DayKind, ...] = ("weekday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class CampaignPractice:
    """What a campaign intends to do, as far as a rule asks."""

    purpose: Purpose
    abandon_percent_target: float
    agent_within_ms: int
    """How long a live answer may wait for an agent before the message plays."""
    ring_s: int
    dials_ahead: bool = True
    """More calls than ready agents: answers can be abandoned."""
    is_automatic: bool = True
    is_recorded: bool = False
    asks_consent: bool = False
    """Only numbers with a recorded consent are on its lists."""
    hours: Sequence[str] = ()
    """The campaign's own hours on any day, as "09:00-20:00"; empty means as the law allows."""
    attempts_per_day_max: int | None = None
    abandon_pause_h: int = 0
    message_within_ms: int | None = None
    """When an abandoned person hears the message; None: there is none."""
    message_names_caller: bool = False
    message_gives_number: bool = False
    message_opt_out_key: bool = False
    is_caller_id_owned: bool = True
    """Every number it shows is one of its own."""
    registers: Sequence[str] = ()
    """Do-not-call registers its lists are checked against."""
    records_years: int = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """A setting the law forbids."""

    setting: str
    told: str
    lawful: str
    rule: str
    source: str

    def __str__(self) -> str:
        """Say what is wrong, what would be right, and who says so."""
        return (
            f"{self.setting}: {self.told} is not lawful ({self.lawful}); {self.rule}, {self.source}"
        )


def check_campaign(practice: CampaignPractice, rules: Applicable) -> list[Finding]:
    """Return every setting that a rule forbids, in the order of the settings."""
    return [
        *_abandonment(practice, rules),
        *_message(practice, rules),
        *_ring(practice, rules),
        *_identity(practice, rules),
        *_hours(practice, rules),
        *_attempts(practice, rules),
        *_lists(practice, rules),
        *_records(practice, rules),
    ]


def _finding(rule: AnyRule, setting: str, told: object, lawful: str) -> Finding:
    return Finding(setting, str(told), lawful, rule.id, str(rule.source))


def _abandonment(practice: CampaignPractice, rules: Applicable) -> Iterator[Finding]:
    if not practice.dials_ahead:
        return
    for rule in rules.of(AbandonLimit, practice.purpose):
        if practice.abandon_percent_target > rule.percent_max:
            told = f"{practice.abandon_percent_target:g} %"
            yield _finding(rule, "abandon_percent_target", told, f"at most {rule.percent_max:g} %")
        if practice.agent_within_ms > rule.agent_within_ms:
            told = f"{practice.agent_within_ms} ms"
            yield _finding(rule, "agent_within_ms", told, f"at most {rule.agent_within_ms} ms")
    for pause in rules.of(AbandonPause, practice.purpose):
        if practice.abandon_pause_h < pause.hours:
            told = f"{practice.abandon_pause_h} h"
            yield _finding(pause, "abandon_pause_h", told, f"at least {pause.hours} h")


def _message(practice: CampaignPractice, rules: Applicable) -> Iterator[Finding]:
    if not practice.dials_ahead:
        return
    for rule in rules.of(AbandonMessage, practice.purpose):
        within_ms = practice.message_within_ms
        if within_ms is None or within_ms > rule.within_ms:
            told = "no message" if within_ms is None else f"{within_ms} ms"
            yield _finding(rule, "message_within_ms", told, f"at most {rule.within_ms} ms")
            if within_ms is None:
                continue
        needs = (
            ("message_names_caller", rule.names_caller, practice.message_names_caller),
            ("message_gives_number", rule.gives_number, practice.message_gives_number),
            ("message_opt_out_key", rule.opt_out_key, practice.message_opt_out_key),
        )
        for setting, is_needed, is_set in needs:
            if is_needed and not is_set:
                yield _finding(rule, setting, "false", "must be true")


def _ring(practice: CampaignPractice, rules: Applicable) -> Iterator[Finding]:
    for rule in rules.of(RingTime, practice.purpose):
        if practice.ring_s < rule.ring_s_min:
            told = f"{practice.ring_s} s"
            yield _finding(rule, "ring_s", told, f"at least {rule.ring_s_min} s")


def _identity(practice: CampaignPractice, rules: Applicable) -> Iterator[Finding]:
    for rule in rules.of(CallerIdentity, practice.purpose):
        if not practice.is_caller_id_owned:
            lawful = "only a line's number, or one under owned_numbers"
            yield _finding(rule, "caller_id", "not one of the centre's numbers", lawful)


def _hours(practice: CampaignPractice, rules: Applicable) -> Iterator[Finding]:
    """Refuse hours that no day of the rule would allow; the gate trims the others day by day."""
    for rule in rules.of(CallingHours, practice.purpose):
        allowed = [span for day in DAY_KINDS for span in rule.minutes(day, day)]
        for span in practice.hours:
            opens, closes = minutes_of(span)
            if not any(start <= opens and closes <= end for start, end in allowed):
                lawful = "within " + ", ".join(rule.weekday or rule.saturday or ("no hours",))
                yield _finding(rule, "hours", span, lawful)


def _attempts(practice: CampaignPractice, rules: Applicable) -> Iterator[Finding]:
    if practice.attempts_per_day_max is None:
        return
    for rule in rules.of(AttemptCap, practice.purpose):
        is_exempt = rule.unless_agent_reserved and not practice.dials_ahead
        if not is_exempt and practice.attempts_per_day_max > rule.calls_max:
            lawful = f"at most {rule.calls_max} per {rule.per} within {rule.within_h} h"
            yield _finding(rule, "attempts_per_day_max", practice.attempts_per_day_max, lawful)


def _lists(practice: CampaignPractice, rules: Applicable) -> Iterator[Finding]:
    for register in rules.of(DoNotCallList, practice.purpose):
        is_lifted = register.exempt_by_consent and practice.asks_consent
        if register.register not in practice.registers and not is_lifted:
            yield _finding(
                register, "registers", "not checked", f"must include {register.register}"
            )
    forms = {
        "any": True,
        "recorded": practice.is_recorded,
        "automatic": practice.is_automatic,
        "automatic_to_mobile": practice.is_automatic,
    }
    for consent in rules.of(ConsentNeeded, practice.purpose):
        if forms[consent.form] and not practice.asks_consent:
            yield _finding(consent, "asks_consent", "false", f"{consent.level} consent is needed")


def _records(practice: CampaignPractice, rules: Applicable) -> Iterator[Finding]:
    for rule in rules.of(RecordsKept, practice.purpose):
        if practice.records_years < rule.years:
            told = f"{practice.records_years} years"
            yield _finding(rule, "records_years", told, f"at least {rule.years} years")
