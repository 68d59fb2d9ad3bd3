"""What people and other programs do with lists while they are worked: add, look up, forbid.

The worker has the file open too. SQLite serialises the writers, and every change here is one
transaction, so neither sees half of the other's work.
"""

import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import phonenumbers

from cordboard.runtime.leads.importing import OWN_COLUMN, LeadError, LeadRow, read_lead
from cordboard.runtime.leads.schema import open_database
from cordboard.runtime.leads.standing import FINISHED
from cordboard.runtime.leads.store import SqliteLeads
from cordboard.runtime.sealing import Pseudonyms
from dialer.ids import CampaignId, LeadId

_DONE = ", ".join(f"{standing:d}" for standing in FINISHED)

_PROGRESS = (
    "SELECT count(*) AS leads, coalesce(sum(attempts), 0) AS attempts,"  # noqa: S608  (numbers of ours)
    " coalesce(sum(attempts = 0 AND due_ms <= ?), 0) AS untried,"
    f" coalesce(sum(standing IN ({_DONE})), 0) AS done"
    " FROM lead WHERE campaign_id = ?"
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A lead that was not taken, and why."""

    lead: str
    problem: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of leads that were added."""

    taken: int
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class ListProgress:
    """How far a campaign's list is."""

    leads: int
    untried: int  #: never dialled, and callable as far as known
    later: int  #: tried or lent, and due again at some time
    done: int  #: not to be dialled again
    attempts: int


@dataclass(frozen=True, slots=True)
class LeadProgress:
    """How far one lead is; who it is stays in the store."""

    lead: str
    attempts: int
    due_at_ms: int | None  #: 0 or less: as soon as possible; None: not again
    last_outcome: str  #: empty before the first attempt
    last_dialled_at_ms: int | None
    is_forbidden: bool  #: one of its numbers is on the do-not-call list


@dataclass(frozen=True, slots=True)
class LeadCard:
    """Who a lead is, for the agent who is to speak with them: personal data."""

    name: str
    language: str
    fields: Mapping[str, str]  #: what the list tells besides, by column


class ListDesk:
    """The lead store of a site, for everybody but the dialer."""

    def __init__(self, path: Path, leads: SqliteLeads, pseudonyms: Pseudonyms) -> None:
        self._leads = leads
        self._pseudonyms = pseudonyms
        self._database = open_database(path)
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close what was opened."""
        self._leads.close()
        with self._lock:
            self._database.close()

    def add(self, campaign_id: CampaignId, rows: Iterable[Mapping[str, str]], region: str) -> Taken:
        """Add leads to a campaign's list; a wrong one is left out, the others are taken.

        What is known of a lead stays: one that is added again is not fresh again.

        Args:
            campaign_id: A campaign of the settings.
            rows: By the columns of a list's file.
            region: ISO 3166 country in which national numbers are read; empty: none are taken.
        """
        lines_of: dict[str, int] = {}
        good: list[LeadRow] = []
        left_out: list[LeftOut] = []
        for line, row in enumerate(rows, start=1):
            try:
                good.append(read_lead(row, line, region, lines_of))
            except LeadError as wrong:
                left_out.append(LeftOut(row.get("lead", ""), str(wrong)))
        refused = self._leads.add(campaign_id, good)
        left_out += [LeftOut(row.lead_id, problem) for row, problem in refused]
        return Taken(len(good) - len(refused), tuple(left_out))

    def progress(self, campaign_id: CampaignId, now_ms: int) -> ListProgress:
        """Return how far a campaign's list is."""
        row = self._one(
            _PROGRESS,
            (now_ms, campaign_id),
        )
        assert row is not None  # an aggregate always has a row
        later = row["leads"] - row["untried"] - row["done"]
        return ListProgress(row["leads"], row["untried"], later, row["done"], row["attempts"])

    def lead(self, campaign_id: CampaignId, lead_id: LeadId) -> LeadProgress | None:
        """Return how far a lead is, None if the list has no such lead."""
        key = (campaign_id, lead_id)
        lead = self._one(
            "SELECT attempts, due_ms FROM lead WHERE campaign_id = ? AND lead_id = ?", key
        )
        if lead is None:
            return None
        last = self._one(
            "SELECT outcome, dialled_at_ms FROM attempt WHERE campaign_id = ? AND lead_id = ?"
            " ORDER BY dialled_at_ms DESC LIMIT 1",
            key,
        )
        forbidden = self._one(
            "SELECT 1 FROM lead JOIN number USING (lead_no) JOIN do_not_call USING (number_key)"
            " WHERE campaign_id = ? AND lead_id = ? LIMIT 1",
            key,
        )
        return LeadProgress(
            lead=str(lead_id),
            attempts=lead["attempts"],
            due_at_ms=lead["due_ms"],
            last_outcome="" if last is None else last["outcome"],
            last_dialled_at_ms=None if last is None else last["dialled_at_ms"],
            is_forbidden=forbidden is not None,
        )

    def card(self, campaign_id: CampaignId, lead_id: LeadId) -> LeadCard | None:
        """Return who a lead is, None if the list has no such lead."""
        row = self._one(
            "SELECT name, language, fields FROM lead WHERE campaign_id = ? AND lead_id = ?",
            (campaign_id, lead_id),
        )
        if row is None:
            return None
        told = msgspec.json.decode(row["fields"], type=dict[str, str])
        fields = {column.removeprefix(OWN_COLUMN): value for column, value in told.items()}
        return LeadCard(row["name"], row["language"], fields)

    def forbid(self, numbers: Sequence[str], now_ms: int, source: str) -> int:
        """Put numbers on the do-not-call list; return how many were new to it.

        Args:
            numbers: In E.164, as `e164` returns them.
            now_ms: The centre's instant.
            source: Who says so; kept beside the entry.
        """
        keys = [self._pseudonyms.number_key(number) for number in numbers]
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                new = self._database.executemany(
                    "INSERT OR IGNORE INTO do_not_call VALUES (?, ?, ?)",
                    [(key, now_ms, source) for key in keys],
                ).rowcount
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")
        return max(0, new)

    def is_forbidden(self, number: str) -> bool:
        """Tell whether a number (E.164) is on the do-not-call list."""
        key = self._pseudonyms.number_key(number)
        return self._one("SELECT 1 FROM do_not_call WHERE number_key = ?", (key,)) is not None

    def _one(self, query: str, values: tuple[object, ...]) -> sqlite3.Row | None:
        with self._lock:
            row: sqlite3.Row | None = self._database.execute(query, values).fetchone()
        return row


def e164(text: str, region: str = "") -> str | None:
    """Return a number in E.164, None if it is in no country's numbering plan.

    Example:
        >>> e164("020 7946 0123", "GB")
        '+442079460123'
        >>> e164("12") is None
        True
    """
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
