"""A study's three spellings: page, table and JSON text, all made from the same plain values."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence

import msgspec


def json_text(study: object) -> str:
    """Return a study as JSON; figures nobody could know are null."""
    return msgspec.json.format(msgspec.json.encode(study), indent=1).decode() + "\n"


def csv_text(
    first: str, names: Sequence[str], columns: Mapping[str, Sequence[float | int | str | None]]
) -> str:
    """Return a table as CSV.

    Args:
        first: Title of the first column.
        names: What the rows are.
        columns: The others; nothing stands where a figure is not known.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([first, *columns])
    for index, name in enumerate(names):
        writer.writerow([_safe(name), *(_written(values[index]) for values in columns.values())])
    return text.getvalue()


def _written(value: float | str | None) -> float | str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _safe(value)
    return "" if math.isnan(value) else round(value, 6)


def _safe(text: str) -> str:
    """Keep spreadsheets from taking a name for a formula.

    Source:
        OWASP, "CSV Injection".
    """
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
