"""The lead store's tables, in SQLite.

`lead.due_ms` orders everything: a fresh lead has minus its priority, one that was tried has the
instant of its next try, one lent to the centre the end of the loan, one that is done has none.
So fresh leads come first by priority, then retries by age, and the index finds the next one of a
place without looking at the others.
"""

import sqlite3
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS lead (
    campaign_id TEXT NOT NULL,
    lead_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    number_index INTEGER NOT NULL,
    place TEXT NOT NULL,
    due_ms INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    consent_at_ms INTEGER,
    consent_is_written INTEGER NOT NULL,
    transaction_at_ms INTEGER,
    inquiry_at_ms INTEGER,
    PRIMARY KEY (campaign_id, lead_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS lead_due ON lead (campaign_id, place, due_ms);
CREATE TABLE IF NOT EXISTS number (
    campaign_id TEXT NOT NULL,
    lead_id TEXT NOT NULL,
    number_index INTEGER NOT NULL,
    e164 TEXT NOT NULL,
    number_key TEXT NOT NULL,
    place TEXT NOT NULL,
    is_mobile INTEGER NOT NULL,
    is_dead INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (campaign_id, lead_id, number_index)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS number_by_key ON number (number_key);
CREATE TABLE IF NOT EXISTS attempt (
    call_id TEXT PRIMARY KEY,
    campaign_id TEXT NOT NULL,
    lead_id TEXT NOT NULL,
    number_key TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    dialled_at_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    was_connected INTEGER NOT NULL,
    is_abandoned INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS attempt_by_number ON attempt (number_key, dialled_at_ms);
CREATE INDEX IF NOT EXISTS attempt_by_customer ON attempt (customer_id, dialled_at_ms);
CREATE TABLE IF NOT EXISTS do_not_call (
    number_key TEXT PRIMARY KEY,
    asked_at_ms INTEGER NOT NULL,
    source TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS erased (customer_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS supplied (
    key TEXT PRIMARY KEY,
    leads TEXT NOT NULL,
    is_exhausted INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS list (
    campaign_id TEXT PRIMARY KEY,
    digest TEXT NOT NULL
) WITHOUT ROWID;
"""


def open_database(path: Path) -> sqlite3.Connection:
    """Open the store, making it if it is missing; every commit is on the disk when it returns."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)  # before SQLite gives its side files the same mode
    database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    database.row_factory = sqlite3.Row
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.executescript(SCHEMA)
    return database
