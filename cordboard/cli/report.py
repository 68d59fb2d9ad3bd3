"""`cordboard report`: a period's measures from the history, per interval and queue.

Times are those of the journal, read and written in UTC unless an offset is given. The present
interval is reported as far as history reaches.
"""

import csv
import os
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordboard.cli.output import OUT, UserError, percent, print_json, print_table, seconds

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from cordboard.history.cases import CaseRow
    from cordboard.history.counts import Period
    from cordboard.history.report import DialRow, QueueRow, Report

MINUTE_MS = 60_000

INTERVALS_MAX = 20_000
"""More than a year of half hours: whoever asks for more has mistaken a date."""


def report(
    history: Annotated[
        str, typer.Option(help="Database URL; else CORDBOARD_HISTORY, else the data folder's.")
    ] = "",
    from_: Annotated[
        str, typer.Option("--from", help="E.g. 2026-11-23T10:00 (UTC), or with +01:00.")
    ] = "",
    until: Annotated[str, typer.Option(help="Likewise; exclusive.")] = "",
    queue: Annotated[str, typer.Option(help="This inbound queue only.")] = "",
    interval_minutes: Annotated[int, typer.Option(help="Length of an interval.")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", help="Write the queues' rows to this file.")
    ] = None,
) -> None:
    """Report service level, waits, handling, occupancy and dials of a period."""
    from cordboard.cli.historian import history_url
    from cordboard.history.counts import HistoryUnreadable, reading

    if interval_minutes < 1:
        raise UserError(f"--interval-minutes is {interval_minutes}; it must be 1 or more")
    from_ms, until_ms = _instant("--from", from_), _instant("--until", until)
    try:
        with reading(history or history_url(os.environ)) as connection:
            made = _made(connection, from_ms, until_ms, interval_minutes * MINUTE_MS, queue)
    except HistoryUnreadable as error:
        raise UserError(str(error)) from error
    if csv_file is not None:
        _write_csv(csv_file, made.queues)
    if as_json:
        print_json(asdict(made))
    elif csv_file is None:
        _print(made)


def _made(
    connection: "Connection",
    from_ms: int | None,
    until_ms: int | None,
    interval_ms: int,
    queue: str,
) -> "Report":
    from cordboard.history.counts import queue_names, reach_ms
    from cordboard.history.report import make_report

    reach = reach_ms(connection)
    if reach is None:
        raise UserError("the history is empty: nothing has happened in this centre yet")
    known = queue_names(connection)
    if queue and queue not in known:
        raise UserError(f"--queue is '{queue}'; history knows {', '.join(known) or 'none'}")
    first_ms, reached_ms = reach
    begins_ms = first_ms - first_ms % interval_ms if from_ms is None else from_ms
    period = _period(begins_ms, reached_ms + 1 if until_ms is None else until_ms, interval_ms)
    return make_report(connection, period, reached_ms, queue)


def _period(from_ms: int, until_ms: int, interval_ms: int) -> "Period":
    from cordboard.history.counts import Period
    from cordboard.history.report import text_of

    if until_ms <= from_ms:
        raise UserError(
            f"the period from {text_of(from_ms)} until {text_of(until_ms)} is empty; history may"
            " end before --from, or --until is not after it"
        )
    period = Period(from_ms, until_ms, interval_ms)
    if len(period.starts_ms) > INTERVALS_MAX:
        raise UserError(
            f"{len(period.starts_ms)} intervals are more than {INTERVALS_MAX}; use a larger"
            " --interval-minutes, or a shorter period"
        )
    return period


def _instant(option: str, text: str) -> int | None:
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise UserError(f"{option} is '{text}'; write e.g. 2026-11-23T10:00") from error
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return round(instant.timestamp() * 1_000)


def _write_csv(path: Path, rows: "list[QueueRow]") -> None:
    from cordboard.history.report import QueueRow

    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, [field.name for field in fields(QueueRow)])
            writer.writeheader()
            writer.writerows(asdict(row) for row in rows if row.begins_at)
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror}") from error


def _print(made: "Report") -> None:
    OUT.print(f"[bold]{made.begins_at} until {made.ends_at}[/]")
    occupancy = {row.begins_at: row.occupancy for row in made.team}
    busy = {row.begins_at for row in made.queues if row.offered or occupancy[row.begins_at]}
    print_table(
        f"Queues by {made.interval_minutes} minutes; quiet intervals are left out",
        (
            "from",
            "queue",
            "offered",
            "answered",
            "abandoned (short)",
            "service level",
            "of answered",
            "ASA",
            "AHT",
            "occupancy",
        ),
        [
            _queue_cells(row, occupancy[row.begins_at])
            for row in made.queues
            if row.begins_at in busy or not row.begins_at
        ],
    )
    if made.dials:
        print_table(
            "Dials",
            ("from", "campaign", "dials", "live answers", "abandoned", "abandonment", "outcomes"),
            [_dial_cells(row) for row in made.dials],
        )

    if made.cases:
        print_table(
            "Cases opened",
            ("category", "opened", "settled", "overdue", "on time", "reopened", "rating"),
            [_case_cells(row) for row in made.cases],
        )


def _case_cells(row: "CaseRow") -> tuple[str, ...]:
    counts = (row.opened, row.settled, row.overdue)
    rating = "-" if row.rating is None else f"{row.rating:.1f}"
    return (row.category, *map(str, counts), percent(row.on_time), str(row.reopened), rating)


def _queue_cells(row: "QueueRow", occupancy: float | None) -> tuple[str, ...]:
    return (
        _start(row.begins_at),
        row.queue or "all",
        str(row.offered),
        str(row.answered),
        f"{row.abandoned} ({row.short_abandons})",
        percent(row.service_level),
        percent(row.service_level_of_answered),
        seconds(row.asa_s),
        seconds(row.aht_s),
        percent(occupancy),
    )


def _dial_cells(row: "DialRow") -> tuple[str, ...]:
    outcomes = ", ".join(
        f"{name.replace('_', ' ')} {count}" for name, count in row.outcomes.items()
    )
    return (
        _start(row.begins_at),
        row.campaign,
        str(row.dials),
        str(row.live_answers),
        str(row.abandoned),
        percent(row.abandonment),
        outcomes,
    )


def _start(begins_at: str) -> str:
    """Write an interval's start without year and seconds.

    Example:
        >>> _start("2026-11-23T10:00:00Z"), _start("")
        ('11-23 10:00', 'whole')
    """
    return begins_at[5:16].replace("T", " ") or "whole"
