"""History: each entry written down exactly once, whatever is cut off."""

from dataclasses import dataclass

import pytest
from sqlalchemy import create_engine, select

from acd.codec import Codec
from acd.ids import AgentId, CallId, CustomerId, QueueId, ReservationId
from acd.messages import message
from acd.notices import (
    AgentChanged,
    CallbackEnded,
    CallbackPromised,
    CallClosed,
    CallConnected,
    CallEnqueued,
    CallOffered,
    CallOpened,
    CallTransferred,
    ContactOutcome,
    Direction,
    HandlingEnded,
    HoldChanged,
    OfferClosed,
    OfferEnd,
    TalkEnded,
)
from acd.replay import Fold, JournalEntry
from cordboard.history.projector import ForeignHistory, HistoryBusy, Projector, forget
from cordboard.history.schema import agent_intervals, contacts, dial_attempts, handlings, offers
from dialer.ids import CampaignId, LeadId
from dialer.notices import DialClosed, DialPlaced

CALL, ANA, CARDS = CallId("CA1"), AgentId("ana"), QueueId("cards")
PASSED_ON, BEN, LOANS = CallId("CA2"), AgentId("ben"), QueueId("loans")
CALLBACK = CallId("CB1")

DAY = [
    [CallOpened(1_000, CALL, Direction.INBOUND, CustomerId("cu1"))],
    [CallEnqueued(5_000, CALL, CARDS)],
    [
        AgentChanged(6_000, ANA, "ready", "", "reserved", CALL),
        CallOffered(6_000, CALL, CARDS, ANA, ReservationId("1.1")),
    ],
    [
        OfferClosed(9_000, CALL, ANA, ReservationId("1.1"), OfferEnd.CONNECTED, 3_000),
        AgentChanged(9_000, ANA, "ready", "", "talking", CALL),
        CallConnected(9_000, CALL, CARDS, ANA, 4_000),
    ],
    [
        HoldChanged(20_000, CALL, CARDS, ANA, True, 0),
        HoldChanged(27_000, CALL, CARDS, ANA, False, 7_000),
    ],
    [
        TalkEnded(69_000, CALL, CARDS, ANA, 60_000),
        CallClosed(69_000, CALL, Direction.INBOUND, CARDS, ContactOutcome.CONNECTED, 4_000),
        AgentChanged(69_000, ANA, "ready", "", "wrap_up", CALL),
    ],
    [
        HandlingEnded(80_000, CALL, CARDS, ANA, 11_000, "solved"),
        AgentChanged(80_000, ANA, "ready", "", "idle", None),
    ],
    [DialPlaced(81_000, CallId("1.2"), CampaignId("renewals"), LeadId("L1"))],
    [
        DialClosed(
            90_000, CallId("1.2"), CampaignId("renewals"), LeadId("L1"), "busy", False, False, 0
        )
    ],
    [
        CallOpened(91_000, PASSED_ON, Direction.INBOUND, CustomerId("cu2")),
        CallEnqueued(91_000, PASSED_ON, CARDS),
        CallConnected(92_000, PASSED_ON, CARDS, ANA, 1_000),
    ],
    [
        TalkEnded(95_000, PASSED_ON, CARDS, ANA, 3_000),
        CallTransferred(95_000, PASSED_ON, ANA, CARDS, LOANS),
        CallEnqueued(95_000, PASSED_ON, LOANS),
        HandlingEnded(96_000, PASSED_ON, CARDS, ANA, 1_000, None),
        CallConnected(99_000, PASSED_ON, LOANS, BEN, 5_000),
    ],
    [
        CallOpened(99_000, CALLBACK, Direction.OUTBOUND, CustomerId("cu1")),
        CallbackPromised(99_000, CALLBACK, CALL, CARDS, 0),
        CallbackEnded(99_500, CALLBACK, CARDS, False, 1, 400),
    ],
]


@message
class Step:
    """An event that says which notices of the script come next."""

    at_ms: int
    ordinal: int


@dataclass
class Script:
    """A machine whose notices are written beforehand."""

    notices: list = ()
    steps: int = 0
    next_due_ms: int | None = None

    def handle(self, event):
        self.steps += 1
        self.notices = DAY[event.ordinal]
        return []

    def to_plain(self):
        return {"steps": self.steps}

    def restore(self, plain):
        self.steps = plain["steps"]


ENTRIES = [
    JournalEntry(f"{1_000 + index}-0", "Step", f"a{index}", "", {"ordinal": index})
    for index in range(len(DAY))
]


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'history.db'}"


@pytest.fixture
def projectors(url):
    opened = []

    def make():
        opened.append(Projector(url, "bank", Fold(Script(), Codec((Step,)))))
        return opened[-1]

    yield make
    for projector in opened:
        projector.close()


def rows(url, table):
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [dict(row._mapping) for row in connection.execute(select(table))]
    engine.dispose()
    return found


def everything(url):
    return [
        rows(url, table) for table in (contacts, handlings, offers, agent_intervals, dial_attempts)
    ]


def test_contact_is_written_with_its_whole_life(url, projectors):
    projectors().project(ENTRIES)
    contact = rows(url, contacts)[0]
    assert contact == {
        "call_id": "CA1",
        "direction": "inbound",
        "customer_id": "cu1",
        "opened_at_ms": 1_000,
        "first_queue_id": "cards",
        "queue_id": "cards",
        "queued_at_ms": 5_000,
        "connected_at_ms": 9_000,
        "answer_ms": 4_000,
        "agent_id": "ana",
        "wait_ms": 4_000,
        "talk_ms": 60_000,
        "hold_ms": 7_000,
        "transfer_count": 0,
        "wrap_up_ms": 11_000,
        "disposition": "solved",
        "ended_at_ms": 69_000,
        "outcome": "connected",
        "origin_id": None,
        "is_kept": None,
    }


def test_each_agent_who_spoke_has_a_handling(url, projectors):
    projectors().project(ENTRIES)
    first, _, second = rows(url, handlings)
    assert (first["agent_id"], first["talk_ms"], first["wrap_up_ms"]) == ("ana", 60_000, 11_000)
    assert first["handled_at_ms"] == 80_000
    assert (second["agent_id"], second["queue_id"], second["parted_at_ms"]) == (
        "ben",
        "loans",
        None,
    )


def test_transferred_contact_keeps_its_first_queue_and_first_wait(url, projectors):
    projectors().project(ENTRIES)
    contact = rows(url, contacts)[1]
    assert (contact["first_queue_id"], contact["queue_id"]) == ("cards", "loans")
    assert (contact["transfer_count"], contact["answer_ms"]) == (1, 1_000)


def test_callback_names_its_origin_and_whether_it_was_kept(url, projectors):
    projectors().project(ENTRIES)
    callback = rows(url, contacts)[2]
    assert (callback["origin_id"], callback["is_kept"]) == ("CA1", False)


def test_history_of_another_site_is_refused(url, projectors):
    projectors()
    with pytest.raises(ForeignHistory, match="is that of 'bank', not of 'shop'"):
        Projector(url, "shop", Fold(Script(), Codec((Step,))))


def test_agent_intervals_touch_and_only_the_last_is_open(url, projectors):
    projectors().project(ENTRIES)
    spans = [(row["from_ms"], row["to_ms"], row["state"]) for row in rows(url, agent_intervals)]
    assert spans == [
        (6_000, 9_000, "reserved"),
        (9_000, 69_000, "talking"),
        (69_000, 80_000, "wrap_up"),
        (80_000, None, "idle"),
    ]


def test_offer_and_attempt_are_closed_with_their_outcome(url, projectors):
    projectors().project(ENTRIES)
    assert rows(url, offers)[0]["end"] == "connected"
    assert rows(url, dial_attempts)[0]["outcome"] == "busy"


@pytest.mark.parametrize("cut", range(len(DAY) + 1))
def test_projector_goes_on_where_another_stopped(url, projectors, cut, tmp_path):
    projectors().project(ENTRIES[:cut])
    second = projectors()
    second.project(ENTRIES[cut:])
    whole_url = f"sqlite:///{tmp_path / 'whole.db'}"
    whole = Projector(whole_url, "bank", Fold(Script(), Codec((Step,))))
    whole.project(ENTRIES)
    whole.close()
    assert everything(url) == everything(whole_url)


def test_entry_told_twice_is_written_once(url, projectors):
    again = JournalEntry("5000-0", "Step", "a0", "", {"ordinal": 0})
    projectors().project([*ENTRIES, again])
    assert len(rows(url, contacts)) == 3


def test_second_projector_of_the_same_entries_is_stopped_and_writes_nothing(url, projectors):
    first, late = projectors(), projectors()
    first.project(ENTRIES)
    before = everything(url)
    with pytest.raises(HistoryBusy, match="beyond entry"):
        late.project(ENTRIES[6:])
    assert everything(url) == before


def test_forgotten_history_is_made_again_from_the_journal(url, projectors):
    projectors().project(ENTRIES)
    before = everything(url)
    forget(url, "bank")
    projectors().project(ENTRIES)
    assert [len(table) for table in everything(url)] == [len(table) for table in before]
