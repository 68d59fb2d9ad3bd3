"""A campaign's leads as CSV: what the lists said, and what has become of each lead.

The columns of an import come first, so that an export can be taken in again elsewhere; then where
the lead stands. The file holds names and numbers: it is its owner's alone.
"""

import csv
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from cordboard.runtime.leads.importing import COLUMNS, NUMBER_COLUMNS
from cordboard.runtime.leads.standing import Standing
from dialer.ids import CampaignId

_STATE_COLUMNS = ("field_list", "field_standing", "field_attempts", "field_last_outcome")


def export_leads(database: sqlite3.Connection, campaign_id: CampaignId, path: Path) -> int:
    """Write a campaign's leads to a file; return how many.

    Raises:
        OSError: The file cannot be written.
    """
    own = _own_columns(database, campaign_id)
    columns = [*(name for name in COLUMNS if name not in _UNTOLD), *own, *_STATE_COLUMNS]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    count = 0
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
        writer.writeheader()
        for row in _rows(database, campaign_id):
            writer.writerow(row)
            count += 1
    return count


_UNTOLD = ("time_zone", "region")
"""Columns that were folded into the place of each number."""


def _own_columns(database: sqlite3.Connection, campaign_id: CampaignId) -> list[str]:
    """Return the lists' own columns, in alphabetical order."""
    rows = database.execute(
        "SELECT DISTINCT key FROM lead, json_each(lead.fields) WHERE campaign_id = ? ORDER BY key",
        (campaign_id,),
    )
    return [row[0] for row in rows if row[0] not in _STATE_COLUMNS]


def _rows(database: sqlite3.Connection, campaign_id: CampaignId) -> Iterator[dict[str, object]]:
    leads = database.execute(
        "SELECT lead.*, list.name AS list_name, (SELECT outcome FROM attempt WHERE"
        " attempt.customer_id = lead.customer_id AND attempt.lead_id = lead.lead_id"
        " AND attempt.campaign_id = lead.campaign_id"
        " ORDER BY dialled_at_ms DESC LIMIT 1) AS last_outcome"
        " FROM lead JOIN list USING (list_no) WHERE lead.campaign_id = ? ORDER BY lead_no",
        (campaign_id,),
    )
    for lead in leads:
        told: dict[str, object] = msgspec.json.decode(lead["fields"], type=dict[str, object])
        numbers = database.execute(
            "SELECT e164, kind FROM number WHERE lead_no = ? ORDER BY number_index",
            (lead["lead_no"],),
        )
        for (column, kind_column), (e164, kind) in zip(
            NUMBER_COLUMNS.items(), numbers, strict=False
        ):
            told |= {column: e164, kind_column: kind}
        yield told | {
            "lead": lead["lead_id"],
            "name": lead["name"],
            "language": lead["language"],
            "priority": -lead["priority"],
            "consent_on": _date(lead["consent_at_ms"]),
            "consent_is_written": "yes" if lead["consent_is_written"] else "no",
            "transaction_on": _date(lead["transaction_at_ms"]),
            "inquiry_on": _date(lead["inquiry_at_ms"]),
            "field_list": lead["list_name"],
            "field_standing": Standing(lead["standing"]).name.lower(),
            "field_attempts": lead["attempts"],
            "field_last_outcome": lead["last_outcome"] or "",
        }


def _date(at_ms: int | None) -> str:
    if at_ms is None:
        return ""
    return datetime.fromtimestamp(at_ms / 1_000, UTC).date().isoformat()
