import pytest

from acd.config import QueueConfig
from acd.measures import (
    Measures,
    QueueCounts,
    abandonment,
    aht_ms,
    asa_ms,
    mean_wait_ms,
    occupancy,
    service_level,
    service_level_of_answered,
    service_level_with_abandons,
)
from acd.notices import (
    AgentChanged,
    CallbackEnded,
    CallClosed,
    CallConnected,
    CallEnqueued,
    CallOpened,
    CallTransferred,
    ConsultOpened,
    ContactOutcome,
    Direction,
    HandlingEnded,
    HoldChanged,
    OfferClosed,
    OfferEnd,
    TalkEnded,
    TransferKind,
)

BILLING = QueueConfig(queue_id="billing", service_level_ms=20_000, short_abandon_ms=5_000)
ABANDONED, CONNECTED = ContactOutcome.ABANDONED, ContactOutcome.CONNECTED


def measured(*notices, interval_ms=900_000):
    measures = Measures([BILLING, QueueConfig(queue_id="sales")], interval_ms)
    measures.feed(notices)
    return measures


def answered(call_id, entered_ms, wait_ms):
    at_ms = entered_ms + wait_ms
    return (
        CallEnqueued(entered_ms, call_id, "billing"),
        CallConnected(at_ms, call_id, "billing", "ana", wait_ms),
    )


def closed(call_id, at_ms, wait_ms, outcome):
    return CallClosed(at_ms, call_id, Direction.INBOUND, "billing", outcome, wait_ms)


def abandoned(call_id, entered_ms, wait_ms):
    return (
        CallEnqueued(entered_ms, call_id, "billing"),
        closed(call_id, entered_ms + wait_ms, wait_ms, ABANDONED),
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (service_level(8, 12, 2), 0.8),
        (service_level(0, 2, 2), None),
        (service_level_of_answered(9, 10), 0.9),
        (service_level_of_answered(0, 0), None),
        (service_level_with_abandons(6, 2, 8, 2), 0.8),
        (asa_ms(30_000, 3), 10_000),
        (mean_wait_ms(30_000, 10_000, 4), 10_000),
        (aht_ms(100_000, 20_000, 2), 60_000),
        (occupancy(45, 15), 0.75),
        (occupancy(0, 0), None),
        (abandonment(3, 11, 1), 0.2),
    ],
)
def test_formula(value, expected):
    assert value == expected


def test_answered_at_the_threshold_is_in_time_and_one_later_is_not():
    total = measured(*answered("c1", 0, 20_000), *answered("c2", 0, 20_001)).total()

    assert (total.offered, total.answered, total.answered_within) == (2, 2, 1)
    assert total.answered_wait_ms == 40_001
    assert total.longest_wait_ms == 20_001


def test_quantiles_of_answered_waits_come_from_a_sketch():
    calls = [answered(f"c{number}", 0, number * 1_000) for number in range(1, 101)]
    measures = measured(*[notice for call in calls for notice in call])

    assert measures.waits["billing"].quantile(0.9) == pytest.approx(90_000, rel=0.01)


def test_short_abandons_are_counted_apart():
    total = measured(*abandoned("c1", 0, 4_999), *abandoned("c2", 0, 5_000)).total()

    assert (total.abandoned, total.short_abandons, total.abandoned_within) == (2, 1, 2)
    assert total.abandoned_wait_ms == 9_999


def test_call_counts_in_the_interval_in_which_it_arrived():
    measures = measured(*answered("c1", 899_000, 5_000), interval_ms=900_000)

    assert measures.queues["billing"][0].answered == 1


def test_handling_counts_in_the_interval_in_which_it_ends():
    measures = measured(
        *answered("c1", 0, 0),
        HoldChanged(5, "c1", "billing", "ana", is_on_hold=True, hold_ms=0),
        HoldChanged(9, "c1", "billing", "ana", is_on_hold=False, hold_ms=4),
        TalkEnded(900_000, "c1", "billing", "ana", 900_000),
        HandlingEnded(910_000, "c1", "billing", "ana", 10_000, None),
    )
    second = measures.queues["billing"][900_000]

    assert (second.handled, second.talk_ms, second.wrap_up_ms) == (1, 900_000, 10_000)
    assert measures.total("billing").hold_ms == 4
    assert measures.total("sales") == QueueCounts()


def test_overflowed_call_is_offered_once_and_answered_once():
    total = measured(
        CallEnqueued(0, "c1", "billing"),
        CallEnqueued(30_000, "c1", "sales"),
        CallConnected(40_000, "c1", "sales", "ana", 40_000),
        CallTransferred(50_000, "c1", "ana", "sales", "billing"),
        CallEnqueued(50_000, "c1", "billing"),
        CallConnected(60_000, "c1", "billing", "ben", 50_000),
        closed("c1", 70_000, 50_000, CONNECTED),
    ).total()

    assert (total.offered, total.answered, total.transfers) == (1, 1, 1)


def test_consults_are_counted_and_a_takeover_is_no_transfer():
    total = measured(
        CallEnqueued(0, "c1", "sales"),
        CallConnected(1_000, "c1", "sales", "ana", 1_000),
        ConsultOpened(2_000, "c1", "ana", "sales", "7.1", "ben"),
        CallTransferred(3_000, "c1", "ana", "sales", "sales", TransferKind.TAKEN_OVER, "sam"),
        closed("c1", 9_000, 1_000, CONNECTED),
    ).total()

    assert (total.consults, total.transfers) == (1, 0)


def test_call_sent_on_is_neither_answered_nor_abandoned():
    voicemail = ContactOutcome.VOICEMAIL
    total = measured(
        CallEnqueued(0, "c1", "billing"), closed("c1", 60_000, 60_000, voicemail)
    ).total()

    assert (total.sent_on, total.answered, total.abandoned) == (1, 0, 0)


def test_missed_offers_callbacks_and_calls_that_never_queued():
    total = measured(
        CallOpened(0, "c0", Direction.INBOUND, "k"),
        closed("c0", 1, 0, ABANDONED),
        CallConnected(1, "c0", "billing", "ana", 0),
        OfferClosed(1, "c0", "ana", "0.1", OfferEnd.TIMED_OUT, 15_000),
        CallEnqueued(2, "c1", "billing"),
        OfferClosed(3, "c1", "ana", "0.2", OfferEnd.TIMED_OUT, 15_000),
        OfferClosed(4, "c1", "ana", "0.3", OfferEnd.CANCELLED, 15_000),
        CallbackEnded(5, "0.4", "billing", is_kept=True, attempts=1, wait_ms=5),
        CallbackEnded(6, "0.5", "billing", is_kept=False, attempts=3, wait_ms=5),
    ).total()

    assert (total.offered, total.missed_offers) == (1, 1)
    assert (total.callbacks_kept, total.callbacks_given_up) == (1, 1)


def test_agents_time_is_split_into_busy_ready_and_not_ready():
    measures = measured(
        AgentChanged(0, "ana", "not_ready", "lunch", "idle", None),
        AgentChanged(10, "ana", "ready", "", "idle", None),
        AgentChanged(30, "ana", "ready", "", "reserved", "c1"),
        AgentChanged(35, "ana", "ready", "", "wrap_up", "c1"),
        AgentChanged(70, "ana", "signed_out", "", "idle", None),
    )
    times = measures.agent_times("ana", 100)

    assert (times.not_ready_ms, times.ready_ms, times.busy_ms) == (10, 20, 40)
    assert measures.agent_times("stranger", 100).busy_ms == 0


def test_totals_are_the_sum_of_their_parts():
    parts = [QueueCounts(offered=2, longest_wait_ms=7), QueueCounts(offered=3, longest_wait_ms=5)]
    total = QueueCounts()
    for part in parts:
        total.add(part)

    assert (total.offered, total.longest_wait_ms) == (5, 7)


def test_new_settings_move_the_threshold_from_here_on():
    measures = measured(*answered("c1", 0, 10_000))
    measures.configure([QueueConfig(queue_id="billing", service_level_ms=5_000)])
    measures.feed(answered("c2", 0, 10_000))

    assert measures.total().answered_within == 1
