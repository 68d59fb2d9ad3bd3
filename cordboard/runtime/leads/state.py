"""What a lead store says of the law's other questions: lock-outs, do-not-call lists, records."""

import sqlite3
from dataclasses import dataclass

from cordboard.runtime.leads.plan import CampaignLists
from dialer.compliance import Applicable
from dialer.compliance.rules import AbandonPause, DoNotCallList
from dialer.ids import CampaignId

_DAY_MS = 86_400_000
_HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Lockout:
    """Numbers that must not be dialled for a while after an abandoned call."""

    rule: str
    hours: int
    numbers: int
    last_ends_at_ms: int | None


@dataclass(frozen=True, slots=True)
class Register:
    """A do-not-call register a campaign is checked against."""

    name: str
    rule: str
    drawn_at_ms: int | None  #: None: there is no copy, and nothing the lists were cleaned with
    is_copy: bool  #: a copy was taken in; else the lists were cleaned before
    numbers: int
    age_days: int | None
    age_days_max: int

    @property
    def is_fresh(self) -> bool:
        """Tell whether dials may rely on it."""
        return self.age_days is not None and self.age_days <= self.age_days_max


@dataclass(frozen=True, slots=True)
class Records:
    """What is kept of dials."""

    dials: int
    since_ms: int | None
    own_requests: int  #: numbers on our own do-not-call list


def lockouts(
    database: sqlite3.Connection,
    campaign_id: CampaignId,
    lists: CampaignLists,
    rules: Applicable,
    at_ms: int,
) -> list[Lockout]:
    """Return which pauses after abandoned calls are running, by rule."""
    found: list[Lockout] = []
    for rule in rules.of(AbandonPause, lists.purpose):
        pause_ms = rule.hours * _HOUR_MS
        row = database.execute(
            "SELECT count(DISTINCT number_key), max(dialled_at_ms) FROM attempt"
            " WHERE campaign_id = ? AND is_abandoned AND dialled_at_ms > ? AND dialled_at_ms <= ?",
            (campaign_id, at_ms - pause_ms, at_ms),
        ).fetchone()
        ends_at_ms = None if row[1] is None else row[1] + pause_ms
        found.append(Lockout(rule.id, rule.hours, row[0], ends_at_ms))
    return found


def registers(
    database: sqlite3.Connection, lists: CampaignLists, rules: Applicable, at_ms: int
) -> list[Register]:
    """Return the registers the rules ask for, and how old what is consulted is."""
    found: list[Register] = []
    for rule in rules.of(DoNotCallList, lists.purpose):
        row = database.execute(
            "SELECT drawn_at_ms, (SELECT count(*) FROM registered WHERE registered.copy_no ="
            " register.copy_no) AS numbers FROM register WHERE name = ?",
            (rule.register,),
        ).fetchone()
        told = [lists.registers.get(rule.register), None if row is None else row["drawn_at_ms"]]
        drawn_at_ms = max((instant for instant in told if instant is not None), default=None)
        found.append(
            Register(
                name=rule.register,
                rule=rule.id,
                drawn_at_ms=drawn_at_ms,
                is_copy=row is not None,
                numbers=0 if row is None else row["numbers"],
                age_days=None if drawn_at_ms is None else (at_ms - drawn_at_ms) // _DAY_MS,
                age_days_max=rule.age_days_max,
            )
        )
    return found


def records(database: sqlite3.Connection) -> Records:
    """Return what is kept."""
    dials, since_ms = database.execute(
        "SELECT count(*), min(dialled_at_ms) FROM attempt"
    ).fetchone()
    own = database.execute("SELECT count(*) FROM do_not_call").fetchone()[0]
    return Records(dials, since_ms, own)
