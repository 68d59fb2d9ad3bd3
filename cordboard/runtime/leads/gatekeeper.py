"""What the law's gate is told of a lead: its windows, its past, its consents.

The gate itself is `dialer.compliance.gate`; here its questions are answered from the store. It is
asked twice for every dial: when the lead is lent, and when the dial is carried out.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cordboard.runtime.leads.places import Places
from dialer.compliance import (
    Allowed,
    Consent,
    ContactState,
    DialRequest,
    Purpose,
    Refused,
    RegisterCheck,
    RuleBook,
    gate,
)

_YEAR_MS = 365 * 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignLists:
    """What the store must know of a campaign."""

    path: Path
    region: str
    purpose: Purpose
    ring_ms: int
    registers: Mapping[str, int]  #: register to the instant of the copy the list was checked with


class Gatekeeper:
    """Asks the gate, from what a lead store knows."""

    def __init__(self, database: sqlite3.Connection, book: RuleBook) -> None:
        self._database = database
        self._places = Places(book)

    def ask(
        self, row: sqlite3.Row, number: sqlite3.Row, lists: CampaignLists, now_ms: int
    ) -> Allowed | Refused:
        """Return whether a lead's number may be called at an instant, and why not."""
        request = DialRequest(
            at_ms=now_ms,
            purpose=lists.purpose,
            windows=self._places.windows(number["place"], lists.purpose, now_ms),
            ring_s=lists.ring_ms // 1_000,
            caller_id_owned=True,  # `check` and the carrier (21210) see to it
            agent_reserved=False,
            is_mobile=bool(number["is_mobile"]),
        )
        rules = self._places.rules(number["place"])
        return gate(request, rules, self._contact_state(row, number, lists, now_ms))

    def _contact_state(
        self, row: sqlite3.Row, number: sqlite3.Row, lists: CampaignLists, now_ms: int
    ) -> ContactState:
        asked = self._database.execute(
            "SELECT asked_at_ms FROM do_not_call WHERE number_key = ?", (number["number_key"],)
        ).fetchone()
        by_number = self._attempts("number_key", number["number_key"], now_ms)
        by_person = self._attempts("customer_id", row["customer_id"], now_ms)
        consent_at_ms = row["consent_at_ms"]
        is_written = bool(row["consent_is_written"])
        return ContactState(
            attempts_at_ms={
                "number": [attempt["dialled_at_ms"] for attempt in by_number],
                "person": [attempt["dialled_at_ms"] for attempt in by_person],
                "matter": [
                    attempt["dialled_at_ms"]
                    for attempt in by_person
                    if attempt["campaign_id"] == row["campaign_id"]
                ],
            },
            conversation_at_ms=_latest(by_person, "was_connected"),
            abandoned_at_ms=_latest(by_number, "is_abandoned"),
            opted_out_at_ms=None if asked is None else asked["asked_at_ms"],
            registers={
                name: RegisterCheck(at_ms, is_listed=False)
                for name, at_ms in lists.registers.items()
            },
            consent=None if consent_at_ms is None else Consent(consent_at_ms, is_written),
            transaction_at_ms=row["transaction_at_ms"],
            inquiry_at_ms=row["inquiry_at_ms"],
        )

    def _attempts(self, column: str, value: str, now_ms: int) -> list[sqlite3.Row]:
        """Return the attempts of the last year, oldest first; `column` is one of our own names."""
        return self._database.execute(
            f"SELECT * FROM attempt WHERE {column} = ? AND dialled_at_ms > ?"  # noqa: S608  (a column's name, from this module)
            " ORDER BY dialled_at_ms",
            (value, now_ms - _YEAR_MS),
        ).fetchall()

    def closes_at_ms(self, place: str, purpose: Purpose, now_ms: int) -> int:
        """Return when the window that is open now closes, 0 if none is open."""
        for window in self._places.windows(place, purpose, now_ms):
            if now_ms in window:
                return window.until_at_ms
        return 0


def _latest(attempts: list[sqlite3.Row], mark: str) -> int | None:
    """Return the instant of the latest attempt that has a mark."""
    return next((row["dialled_at_ms"] for row in reversed(attempts) if row[mark]), None)
