import pytest

from acd.codec import EVENTS, Codec
from acd.events import AgentWentReady, ClockTicked, LeaderElected
from acd.messages import EngineError, EventError
from acd.replay import Fold, JournalClock, JournalEntry, parse_entry_id


class Recorder:
    """A machine that remembers its events, and refuses an agent named `nobody`."""

    def __init__(self):
        self.events = []
        self.notices = []
        self.next_due_ms = None

    def handle(self, event):
        if getattr(event, "agent_id", "") == "nobody":
            raise EventError("there is no agent named 'nobody'")
        self.events.append(event)
        return [f"seen at {event.at_ms}"]

    def to_plain(self):
        return {"seen": len(self.events)}

    def restore(self, plain):
        self.events = [None] * plain["seen"]


def fold():
    return Fold(Recorder(), Codec(EVENTS))


def ready(entry_id, agent_id="ana", append_id="", natural_key=""):
    return JournalEntry(entry_id, "AgentWentReady", append_id, natural_key, {"agent_id": agent_id})


def leader(id_ms, epoch=1, scale=1):
    facts = {"epoch": epoch, "nonce": "n", "routing_version": 1, "scale": scale}
    return JournalEntry(f"{id_ms}-0", "LeaderElected", "", "", facts)


def tick(id_ms, advance_ms, scale=1):
    facts = {"advance_ms": advance_ms, "scale": scale}
    return JournalEntry(f"{id_ms}-0", "ClockTicked", "", "", facts)


def instants(folded):
    return [event.at_ms for event in folded.machine.events]


def test_first_leader_starts_the_clock_at_its_id():
    folded = fold()
    folded.apply(leader(1_000_000))
    folded.apply(ready("1000250-0"))

    assert instants(folded) == [1_000_000, 1_000_250]


def test_fact_before_the_first_leader_is_timed_by_its_id():
    folded = fold()
    folded.apply(ready("999000-0"))
    folded.apply(leader(1_000_000))

    assert instants(folded) == [999_000, 1_000_000]


def test_tick_counts_the_leaders_advance_not_the_stores_clock():
    folded = fold()
    folded.apply(leader(1_000_000))
    folded.apply(tick(1_009_000, advance_ms=1_000))

    assert instants(folded) == [1_000_000, 1_001_000]


def test_entry_lies_at_most_two_seconds_after_the_last_tick():
    folded = fold()
    folded.apply(leader(1_000_000))
    folded.apply(ready("1060000-0"))

    assert instants(folded)[-1] == 1_002_000


def test_scale_stretches_ids_and_ticks_alike():
    folded = fold()
    folded.apply(leader(1_000_000, scale=20))
    folded.apply(ready("1000100-0"))
    folded.apply(tick(1_000_200, advance_ms=200, scale=20))
    folded.apply(ready("1000300-0", agent_id="ben"))

    assert instants(folded) == [1_000_000, 1_002_000, 1_004_000, 1_006_000]


def test_time_never_runs_backwards_but_the_next_tick_does_not_run_ahead():
    folded = fold()
    folded.apply(leader(1_000_000))
    folded.apply(ready("1001500-0"))
    folded.apply(tick(1_001_501, advance_ms=1_000))
    folded.apply(tick(1_002_501, advance_ms=1_000))

    assert instants(folded) == [1_000_000, 1_001_500, 1_001_500, 1_002_000]


@pytest.mark.parametrize(("gap_ms", "counted_ms"), [(7_000, 7_000), (600_000, 60_000)])
def test_takeover_counts_the_time_without_a_leader_up_to_a_minute_once(gap_ms, counted_ms):
    folded = fold()
    folded.apply(leader(1_000_000))
    folded.apply(leader(1_000_000 + gap_ms, epoch=2))
    folded.apply(tick(1_000_000 + gap_ms + 1_000, advance_ms=1_000))

    assert instants(folded)[1:] == [1_000_000 + counted_ms, 1_001_000 + counted_ms]


@pytest.mark.parametrize(
    "entry", [tick(1_000_001, -1), tick(1_000_001, 1, scale=0), leader(1_000_001, scale=0)]
)
def test_tick_that_cannot_be_is_put_aside(entry):
    folded = fold()
    folded.apply(leader(1_000_000))
    folded.apply(entry)

    assert folded.quarantined_count == 1
    assert folded.clock.at_ms == 1_000_000


@pytest.mark.parametrize("repeat", [{"append_id": "a1"}, {"natural_key": "CA1|completed|3"}])
def test_fact_told_twice_counts_once(repeat):
    folded = fold()
    assert folded.apply(ready("5-0", **repeat)) == ["seen at 5"]
    assert folded.apply(ready("6-0", **repeat)) == []
    assert folded.duplicate_count == 1


def test_facts_without_identity_are_never_taken_for_one_another():
    folded = fold()
    folded.apply(ready("5-0"))
    folded.apply(ready("6-0"))

    assert len(folded.machine.events) == 2


def test_identities_are_remembered_a_day_and_then_forgotten():
    folded = fold()
    day_ms = 24 * 3_600_000
    folded.apply(ready("1000-0", append_id="old"))
    folded.apply(ready(f"{1_000 + day_ms}-0", append_id="day later"))
    folded.apply(ready(f"{1_000 + day_ms}-1", append_id="old"))
    folded.apply(ready(f"{1_000 + day_ms}-2"))
    folded.apply(ready(f"{1_001 + day_ms}-0", append_id="next"))
    folded.apply(ready(f"{1_002 + day_ms}-0", append_id="after"))

    assert folded.duplicate_count == 1
    assert ["old", 0] not in folded.to_plain()["append_ids"]
    assert folded.apply(ready(f"{1_003 + day_ms}-0", append_id="old")) != []


def test_entry_that_cannot_be_is_put_aside_with_its_reason_and_the_fold_goes_on():
    folded = fold()
    folded.apply(ready("5-0", agent_id="nobody"))
    folded.apply(JournalEntry("6-0", "AgentExploded", "", "", {}))
    folded.apply(ready("7-0"))

    assert [(put.entry_id, put.reason) for put in folded.quarantined] == [
        ("5-0", "there is no agent named 'nobody'"),
        ("6-0", "there is no message named 'AgentExploded'"),
    ]
    assert len(folded.machine.events) == 1
    assert folded.cursor == "7-0"


@pytest.mark.parametrize("entry_id", ["5-1", "5-0", "4-9"])
def test_entry_out_of_order_stops_the_reader(entry_id):
    folded = fold()
    folded.apply(ready("5-1"))
    with pytest.raises(EngineError, match="was read after 5-1"):
        folded.apply(ready(entry_id))


def test_ids_are_compared_as_numbers():
    folded = fold()
    folded.apply(ready("9-9"))
    folded.apply(ready("9-10"))
    folded.apply(ready("10-0"))

    assert folded.cursor == "10-0"


@pytest.mark.parametrize("entry_id", ["", "5", "a-1", "1-b", "-1-2"])
def test_malformed_id_is_the_readers_fault(entry_id):
    with pytest.raises(EngineError, match="is not a journal id"):
        parse_entry_id(entry_id)


def test_fold_restored_at_any_cut_goes_on_the_same():
    entries = [
        leader(1_000),
        ready("1100-0", append_id="a"),
        tick(2_000, 1_000),
        ready("2100-0", append_id="a"),
        ready("2200-0", agent_id="nobody", natural_key="n"),
        ready("2300-0", natural_key="n"),
        leader(9_000, epoch=2),
        ready("9100-0", append_id="b"),
    ]
    whole = fold()
    for entry in entries:
        whole.apply(entry)
    for cut in range(len(entries)):
        first, second = fold(), fold()
        for entry in entries[:cut]:
            first.apply(entry)
        second.restore(first.to_plain())
        for entry in entries[cut:]:
            second.apply(entry)
        assert second.to_plain() == whole.to_plain()


@pytest.mark.parametrize("plain", [{}, {"cursor": "1-0"}, {"cursor": "1-0", "clock": 3}])
def test_damaged_snapshot_is_refused(plain):
    with pytest.raises(EngineError, match="cannot be read"):
        fold().restore(plain)


def test_clock_restores_to_where_it_was():
    clock = JournalClock()
    clock.stamp(1_000, LeaderElected(0, 1, "n", 1, 2))
    clock.stamp(2_000, ClockTicked(0, 1_000, 2))
    copy = JournalClock()
    copy.restore(clock.to_plain())

    assert copy.stamp(2_500, AgentWentReady(0, "ana")) == clock.stamp(2_500) == 4_000
