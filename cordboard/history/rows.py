"""What each notice writes down: one small function per notice, chosen by the notice's type.

A notice becomes a few statements at most. Sums (talk, hold, wrap-up) are added in the database, so
that a contact handled by several agents needs no memory here. Who listened
in on a conversation is not kept.
"""

from functools import singledispatch

from sqlalchemy import Connection, Update, insert, update

from acd import notices as acd_notices
from acd.cases import CaseState
from acd.ids import CallId, CaseId
from cordboard.history.schema import (
    agent_intervals,
    cases,
    contacts,
    dial_attempts,
    handlings,
    offers,
)
from dialer import notices as dialer_notices


@singledispatch
def write(notice: object, connection: Connection) -> None:
    """Write one notice down; one that history does not keep is passed over."""


@write.register
def _call_opened(notice: acd_notices.CallOpened, connection: Connection) -> None:
    connection.execute(
        insert(contacts).values(
            call_id=notice.call_id,
            direction=notice.direction.value,
            customer_id=notice.customer_id,
            opened_at_ms=notice.at_ms,
        )
    )


@write.register
def _call_enqueued(notice: acd_notices.CallEnqueued, connection: Connection) -> None:
    of_call = _contact(notice.call_id)
    connection.execute(of_call.values(queue_id=notice.queue_id))
    connection.execute(
        of_call.where(contacts.c.queued_at_ms.is_(None)).values(
            queued_at_ms=notice.at_ms, first_queue_id=notice.queue_id
        )
    )


@write.register
def _call_offered(notice: acd_notices.CallOffered, connection: Connection) -> None:
    connection.execute(
        insert(offers).values(
            reservation_id=notice.reservation_id,
            call_id=notice.call_id,
            queue_id=notice.queue_id,
            agent_id=notice.agent_id,
            offered_at_ms=notice.at_ms,
        )
    )


@write.register
def _offer_closed(notice: acd_notices.OfferClosed, connection: Connection) -> None:
    connection.execute(
        update(offers)
        .where(offers.c.reservation_id == notice.reservation_id)
        .values(end=notice.end.value, ring_ms=notice.ring_ms)
    )


@write.register
def _call_connected(notice: acd_notices.CallConnected, connection: Connection) -> None:
    of_call = _contact(notice.call_id)
    connection.execute(of_call.values(agent_id=notice.agent_id))
    connection.execute(
        of_call.where(contacts.c.connected_at_ms.is_(None)).values(
            connected_at_ms=notice.at_ms, answer_ms=notice.wait_ms, wait_ms=notice.wait_ms
        )
    )
    connection.execute(
        insert(handlings).values(
            call_id=notice.call_id,
            queue_id=notice.queue_id,
            agent_id=notice.agent_id,
            connected_at_ms=notice.at_ms,
        )
    )


@write.register
def _talk_ended(notice: acd_notices.TalkEnded, connection: Connection) -> None:
    connection.execute(_contact(notice.call_id).values(talk_ms=contacts.c.talk_ms + notice.talk_ms))
    connection.execute(
        _open_handling(notice).values(parted_at_ms=notice.at_ms, talk_ms=notice.talk_ms)
    )


@write.register
def _hold_changed(notice: acd_notices.HoldChanged, connection: Connection) -> None:
    connection.execute(_contact(notice.call_id).values(hold_ms=contacts.c.hold_ms + notice.hold_ms))


@write.register
def _call_transferred(notice: acd_notices.CallTransferred, connection: Connection) -> None:
    is_transfer = int(notice.kind is not acd_notices.TransferKind.TAKEN_OVER)
    connection.execute(
        _contact(notice.call_id).values(
            transfer_count=contacts.c.transfer_count + is_transfer, queue_id=notice.to_queue_id
        )
    )


@write.register
def _handling_ended(notice: acd_notices.HandlingEnded, connection: Connection) -> None:
    of_call = _contact(notice.call_id)
    connection.execute(of_call.values(wrap_up_ms=contacts.c.wrap_up_ms + notice.wrap_up_ms))
    if notice.disposition is not None:
        connection.execute(of_call.values(disposition=notice.disposition))
    connection.execute(
        _open_handling(notice).values(handled_at_ms=notice.at_ms, wrap_up_ms=notice.wrap_up_ms)
    )


def _contact(call_id: CallId) -> Update:
    return update(contacts).where(contacts.c.call_id == call_id)


def _open_handling(notice: acd_notices.TalkEnded | acd_notices.HandlingEnded) -> Update:
    return update(handlings).where(
        handlings.c.call_id == notice.call_id,
        handlings.c.agent_id == notice.agent_id,
        handlings.c.handled_at_ms.is_(None),
    )


@write.register
def _callback_promised(notice: acd_notices.CallbackPromised, connection: Connection) -> None:
    connection.execute(_contact(notice.call_id).values(origin_id=notice.origin_id))


@write.register
def _callback_ended(notice: acd_notices.CallbackEnded, connection: Connection) -> None:
    connection.execute(_contact(notice.call_id).values(is_kept=notice.is_kept))


@write.register
def _call_closed(notice: acd_notices.CallClosed, connection: Connection) -> None:
    connection.execute(
        _contact(notice.call_id).values(
            ended_at_ms=notice.at_ms, outcome=notice.outcome.value, wait_ms=notice.wait_ms
        )
    )


@write.register
def _agent_changed(notice: acd_notices.AgentChanged, connection: Connection) -> None:
    connection.execute(
        update(agent_intervals)
        .where(agent_intervals.c.agent_id == notice.agent_id, agent_intervals.c.to_ms.is_(None))
        .values(to_ms=notice.at_ms)
    )
    connection.execute(
        insert(agent_intervals).values(
            agent_id=notice.agent_id,
            from_ms=notice.at_ms,
            presence=notice.presence,
            reason=notice.reason,
            state=notice.state,
            call_id=notice.call_id,
        )
    )


@write.register
def _case_changed(notice: acd_notices.CaseChanged, connection: Connection) -> None:
    is_settled = notice.state == CaseState.SETTLED
    known = connection.execute(
        _case(notice.case_id).values(
            state=notice.state,
            due_at_ms=notice.due_at_ms,
            agent_id=notice.agent_id,
            reopened_count=notice.reopened_count,
            settled_at_ms=notice.at_ms if is_settled else None,
        )
    )
    if not known.rowcount:
        connection.execute(
            insert(cases).values(
                case_id=notice.case_id,
                customer_id=notice.customer_id,
                queue_id=notice.queue_id,
                category=notice.category,
                state=notice.state,
                opened_at_ms=notice.at_ms,
                due_at_ms=notice.due_at_ms,
                agent_id=notice.agent_id,
                origin_id=notice.origin_id,
                reopened_count=notice.reopened_count,
            )
        )


@write.register
def _case_went_overdue(notice: acd_notices.CaseWentOverdue, connection: Connection) -> None:
    connection.execute(_case(notice.case_id).values(was_overdue=True))


@write.register
def _case_scored(notice: acd_notices.CaseScored, connection: Connection) -> None:
    connection.execute(_case(notice.case_id).values(rating=notice.rating))


def _case(case_id: CaseId) -> Update:
    return update(cases).where(cases.c.case_id == case_id)


@write.register
def _dial_placed(notice: dialer_notices.DialPlaced, connection: Connection) -> None:
    connection.execute(
        insert(dial_attempts).values(
            call_id=notice.call_id,
            campaign_id=notice.campaign_id,
            lead_id=notice.lead_id,
            placed_at_ms=notice.at_ms,
        )
    )


@write.register
def _dial_closed(notice: dialer_notices.DialClosed, connection: Connection) -> None:
    connection.execute(
        update(dial_attempts)
        .where(dial_attempts.c.call_id == notice.call_id)
        .values(
            ended_at_ms=notice.at_ms,
            outcome=notice.outcome,
            is_live_answer=notice.is_live_answer,
            is_abandoned=notice.is_abandoned,
            wait_ms=notice.wait_ms,
            answered_at_ms=_known(notice.answered_at_ms),
            live_at_ms=_known(notice.live_at_ms),
        )
    )


def _known(at_ms: int) -> int | None:
    """Return an instant, None where the notice has none."""
    return at_ms if at_ms >= 0 else None
