"""The lead store: which lead is next, whether it may be called, and what became of it.

It answers three commands of the centre and one question of the gateway. All of it may be asked
twice: a request for leads is answered from what was answered before, an attempt is closed once, an
opt-out stands however often it is said.

Numbers and names live here and nowhere else in the runtime. Do-not-call entries are kept under the
number's keyed hash, so that they outlive the erasure of the person.
"""

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec
import structlog

from acd.ids import CustomerId
from cordboard.runtime.leads.gatekeeper import CampaignLists, Gatekeeper
from cordboard.runtime.leads.importing import LeadRow, RowError, read_leads
from cordboard.runtime.leads.retries import next_step
from cordboard.runtime.leads.schema import open_database
from cordboard.runtime.sealing import Pseudonyms
from dialer.commands import CloseAttempt, OptOut, PlaceCall, RequestLeads
from dialer.compliance import (
    Refused,
    RuleBook,
)
from dialer.events import Lead
from dialer.ids import CampaignId, LeadId

_WINDOW_MS_MIN = 60_000
"""A window that closes sooner than this is not worth lending for."""

_LENT_MS = 5 * 60_000
"""A lead is lent for so long at most. The centre may have given up waiting for an answer that is on
its way (it does so across a change of leader); what was lent with it must not lie idle for long."""

_RETRY_MS_MIN = 60_000
"""A lead that the gate refused is not looked at again sooner."""

_log = structlog.get_logger(__name__)


class SqliteLeads:
    """The lead store of a site, in one SQLite file."""

    def __init__(
        self,
        path: Path,
        campaigns: Mapping[CampaignId, CampaignLists],
        book: RuleBook,
        pseudonyms: Pseudonyms,
    ) -> None:
        self._database = open_database(path)
        self._lock = threading.RLock()
        self._campaigns = campaigns
        self._gatekeeper = Gatekeeper(self._database, book)
        self._pseudonyms = pseudonyms

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    # --- lists -------------------------------------------------------------------------------

    def import_lists(self) -> list[RowError]:
        """Take in the campaigns' files that have changed; return the rows that were left out.

        What is known of a lead stays: a lead that is on the list again is not fresh again.
        """
        wrong: list[RowError] = []
        for campaign_id, lists in self._campaigns.items():
            digest = hashlib.sha256(lists.path.read_bytes()).hexdigest()
            known = self._database.execute(
                "SELECT digest FROM list WHERE campaign_id = ?", (campaign_id,)
            ).fetchone()
            if known is not None and known["digest"] == digest:
                continue
            with self._transaction() as database:
                for row in read_leads(lists.path, lists.region):
                    if isinstance(row, RowError):
                        wrong.append(row)
                    else:
                        self._take_in(database, campaign_id, row)
                database.execute("INSERT OR REPLACE INTO list VALUES (?, ?)", (campaign_id, digest))
        return wrong

    def add(self, campaign_id: CampaignId, rows: Iterable[LeadRow]) -> None:
        """Take in leads that came by another way than the campaign's file; all or none."""
        with self._transaction() as database:
            for row in rows:
                self._take_in(database, campaign_id, row)

    def _take_in(self, database: sqlite3.Connection, campaign_id: CampaignId, row: LeadRow) -> None:
        customer_id = self._pseudonyms.by_number(row.numbers[0].e164)
        if database.execute(
            "SELECT 1 FROM erased WHERE customer_id = ?", (customer_id,)
        ).fetchone():
            return
        database.execute(
            "INSERT INTO lead VALUES (?, ?, ?, ?, ?, 0, ?, ?, 0, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET name = excluded.name, language = excluded.language,"
            " consent_at_ms = excluded.consent_at_ms,"
            " consent_is_written = excluded.consent_is_written,"
            " transaction_at_ms = excluded.transaction_at_ms,"
            " inquiry_at_ms = excluded.inquiry_at_ms",
            (
                campaign_id,
                row.lead_id,
                customer_id,
                row.name,
                row.language,
                row.numbers[0].place,
                -row.priority,
                row.consent_at_ms,
                row.consent_is_written,
                row.transaction_at_ms,
                row.inquiry_at_ms,
            ),
        )
        for index, number in enumerate(row.numbers):
            key = self._pseudonyms.number_key(number.e164)
            database.execute(
                "INSERT OR IGNORE INTO number VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
                (
                    campaign_id,
                    row.lead_id,
                    index,
                    number.e164,
                    key,
                    number.place,
                    number.is_mobile,
                ),
            )

    # --- lending -----------------------------------------------------------------------------

    def supply(self, request: RequestLeads, key: str, now_ms: int) -> tuple[list[Lead], bool]:
        """Return the next callable leads, and whether there is no further one now.

        A lead is lent until its attempt is closed, its window closes or five minutes are over,
        whichever comes first; the centre drops what it has not dialled by then.

        Args:
            request: The centre's request.
            key: The request's identity: the same key gets the same answer.
            now_ms: The journal's instant, about.

        Cost: O(places + count x log leads).
        """
        with self._transaction() as database:
            known = database.execute(
                "SELECT leads, is_exhausted FROM supplied WHERE key = ?", (key,)
            ).fetchone()
            if known is not None:
                leads = msgspec.json.decode(known["leads"], type=list[Lead])
                return leads, bool(known["is_exhausted"])
            leads = self._choose(database, request, now_ms)
            is_exhausted = len(leads) < request.count
            text = msgspec.json.encode(leads).decode()
            database.execute("DELETE FROM supplied")  # only the latest can be asked for again
            database.execute("INSERT INTO supplied VALUES (?, ?, ?)", (key, text, is_exhausted))
            return leads, is_exhausted

    def _choose(
        self, database: sqlite3.Connection, request: RequestLeads, now_ms: int
    ) -> list[Lead]:
        lists = self._campaigns.get(request.campaign_id)
        if lists is None:
            return []
        leads: list[Lead] = []
        while len(leads) < request.count:
            rows = self._next_due(database, request.campaign_id, lists, now_ms)
            if not rows:
                break
            for row in rows[: request.count - len(leads)]:
                lead = self._lend(database, row, lists, now_ms)
                if lead is not None:
                    leads.append(lead)
        return leads

    def _next_due(
        self,
        database: sqlite3.Connection,
        campaign_id: CampaignId,
        lists: CampaignLists,
        now_ms: int,
    ) -> list[sqlite3.Row]:
        """Return leads that are due at places where it is time to call, most urgent first."""
        places = database.execute(
            "SELECT DISTINCT place FROM lead WHERE campaign_id = ?", (campaign_id,)
        ).fetchall()
        rows: list[sqlite3.Row] = []
        for (place,) in places:
            if (
                self._gatekeeper.closes_at_ms(place, lists.purpose, now_ms)
                < now_ms + _WINDOW_MS_MIN
            ):
                continue
            rows += database.execute(
                "SELECT * FROM lead WHERE campaign_id = ? AND place = ? AND due_ms <= ?"
                " ORDER BY due_ms, lead_id LIMIT 256",
                (campaign_id, place, now_ms),
            ).fetchall()
        return sorted(rows, key=lambda row: (row["due_ms"], row["lead_id"]))

    def _lend(
        self, database: sqlite3.Connection, row: sqlite3.Row, lists: CampaignLists, now_ms: int
    ) -> Lead | None:
        """Lend a lead if the gate allows it; else note when to ask again."""
        number = self._number(row["campaign_id"], row["lead_id"], row["number_index"])
        assert number is not None  # a lead is written with its numbers
        verdict = self._gatekeeper.ask(row, number, lists, now_ms)
        if isinstance(verdict, Refused):
            retry_at_ms = verdict.retry_at_ms
            due_ms = None if retry_at_ms is None else max(retry_at_ms, now_ms + _RETRY_MS_MIN)
            self._set_due(database, row, due_ms)
            return None
        until_at_ms = min(verdict.until_at_ms, now_ms + _LENT_MS)
        self._set_due(database, row, until_at_ms)
        return Lead(
            lead_id=LeadId(row["lead_id"]),
            number_index=row["number_index"],
            number_key=number["number_key"],
            customer_id=CustomerId(row["customer_id"]),
            opens_at_ms=now_ms,
            closes_at_ms=until_at_ms,
            rule_set=verdict.rule_set_version,
            attempts=row["attempts"],
        )

    def _set_due(self, database: sqlite3.Connection, row: sqlite3.Row, due_ms: int | None) -> None:
        database.execute(
            "UPDATE lead SET due_ms = ? WHERE campaign_id = ? AND lead_id = ?",
            (due_ms, row["campaign_id"], row["lead_id"]),
        )

    # --- what the gateway asks ---------------------------------------------------------------

    def number_of(self, command: PlaceCall) -> str | None:
        """Return the number to dial, or None when the lead is no more."""
        with self._lock:
            number = self._number(command.campaign_id, command.lead_id, command.number_index)
        return None if number is None else str(number["e164"])

    def allows(self, command: PlaceCall, now_ms: int) -> bool:
        """Tell whether a dial may be carried out now: the gate is asked a second time."""
        lists = self._campaigns.get(command.campaign_id)
        with self._lock:
            row = self._lead(command.campaign_id, command.lead_id)
            number = self._number(command.campaign_id, command.lead_id, command.number_index)
            if lists is None or row is None or number is None:
                return False
            verdict = self._gatekeeper.ask(row, number, lists, now_ms)
        if isinstance(verdict, Refused):
            _log.warning("dial refused by the gate", rule=verdict.rule, reason=verdict.reason)
            return False
        return True

    # --- what became of it -------------------------------------------------------------------

    def close_attempt(self, attempt: CloseAttempt) -> None:
        """Note an attempt's outcome, once, and when the lead is due again."""
        with self._transaction() as database:
            row = self._lead(attempt.campaign_id, attempt.lead_id)
            number = self._number(attempt.campaign_id, attempt.lead_id, attempt.number_index)
            if row is None or number is None:
                return
            noted = database.execute(
                "INSERT OR IGNORE INTO attempt VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    attempt.call_id,
                    attempt.campaign_id,
                    attempt.lead_id,
                    number["number_key"],
                    row["customer_id"],
                    attempt.dialled_at_ms,
                    attempt.outcome,
                    attempt.was_connected,
                    attempt.is_abandoned,
                ),
            ).rowcount
            if noted:
                self._move_on(database, row, attempt)

    def _move_on(
        self, database: sqlite3.Connection, row: sqlite3.Row, attempt: CloseAttempt
    ) -> None:
        attempts = row["attempts"] + 1
        step = next_step(attempt.outcome, was_connected=attempt.was_connected, attempts=attempts)
        key = (attempt.campaign_id, attempt.lead_id)
        if step.is_number_dead:
            database.execute(
                "UPDATE number SET is_dead = 1"
                " WHERE campaign_id = ? AND lead_id = ? AND number_index = ?",
                (*key, attempt.number_index),
            )
        # The next number in turn that is not dead; the same one again if it is the only one.
        following = database.execute(
            "SELECT number_index, place FROM number"
            " WHERE campaign_id = ? AND lead_id = ? AND is_dead = 0"
            " ORDER BY number_index <= ?, number_index LIMIT 1",
            (*key, attempt.number_index),
        ).fetchone()
        is_done = step.pause_ms is None or following is None
        due_ms = None if is_done else attempt.dialled_at_ms + (step.pause_ms or 0)
        index, place = (
            (row["number_index"], row["place"])
            if following is None
            else (following["number_index"], following["place"])
        )
        database.execute(
            "UPDATE lead SET attempts = ?, due_ms = ?, number_index = ?, place = ?"
            " WHERE campaign_id = ? AND lead_id = ?",
            (attempts, due_ms, index, place, *key),
        )

    def opt_out(self, order: OptOut, now_ms: int) -> None:
        """Put all numbers of a lead on the do-not-call list."""
        with self._transaction() as database:
            database.execute(
                "INSERT OR IGNORE INTO do_not_call SELECT number_key, ?, 'asked' FROM number"
                " WHERE campaign_id = ? AND lead_id = ?",
                (now_ms, order.campaign_id, order.lead_id),
            )

    def forget(self, customer_id: CustomerId) -> int:
        """Erase a person's names and numbers; return how many leads.

        Opt-outs stay, hashed, and so does the mark that keeps a list from bringing the person back.
        """
        with self._transaction() as database:
            database.execute("INSERT OR IGNORE INTO erased VALUES (?)", (customer_id,))
            leads = database.execute(
                "SELECT campaign_id, lead_id FROM lead WHERE customer_id = ?", (customer_id,)
            ).fetchall()
            for campaign_id, lead_id in leads:
                for table in ("number", "lead"):
                    database.execute(
                        f"DELETE FROM {table} WHERE campaign_id = ? AND lead_id = ?",  # noqa: S608  (a table's name, from this line)
                        (campaign_id, lead_id),
                    )
        return len(leads)

    def _lead(self, campaign_id: CampaignId, lead_id: LeadId) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._database.execute(
            "SELECT * FROM lead WHERE campaign_id = ? AND lead_id = ?", (campaign_id, lead_id)
        ).fetchone()
        return row

    def _number(self, campaign_id: CampaignId, lead_id: LeadId, index: int) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._database.execute(
            "SELECT * FROM number WHERE campaign_id = ? AND lead_id = ? AND number_index = ?",
            (campaign_id, lead_id, index),
        ).fetchone()
        return row
