"""Cases of a period: how many were opened, and whether what customers were promised was kept."""

from dataclasses import dataclass

from sqlalchemy import Connection, Integer, case, cast, func, select

from acd.cases import CaseState
from cordboard.history.counts import Period
from cordboard.history.schema import cases


@dataclass(frozen=True, slots=True)
class CaseRow:
    """The cases of one category that were opened in a period."""

    category: str
    opened: int
    settled: int  #: so far
    overdue: int  #: were not settled by the time the customer was told, at least once
    reopened: int
    on_time: float | None  #: share of those settled or overdue that never were overdue
    rating: float | None  #: mean of what customers said, 1 to 5


def case_rows(connection: Connection, period: Period) -> list[CaseRow]:
    """Return one row for each category, by name."""
    is_settled = cases.c.state == CaseState.SETTLED
    has_ended = is_settled | cases.c.was_overdue
    rows = connection.execute(
        select(
            cases.c.category,
            func.count().label("opened"),
            func.sum(cast(is_settled, Integer)).label("settled"),
            func.sum(cast(cases.c.was_overdue, Integer)).label("overdue"),
            func.sum(case((cases.c.reopened_count > 0, 1), else_=0)).label("reopened"),
            func.sum(case((has_ended, 1), else_=0)).label("ended"),
            func.avg(cases.c.rating).label("rating"),
        )
        .where(cases.c.opened_at_ms >= period.from_ms, cases.c.opened_at_ms < period.until_ms)
        .group_by(cases.c.category)
        .order_by(cases.c.category)
    )
    return [
        CaseRow(
            category=row.category,
            opened=row.opened,
            settled=row.settled,
            overdue=row.overdue,
            reopened=row.reopened,
            on_time=1 - row.overdue / row.ended if row.ended else None,
            rating=None if row.rating is None else float(row.rating),
        )
        for row in rows
    ]
