"""Files of leads to rows of the store: what a list says now, beside what is known of its people.

What is known of a lead stays: one that is on the list again is not fresh again. A lead that is no
longer in its list's file is called no more, and comes back with its history when the file names it
again. A number stands once in a campaign: a row that brings it a second time, in this list or in
another, is left out and reported, so that nobody is called twice for the same thing.

Rows are written in batches, each in a transaction of its own, so that a list of a million can be
read while leads are lent.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from itertools import islice, takewhile
from threading import Event

import msgspec

from cordboard.runtime.leads.importing import (
    LeadRow,
    RowError,
    has_number_of,
    is_in_other_list,
    read_leads,
)
from cordboard.runtime.leads.numbers import NumberRow
from cordboard.runtime.leads.plan import ADDED, CampaignLists, ListFile
from cordboard.runtime.leads.standing import FINISHED, Lane, Standing
from cordboard.runtime.sealing import Pseudonyms
from dialer.ids import CampaignId

BATCH = 500
"""Rows per transaction: the store is busy for some ten milliseconds."""

Transaction = Callable[[], AbstractContextManager[sqlite3.Connection]]

_INSERT = (
    "INSERT INTO lead (campaign_id, lead_id, list_no, edition, customer_id, name, language, fields,"
    " priority, number_index, place_no, standing, lane, due_ms, consent_at_ms, consent_is_written,"
    " transaction_at_ms, inquiry_at_ms)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_UPDATE = (
    "UPDATE lead SET list_no = ?, edition = ?, name = ?, language = ?, fields = ?, priority = ?,"
    " consent_at_ms = ?, consent_is_written = ?, transaction_at_ms = ?, inquiry_at_ms = ?"
    " WHERE lead_no = ?"
)


class Intake:
    """Takes lists in."""

    def __init__(self, transaction: Transaction, pseudonyms: Pseudonyms) -> None:
        self._transaction = transaction
        self._pseudonyms = pseudonyms
        self._places: dict[str, int] = {}

    def take_in(
        self, campaign_id: CampaignId, lists: CampaignLists, stop: Event
    ) -> Iterator[RowError]:
        """Take in the lists of a campaign whose files have changed; yield the rows left out.

        Args:
            campaign_id: The campaign.
            lists: Its lists.
            stop: Ends it between two batches; the list is then read again the next time.

        Raises:
            OSError: A file cannot be read.
        """
        self._places = {}
        for file in lists.lists:
            digest = hashlib.sha256(file.path.read_bytes() + lists.region.encode()).hexdigest()
            with self._transaction() as database:
                list_no, edition, known = _open_list(database, campaign_id, file.name)
            if known == digest:
                continue
            rows = takewhile(lambda _: not stop.is_set(), read_leads(file.path, lists.region))
            yield from self._take_rows(campaign_id, file, list_no, edition, rows)
            if not stop.is_set():
                with self._transaction() as database:
                    _close_list(database, list_no, edition, digest)

    def add(
        self, database: sqlite3.Connection, campaign_id: CampaignId, rows: Iterable[LeadRow]
    ) -> Iterator[tuple[LeadRow, str]]:
        """Take in leads that come by no file, in a list of their own that no file replaces.

        Yields:
            The rows left out, and what speaks against each.
        """
        self._places = {}
        list_no, _, _ = _open_list(database, campaign_id, ADDED)
        for row in rows:
            problem = self._take(database, campaign_id, list_no, 0, row)
            if problem:
                yield row, problem

    def _take_rows(
        self,
        campaign_id: CampaignId,
        file: ListFile,
        list_no: int,
        edition: int,
        rows: Iterator[LeadRow | RowError],
    ) -> Iterator[RowError]:
        while batch := list(islice(rows, BATCH)):
            wrong: list[RowError] = []
            with self._transaction() as database:
                for row in batch:
                    if isinstance(row, RowError):
                        wrong.append(row)
                        continue
                    problem = self._take(database, campaign_id, list_no, edition, row)
                    if problem:
                        wrong.append(RowError(str(file.path), row.line, problem))
            yield from wrong

    def _take(
        self,
        database: sqlite3.Connection,
        campaign_id: CampaignId,
        list_no: int,
        edition: int,
        row: LeadRow,
    ) -> str:
        """Write one row; return what speaks against it, nothing if it was taken."""
        known = database.execute(
            "SELECT lead_no, list_no, edition, standing FROM lead"
            " WHERE campaign_id = ? AND lead_id = ?",
            (campaign_id, row.lead_id),
        ).fetchone()
        if known is not None and known["list_no"] != list_no and _is_current(database, known):
            return is_in_other_list(row.lead_id)
        keys = [self._pseudonyms.number_key(number.e164) for number in row.numbers]
        own = -1 if known is None else known["lead_no"]
        other = _other_lead(database, campaign_id, own, keys)
        if other is not None:
            return has_number_of(row.lead_id, other)
        customer_id = self._pseudonyms.by_number(row.numbers[0].e164)
        if database.execute(
            "SELECT 1 FROM erased WHERE customer_id = ?", (customer_id,)
        ).fetchone():
            return ""  # asked to be forgotten: the list cannot bring them back
        told = (row.name, row.language, msgspec.json.encode(row.fields).decode(), -row.priority)
        bases = (
            row.consent_at_ms,
            row.consent_is_written,
            row.transaction_at_ms,
            row.inquiry_at_ms,
        )
        place_no = self._place_no(database, row.numbers[0].place)
        if known is None:
            fresh = (Standing.FRESH, Lane.FRESH, -row.priority)
            lead_no = database.execute(
                _INSERT,
                (
                    campaign_id,
                    row.lead_id,
                    list_no,
                    edition,
                    customer_id,
                    *told,
                    place_no,
                    *fresh,
                    *bases,
                ),
            ).lastrowid
            assert lead_no is not None  # it was just given
        else:
            lead_no = own
            database.execute(_UPDATE, (list_no, edition, *told, *bases, lead_no))
            _freshen(database, known)
        self._write_numbers(database, lead_no, row.numbers, keys)
        if known is not None:
            _drop_numbers_from(database, lead_no, len(keys))
        return ""

    def _write_numbers(
        self,
        database: sqlite3.Connection,
        lead_no: int,
        numbers: tuple[NumberRow, ...],
        keys: list[str],
    ) -> None:
        """Write a lead's numbers; one that is as before stays as it is, dead or alive."""
        for index, (number, key) in enumerate(zip(numbers, keys, strict=True)):
            place_no = self._place_no(database, number.place)
            database.execute(
                "INSERT INTO number VALUES (?, ?, ?, ?, ?, ?, ?, 0)"
                " ON CONFLICT (lead_no, number_index) DO UPDATE SET e164 = excluded.e164,"
                " is_dead = CASE number_key WHEN excluded.number_key THEN is_dead ELSE 0 END,"
                " number_key = excluded.number_key, place_no = excluded.place_no,"
                " kind = excluded.kind, is_mobile = excluded.is_mobile",
                (lead_no, index, number.e164, key, place_no, number.kind, number.is_mobile),
            )

    def _place_no(self, database: sqlite3.Connection, place: str) -> int:
        if place not in self._places:
            database.execute("INSERT OR IGNORE INTO place (place) VALUES (?)", (place,))
            row = database.execute("SELECT place_no FROM place WHERE place = ?", (place,))
            self._places[place] = row.fetchone()[0]
        return self._places[place]


def _open_list(
    database: sqlite3.Connection, campaign_id: CampaignId, name: str
) -> tuple[int, int, str]:
    """Return a list's number, the edition its file will be, and the digest known of it."""
    database.execute(
        "INSERT OR IGNORE INTO list (campaign_id, name, digest, turn)"
        " SELECT ?1, ?2, '', coalesce(min(turn), 0) FROM list WHERE campaign_id = ?1",
        (campaign_id, name),
    )
    row = database.execute(
        "SELECT * FROM list WHERE campaign_id = ? AND name = ?", (campaign_id, name)
    ).fetchone()
    return row["list_no"], row["edition"] + 1, row["digest"]


def _close_list(database: sqlite3.Connection, list_no: int, edition: int, digest: str) -> None:
    """Note that a file has been read whole; who is not in it is called no more."""
    database.execute(
        f"UPDATE lead SET standing = {Standing.REMOVED:d}, lane = NULL, due_ms = NULL, held_by = ''"  # noqa: S608  (a number of ours)
        f" WHERE list_no = ? AND edition < ? AND standing NOT IN ({_FINISHED})",
        (list_no, edition),
    )
    database.execute(
        "UPDATE list SET digest = ?, edition = ? WHERE list_no = ?", (digest, edition, list_no)
    )


_FINISHED = ", ".join(f"{standing:d}" for standing in FINISHED)


def _is_current(database: sqlite3.Connection, lead: sqlite3.Row) -> bool:
    """Tell whether a lead is in the newest edition of its list."""
    edition = database.execute(
        "SELECT edition FROM list WHERE list_no = ?", (lead["list_no"],)
    ).fetchone()[0]
    return bool(lead["edition"] >= edition)


def _other_lead(
    database: sqlite3.Connection, campaign_id: CampaignId, own_no: int, keys: list[str]
) -> str | None:
    """Return another lead of the campaign that has one of these numbers, if there is one."""
    for key in keys:
        row = database.execute(
            "SELECT lead_id FROM number JOIN lead USING (lead_no) WHERE number_key = ?"
            " AND campaign_id = ? AND lead_no <> ? AND standing <> ?",
            (key, campaign_id, own_no, Standing.REMOVED),
        ).fetchone()
        if row is not None:
            return str(row["lead_id"])
    return None


def _drop_numbers_from(database: sqlite3.Connection, lead_no: int, count: int) -> None:
    """Remove the numbers a lead has no more, and point it at one that it has."""
    database.execute("DELETE FROM number WHERE lead_no = ? AND number_index >= ?", (lead_no, count))
    database.execute(
        "UPDATE lead SET number_index = min(number_index, ?) WHERE lead_no = ?",
        (count - 1, lead_no),
    )
    database.execute(
        "UPDATE lead SET place_no = (SELECT place_no FROM number"
        " WHERE number.lead_no = lead.lead_no AND number.number_index = lead.number_index)"
        " WHERE lead_no = ?",
        (lead_no,),
    )


def _freshen(database: sqlite3.Connection, known: sqlite3.Row) -> None:
    """Let a lead that is on the list again be called: where it was left, or looked at anew."""
    if known["standing"] == Standing.REMOVED:
        database.execute(
            "UPDATE lead SET standing = CASE attempts WHEN 0 THEN ? ELSE ? END,"
            " lane = CASE attempts WHEN 0 THEN ? ELSE ? END,"
            " due_ms = CASE attempts WHEN 0 THEN priority ELSE 0 END WHERE lead_no = ?",
            (Standing.FRESH, Standing.RETRY, Lane.FRESH, Lane.TIMED, known["lead_no"]),
        )
    else:
        database.execute(
            "UPDATE lead SET due_ms = priority WHERE lead_no = ? AND lane = ?",
            (known["lead_no"], Lane.FRESH),
        )
