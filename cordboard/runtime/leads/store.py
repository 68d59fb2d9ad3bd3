"""The lead store: which lead is next, whether it may be called, and what became of it.

It answers three commands of the centre and two questions of the gateway. All of it may be asked
twice: a request for leads is answered from what was answered before, a dial is permitted and an
attempt closed once, an opt-out stands however often it is said.

Numbers and names live here and nowhere else in the runtime. Do-not-call entries are kept under the
number's keyed hash, so that they outlive the erasure of the person.
"""

import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import msgspec
import structlog

from acd.ids import AgentId, CustomerId
from cordboard.runtime.leads.aftermath import Aftermath
from cordboard.runtime.leads.gatekeeper import Gatekeeper, Question
from cordboard.runtime.leads.importing import LeadRow, RowError
from cordboard.runtime.leads.intake import Intake
from cordboard.runtime.leads.lending import Lending
from cordboard.runtime.leads.plan import CampaignLists
from cordboard.runtime.leads.registers import Registers, Taken
from cordboard.runtime.leads.schema import open_database
from cordboard.runtime.leads.standing import OWN_REQUEST, Lane, Standing
from cordboard.runtime.sealing import Pseudonyms
from dialer.commands import CloseAttempt, OptOut, PlaceCall, RequestLeads
from dialer.compliance import Refused, RuleBook
from dialer.events import Lead
from dialer.ids import CampaignId, LeadId

ASKED = "asked"
"""The source of a do-not-call entry that a called person made."""

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
        """Open the file, making it if it is missing.

        Raises:
            LeadStoreError: It was made by another version of this program.
        """
        self._database = open_database(path)
        self._is_durable = True
        self._lock = threading.RLock()
        self._campaigns = campaigns
        self._pseudonyms = pseudonyms
        self._gatekeeper = Gatekeeper(self._database, book, campaigns)
        self._aftermath = Aftermath(self._database, campaigns, self._gatekeeper.places)
        self._lending = Lending(self._database, self._gatekeeper)
        self._registers = Registers(self._transaction, pseudonyms.number_key)
        self._intake = Intake(partial(self._transaction, is_durable=False), pseudonyms)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    @contextmanager
    def _transaction(self, *, is_durable: bool = True) -> Iterator[sqlite3.Connection]:
        """Hold the store for a change; a durable one is on the disk when this returns.

        Loans and lists need not be: a loan that a power cut forgets is lent again, and whichever
        of its two dials comes second meets a lead that is not due; a list is read again.
        """
        with self._lock:
            if is_durable != self._is_durable:
                self._database.execute(f"PRAGMA synchronous = {'FULL' if is_durable else 'NORMAL'}")
                self._is_durable = is_durable
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    # --- lists -------------------------------------------------------------------------------

    def import_lists(self, stop: threading.Event | None = None) -> list[RowError]:
        """Take in the campaigns' files that have changed; return the rows that were left out.

        Leads that the gate held back for good are looked at again: rules may have changed.

        Args:
            stop: Ends it early when set; what is left is taken in the next time.

        Raises:
            OSError: A file cannot be read.
        """
        wrong: list[RowError] = []
        for campaign_id, lists in self._campaigns.items():
            wrong += self._intake.take_in(campaign_id, lists, stop or threading.Event())
        self._release_held()
        return wrong

    def add(self, campaign_id: CampaignId, rows: Iterable[LeadRow]) -> list[tuple[LeadRow, str]]:
        """Take in leads that come by no file; return those left out, and why."""
        with self._transaction() as database:
            return list(self._intake.add(database, campaign_id, rows))

    def take_register(self, name: str, drawn_at_ms: int, rows: Iterator[str | RowError]) -> Taken:
        """Take in a copy of a do-not-call register; it replaces the one before."""
        taken = self._registers.replace(name, drawn_at_ms, rows)
        self._release_held()
        return taken

    def take_requests(self, asked_at_ms: int, rows: Iterator[str | RowError]) -> Taken:
        """Add numbers to our own do-not-call list, at once."""
        return self._registers.add_requests(asked_at_ms, rows)

    def _release_held(self) -> None:
        """Let the gate look again at leads that were to wait for a change."""
        with self._transaction() as database:
            database.execute(
                "UPDATE lead SET lane = ?, due_ms = 0 WHERE held_by <> '' AND held_by <> ?"
                " AND lane IS NULL AND standing = ?",
                (Lane.TIMED, OWN_REQUEST, Standing.HELD),
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

        Cost: see `lending`.
        """
        with self._transaction(is_durable=False) as database:
            known = database.execute(
                "SELECT leads, is_exhausted FROM supplied WHERE key = ?", (key,)
            ).fetchone()
            if known is not None:
                leads = msgspec.json.decode(known["leads"], type=list[Lead])
                return leads, bool(known["is_exhausted"])
            lists = self._campaigns.get(request.campaign_id)
            leads, is_exhausted = [], True
            if lists is not None:
                leads, is_exhausted = self._lending.choose(
                    request.campaign_id, lists, now_ms, request.count
                )
            text = msgspec.json.encode(leads).decode()
            database.execute("DELETE FROM supplied")  # only the latest can be asked for again
            database.execute("INSERT INTO supplied VALUES (?, ?, ?)", (key, text, is_exhausted))
            return leads, is_exhausted

    # --- what the gateway asks ---------------------------------------------------------------

    def number_of(self, command: PlaceCall) -> str | None:
        """Return the number to dial, or None when the lead is no more."""
        with self._lock:
            lead = self._lead(command.campaign_id, command.lead_id)
            number = None if lead is None else self._number(lead, command.number_index)
        return None if number is None else str(number["e164"])

    def caller_id_of(self, command: PlaceCall) -> str:
        """Return the number to show, empty when the campaign has but its usual one."""
        lists, number = self._campaigns.get(command.campaign_id), self.number_of(command)
        return "" if lists is None or number is None else lists.caller_id_for(number)

    def allows(self, command: PlaceCall, now_ms: int) -> bool:
        """Tell whether a dial may be carried out now: the gate is asked a second time.

        A permission is written down with the rules that gave it, before the carrier is asked: it
        is the proof of the dial, and counts as an attempt. Asked again for the same dial, the gate
        judges again.
        """
        lists = self._campaigns.get(command.campaign_id)
        with self._transaction() as database:
            lead = self._lead(command.campaign_id, command.lead_id)
            number = None if lead is None else self._number(lead, command.number_index)
            if lists is None or lead is None or number is None:
                return False
            if _is_resting(lead, now_ms):
                _log.warning("dial refused: the lead is not due", call_id=command.call_id)
                return False
            place = str(number["place"])
            verdict = self._gatekeeper.ask(Question(lead, number, place, now_ms, command.call_id))
            if isinstance(verdict, Refused):
                _log.warning("dial refused by the gate", rule=verdict.rule, reason=verdict.reason)
                return False
            database.execute(
                "INSERT OR REPLACE INTO attempt (call_id, campaign_id, lead_id, number_key,"
                " customer_id, place, dialled_at_ms, rule_set, window_until_ms, caller_id)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    command.call_id,
                    command.campaign_id,
                    command.lead_id,
                    number["number_key"],
                    lead["customer_id"],
                    place,
                    now_ms,
                    verdict.rule_set_version,
                    verdict.until_at_ms,
                    lists.caller_id_for(number["e164"]),
                ),
            )
            return True

    # --- what became of it -------------------------------------------------------------------

    def close_attempt(self, attempt: CloseAttempt) -> None:
        """Note an attempt's outcome, once, and when the lead is due again."""
        with self._transaction():
            lead = self._lead(attempt.campaign_id, attempt.lead_id)
            number = None if lead is None else self._number(lead, attempt.number_index)
            self._aftermath.close(attempt, lead, number)

    def opt_out(self, order: OptOut, now_ms: int) -> None:
        """Put all numbers of a lead on the do-not-call list, and hold every lead that has one."""
        with self._transaction() as database:
            lead = self._lead(order.campaign_id, order.lead_id)
            if lead is None:
                return
            database.execute(
                "INSERT OR IGNORE INTO do_not_call SELECT number_key, ?, ? FROM number"
                " WHERE lead_no = ?",
                (now_ms, ASKED, lead["lead_no"]),
            )
            database.execute(
                "UPDATE lead SET standing = ?, lane = NULL, due_ms = NULL, held_by = ?"
                " WHERE lead_no = ?",
                (Standing.HELD, OWN_REQUEST, lead["lead_no"]),
            )

    def forbid(self, number_keys: Collection[str], now_ms: int, source: str) -> None:
        """Put numbers, under their pseudonyms, on the do-not-call list.

        Args:
            number_keys: As `Pseudonyms.number_key` returns them.
            now_ms: The centre's instant.
            source: Who says so; kept beside the entry.
        """
        with self._transaction() as database:
            database.executemany(
                "INSERT OR IGNORE INTO do_not_call VALUES (?, ?, ?)",
                [(key, now_ms, source) for key in sorted(number_keys)],
            )

    def agree(
        self, campaign_id: CampaignId, lead_id: LeadId, at_ms: int, agent_id: AgentId | None = None
    ) -> bool:
        """Note that a person is to be called back at a time they chose; False if there is none.

        Nothing that was agreed lifts the law: the gate judges the call when its time has come.

        Args:
            campaign_id: The campaign.
            lead_id: The lead.
            at_ms: The time agreed.
            agent_id: Who promised to call; None: any agent.
        """
        with self._transaction() as database:
            changed = database.execute(
                "UPDATE lead SET standing = ?, lane = ?, due_ms = ?, agent_id = ?, held_by = ''"
                " WHERE campaign_id = ? AND lead_id = ? AND standing NOT IN (?, ?)"
                " AND held_by <> ?",
                (
                    Standing.AGREED,
                    Lane.AGREED,
                    at_ms,
                    agent_id or "",
                    campaign_id,
                    lead_id,
                    Standing.REMOVED,
                    Standing.UNREACHABLE,
                    OWN_REQUEST,
                ),
            )
        return changed.rowcount > 0

    def forget(self, customer_id: CustomerId) -> int:
        """Erase a person's names and numbers; return how many leads.

        Opt-outs stay, hashed, and so does the mark that keeps a list from bringing the person back.
        """
        with self._transaction() as database:
            database.execute("INSERT OR IGNORE INTO erased VALUES (?)", (customer_id,))
            leads = database.execute(
                "SELECT lead_no FROM lead WHERE customer_id = ?", (customer_id,)
            ).fetchall()
            for (lead_no,) in leads:
                database.execute("DELETE FROM number WHERE lead_no = ?", (lead_no,))
                database.execute("DELETE FROM lead WHERE lead_no = ?", (lead_no,))
        return len(leads)

    def _lead(self, campaign_id: CampaignId, lead_id: LeadId) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._database.execute(
            "SELECT * FROM lead WHERE campaign_id = ? AND lead_id = ?", (campaign_id, lead_id)
        ).fetchone()
        return row

    def _number(self, lead: sqlite3.Row, index: int) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._database.execute(
            "SELECT number.*, place FROM number JOIN place USING (place_no)"
            " WHERE lead_no = ? AND number_index = ?",
            (lead["lead_no"], index),
        ).fetchone()
        return row


def _is_resting(lead: sqlite3.Row, now_ms: int) -> bool:
    """Tell whether a lead is finished, or its time has not come: then nobody lent it for now.

    A loan that has lapsed still permits the dial it was for.
    """
    if lead["standing"] == Standing.LENT:
        return False
    return lead["due_ms"] is None or lead["due_ms"] > now_ms
