"""Live answers of campaigns as history has them, with both starts of the legal clock.

The end of a person's greeting is not told by the carrier. Detection says "a person" once they have
been silent for the speech-end threshold, so the greeting ended that long before the verdict; an
estimate, and bounded by the answer. Without detection there is no verdict, and the answer itself
is taken, the strict side.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from cordboard.history.schema import contacts, dial_attempts
from dialer.compliance import LiveAnswer
from dialer.compliance.account import AnswerLog
from dialer.outcomes import Outcome


def campaign_answers(
    connection: Connection, speech_end_ms: Mapping[str, int]
) -> dict[str, AnswerLog]:
    """Return what history knows of each campaign's answers.

    Args:
        connection: The history.
        speech_end_ms: By campaign, the speech-end threshold of machine detection; 0 without it.
            Campaigns that are not named are left out.
    """
    found: dict[str, AnswerLog] = {}
    dials = dial_attempts.c
    statement = (
        select(
            dials.campaign_id,
            dials.placed_at_ms,
            dials.ended_at_ms,
            dials.outcome,
            dials.is_live_answer,
            dials.answered_at_ms,
            dials.live_at_ms,
            contacts.c.connected_at_ms,
        )
        .outerjoin(contacts, contacts.c.call_id == dials.call_id)
        .order_by(dials.placed_at_ms, dials.call_id)
    )
    for row in connection.execute(statement.where(dials.campaign_id.in_(sorted(speech_end_ms)))):
        known = found.setdefault(row.campaign_id, AnswerLog(row.placed_at_ms))
        known.dials += 1
        if row.ended_at_ms is None:
            continue
        if row.is_live_answer:
            known.answers.append(
                LiveAnswer(
                    known_at_ms=row.ended_at_ms,
                    answered_at_ms=_first(row.answered_at_ms, row.live_at_ms, row.ended_at_ms),
                    greeting_end_at_ms=_greeting_end(
                        row.answered_at_ms,
                        row.live_at_ms,
                        speech_end_ms[row.campaign_id],
                    ),
                    connected_at_ms=row.connected_at_ms,
                    hung_up_at_ms=row.ended_at_ms if row.connected_at_ms is None else None,
                )
            )
        elif row.outcome == Outcome.MACHINE:
            known.machines_at_ms.append(row.ended_at_ms)
    return found


def clocks_of(connection: Connection, call_id: str) -> dict[str, int | None]:
    """Return the instants by which a dial is judged: answer, verdict, agent, end; None unknown."""
    row = connection.execute(
        select(
            dial_attempts.c.answered_at_ms,
            dial_attempts.c.live_at_ms,
            contacts.c.connected_at_ms,
            dial_attempts.c.ended_at_ms,
        )
        .outerjoin(contacts, contacts.c.call_id == dial_attempts.c.call_id)
        .where(dial_attempts.c.call_id == call_id)
    ).one_or_none()
    return {} if row is None else dict(row._mapping)  # noqa: SLF001  (the library's public name for it)


def _first(*instants: int | None) -> int:
    return next(instant for instant in instants if instant is not None)


def _greeting_end(
    answered_at_ms: int | None, live_at_ms: int | None, speech_end_ms: int
) -> int | None:
    if answered_at_ms is None or live_at_ms is None or live_at_ms == answered_at_ms:
        return None
    return max(answered_at_ms, live_at_ms - speech_end_ms)
