"""Measures of a period, by the formulas of `acd.measures`: what `cordboard report` prints."""

from http import HTTPStatus
from typing import Annotated

import msgspec

from cordboard.api.operation import Asked, Operation
from cordboard.api.period import Instant, instant_ms
from cordboard.api.problems import bad_request, not_found
from cordboard.api.tokens import Scope
from cordboard.api.world import World
from cordboard.history.counts import Period, queue_names, reach_ms
from cordboard.history.report import ALL, Report, make_report

MINUTE_MS = 60_000

INTERVALS_MAX = 2_000
"""Six weeks of half hours in one answer; ask for more in several."""


class ReportQuery(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """Which period, which queue, in which intervals."""

    from_: Instant = ""
    until: Instant = ""
    queue: Annotated[str, msgspec.Meta(max_length=64)] = ALL
    interval_minutes: Annotated[int, msgspec.Meta(ge=1, le=44_640)] = 30


def _report(world: World, asked: Asked) -> Report:
    query: ReportQuery = asked.query
    with world.history() as history:
        reach = reach_ms(history)
        if reach is None:
            raise not_found("the history is empty: nothing has happened in this centre yet")
        known = queue_names(history)
        if query.queue != ALL and query.queue not in known:
            raise bad_request(f"history knows no such queue; it knows {', '.join(known) or 'none'}")
        return make_report(history, _period(query, *reach), reach[1], query.queue)


def _period(query: ReportQuery, first_ms: int, reached_ms: int) -> Period:
    interval_ms = query.interval_minutes * MINUTE_MS
    from_ms = instant_ms("from", query.from_, first_ms - first_ms % interval_ms)
    until_ms = instant_ms("until", query.until, reached_ms + 1)
    if until_ms <= from_ms:
        raise bad_request("the period is empty: `until` must be after `from` and within history")
    period = Period(from_ms, until_ms, interval_ms)
    if len(period.starts_ms) > INTERVALS_MAX:
        raise bad_request(
            f"{len(period.starts_ms)} intervals are more than {INTERVALS_MAX}; use a larger"
            " interval_minutes, or a shorter period"
        )
    return period


OPERATIONS = (
    Operation(
        name="readReport",
        method="GET",
        path="/reports/measures",
        scope=Scope.REPORTS_READ,
        summary="Service level, waits, handling, occupancy and dials of a period, by interval.",
        answer=_report,
        gives=Report,
        query=ReportQuery,
        problems=(HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE),
    ),
)
