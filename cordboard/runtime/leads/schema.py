"""The lead store's tables, in SQLite.

**How the next lead is found.** A lead that may become due stands in one of three *lanes* of its
list and place, ordered by `due_ms`: agreed callbacks, leads whose time is written (retries, loans
that lapse, refusals that end) and fresh ones, whose `due_ms` is minus their priority, so that they
are always due and the urgent ones come first. The index finds the head of each lane without looking
at any other lead. A lead in no lane is finished, or waits for somebody (see `standing.Standing`).

Lists, places and leads have short numbers of their own beside their names, because a million rows
repeat them in every index.

Numbers and names are in `number` and `lead` only; attempts, registers and do-not-call entries know
a number by its keyed hash. Attempts are the proof of what was dialled under which rules: they
outlive the lead, and nothing here deletes them.
"""

import sqlite3
from pathlib import Path

CHECKPOINT_PAGES = 4_000
"""Every so many pages the log is folded into the file: 16 MB, once in some hundred loans."""

VERSION = 1
"""Of the tables; written into the file."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS list (
    list_no INTEGER PRIMARY KEY,
    campaign_id TEXT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    turn REAL NOT NULL DEFAULT 0,
    conversations INTEGER NOT NULL DEFAULT 0,
    edition INTEGER NOT NULL DEFAULT 0,
    UNIQUE (campaign_id, name)
);
CREATE TABLE IF NOT EXISTS place (
    place_no INTEGER PRIMARY KEY,
    place TEXT NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS lead (
    lead_no INTEGER PRIMARY KEY,
    campaign_id TEXT NOT NULL,
    lead_id TEXT NOT NULL,
    list_no INTEGER NOT NULL,
    edition INTEGER NOT NULL,
    customer_id TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    fields TEXT NOT NULL,
    priority INTEGER NOT NULL,
    number_index INTEGER NOT NULL,
    place_no INTEGER NOT NULL,
    standing INTEGER NOT NULL,
    lane INTEGER,
    due_ms INTEGER,
    held_by TEXT NOT NULL DEFAULT '',
    agent_id TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0,
    consent_at_ms INTEGER,
    consent_is_written INTEGER NOT NULL,
    transaction_at_ms INTEGER,
    inquiry_at_ms INTEGER
);
CREATE UNIQUE INDEX IF NOT EXISTS lead_by_id ON lead (campaign_id, lead_id);
CREATE INDEX IF NOT EXISTS lead_due ON lead (list_no, lane, place_no, due_ms)
    WHERE lane IS NOT NULL;
CREATE INDEX IF NOT EXISTS lead_held ON lead (list_no) WHERE held_by <> '';
CREATE INDEX IF NOT EXISTS lead_by_customer ON lead (customer_id);
CREATE TABLE IF NOT EXISTS number (
    lead_no INTEGER NOT NULL,
    number_index INTEGER NOT NULL,
    e164 TEXT NOT NULL,
    number_key TEXT NOT NULL,
    place_no INTEGER NOT NULL,
    kind TEXT NOT NULL,
    is_mobile INTEGER NOT NULL,
    is_dead INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (lead_no, number_index)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS number_by_key ON number (number_key);
CREATE TABLE IF NOT EXISTS attempt (
    call_id TEXT PRIMARY KEY,
    campaign_id TEXT NOT NULL,
    lead_id TEXT NOT NULL,
    number_key TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    place TEXT NOT NULL,
    dialled_at_ms INTEGER NOT NULL,
    rule_set TEXT NOT NULL,
    window_until_ms INTEGER NOT NULL,
    caller_id TEXT NOT NULL,
    outcome TEXT,
    was_connected INTEGER NOT NULL DEFAULT 0,
    is_abandoned INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS attempt_by_number ON attempt (number_key, dialled_at_ms);
CREATE INDEX IF NOT EXISTS attempt_by_customer ON attempt (customer_id, dialled_at_ms);
CREATE TABLE IF NOT EXISTS answer_time (
    campaign_id TEXT NOT NULL,
    weekday INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    dials INTEGER NOT NULL,
    answers INTEGER NOT NULL,
    PRIMARY KEY (campaign_id, weekday, hour)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS answer_odds (
    campaign_id TEXT NOT NULL,
    trait TEXT NOT NULL,
    answered REAL NOT NULL,
    expected REAL NOT NULL,
    PRIMARY KEY (campaign_id, trait)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS do_not_call (
    number_key TEXT PRIMARY KEY,
    asked_at_ms INTEGER NOT NULL,
    source TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS register (
    name TEXT PRIMARY KEY,
    drawn_at_ms INTEGER NOT NULL,
    copy_no INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS registered (
    copy_no INTEGER NOT NULL,
    number_key TEXT NOT NULL,
    PRIMARY KEY (copy_no, number_key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS erased (customer_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS supplied (
    key TEXT PRIMARY KEY,
    leads TEXT NOT NULL,
    is_exhausted INTEGER NOT NULL
) WITHOUT ROWID;
"""


class LeadStoreError(Exception):
    """The lead store's file cannot be used; the message says which and what to do."""


def open_database(path: Path) -> sqlite3.Connection:
    """Open the store, making it if it is missing; every commit is on the disk when it returns.

    Raises:
        LeadStoreError: The file is of another version of the tables.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)  # before SQLite gives its side files the same mode
    database = _connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    tables = database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables:
        _check_version(database, path)
    database.executescript(SCHEMA)
    database.execute(f"PRAGMA user_version = {VERSION}")
    return database


def open_beside(path: Path) -> sqlite3.Connection:
    """Open a store that a worker may be using, to look into it; it is not changed by opening.

    Raises:
        LeadStoreError: There is no such file, or it is of another version of the tables.
    """
    if not path.is_file():
        raise LeadStoreError(
            f"there is no lead store at {path}; a worker makes it when it starts,"
            " and so does `cordboard leads import`"
        )
    database = _connect(path)
    _check_version(database, path)
    return database


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
    database.row_factory = sqlite3.Row
    return database


def _check_version(database: sqlite3.Connection, path: Path) -> None:
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version != VERSION:
        database.close()
        raise LeadStoreError(
            f"{path} has tables of version {version}, this program needs {VERSION};"
            " keep the file for its attempts and opt-outs, and let a new one be made"
        )
