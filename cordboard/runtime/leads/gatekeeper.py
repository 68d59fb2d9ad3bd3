"""What the law's gate is told of a lead: its windows, its past, its consents.

The gate itself is `dialer.compliance.gate`; here its questions are answered from the store. It is
asked twice for every dial: when the lead is lent, and when the dial is carried out. A dial counts
as an attempt from its permission on, so several in flight to one person cannot pass a cap together.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cordboard.runtime.leads.places import Places
from cordboard.runtime.leads.plan import CampaignLists
from dialer.compliance import (
    Allowed,
    Consent,
    ContactState,
    DialRequest,
    Refused,
    RegisterCheck,
    RuleBook,
    gate,
    refusals,
)
from dialer.compliance.rules import DoNotCallList
from dialer.ids import CampaignId

_YEAR_MS = 365 * 86_400_000

_ABANDON_MS_MAX = 15_000
"""From the ring's end to the instant at which a person was abandoned, at most: verdict, agent."""


@dataclass(frozen=True, slots=True)
class Question:
    """A number of a lead, as the tables have them."""

    lead: sqlite3.Row
    number: sqlite3.Row
    place: str
    at_ms: int
    call_id: str = ""  #: of the dial that asks, so that it does not count itself


class Gatekeeper:
    """Asks the gate, from what a lead store knows."""

    def __init__(
        self,
        database: sqlite3.Connection,
        book: RuleBook,
        campaigns: Mapping[CampaignId, CampaignLists],
    ) -> None:
        self.places = Places(book, campaigns)
        self.campaigns = campaigns
        self._database = database

    def ask(self, question: Question) -> Allowed | Refused:
        """Return whether a lead's number may be called at an instant, and why not."""
        campaign_id = CampaignId(question.lead["campaign_id"])
        rules = self.places.rules(campaign_id, question.place)
        return gate(self._request(campaign_id, question), rules, self._state(question))

    def refusals(self, question: Question) -> Iterator[Refused]:
        """Yield everything that speaks against a call, in the gate's order."""
        campaign_id = CampaignId(question.lead["campaign_id"])
        rules = self.places.rules(campaign_id, question.place)
        return refusals(self._request(campaign_id, question), rules, self._state(question))

    def _request(self, campaign_id: CampaignId, question: Question) -> DialRequest:
        lists = self.campaigns[campaign_id]
        return DialRequest(
            at_ms=question.at_ms,
            purpose=lists.purpose,
            windows=self.places.windows(campaign_id, question.place, question.at_ms),
            ring_s=lists.ring_ms // 1_000,
            caller_id_owned=lists.is_caller_id_owned,
            agent_reserved=lists.keeps_agents,
            is_mobile=bool(question.number["is_mobile"]),
        )

    def _state(self, question: Question) -> ContactState:
        row, key = question.lead, question.number["number_key"]
        campaign_id = CampaignId(row["campaign_id"])
        lists = self.campaigns[campaign_id]
        asked = self._database.execute(
            "SELECT asked_at_ms FROM do_not_call WHERE number_key = ?", (key,)
        ).fetchone()
        by_number = self._attempts("number_key", key, question)
        by_person = self._attempts("customer_id", row["customer_id"], question)
        abandoned_at_ms = _latest(by_number, "is_abandoned")
        consent_at_ms = row["consent_at_ms"]
        rules = self.places.rules(campaign_id, question.place)
        return ContactState(
            attempts_at_ms={
                "number": [attempt["dialled_at_ms"] for attempt in by_number],
                "person": [attempt["dialled_at_ms"] for attempt in by_person],
                "matter": [
                    attempt["dialled_at_ms"]
                    for attempt in by_person
                    if attempt["campaign_id"] == campaign_id
                ],
            },
            conversation_at_ms=_latest(by_person, "was_connected"),
            abandoned_at_ms=(
                None
                if abandoned_at_ms is None
                else abandoned_at_ms + lists.ring_ms + _ABANDON_MS_MAX
            ),
            opted_out_at_ms=None if asked is None else asked["asked_at_ms"],
            registers={
                rule.register: check
                for rule in rules.of(DoNotCallList, lists.purpose)
                if (check := self._check(rule.register, key, lists)) is not None
            },
            consent=(
                None
                if consent_at_ms is None
                else Consent(consent_at_ms, bool(row["consent_is_written"]))
            ),
            transaction_at_ms=row["transaction_at_ms"],
            inquiry_at_ms=row["inquiry_at_ms"],
        )

    def _check(self, register: str, number_key: str, lists: CampaignLists) -> RegisterCheck | None:
        """Return what a register says: the copy taken in, else the one the files were cleaned with.

        A copy taken in is asked number by number; a file cleaned before it came has none left.
        """
        copy = self._database.execute(
            "SELECT drawn_at_ms, EXISTS (SELECT 1 FROM registered WHERE"
            " registered.copy_no = register.copy_no AND number_key = ?) AS is_listed"
            " FROM register WHERE name = ?",
            (number_key, register),
        ).fetchone()
        cleaned_at_ms = lists.registers.get(register)
        if copy is None:
            return None if cleaned_at_ms is None else RegisterCheck(cleaned_at_ms, is_listed=False)
        drawn_at_ms = max(copy["drawn_at_ms"], cleaned_at_ms or 0)
        return RegisterCheck(drawn_at_ms, is_listed=bool(copy["is_listed"]))

    def _attempts(self, column: str, value: str, question: Question) -> list[sqlite3.Row]:
        """Return the attempts of the last year, oldest first; `column` is one of our own names."""
        return self._database.execute(
            "SELECT campaign_id, dialled_at_ms, was_connected, is_abandoned FROM attempt"  # noqa: S608  (a column's name, from this module)
            f" WHERE {column} = ? AND dialled_at_ms > ? AND call_id <> ? ORDER BY dialled_at_ms",
            (value, question.at_ms - _YEAR_MS, question.call_id),
        ).fetchall()


def _latest(attempts: list[sqlite3.Row], mark: str) -> int | None:
    """Return the instant of the latest attempt that has a mark."""
    return next((row["dialled_at_ms"] for row in reversed(attempts) if row[mark]), None)
